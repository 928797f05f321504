"""From an address to the key of its area: by street directory or by coordinates."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from atlas.confidential.delivery.csv_file import encoding_of
from atlas.confidential.delivery.request import Locate
from atlas.confidential.delivery.tables import UnreadableError
from atlas.errors import GeographyError
from atlas.terms import Kind

_HEADER = ["address", "area_id"]


def read_addresses(path: Path) -> Mapping[str, str]:
    """Read a street directory: CSV with ``;`` and the columns ``address`` and ``area_id``.

    Raises
    ------
    GeographyError
        If the file is missing or no such table, or leads from one address to two areas.
    """
    try:
        content = path.read_bytes()
        text = content.decode(encoding_of(content))
        header, *rows = list(
            csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
        )
    except (OSError, UnreadableError, csv.Error, ValueError):
        raise _broken(path, "Datei fehlt oder ist keine Tabelle") from None
    names = [name.strip() for name in header]
    if not set(_HEADER) <= set(names):
        raise _broken(path, "Spalte fehlt")
    address, area = (names.index(name) for name in _HEADER)
    directory: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        if not any(row):
            continue
        if len(row) != len(names):
            raise _broken(path, f"Zeile {number} hat nicht so viele Felder wie der Kopf")
        key, area_id = row[address].strip(), row[area].strip()
        if directory.setdefault(key, area_id) != area_id:
            raise _broken(path, f"Adresse in Zeile {number} führt in zwei Gebiete")
    return directory


def locator(areas: gpd.GeoDataFrame, kind: Kind, crs: str) -> Locate:
    """Make the function that places coordinates in the areas of one kind.

    Parameters
    ----------
    areas
        As ``geography.load_areas`` gives them.
    crs
        Of the coordinates; empty: that of the areas. ``x`` is always the easting (longitude).

    Returns
    -------
    Function of easting and northing to area keys; None outside of every area or without a
    number. On a common border the area with the smaller key.
    """
    chosen = areas[areas["kind"] == kind].sort_values("area_id")
    keys = chosen["area_id"].tolist()
    tree = shapely.STRtree(chosen.geometry.to_numpy())
    transform = pyproj.Transformer.from_crs(crs or areas.crs, areas.crs, always_xy=True)

    def locate(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> list[str | None]:
        points = shapely.points(*transform.transform(x, y))
        rows, hits = tree.query(points, predicate="intersects")
        best = np.full(len(points), len(keys))
        np.minimum.at(best, rows, hits)
        return [keys[hit] if hit < len(keys) else None for hit in best]

    return locate


def _broken(path: Path, what: str) -> GeographyError:
    return GeographyError(
        f"Adressverzeichnis {path.name}: {what}. Erwartet: CSV mit den Spalten "
        "address;area_id, je Adresse eine Zeile. Datei unter geodata/ prüfen."
    )
