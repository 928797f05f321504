"""Which releases lie beside each other, and which is the one in force of a reference date.

A shelf is ``releases/<city>/``; looked at by names alone, no release is opened. What was
withdrawn lies there as before and is never in force.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from atlas.release.withdrawal import mark_path
from atlas.terms import Kind

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d+)")


@dataclass(frozen=True, order=True)
class ReleaseRef:
    """A release that lies on disk; ordered by reference date and number."""

    reference_date: date
    number: int
    path: Path
    is_withdrawn: bool = False

    @property
    def name(self) -> str:
        """Directory name."""
        return self.path.name

    @property
    def is_series(self) -> bool:
        """Whether it holds figures of the whole city alone, without Quartiere and map."""
        return not any(self.path.glob(f"map/{Kind.QUARTIER}.*.json"))


def list_releases(city_dir: Path) -> list[ReleaseRef]:
    """All releases below ``releases/<city>/``, oldest reference date first."""
    paths = city_dir.iterdir() if city_dir.is_dir() else ()
    return sorted(ref for path in paths if (ref := ref_of(path)))


def ref_of(path: Path) -> ReleaseRef | None:
    """Take a directory as a release; ``None`` if it is none."""
    match = _NAME.fullmatch(path.name)
    if match is None or not _is_there(path / "datapackage.json"):
        return None
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        return None
    return ReleaseRef(day, int(match[2]), path, mark_path(path).exists())


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:  # there, but not for whoever asks; opening it says so
        return True


def in_force(refs: Iterable[ReleaseRef]) -> dict[date, ReleaseRef]:
    """Find of each reference date the newest number that is not withdrawn, oldest first."""
    return {ref.reference_date: ref for ref in sorted(refs) if not ref.is_withdrawn}


def out_of_force(refs: Iterable[ReleaseRef]) -> list[ReleaseRef]:
    """Find what was withdrawn and is not yet replaced by a newer number, oldest first."""
    newest_refs = {ref.reference_date: ref for ref in sorted(refs)}
    return [ref for ref in newest_refs.values() if ref.is_withdrawn]


def newest(city_dir: Path, reference_date: date) -> ReleaseRef | None:
    """Release in force of one reference date."""
    return in_force(list_releases(city_dir)).get(reference_date)
