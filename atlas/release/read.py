"""Open a release: what it says about itself, its cells, areas and boundaries."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from pydantic import ValidationError

from atlas import __version__
from atlas.errors import ReleaseError
from atlas.geography import PARTS
from atlas.release.hindcast import Hindcast, hindcast_of
from atlas.release.info import FORMAT, ReleaseInfo
from atlas.release.whole import no_package, require_file, require_files, require_package
from atlas.terms import Kind, State

CELL_SCHEMA = pa.schema(
    [
        ("kind", pa.string()),
        ("area_id", pa.string()),
        ("reference_date", pa.date32()),
        ("group", pa.string()),
        ("item", pa.string()),
        ("value", pa.float64()),
        ("status", pa.string()),
        ("reason", pa.string()),
    ]
)
_AREA_COLUMNS = ["kind", "area_id", "name", "parent_id", "area_ha"]
_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    pa.ArrowException,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
)


@dataclass(frozen=True)
class Release:
    """An opened release.

    Attributes
    ----------
    cells
        One row per kind, area_id, reference_date, group and item.
    areas
        One row per kind and area_id: kind, area_id, name, parent_id, area_ha (no geometry);
        parts (blocks, separated by blanks) where there are kinds outside the chain.
    map_files
        File with simplified boundaries per kind.
    """

    path: Path
    info: ReleaseInfo
    cells: pd.DataFrame
    areas: pd.DataFrame
    map_files: dict[Kind, Path]


def open_release(path: Path) -> Release:
    """Open one release directory, after every file of it was found as it was written.

    Raises
    ------
    ReleaseError
        If a file is missing, damaged or not what the format says.
    """
    info = read_info(path)
    require_files(path)
    try:
        areas = _read_names(path, info.config.areas.order())
    except _UNREADABLE:
        raise _broken(path) from None
    cells = read_cells(path)
    files = {file.name.split(".")[0]: file for file in sorted(path.glob("map/*.json"))}
    maps = {kind: files[kind] for kind in info.config.areas.order() if kind in files}
    return Release(path, info, cells, areas, maps)


def read_info(path: Path) -> ReleaseInfo:
    """Read what a release says about itself.

    Raises
    ------
    ReleaseError
        If ``datapackage.json`` is missing or not of this format.
    """
    try:
        return ReleaseInfo.model_validate(_read_about(path))
    except ValidationError:
        raise no_package(path) from None


def read_state(path: Path) -> tuple[State, tuple[str, ...]]:
    """Read of a release its state alone, and what it lacks: quick for many; errors as above."""
    about = _read_about(path)
    try:
        return State(about["state"]), tuple(map(str, about["missing"]))
    except (KeyError, TypeError, ValueError):
        raise no_package(path) from None


def read_hindcasts(path: Path) -> dict[str, Hindcast]:
    """Read by group what provisional levels would have been worth: quick where nobody asks."""
    about = _read_about(path)
    try:
        levels = about["config"]["levels"]
        groups = list(levels["need"]) if levels.get("hindcast") else []
    except (KeyError, TypeError, AttributeError):
        raise no_package(path) from None
    cells = read_cells(path) if groups else pd.DataFrame()
    found = {group: hindcast_of(cells, group) for group in groups}
    return {group: one for group, one in found.items() if one is not None}


def read_checks(path: Path) -> tuple[str, str]:
    """Read by which key and on which ledger a release was protected: both as a fingerprint.

    Empty of an older program; errors as ``read_info``.
    """
    about = _read_about(path)
    return str(about.get("key_check", "")), str(about.get("ledger_check", ""))


def read_cells(path: Path) -> pd.DataFrame:
    """Read the cells of a release alone; errors as ``open_release``."""
    require_file(path, "cells.parquet")
    try:
        table = pq.read_table(path / "cells.parquet")
    except _UNREADABLE:
        raise _broken(path) from None
    if not table.schema.equals(CELL_SCHEMA):
        raise _broken(path)
    cells: pd.DataFrame = table.to_pandas()
    return cells.assign(reference_date=cells["reference_date"].astype(str))


def read_boundaries(path: Path, kind: Kind) -> gpd.GeoDataFrame:
    """Areas of one kind of a release with their full boundaries in the city's metric CRS."""
    require_file(path, "areas.gpkg")
    try:
        return gpd.read_file(path / "areas.gpkg", layer=str(kind)).assign(kind=str(kind))
    except _UNREADABLE:
        raise _broken(path) from None


def _read_about(path: Path) -> Any:
    try:
        about = require_package(path)["atlas"]
    except (KeyError, TypeError):
        raise no_package(path) from None
    if isinstance(about, dict) and _is_later(about.get("format")):
        raise ReleaseError(
            f"Release {path.name}: Format {about['format']}, geschrieben von einer neueren "
            f"Programmfassung als {__version__}. Erwartet: höchstens Format {FORMAT}. Die "
            "Programmfassung aktualisieren."
        )
    return about


def _is_later(number: object) -> bool:
    return isinstance(number, int) and number > FORMAT


def _broken(path: Path) -> ReleaseError:
    return ReleaseError(
        f"Release {path.name}: cells.parquet oder areas.gpkg fehlt oder ist beschädigt. "
        "Mit atlas verify prüfen und den Stichtag neu veröffentlichen."
    )


def _read_names(path: Path, chain: Sequence[Kind]) -> pd.DataFrame:
    file = path / "areas.gpkg"
    layers = {name for name, _ in pyogrio.list_layers(file)}
    frames = [
        pyogrio.read_dataframe(file, layer=str(kind), read_geometry=False).assign(
            kind=str(kind)
        )
        for kind in chain
        if str(kind) in layers
    ]
    areas = pd.concat(frames, ignore_index=True)
    named: pd.DataFrame = areas[_AREA_COLUMNS]
    return named.assign(parts=areas[PARTS].fillna("")) if PARTS in areas else named
