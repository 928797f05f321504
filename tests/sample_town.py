"""A town and its tables for suggestions: what the boundaries know, and small files by hand."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import geopandas as gpd
import shapely

from atlas.confidential.delivery.grid import Grid, read_grids
from atlas.confidential.delivery.request import KnownAreas
from atlas.confidential.suggest import Gazetteer, Measures, Town
from atlas.confidential.suggest.table import Table, find_table
from atlas.terms import Kind

EDITION = date(2020, 1, 1)
TODAY = date(2026, 1, 31)
NAMES = {"01": "Altstadt", "02": "Süd-Ost", "03": "Bahnhof", "04": "Wald", "05": "Hafen"}
DISTRICTS = {"1": frozenset({"01", "02", "03"}), "2": frozenset({"04", "05"})}


def places(names: Mapping[str, str] = NAMES, city: str = "Musterstadt") -> Gazetteer:
    """Quartiere of a town in two districts."""
    above = {
        Kind.DISTRICT: {**DISTRICTS, "Nord": DISTRICTS["1"], "Süd": DISTRICTS["2"]},
        Kind.CITY: {"99999000": frozenset(names)},
    }
    known = KnownAreas(EDITION, frozenset(names), {n: k for k, n in names.items()}, above)
    return Gazetteer(((Kind.QUARTIER, known),), "99999000", city)


def measures() -> Measures:
    """Measures of a town that knows three of them."""
    ids = ("residents", "migrants", "sgb2_recipients")
    return Measures(
        {one: one for one in ids}, {one: one for one in ids}, {}, frozenset(["u18"])
    )


def town() -> Town:
    """What suggestions are matched against."""
    return Town(places(), measures(), (EDITION,))


def grid_of(tmp_path: Path, text: str, name: str = "probe.csv") -> Grid:
    """Rows of a CSV file."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_grids(path)[0]


def table_of(tmp_path: Path, text: str) -> Table:
    """Table of a CSV file."""
    return find_table(grid_of(tmp_path, text), places())


def write_squares(path: Path, names: Mapping[str, str], parents: Mapping[str, str]) -> None:
    """Boundaries in which every area is a square of one hectare, side by side."""
    shapes = [
        shapely.box(400_000 + 100 * i, 5_650_000, 400_100 + 100 * i, 5_650_100)
        for i in range(len(names))
    ]
    columns = {"KEY": list(names), "NAME": list(names.values())}
    if parents:
        columns["PARENT"] = [parents[key] for key in names]
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:25832")
    path.write_text(json.dumps(json.loads(frame.to_crs(4326).to_json())), encoding="utf-8")
