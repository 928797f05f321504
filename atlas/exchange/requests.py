"""``requests/``: what the dashboard asks of the statistics office, until it is taken away.

The office's ``atlas watch`` answers. Files that readers hand in lie below, one folder per city.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from atlas.errors import AtlasError
from atlas.home import sharing

REQUEST_NAME = "neu-berechnen"
# A watching office takes a request away within seconds.
PATIENCE = timedelta(seconds=30)


@dataclass(frozen=True)
class Waiting:
    """A request that nobody has taken away yet, and since when."""

    since: datetime

    def is_unheard(self, now: datetime) -> bool:
        """Whether an office that watches would have taken it by now."""
        return now - self.since > PATIENCE


def waiting_request(requests_dir: Path) -> Waiting | None:
    """Look for a request that nobody has taken away yet."""
    try:
        changed = (requests_dir / REQUEST_NAME).stat().st_mtime
    except OSError:
        return None
    return Waiting(datetime.fromtimestamp(changed, UTC))


def take_request(requests_dir: Path) -> None:
    """Take the request away, for the office that answers it."""
    (requests_dir / REQUEST_NAME).unlink(missing_ok=True)


def request_run(requests_dir: Path) -> None:
    """Put the empty request file; asking twice is asking once.

    Raises
    ------
    AtlasError
        If ``requests/`` cannot be written.
    """
    write_unread(requests_dir, REQUEST_NAME, ())


def write_unread(folder: Path, name: str, pieces: Iterable[bytes]) -> None:
    """Write under a hidden name that no watcher takes, then rename.

    Raises
    ------
    AtlasError
        If the folder cannot be written.
    """
    try:
        with sharing(folder / name) as scratch, scratch.open("xb") as file:
            file.writelines(pieces)
    except OSError:
        raise AtlasError(
            "Auftragsordner requests/: nicht beschreibbar. Der Betrieb muss den Ordner für das "
            "Dashboard freigeben."
        ) from None
