"""What of a home is whole, what is not and what to do; reads everything, changes nothing."""

import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from atlas.confidential.approvals import tree_hash
from atlas.confidential.backup import copy_database
from atlas.confidential.custody import is_of_this_key, require_keys
from atlas.confidential.desk import Desk, read_key
from atlas.confidential.ledger import read_ledger_file
from atlas.confidential.log import Event, events
from atlas.confidential.protection import require_proof
from atlas.confidential.receive import stored_findings
from atlas.confidential.store import (
    REJECTION,
    Delivery,
    digest_in,
    list_deliveries,
    read_portrait,
)
from atlas.errors import AtlasError, DamageError, ProtectionError
from atlas.exchange.datastate import read_data_state
from atlas.exchange.display import read_base_map
from atlas.integrity import digest_of_content, require_digest, unseal
from atlas.release import ReleaseRef, is_mark_whole, list_releases, open_release
from atlas.release.whole import is_sealed, is_whole
from atlas.words import counted, first_few

# Below this a run may not come to its end.
_LEAST_FREE_BYTES = 500_000_000
_SHOWN = 5
_OTHERS = 0o077
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WROTE = ("author", "is_verified", "written_at")
# What the digest of a revision of the planning is made of, by table.
_REVISIONS = {
    "assessment_revision": ("city", "area_id", "release", "revision", "text", *_WROTE),
    "kept_revision": ("city", "sort", "number", "revision", "title", "content", *_WROTE),
}
_MORE = ("own_level", "measures", "review_on")
_NAMED = {
    "assessment_revision": "Quartier {1}, {2}",
    "kept_revision": "{1} {2}",
}
_QUERIES = {
    "assessment_revision": "SELECT * FROM assessment_revision WHERE digest IS NOT NULL",
    "kept_revision": "SELECT * FROM kept_revision WHERE digest IS NOT NULL",
}


@dataclass
class Part:
    """One part of a home.

    Attributes
    ----------
    checked
        How many things of it were looked at.
    broken
        One German sentence per thing that is not whole.
    notes
        German sentences about what is whole and should be known.
    """

    label: str
    checked: int = 0
    broken: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def look(self, step: Callable[[], object]) -> None:
        """Look at one thing; what it says of its damage is kept."""
        self.checked += 1
        try:
            step()
        except AtlasError as error:
            self.broken.append(str(error))
        except OSError as error:
            name = Path(str(error.filename or "")).name
            self.broken.append(
                f"{self.label}, {name}: nicht lesbar. Erwartet: Leserechte und ein Datenträger "
                "ohne Fehler. Rechte und Datenträger prüfen."
            )


def examine(desk: Desk) -> list[Part]:
    """Look at every file of a home that anything is read from."""
    done: list[Event] = []
    refs = list_releases(desk.releases_dir)
    log = _log(desk, done)
    told = None if log.broken else done
    stored = list_deliveries(desk.store_dir)
    parts = [
        _keys(desk, refs, stored),
        log,
        _store(stored, told),
        _releases(refs),
        _protection(desk, refs),
    ]
    if told is not None:
        parts.append(_together(desk, refs, told))
    return [*parts, _beside(desk), _planning(desk), _place(desk)]


def _keys(desk: Desk, refs: Sequence[ReleaseRef], stored: Sequence[Delivery]) -> Part:
    part = Part("Schlüssel")
    names = {path.name.removesuffix(".sha256") for path in desk.keys_dir.glob("*.key*")}
    for name in sorted(names):
        part.look(partial(read_key, desk.keys_dir / name))
        if not (desk.keys_dir / f"{name}.sha256").exists():
            part.notes.append(
                f"Schlüssel {name}: noch ohne Prüfsumme; der nächste Lauf gibt sie."
            )
    if not part.broken:
        part.look(partial(require_keys, desk, refs, stored))
        part.look(partial(_require_same_key, desk, [ref for ref in refs if is_whole(ref.path)]))
        part.checked = len(names)
    return part


def _require_same_key(desk: Desk, refs: Sequence[ReleaseRef]) -> None:
    others = [ref.name for ref in refs if not is_of_this_key(desk, ref)]
    if others:
        raise ProtectionError(
            f"Schlüssel keys/order.key: ein anderer als der, mit dem {_few(others)} geschützt "
            "wurde. Erwartet: derselbe. confidential/ aus der Sicherung zurückholen."
        )


def _log(desk: Desk, done: list[Event]) -> Part:
    part = Part("Protokoll")
    part.look(lambda: done.extend(events(desk.log_path)))
    part.checked = len(done)
    return part


def _store(stored: Sequence[Delivery], done: Sequence[Event] | None) -> Part:
    part = Part("Lieferungen im Speicher")
    purged = {event.subject for event in done or () if event.what == "purged"}
    for one in stored:
        if one.rows_path.exists() or (
            done is not None and f"{one.layout} {one.path.name}" not in purged
        ):
            part.look(one.whole_rows)
        else:
            part.look(one.require_details)
        if one.portrait_path.exists():
            part.look(partial(read_portrait, one))
        if one.rejection_path.exists():
            part.look(partial(unseal, REJECTION, one.rejection_path))
        for path in sorted(one.path.glob("counts.*.parquet")):
            part.look(partial(require_digest, path, digest_in(path), "Anzahlen, Datei"))
    part.broken.extend(_not_as_accepted(stored, done or ()))
    return part


def _not_as_accepted(stored: Sequence[Delivery], done: Sequence[Event]) -> Iterator[str]:
    """Compare what lies in the store with what the log says was accepted."""
    said = {
        one.subject.replace(" ", "/"): one.details.get("sha256", "")
        for one in done
        if one.what == "accepted"
    }
    there = {one.name: one.arrival.sha256 for one in stored}
    wrong = {
        "liegt nicht mehr im Speicher": said.keys() - there.keys(),
        "ist nicht die, die angenommen wurde": {
            name
            for name, file in said.items()
            if file and there.get(name) not in {None, "", file}
        },
    }
    for what, names in wrong.items():
        if names:
            yield (
                f"Lieferung {_few([*names])}: {what}. Erwartet: jede, die das Protokoll nennt. "
                "Aus der Sicherung zurückholen, oder dieselbe Datei noch einmal in den Eingang "
                "legen."
            )


def _releases(refs: Sequence[ReleaseRef]) -> Part:
    part = Part("Veröffentlichungen")
    for ref in refs:
        part.look(partial(open_release, ref.path))
    loose = [ref.name for ref in refs if not is_sealed(ref.path)]
    if loose:
        part.notes.append(
            f"Veröffentlichungen einer Programmfassung ohne Siegel: {_few(loose)}. "
            "Ihr Verzeichnis prüft nur das Protokoll."
        )
    return part


def _protection(desk: Desk, refs: Sequence[ReleaseRef]) -> Part:
    part = Part("Ledger und Nachweise")
    entered = set()
    for path in sorted(desk.ledger_dir.glob("*.parquet")):
        part.look(partial(read_ledger_file, path))
        entered.add(path.name.rsplit(".", 2)[0])
    for ref in refs:
        part.look(partial(require_proof, desk.proofs_dir / ref.name))
    forgotten = [ref.name for ref in refs if ref.name not in entered]
    if forgotten:
        part.broken.append(
            f"Ledger: kennt {_few(forgotten)} nicht. Erwartet: jede Veröffentlichung, denn "
            "Leser kennen sie. atlas run trägt sie aus releases/ nach; sagt der Lauf, dass das "
            "nicht genügt, confidential/ aus der neuesten Sicherung zurückholen."
        )
    return part


def _together(desk: Desk, refs: Sequence[ReleaseRef], done: Sequence[Event]) -> Part:
    """Compare what lies in ``releases/`` with what the log says was published."""
    part = Part("Protokoll und Veröffentlichungen")
    said = {one.subject: one.details["hash"] for one in done if _is_publication(one)}
    there = {ref.name: ref.path for ref in refs}
    part.checked = len({*said, *there})
    changed = [name for name in there if name in said and tree_hash(there[name]) != said[name]]
    wrong = {
        "steht nicht im Protokoll": [name for name in there if name not in said],
        "ist nicht, was veröffentlicht wurde": changed,
        "liegt nicht mehr in releases/": [name for name in said if name not in there],
    }
    for what, names in wrong.items():
        if names:
            part.broken.append(
                f"Release {_few(names)}: {what}. Erwartet: releases/ und confidential/ vom "
                "selben Stand. Beide aus derselben Sicherung zurückholen."
            )
    part.broken.extend(_marks(refs, {one.subject for one in done if one.what == "withdrawn"}))
    return part


def _marks(refs: Sequence[ReleaseRef], withdrawn: Set[str]) -> Iterator[str]:
    """Compare the marks of what was withdrawn with what the log says."""
    marked = {ref.name: is_mark_whole(ref.path) for ref in refs if ref.is_withdrawn}
    lost = [ref.name for ref in refs if ref.name in withdrawn - marked.keys()]
    unread = [name for name, is_read in marked.items() if not is_read]
    if lost:
        yield (
            f"Release {_few(lost)}: zurückgezogen, doch der Vermerk daneben fehlt. Erwartet: "
            "NAME.zurueckgezogen.json. atlas run legt ihn wieder an."
        )
    if unread:
        yield (
            f"Release {_few(unread)}: der Vermerk, dass es zurückgezogen ist, ist beschädigt. "
            "Erwartet: NAME.zurueckgezogen.json, wie es geschrieben wurde. Aus der Sicherung "
            "zurückholen."
        )


def _is_publication(event: Event) -> bool:
    return event.what == "published" and bool(_DIGEST.fullmatch(event.details.get("hash", "")))


def _beside(desk: Desk) -> Part:
    part = Part("Datenstand, Anzeige, Rückmeldungen")
    part.look(lambda: read_data_state(desk.releases_dir))
    part.look(lambda: read_base_map(desk.releases_dir))
    part.look(lambda: stored_findings(desk, ""))
    return part


def _planning(desk: Desk) -> Part:
    part = Part("Bewertungen der Planung")
    with tempfile.TemporaryDirectory() as scratch:
        for path in sorted(desk.home.planning.glob("*.sqlite")):
            copy_path = Path(scratch) / path.name
            part.look(partial(copy_database, path, copy_path))
            if not part.broken:
                part.look(partial(_require_revisions, copy_path))
    return part


def _require_revisions(path: Path) -> None:
    """Compare every revision with the digest it was written with."""
    with closing(sqlite3.connect(path)) as database:
        database.text_factory = partial(str, encoding="utf-8", errors="replace")
        database.row_factory = sqlite3.Row
        for table, told in _REVISIONS.items():
            for row in _rows(database, _QUERIES[table]):
                if _digest_of(row, told) != row["digest"]:
                    raise DamageError(
                        f"Bewertungen planning/{path.name}, {_NAMED[table].format(*row[1:4])}: "
                        "nicht, was geschrieben wurde. Erwartet: eine unveränderte Zeile. Aus "
                        "der Sicherung zurückholen."
                    )


def _rows(database: sqlite3.Connection, query: str) -> list[sqlite3.Row]:
    try:
        return database.execute(query).fetchall()
    except sqlite3.OperationalError:  # another table, or of a program without digests
        return []


def _digest_of(row: sqlite3.Row, told: Sequence[str]) -> str:
    """Digest of one revision, as the dashboard writes it."""
    *texts, is_verified, written_at = (row[name] for name in told)
    with suppress(ValueError):
        written_at = datetime.fromisoformat(written_at).isoformat()
    columns = row.keys()  # a program before these columns wrote rows without them
    more = [row[name] for name in _MORE if name in columns]
    said = more if any(more) else []
    return digest_of_content([*texts, bool(is_verified), written_at, *said])


def _place(desk: Desk) -> Part:
    part = Part("Rechte, Platz, Reste")
    for path in _open_to_others(desk):
        part.broken.append(
            f"Rechte {path.relative_to(desk.home.root)}: andere Konten dürfen hinein. "
            f"Erwartet: nur das eigene. chmod go= {path} ausführen."
        )
    free = shutil.disk_usage(desk.private_dir).free
    part.checked = 1
    if free < _LEAST_FREE_BYTES:
        part.broken.append(
            f"Datenträger: nur noch {free // 1_000_000} MB frei. Erwartet: mindestens "
            f"{_LEAST_FREE_BYTES // 1_000_000} MB. Platz schaffen."
        )
    if left := _leftovers(desk):
        part.notes.append(
            f"{counted(left, 'Rest', 'Reste')} eines abgebrochenen Laufs; der nächste räumt "
            "auf."
        )
    return part


def _open_to_others(desk: Desk) -> Iterator[Path]:
    for path in (desk.private_dir.parent, desk.private_dir, desk.home.inbox):
        if path.stat().st_mode & _OTHERS:
            yield path
    for path in sorted(desk.keys_dir.glob("*.key")):
        if path.stat().st_mode & _OTHERS:
            yield path


def _leftovers(desk: Desk) -> int:
    patterns = ("store/*/.new-*", "drafts/.verify-*", "proofs/.new-*", "**/.*.new")
    found = [path for pattern in patterns for path in desk.private_dir.glob(pattern)]
    return len(found) + len([*desk.releases_dir.glob(".new-*")])


def _few(names: Sequence[str]) -> str:
    return first_few(sorted(names), _SHOWN, "weitere")
