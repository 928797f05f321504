"""A whole release as files: as one ZIP, and its public part as a package of its own."""

import io
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd

from atlas.geography import without_parts
from atlas.release import (
    Release,
    ReleaseContent,
    open_release,
    read_boundaries,
    read_context,
    write_release,
)
from atlas.terms import Kind

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o644 << 16


def zip_bytes(release: Release) -> bytes:
    """Every file of the release, sorted by name, in a folder that names it."""
    folder = f"{release.info.config.city.id}_{release.info.name}"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in release.path.rglob("*") if path.is_file()):
            name = path.relative_to(release.path).as_posix()
            entry = zipfile.ZipInfo(f"{folder}/{name}", _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _READABLE
            archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()


def write_public_part(release: Release, directory: Path) -> Release:
    """Write the public part of a release as a package of its own and open it.

    Parameters
    ----------
    directory
        Empty or not there yet.
    """
    public = [kind for kind in release.info.config.city.public_kinds if _has(release, kind)]
    bounds = [read_boundaries(release.path, kind) for kind in public]
    stacked = pd.concat(bounds, ignore_index=True)
    own = stacked if Kind.BLOCK in public else without_parts(stacked)
    areas = gpd.GeoDataFrame(own, crs=bounds[0].crs)
    content = ReleaseContent(
        info=release.info,
        cells=_only(release.cells, public),
        areas=areas,
        previous=_previous(release, public),
        context=read_context(release.path),
    )
    write_release(directory, content)
    return open_release(directory)


def _has(release: Release, kind: Kind) -> bool:
    return bool((release.areas["kind"] == str(kind)).any())


def _only(cells: pd.DataFrame, kinds: list[Kind]) -> pd.DataFrame:
    return cells[cells["kind"].isin([str(kind) for kind in kinds])].reset_index(drop=True)


def _previous(release: Release, kinds: list[Kind]) -> pd.DataFrame | None:
    if release.info.supersedes is None:
        return None
    superseded = open_release(release.path.parent / release.info.supersedes)
    return _only(superseded.cells, kinds)
