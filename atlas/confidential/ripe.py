"""When a file has lain still for long enough to be taken; knows no deliveries."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_SHORT_LOOK_SECONDS = 0.5

Seen = tuple[str, int, int, int, int]
"""Path, inode, size, and when the content and when the rights of a file changed last."""


@dataclass
class Lying:
    """What lies in a folder, and since when it has lain there as it is.

    Attributes
    ----------
    settle
        Seconds that a file has to lie still before it is ripe. The clock is this machine's:
        times of change come from others, and may be copied along.
    """

    folder: Path
    settle: float
    _since: dict[Seen, float] = field(default_factory=dict)

    def ripe(self) -> frozenset[Seen]:
        """Look again; give what has lain still for long enough."""
        now = time.monotonic()
        self._since = {seen: self._since.get(seen, now) for seen in look_at(self.folder)}
        return frozenset(s for s, since in self._since.items() if now - since >= self.settle)

    def is_ripe(self, path: Path) -> bool:
        """Whether a file still lies there as it was when it was ripe."""
        ripe = self.ripe()
        return any(seen in ripe for seen in _seen(path))


def look_at(folder: Path) -> frozenset[Seen]:
    """Everything that lies in a folder now."""
    with suppress(OSError):  # taken away, or out of reach for a moment
        return frozenset(seen for path in folder.iterdir() for seen in _seen(path))
    return frozenset()


def _seen(path: Path) -> Iterator[Seen]:
    with suppress(OSError):  # taken away meanwhile
        status = path.lstat()
        changed = (status.st_mtime_ns, status.st_ctime_ns)
        yield str(path), status.st_ino, status.st_size, *changed


def still(folder: Path) -> Callable[[Path], bool]:
    """Look twice at a folder; what changed in between is not ripe."""
    lying = Lying(folder, _SHORT_LOOK_SECONDS)
    if lying.ripe() != look_at(folder):
        time.sleep(_SHORT_LOOK_SECONDS)
    return lying.is_ripe
