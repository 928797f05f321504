"""Which releases lie beside each other, and which is the one in force of a reference date.

A shelf is ``releases/<city>/``; looked at by names alone, no release is opened.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from atlas.terms import Kind

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d+)")


@dataclass(frozen=True, order=True)
class ReleaseRef:
    """A release that lies on disk; ordered by reference date and number."""

    reference_date: date
    number: int
    path: Path

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
        return ReleaseRef(date.fromisoformat(match[1]), int(match[2]), path)
    except ValueError:
        return None


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:  # there, but not for whoever asks; opening it says so
        return True


def in_force(refs: Iterable[ReleaseRef]) -> dict[date, ReleaseRef]:
    """Find the newest number of each reference date, oldest date first."""
    return {ref.reference_date: ref for ref in sorted(refs)}


def newest(city_dir: Path, reference_date: date) -> ReleaseRef | None:
    """Release in force of one reference date."""
    return in_force(list_releases(city_dir)).get(reference_date)
