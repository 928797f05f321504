"""``requests/<city>/``: files that readers hand in, unread, each with a note of who did.

A proposal is no delivery: it waits until a person of the office has looked at it. Nothing here
looks into a file; the office decides by its name.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import Field, ValidationError

from atlas.config import Model
from atlas.errors import AtlasError
from atlas.exchange.requests import REQUEST_NAME, write_unread
from atlas.home import files_in, make_like

MAX_BYTES = 5 * 1024 * 1024
MAX_WAITING = 20
# People look at proposals, not a service.
PATIENCE = timedelta(days=3)

_SUFFIXES = (".csv", ".xlsx", ".parquet")
_FILE_NAME = re.compile(r"[A-Za-z0-9ÄÖÜäöüß][A-Za-z0-9ÄÖÜäöüß ._()+-]{0,119}")
_CHUNK = 1024 * 1024
_MAX_UPLOADER = 80


class Proposal(Model):
    """What is noted of a file that was handed in; ``is_verified``: a login vouched for it."""

    format: Literal[1] = 1
    city: str
    name: str
    uploader: str = Field(min_length=1, max_length=_MAX_UPLOADER)
    is_verified: bool
    handed_in: datetime


def propose(requests_dir: Path, note: Proposal, content: BinaryIO) -> None:
    """Put a file and its note beside the other proposals, whole or not at all.

    Raises
    ------
    AtlasError
        If the name is no plain file name of a known type, the file is too large or empty,
        another person's file for the same source and date waits, too many wait, or
        ``requests/`` cannot be written.
    """
    checked_name(note.name)
    folder = requests_dir / note.city
    older = [path for path in proposed_files(folder) if _stem(path.name) == _stem(note.name)]
    if not all(_is_own(read_note(path), note) for path in older):
        raise AtlasError(
            f"Datei {note.name}: eine Datei für dieselbe Quelle und denselben Stichtag wartet "
            "schon auf die Statistikstelle. Bitte abwarten, bis sie angesehen ist."
        )
    if len(proposed_files(folder)) - len(older) >= MAX_WAITING:
        raise AtlasError(
            f"Datei {note.name}: es warten schon {MAX_WAITING} Dateien auf die "
            "Statistikstelle. Bitte abwarten, bis sie angesehen sind."
        )
    with suppress(OSError):  # writing says so
        make_like(requests_dir, folder)
    write_unread(folder, note_path(folder / note.name).name, [note.model_dump_json().encode()])
    write_unread(folder, note.name, _limited(note.name, content))
    for path in older:
        if path.name != note.name:
            remove_proposal(path)


def proposed_files(folder: Path) -> list[Path]:
    """Files of a city that wait for the office; none where there is no folder."""
    return files_in(folder) if folder.is_dir() else []


def read_note(path: Path) -> Proposal | None:
    """Read who handed in a file; None where no valid note lies beside it."""
    try:
        note = Proposal.model_validate_json(note_path(path).read_bytes())
    except (OSError, ValidationError):
        return None
    return note if note.name == path.name else None


def remove_proposal(path: Path) -> None:
    """Remove a file that was handed in, with its note."""
    path.unlink(missing_ok=True)
    note_path(path).unlink(missing_ok=True)


def note_path(path: Path) -> Path:
    """File in which the note of a proposal stands."""
    return path.with_name(f".{path.name}.json")


def is_unheard(path: Path, now: datetime) -> bool:
    """Whether a file has waited for longer than people should need."""
    return now - handed_in_at(path) > PATIENCE


def handed_in_at(path: Path) -> datetime:
    """When a file was handed in."""
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)


def checked_name(name: str) -> str:
    """Refuse a file name that is not plain or has no known type.

    Raises
    ------
    AtlasError
        Without repeating a name that could not be shown safely.
    """
    if not _FILE_NAME.fullmatch(name) or ".." in name or name.startswith(REQUEST_NAME):
        raise AtlasError(
            "Dateiname: enthält unerlaubte Zeichen. Erwartet: Buchstaben, Ziffern, "
            "Leerzeichen, Punkt, Binde- und Unterstrich. Datei umbenennen."
        )
    if not name.lower().endswith(_SUFFIXES):
        raise AtlasError(
            f"Datei {name}: unbekannter Dateityp. Erwartet: {', '.join(_SUFFIXES)}. "
            "Lieferung in einem dieser Formate hochladen."
        )
    return name


def _is_own(older: Proposal | None, newer: Proposal) -> bool:
    """Whether the same login handed in both; a typed name proves nothing."""
    is_vouched = older is not None and older.is_verified and newer.is_verified
    return is_vouched and older is not None and older.uploader == newer.uploader


def _stem(name: str) -> str:
    """Give what tells source and date, whatever the type of the file."""
    return Path(name).stem.casefold()


def _limited(name: str, content: BinaryIO) -> Iterator[bytes]:
    size = 0
    while piece := content.read(_CHUNK):
        size += len(piece)
        if size > MAX_BYTES:
            raise AtlasError(
                f"Datei {name}: größer als {MAX_BYTES // _CHUNK} MB. "
                "Bitte der Statistikstelle auf anderem Weg geben."
            )
        yield piece
    if not size:
        raise AtlasError(f"Datei {name}: ist leer. Bitte neu speichern und hochladen.")
