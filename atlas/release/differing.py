"""What differs between the cells of two releases, and with which one a release is compared."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd

from atlas.errors import ReleaseError
from atlas.release.read import Release, open_release
from atlas.release.shelf import in_force, list_releases
from atlas.release.write import cell_changes
from atlas.terms import NEED_LEVEL, Status

_SHOWN = (str(Status.PUBLISHED), str(Status.ESTIMATED))
# Values that differ by less differ by the order of sums alone.
_NOISE = 1e-9


def differing_cells(before: Release, after: Release) -> pd.DataFrame:
    """Cells that differ between two releases, whatever their dates, by more than rounding."""
    moved = before.cells.assign(reference_date=after.info.reference_date.isoformat())
    changes = cell_changes(moved, after.cells)
    is_noise = (changes["old_status"] == changes["new_status"]) & np.isclose(
        changes["old_value"], changes["new_value"], rtol=_NOISE, atol=_NOISE
    )
    return changes[~is_noise]


def newly_shown(differing: pd.DataFrame) -> pd.DataFrame:
    """Rows of differing cells that had no value to see before."""
    was = differing["old_status"].isin(_SHOWN)
    return differing[~was & differing["new_status"].isin(_SHOWN)]


def newly_hidden(differing: pd.DataFrame) -> pd.DataFrame:
    """Rows of differing cells whose value can no longer be seen."""
    was = differing["old_status"].isin(_SHOWN)
    return differing[was & ~differing["new_status"].isin(_SHOWN)]


def superseded_by(release: Release, releases_dir: Path) -> Release | None:
    """Open the release that this one supersedes, if it supersedes one."""
    before = release.info.supersedes
    return open_release(releases_dir / before) if before else None


def release_before(
    release: Release, superseded: Release | None, releases_dir: Path
) -> Release | None:
    """Find what to compare with: what it supersedes, or for first levels the date before."""
    if superseded is not None and (_has_levels(superseded) or not _has_levels(release)):
        return superseded
    for ref in reversed(in_force(list_releases(releases_dir)).values()):
        if ref.reference_date < release.info.reference_date:
            with suppress(ReleaseError):  # a damaged one is told by its own date
                earlier = open_release(ref.path)
                if _has_levels(earlier):  # series of the whole city have none
                    return earlier
    return superseded


def _has_levels(release: Release) -> bool:
    levels = release.cells[release.cells["item"] == NEED_LEVEL]
    return bool(levels["value"].notna().any())
