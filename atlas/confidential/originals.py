"""Delivered files are kept as they came until the dates that they serve are published.

They lie in the confidential part under the digest of what was read. Knows nothing of what is in
them. A writer who goes on in a file that was taken finds its bytes in the inbox again.
"""

from pathlib import Path

from atlas.confidential.day import Calendar
from atlas.confidential.desk import Desk
from atlas.confidential.receive import Receipt
from atlas.confidential.store import in_force
from atlas.confidential.taking import control_path, is_written, move_as_read, put_back
from atlas.integrity import digest_of


def keep_original(desk: Desk, path: Path, receipt: Receipt) -> bool:
    """Take the file that was read out of its folder; False if another one lies there by now."""
    if receipt.stamp is None:
        return False
    kept_dir = originals_dir(desk) / receipt.sha256
    kept_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_same = move_as_read(path, receipt.stamp, kept_dir / path.name)
    if is_same:
        control_path(path).unlink(missing_ok=True)
    return is_same


def release_originals(desk: Desk, calendar: Calendar) -> None:
    """Remove what is published; what was written on after it was taken is a delivery again."""
    kept = sorted(originals_dir(desk).glob("*/*"))
    if not kept:
        return
    needed = _needed(calendar)
    for path in kept:
        if is_written(path):
            continue
        if digest_of(path) != path.parent.name:
            put_back(path, desk.home.inbox / path.name)
        elif path.parent.name not in needed:
            path.unlink()
    for directory in originals_dir(desk).iterdir():
        if not any(directory.iterdir()):
            directory.rmdir()


def originals_dir(desk: Desk) -> Path:
    """Where the files lie; 0700, and in no backup: persons stand in them under their keys."""
    return desk.private_dir / "originals"


def _needed(calendar: Calendar) -> set[str]:
    """Digests of the files that dates need which are not published as they are now."""
    days = [calendar.day(one) for one in calendar.in_order()]
    needed: set[str] = set()
    served: set[str] = set()
    for day in days:
        digests = {one.arrival.sha256 for one in day.deliveries.values()}
        (served if day.is_published else needed).update(digests)
    current = {one.arrival.sha256 for one in in_force(calendar.stored).values()}
    return needed | (current - served)
