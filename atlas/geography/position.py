"""Where areas lie: a coordinate system that is missing or wrong, and the one that would fit."""

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from atlas.config import City, ContextLayer, Layer
from atlas.errors import GeographyError

_Box = tuple[float, float, float, float]

# Degrees west, south, east, north, rounded outwards.
_GERMANY: _Box = (5.5, 47.0, 15.5, 55.4)
_LANDS: dict[str, _Box] = {
    "01": (7.7, 53.2, 11.5, 55.2),
    "02": (8.3, 53.2, 10.5, 54.1),
    "03": (6.4, 51.1, 11.8, 54.1),
    "04": (8.3, 52.9, 9.1, 53.8),
    "05": (5.7, 50.2, 9.6, 52.7),
    "06": (7.6, 49.2, 10.4, 51.8),
    "07": (6.0, 48.8, 8.7, 51.1),
    "08": (7.4, 47.4, 10.6, 49.9),
    "09": (8.8, 47.1, 14.0, 50.7),
    "10": (6.2, 49.0, 7.6, 49.8),
    "11": (12.9, 52.2, 13.9, 52.8),
    "12": (11.1, 51.2, 14.9, 53.7),
    "13": (10.4, 53.0, 14.6, 54.8),
    "14": (11.7, 50.0, 15.2, 51.8),
    "15": (10.4, 50.8, 13.3, 53.2),
    "16": (9.7, 50.1, 12.8, 51.8),
}
# What German offices export, most frequent first.
_USUAL = (
    "EPSG:25832",
    "EPSG:25833",
    "EPSG:4326",
    "EPSG:4647",
    "EPSG:5650",
    "EPSG:31467",
    "EPSG:31466",
    "EPSG:31468",
    "EPSG:31469",
    "EPSG:3857",
    "EPSG:3035",
)
_WITH_ZONE = ("EPSG:4647", "EPSG:5650")


def located(
    raw: gpd.GeoDataFrame, layer: Layer | ContextLayer, city: City, place: str
) -> gpd.GeoDataFrame:
    """Give shapes the coordinate system that ``areas.toml`` names, else leave the file's.

    Raises
    ------
    GeographyError
        If there is none, or if the areas do not lie where the city is; names what would fit.
    """
    if layer.crs:
        raw = raw.set_crs(_declared(layer.crs, place), allow_override=True)
    point = _typical_point(raw)
    if raw.crs is None:
        raise GeographyError(
            f"{place}: kein Koordinatensystem angegeben. {_hint(city, point)}Datei mit CRS neu "
            "exportieren."
        )
    land = _LANDS.get(city.key[:2], _GERMANY)
    if point is None or _lies_in(land, raw.crs, point):
        return raw
    hint = _hint(city, point, raw.crs)
    if hint or not _lies_in(_GERMANY, raw.crs, point):
        raise GeographyError(
            f"{place}: Koordinaten passen nicht zum angegebenen Koordinatensystem "
            f"({raw.crs.name}), sie liegen weit außerhalb der Stadt. {hint}Datei mit richtigem "
            "CRS neu exportieren."
        )
    return raw


def _declared(crs: str, place: str) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        raise GeographyError(
            f"{place}: crs in areas.toml ist kein Koordinatensystem. Erwartet: z. B. "
            "EPSG:25832."
        ) from None


def _typical_point(raw: gpd.GeoDataFrame) -> tuple[float, float] | None:
    """Middle of most areas: a single one gone astray does not move it."""
    bounds = shapely.bounds(raw.geometry.to_numpy())
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return None
    west, south, east, north = np.median(bounds, axis=0)
    return float(west + east) / 2, float(south + north) / 2


def _lies_in(box: _Box, crs: pyproj.CRS | str, point: tuple[float, float]) -> bool:
    to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    x, y = to_degrees.transform(*point)
    west, south, east, north = box
    return bool(west <= x <= east and south <= y <= north)


def _hint(
    city: City, point: tuple[float, float] | None, declared: pyproj.CRS | None = None
) -> str:
    """Say what the numbers look like, with the remedy; empty: nothing fits."""
    if point is None:
        return ""
    land = _LANDS.get(city.key[:2], _GERMANY)
    swapped = (point[1], point[0])
    if declared is not None and _lies_in(land, declared, swapped):
        return "Vermutlich sind die Achsen vertauscht: Ostwert (Länge) vor Nordwert (Breite). "
    for crs in dict.fromkeys((city.crs, *_USUAL)):
        if _lies_in(land, crs, point):
            zone = "Rechtswerte mit Zonenkennung, " if crs in _WITH_ZONE else ""
            return f'Vermutlich {zone}{crs}: crs = "{crs}" in areas.toml angeben oder '
        if _lies_in(land, crs, swapped):
            return f"Vermutlich {crs} mit vertauschten Achsen: Ostwert vor Nordwert. "
    return ""
