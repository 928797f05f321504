"""A file is taken when nobody writes it: read once as one copy, moved only as it was read.

Knows nothing of what is in it. Whoever is still writing, or puts a newer file in its place
while this one is read, loses nothing: what was not read stays.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from atlas.errors import DeliveryError

CONTROL_SUFFIX = ".ok"
_HELD = ".gelesen"
_PROCESSES = Path("/proc")


class StillWrittenError(DeliveryError):
    """A file that its sender has not finished."""


@dataclass(frozen=True)
class Stamp:
    """Which file it was, and how far it was written."""

    device: int
    inode: int
    size: int
    changed_ns: int


@dataclass(frozen=True)
class Taken:
    """One copy of a file; ``content`` lies under no name."""

    content: IO[bytes] = field(repr=False)
    stamp: Stamp


@contextmanager
def take(path: Path, spool_dir: Path) -> Iterator[Taken | None]:
    """Copy a file as it lies there now; None where it is none or cannot be opened.

    Raises
    ------
    StillWrittenError
        If somebody is.
    """
    try:
        source = _open(path)
    except OSError:
        yield None
        return
    with source, tempfile.TemporaryFile(dir=spool_dir) as content:
        before = _stamp(os.fstat(source.fileno()))
        shutil.copyfileobj(source, content)
        after = _stamp(os.fstat(source.fileno()))
        if before != after or content.tell() != after.size or is_written(path):
            raise StillWrittenError(
                f"Lieferung {path.name}: wird noch geschrieben. Erwartet: eine fertige Datei. "
                "Sie bleibt liegen, der nächste Lauf nimmt sie."
            )
        content.flush()
        yield Taken(content, after)


def move_as_read(path: Path, stamp: Stamp, kept: Path) -> bool:
    """Move away the file that was read; what has taken its place or grew meanwhile stays.

    Whatever lies there is first put where no writer looks for it: between a look and a removal
    another file could come.
    """
    held_dir = path.parent / _HELD
    held_dir.mkdir(mode=0o700, exist_ok=True)
    held = held_dir / path.name
    is_same = False
    with suppress(FileNotFoundError):  # its sender has taken it back
        path.rename(held)
        is_same = _stamp(held.stat()) == stamp and _keep(held, stamp, kept)
        if not is_same:
            put_back(held, path)
    held_dir.rmdir()
    return is_same


def _keep(held: Path, stamp: Stamp, kept: Path) -> bool:
    """Move a file, over drives too; False if somebody wrote to it meanwhile."""
    try:
        held.rename(kept)
    except OSError:  # another drive
        shutil.copyfile(held, kept)
        if _stamp(held.stat()) != stamp:
            kept.unlink()
            return False
        held.unlink()
    kept.chmod(0o600)
    return True


def control_path(path: Path) -> Path:
    """File with which a sender says that another one is finished, and what it must hold."""
    return path.with_name(f"{path.name}{CONTROL_SUFFIX}")


def restore_held(directory: Path) -> None:
    """Put back what a run held that was killed in between."""
    held_dir = directory / _HELD
    if held_dir.is_dir():
        for held in held_dir.iterdir():
            put_back(held, directory / held.name)
        held_dir.rmdir()


def put_back(held: Path, path: Path) -> None:
    """Let a file lie where it lay, unless its sender has sent another one by now."""
    try:
        os.link(held, path)
    except FileExistsError:
        pass
    except OSError:  # a drive without links
        held.rename(path)
        return
    held.unlink()


def _open(path: Path) -> IO[bytes]:
    """Open a plain file; a pipe or a device would wait for ever."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise IsADirectoryError
    return os.fdopen(descriptor, "rb")


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def is_written(path: Path) -> bool:
    """Whether a process that may be looked at has the file open for writing (Linux)."""
    target = str(path.resolve())
    for link in _open_files():
        with suppress(OSError):  # closed this moment
            if str(link.readlink()) == target and _is_for_writing(link):
                return True
    return False


def _open_files() -> Iterator[Path]:
    processes = _PROCESSES.iterdir() if _PROCESSES.is_dir() else ()
    for process in processes:
        if process.name.isdigit():
            with suppress(OSError):  # of another account, or ended by now
                yield from (process / "fd").iterdir()


def _is_for_writing(link: Path) -> bool:
    about = (link.parent.parent / "fdinfo" / link.name).read_text(encoding="ascii")
    flags = next(line for line in about.splitlines() if line.startswith("flags:"))
    return int(flags.split()[1], 8) & os.O_ACCMODE != os.O_RDONLY
