"""A last look at what will be served, as the reader of it: files that parse, names, numbers."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.errors import ReleaseError
from atlas.geography import signed_area
from atlas.legible import garbled
from atlas.release.context import DRAWN, PUPILS, STREETS, wrong_with_context
from atlas.release.pupils import wrong_with_pupils
from atlas.release.read import Release
from atlas.terms import RESIDENTS, Unit

_FEWEST_POINTS = 4
_DEGREES = (180, 90)
_AROUND = (DRAWN, STREETS, PUPILS)
_PLACE = ["kind", "area_id", "group"]


def look_as_reader(release: Release, areas: gpd.GeoDataFrame) -> None:
    """Refuse a release that a reader could not read.

    Parameters
    ----------
    areas
        Its areas with the boundaries that ``areas.gpkg`` holds.

    Raises
    ------
    ReleaseError
        Naming everything that is wrong with it.
    """
    wrong = [
        *_broken_json(release.path),
        *wrong_with_context(release.path, release.info.config.context),
        *wrong_with_pupils(release.path, release.info.config),
        *_broken_areas(areas),
        *_broken_values(release),
    ]
    if wrong:
        raise ReleaseError(
            f"Release {release.info.name}: {'; '.join(wrong)}. Erwartet: Dateien, die jedes "
            "Programm liest. Nicht veröffentlichen; Grenzen und Namen in der Quelle "
            "berichtigen."
        )


def _broken_json(directory: Path) -> Iterator[str]:
    for path in sorted(directory.rglob("*.json")):
        try:
            content = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
        except ValueError:
            yield f"{path.name} ist kein JSON"
            continue
        is_areas = path.parent.name == "map" and not path.name.startswith(_AROUND)
        if is_areas and not _is_map(content):
            yield f"{path.name} ist kein GeoJSON nach RFC 7946"


def _refuse(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are not of JSON


def _is_map(content: object) -> bool:
    """Whether all areas are polygons in degrees: rings closed, outer ones to the left."""
    match content:
        case {"type": "FeatureCollection", "features": [*features]}:
            return all(_is_area(feature) for feature in features)
    return False


def _is_area(feature: object) -> bool:
    match feature:
        case {"geometry": {"type": "Polygon", "coordinates": [*rings]}}:
            return _are_rings(rings)
        case {"geometry": {"type": "MultiPolygon", "coordinates": [*polygons]}}:
            return bool(polygons) and all(_are_rings(rings) for rings in polygons)
    return False


def _are_rings(rings: Sequence[Sequence[Sequence[float]]]) -> bool:
    """Whether all are closed, the first runs counter-clockwise and each hole clockwise."""
    is_closed = all(len(ring) >= _FEWEST_POINTS and ring[0] == ring[-1] for ring in rings)
    if not rings or not is_closed:
        return False
    points = np.concatenate(rings)
    outer, *holes = map(signed_area, rings)
    in_degrees = (np.abs(points) <= _DEGREES).all()
    return bool(in_degrees) and outer > 0 and all(hole < 0 for hole in holes)


def _broken_areas(areas: gpd.GeoDataFrame) -> Iterator[str]:
    shapes = areas.geometry.to_numpy()
    if not np.isfinite(shapely.get_coordinates(shapes)).all() or shapely.is_empty(shapes).any():
        yield "Grenzen mit leeren oder unendlichen Koordinaten"
    names = [str(name) for name in areas["name"]]
    wrong = set(garbled(names))
    if unreadable := [n for n in names if n in wrong or not n.isprintable()]:
        yield f"Gebietsnamen mit falsch gelesenen Zeichen (Zahl der Gebiete: {len(unreadable)})"


def _broken_values(release: Release) -> Iterator[str]:
    cells = release.cells
    shown = cells[cells["value"].notna()]
    indicators = release.info.config.indicators.indicators
    shares = [name for name, one in indicators.items() if one.unit == Unit.PERCENT]
    is_wrong = ~np.isfinite(shown["value"]) | (
        shown["item"].isin(shares) & (shown["value"] < 0)
    )
    if is_wrong.any():
        items = sorted({str(item) for item in shown.loc[is_wrong, "item"]})
        yield f"unmögliche Werte bei {', '.join(items)}"
    is_empty = (cells["item"] == RESIDENTS) & (cells["value"] == 0)
    empty = pd.MultiIndex.from_frame(cells.loc[is_empty, _PLACE])
    told = shown.loc[shown["item"].isin(shares), [*_PLACE, "item"]]
    of_nobody = told[pd.MultiIndex.from_frame(told[_PLACE]).isin(empty)]
    if len(of_nobody):
        yield f"Anteile, wo niemand wohnt, bei {', '.join(sorted(set(of_nobody['item'])))}"
