"""A last look at what will be served, as the reader of it: files that parse, names, numbers."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from atlas.errors import ReleaseError
from atlas.release.read import Release
from atlas.terms import Unit

# UTF-8 that was read as Windows-1252, and what stands for a letter that nobody could read.
_MANGLED = re.compile("[ÃÂ][\u0080-\u00bf\u201a-\u2122]|â€|\ufffd")


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
    wrong = [*_broken_json(release.path), *_broken_areas(areas), *_broken_values(release)]
    if wrong:
        raise ReleaseError(
            f"Release {release.info.name}: {'; '.join(wrong)}. Erwartet: Dateien, die jedes "
            "Programm liest. Nicht veröffentlichen; Grenzen und Namen in der Quelle "
            "berichtigen."
        )


def _broken_json(directory: Path) -> Iterator[str]:
    for path in sorted(directory.rglob("*.json")):
        try:
            json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
        except ValueError:
            yield f"{path.name} ist kein JSON"


def _refuse(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are not of JSON


def _broken_areas(areas: gpd.GeoDataFrame) -> Iterator[str]:
    shapes = areas.geometry.to_numpy()
    if not np.isfinite(shapely.get_coordinates(shapes)).all() or shapely.is_empty(shapes).any():
        yield "Grenzen mit leeren oder unendlichen Koordinaten"
    names = [str(name) for name in areas["name"]]
    if unreadable := [n for n in names if _MANGLED.search(n) or not n.isprintable()]:
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
