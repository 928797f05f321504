"""What the dashboard hands in to the statistics office: a request, or a file unread.

Both lie in ``requests/`` until the office's ``atlas watch`` takes them away. Nothing here looks
into a file; the office decides by its name.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from atlas.errors import AtlasError
from atlas.home import files_in, replacing

REQUEST_NAME = "neu-berechnen"
MAX_UPLOAD_BYTES = 200 * 1024 * 1024
# A watching office takes a request away within seconds.
PATIENCE = timedelta(seconds=30)

_SUFFIXES = (".csv", ".xlsx", ".parquet")
_FILE_NAME = re.compile(r"[A-Za-z0-9ÄÖÜäöüß][A-Za-z0-9ÄÖÜäöüß ._()+-]{0,119}")
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Waiting:
    """A request or a file that nobody has taken away yet, and since when."""

    name: str
    since: datetime

    def is_unheard(self, now: datetime) -> bool:
        """Whether an office that watches would have taken it by now."""
        return now - self.since > PATIENCE


def waiting_files(requests_dir: Path) -> tuple[Waiting, ...]:
    """Everything in ``requests/`` that nobody has taken away yet, by name."""
    try:
        paths = sorted(p for p in requests_dir.iterdir() if not p.name.startswith("."))
    except OSError:
        return ()
    found = []
    for path in paths:
        try:
            changed = path.stat().st_mtime
        except OSError:  # taken away this moment
            continue
        found.append(Waiting(path.name, datetime.fromtimestamp(changed, UTC)))
    return tuple(found)


def take_requests(requests_dir: Path) -> list[Path]:
    """Take the request away, for the office that answers it; list the files handed in."""
    (requests_dir / REQUEST_NAME).unlink(missing_ok=True)
    return files_in(requests_dir)


def request_run(requests_dir: Path) -> None:
    """Put the empty request file; asking twice is asking once.

    Raises
    ------
    AtlasError
        If ``requests/`` cannot be written.
    """
    _write(requests_dir, REQUEST_NAME, iter(()))


def hand_in(requests_dir: Path, name: str, content: BinaryIO) -> str:
    """Put a file into ``requests/`` under its own name, whole or not at all.

    Returns
    -------
        The name under which it lies.

    Raises
    ------
    AtlasError
        If the name is no plain file name of a known type, the file is too large or empty, a
        file of this name still waits, or ``requests/`` cannot be written.
    """
    plain = checked_name(name)
    if (requests_dir / plain).exists():
        raise AtlasError(
            f"Datei {plain}: eine Datei dieses Namens wartet schon auf die Statistikstelle. "
            "Bitte abwarten, bis sie abgeholt ist."
        )
    _write(requests_dir, plain, _limited(plain, content))
    return plain


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


def _limited(name: str, content: BinaryIO) -> Iterator[bytes]:
    size = 0
    while piece := content.read(_CHUNK):
        size += len(piece)
        if size > MAX_UPLOAD_BYTES:
            raise AtlasError(
                f"Datei {name}: größer als {MAX_UPLOAD_BYTES // _CHUNK} MB. "
                "Bitte der Statistikstelle auf anderem Weg geben."
            )
        yield piece
    if not size:
        raise AtlasError(f"Datei {name}: ist leer. Bitte neu speichern und hochladen.")


def _write(requests_dir: Path, name: str, pieces: Iterable[bytes]) -> None:
    """Write under a hidden name that no watcher takes, then rename."""
    try:
        with replacing(requests_dir / name) as scratch, scratch.open("xb") as file:
            file.writelines(pieces)
    except OSError:
        raise AtlasError(
            "Auftragsordner requests/: nicht beschreibbar. Der Betrieb muss den Ordner für das "
            "Dashboard freigeben."
        ) from None
