"""What the log says of releases: from what each was published, as what, and why withdrawn.

The log is read once per look; what it says is a decision that was made, whatever lies on disk.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from atlas.confidential.log import Event, events


@dataclass(frozen=True)
class Journal:
    """Events of releases, the last of each kind by the name of the release.

    Attributes
    ----------
    published
        Name to fingerprint of everything that the release was published from, or that it was
        found to be still right for.
    inputs
        Name to what came into the release from outside; see ``Day.inputs``. Empty where an
        older program wrote the event.
    hashes
        Name to the hash of all files as they were published.
    built
        Name and hash of every draft.
    withdrawn
        Name to the event that took the release out of force.
    adopted
        Name to the key by which a release was found to be protected that said nothing of it,
        or that a lost log did not know any more.
    is_begun
        Whether the log holds anything at all.
    """

    published: Mapping[str, str]
    inputs: Mapping[str, str]
    hashes: Mapping[str, str]
    built: frozenset[tuple[str, str]]
    withdrawn: Mapping[str, Event]
    adopted: Mapping[str, str]
    is_begun: bool

    @cached_property
    def numbers(self) -> Mapping[date, int]:
        """Highest number that was ever published of each reference date."""
        found: dict[date, int] = {}
        for day, number in map(_parse, self.published):
            found[day] = max(found.get(day, 0), number)
        return found

    def held_after(self, reference_date: date, number: int) -> frozenset[str]:
        """Give what the releases of a date were built from that were withdrawn after a number.

        Inputs where they were noted, else the fingerprint.
        """
        return frozenset(
            self.inputs.get(name) or self.published.get(name, "")
            for name in self.withdrawn
            if _parse(name) > (reference_date, number) and _parse(name)[0] == reference_date
        )

    def was_built(self, name: str, digest: str) -> bool:
        """Whether this very release was built here, published or not."""
        return (name, digest) in self.built

    def with_release(self, name: str, fingerprint: str) -> "Journal":
        """Go on after a release was published, or found to be still right."""
        return replace(self, published={**self.published, name: fingerprint})


def _parse(name: str) -> tuple[date, int]:
    day, _, number = name.partition(".")
    return date.fromisoformat(day), int(number)


def read_journal(log_path: Path) -> Journal:
    """Read the events of releases; the lines of all other events are left unparsed."""
    told = [*events(log_path, holding='"fingerprint"')]
    done = [one for one in told if one.what == "published"]
    return Journal(
        published={one.subject: one.details.get("fingerprint", "") for one in done},
        inputs={one.subject: one.details.get("inputs", "") for one in told},
        hashes={one.subject: one.details["hash"] for one in done if "hash" in one.details},
        built=frozenset((one.subject, one.details.get("hash", "")) for one in told),
        withdrawn={
            one.subject: one
            for one in events(log_path, holding='"withdrawn"')
            if one.what == "withdrawn"
        },
        adopted={
            name: one.details.get("key", "")
            for one in events(log_path, holding='"adopted"')
            if one.what == "adopted"
            for name in one.subject.split(", ")
        },
        is_begun=next(events(log_path), None) is not None,
    )
