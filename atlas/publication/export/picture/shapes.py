"""Boundaries in metres to polygons in pixels of the page; knows neither classes nor colours."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.publication.export.picture.page import Point, Polygon, Ring

# What is smaller than this cannot be seen, on a screen or in print.
_TOLERANCE_PX = 0.35
_DECIMALS = 1
_LABEL_TOLERANCE_PX = 0.5

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Extract:
    """Which part of the land the map shows, and where on the page.

    Attributes
    ----------
    left, top
        Upper left corner in metres.
    x, y
        The same corner on the page in pixels.
    px_per_m
        Scale.
    window
        What is seen, in pixels; everything beyond is cut off.
    """

    left: float
    top: float
    x: float
    y: float
    px_per_m: float
    window: Bounds

    def on_page(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Metres to pixels of the page; north is up."""
        steps = (xy - (self.left, self.top)) * (self.px_per_m, -self.px_per_m)
        return np.asarray(steps + (self.x, self.y))


def extract_of(seen: Bounds, window: Bounds, margin: float) -> Extract:
    """Fit a part of the land into the middle of a window.

    Parameters
    ----------
    seen
        West, south, east, north in metres.
    window
        Left, top, right, bottom in pixels.
    margin
        Free space on every side in pixels.
    """
    width, height = max(seen[2] - seen[0], 1.0), max(seen[3] - seen[1], 1.0)
    room = (window[2] - window[0] - 2 * margin, window[3] - window[1] - 2 * margin)
    scale = min(room[0] / width, room[1] / height)
    return Extract(
        left=seen[0],
        top=seen[3],
        x=window[0] + margin + (room[0] - width * scale) / 2,
        y=window[1] + margin + (room[1] - height * scale) / 2,
        px_per_m=scale,
        window=window,
    )


def drawn_shapes(
    areas: gpd.GeoDataFrame, extract: Extract, tolerance: float = _TOLERANCE_PX
) -> dict[str, shapely.Geometry]:
    """Shapes on the page by area key, as simple as can be seen; neighbours share borders.

    Parameters
    ----------
    areas
        One row per area_id with its boundaries in metres.
    tolerance
        Pixels that a border may be off.
    """
    shapes = shapely.transform(areas.geometry.to_numpy(), extract.on_page)
    seen = shapely.intersects(shapes, shapely.box(*extract.window))
    simple = shapely.coverage_simplify(shapes[seen], tolerance)
    cut = shapely.clip_by_rect(simple, *extract.window)
    keys = areas["area_id"].to_numpy()[seen]
    return {str(key): shape for key, shape in zip(keys, cut, strict=True)}


def polygons_of(shape: shapely.Geometry) -> tuple[Polygon, ...]:
    """List the polygons of a shape, rounded to a tenth of a pixel."""
    parts = shapely.get_parts(shape)
    polygons = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    return tuple(
        (_ring(polygon.exterior), *(_ring(hole) for hole in polygon.interiors))
        for polygon in polygons
    )


def rings_of(shapes: Sequence[shapely.Geometry]) -> tuple[Ring, ...]:
    """All rings of some shapes, outer ones and holes."""
    return tuple(ring for shape in shapes for polygon in polygons_of(shape) for ring in polygon)


def roomiest_point(shape: shapely.Geometry) -> tuple[Point, float]:
    """Point inside with most room around it, and how far the border is, in pixels."""
    radius = shapely.maximum_inscribed_circle(shape, tolerance=_LABEL_TOLERANCE_PX)
    x, y = shapely.get_coordinates(radius)[0].round(_DECIMALS).tolist()
    return (x, y), float(shapely.length(radius))


def _ring(line: shapely.LinearRing) -> Ring:
    points = shapely.get_coordinates(line).round(_DECIMALS).tolist()
    # Points that fall together add nothing; the ring closes itself.
    kept = [p for p, before in zip(points, [None, *points[:-1]], strict=True) if p != before]
    return tuple((x, y) for x, y in (kept[:-1] if len(kept) > 1 else kept))
