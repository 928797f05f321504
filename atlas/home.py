"""The home directory of an installation: where files lie, how they are written; no content.

Whatever others read appears by one rename after every byte is on disk: a reader sees the old
file or the new one, and after a power failure one of the two is there.
"""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PRIVATE = 0o700
_SHARED = 0o755


@dataclass(frozen=True)
class Home:
    """Directories below ``$ATLAS_HOME``; one installation can hold several cities."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Where sources put files; 0700."""
        return self.root / "inbox"

    @property
    def refused(self) -> Path:
        """Where the office puts files that it cannot accept; made when there is one, 0700."""
        return self.inbox / "abgelehnt"

    @property
    def requests(self) -> Path:
        """Where the dashboard hands in what it asks of the office."""
        return self.root / "requests"

    def proposals(self, city_id: str) -> Path:
        """Where the dashboard hands in files for a city, each with a note of who did."""
        return self.requests / city_id

    def confidential(self, city_id: str) -> Path:
        """Store, drafts, proofs, ledger, keys and log of a city; 0700."""
        return self.root / "confidential" / city_id

    def releases(self, city_id: str) -> Path:
        """Directory of a city's published releases."""
        return self.root / "releases" / city_id

    def geodata(self, city_id: str) -> Path:
        """Directory of a city's generated boundaries."""
        return self.root / "geodata" / city_id

    def reports(self, city_id: str) -> Path:
        """Papers that the office has written, and the book of what was handed over; 0700."""
        return self.root / "reports" / city_id

    @property
    def planning(self) -> Path:
        """Assessments of the planners, written by the dashboard alone."""
        return self.root / "planning"

    @property
    def sessions(self) -> Path:
        """Who is signed in at the dashboard, encrypted; written by it alone, 0700."""
        return self.root / "sessions"

    @property
    def api_sessions(self) -> Path:
        """Who is signed in at the interface, encrypted; written by it alone, 0700."""
        return self.root / "api-sessions"

    def create(self, city_id: str) -> None:
        """Make all directories, whatever the umask; private ones for their owner alone."""
        releases = (self.root / "releases", self.releases(city_id))
        for path in (self.root, *releases, self.requests, self.planning):
            if not path.is_dir():
                path.mkdir(parents=True, exist_ok=True)
                path.chmod(_SHARED)
        make_like(self.requests, self.proposals(city_id))
        for path in (self.inbox, self.root / "confidential", self.confidential(city_id)):
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(_PRIVATE)


def home_from_environment() -> Home:
    """Home named by ``ATLAS_HOME``, else ``./var``."""
    return Home(Path(os.environ.get("ATLAS_HOME", "var")).resolve())


def files_in(directory: Path) -> list[Path]:
    """Plain files of a directory by name, without hidden ones and without links."""
    return sorted(
        path
        for path in directory.iterdir()
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    )


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a hidden name beside a file; what is written there takes its place in one step."""
    scratch = path.parent / f".{secrets.token_hex(8)}.new"
    try:
        yield scratch
        _sync(scratch)
        scratch.rename(path)
    finally:
        scratch.unlink(missing_ok=True)
    _sync(path.parent)


@contextmanager
def sharing(path: Path) -> Iterator[Path]:
    """As ``replacing``; the file is as readable as its directory, whatever the umask."""
    with replacing(path) as scratch:
        yield scratch
        open_up(scratch, path.parent)


def open_up(path: Path, directory: Path) -> None:
    """Make a file or a tree as readable as a directory, whatever the umask."""
    mode = directory.stat().st_mode
    for one in (path, *path.rglob("*")):
        one.chmod(_PRIVATE | mode & 0o055 if one.is_dir() else 0o600 | mode & 0o044)


def make_like(example: Path, directory: Path) -> None:
    """Make a directory as open as another one, unless it is there."""
    if not directory.is_dir():
        directory.mkdir(exist_ok=True)
        directory.chmod(stat.S_IMODE(example.stat().st_mode))


def share_file(path: Path, content: bytes) -> None:
    """Replace a file that others read in one step, or make it."""
    with sharing(path) as scratch:
        scratch.write_bytes(content)


def write_file(path: Path, content: bytes) -> None:
    """Replace a file in one step, or make it."""
    with replacing(path) as scratch:
        scratch.write_bytes(content)


def add_file(path: Path, content: bytes) -> None:
    """Let a new file appear whole; of two who do it at once one succeeds.

    Raises
    ------
    FileExistsError
        If there is one of this name.
    """
    scratch = path.parent / f".{secrets.token_hex(8)}.new"
    try:
        scratch.write_bytes(content)
        _sync(scratch)
        path.hardlink_to(scratch)
    finally:
        scratch.unlink(missing_ok=True)
    _sync(path.parent)


def move_in(scratch: Path, target: Path) -> None:
    """Let a directory that is written to the end appear under its name, in one step."""
    for path in scratch.rglob("*"):
        _sync(path)
    _sync(scratch)
    scratch.rename(target)
    _sync(target.parent)


def remove_file(path: Path) -> None:
    """Remove a file for good: it does not come back after a power failure."""
    path.unlink()
    _sync(path.parent)


def remove_leftovers(directory: Path) -> None:
    """Remove the hidden files of writers that were killed; nothing of them was in force."""
    for path in directory.glob(".*.new"):
        path.unlink()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
