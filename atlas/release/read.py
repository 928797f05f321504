"""Find and open releases."""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
from pydantic import ValidationError

from atlas.errors import ReleaseError
from atlas.release.info import ReleaseInfo
from atlas.terms import KINDS, Kind

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


@dataclass(frozen=True)
class Release:
    """An opened release.

    Attributes
    ----------
    cells
        One row per kind, area_id, reference_date, group and item.
    areas
        One row per kind and area_id: kind, area_id, name, parent_id, area_ha (no geometry).
    map_files
        File with simplified boundaries per kind.
    """

    path: Path
    info: ReleaseInfo
    cells: pd.DataFrame
    areas: pd.DataFrame
    map_files: dict[Kind, Path]


def list_releases(city_dir: Path) -> list[ReleaseRef]:
    """All releases below ``releases/<city>/``, oldest reference date first."""
    refs = []
    for path in city_dir.iterdir() if city_dir.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match and (path / "datapackage.json").is_file():
            refs.append(ReleaseRef(date.fromisoformat(match[1]), int(match[2]), path))
    return sorted(refs)


def open_release(path: Path) -> Release:
    """Open one release directory.

    Raises
    ------
    ReleaseError
        If a file is missing or not what the format says.
    """
    info = read_info(path)
    try:
        cells = pq.read_table(path / "cells.parquet").to_pandas()
        areas = _read_names(path)
    except (OSError, ValueError, pyogrio.errors.DataSourceError):
        raise ReleaseError(
            f"Release {path.name}: cells.parquet oder areas.gpkg fehlt oder ist beschädigt. "
            "Mit atlas verify prüfen und den Stichtag neu veröffentlichen."
        ) from None
    cells["reference_date"] = cells["reference_date"].astype(str)
    files = {Kind(file.name.split(".")[0]): file for file in sorted(path.glob("map/*.json"))}
    return Release(path, info, cells, areas, files)


def read_info(path: Path) -> ReleaseInfo:
    """Read what a release says about itself.

    Raises
    ------
    ReleaseError
        If ``datapackage.json`` is missing or not of this format.
    """
    try:
        package = json.loads((path / "datapackage.json").read_text(encoding="utf-8"))
        return ReleaseInfo.model_validate(package["atlas"])
    except (OSError, ValueError, KeyError, ValidationError):
        raise ReleaseError(
            f"Release {path.name}: datapackage.json fehlt oder hat ein anderes Format. "
            "Erwartet: ein Ordner unter releases/<Stadt>/. Angabe prüfen."
        ) from None


def read_boundaries(path: Path, kind: Kind) -> gpd.GeoDataFrame:
    """Areas of one kind of a release with their full boundaries in the city's metric CRS."""
    return gpd.read_file(path / "areas.gpkg", layer=str(kind)).assign(kind=str(kind))


def _read_names(path: Path) -> pd.DataFrame:
    file = path / "areas.gpkg"
    layers = {name for name, _ in pyogrio.list_layers(file)}
    frames = [
        pyogrio.read_dataframe(file, layer=str(kind), read_geometry=False).assign(
            kind=str(kind)
        )
        for kind in KINDS
        if str(kind) in layers
    ]
    areas = pd.concat(frames, ignore_index=True)
    named: pd.DataFrame = areas[["kind", *areas.columns.drop("kind")]]
    return named
