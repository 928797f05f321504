"""Posts that are there already, as planners type or paste them: one Quartier a line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from atlas.errors import AtlasError
from atlas.publication.seen import Seen
from atlas.terms import Kind
from atlas.words import number_text

MAX_PRESENT = 20_000
_MOST_POSTS = 5000
_LINE = re.compile(r"(?P<key>\S+)(?: .*?)?? (?P<posts>\d+(?:[.,]\d+)?)(?P<fixed> fest)?", re.I)


@dataclass(frozen=True)
class Present:
    """Posts there are, by Quartier; those of ``fixed`` stay where they are."""

    posts: Mapping[str, float] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()


def read_present(seen: Seen, text: str) -> Present:
    """Read lines of number, name (if any), posts and perhaps the word ``fest``.

    Raises
    ------
    AtlasError
        If a line cannot be read, or names a Quartier that is not there or named before.
    """
    posts: dict[str, float] = {}
    fixed = set()
    for number, line in enumerate(text.splitlines(), start=1):
        plain = " ".join(line.replace(";", " ").split())
        if not plain:
            continue
        match = _LINE.fullmatch(plain)
        key = match["key"] if match else ""
        if match is None or key in posts or seen.find(Kind.QUARTIER, key) is None:
            raise AtlasError(_told(seen, number, key in posts))
        posts[key] = float(match["posts"].replace(",", "."))
        if posts[key] > _MOST_POSTS:
            raise AtlasError(f"Vorhandene Stellen, Zeile {number}: höchstens {_MOST_POSTS}.")
        if match["fixed"]:
            fixed.add(key)
    return Present(posts, frozenset(fixed))


def every_quartier(seen: Seen, text: str) -> str:
    """Write a line for every Quartier, with what the text says of it, else with none.

    Raises
    ------
    AtlasError
        As for ``read_present``.
    """
    present = read_present(seen, text)
    return "\n".join(
        f"{area.title} {_amount(present.posts.get(area.id, 0.0))}"
        f"{' fest' if area.id in present.fixed else ''}"
        for area in seen.areas(Kind.QUARTIER)
    )


def _amount(posts: float) -> str:
    text = number_text(posts, 2).replace(".", "")
    return text.rstrip("0").rstrip(",")


def _told(seen: Seen, number: int, is_twice: bool) -> str:
    where = f"Vorhandene Stellen, Zeile {number}"
    if is_twice:
        return f"{where}: die Nummer steht schon weiter oben. Eine Zeile löschen."
    return (
        f"{where}: nicht zu lesen oder keine Nummer, die es am {seen.day} gibt. Erwartet: "
        "Nummer, Stellen und auf Wunsch „fest“, etwa „01 2,5 fest“."
    )
