"""Repair boundaries where ``areas.toml`` declares it, within its limit; what moved is told."""

import geopandas as gpd
import numpy as np
import shapely

from atlas.config import Layer
from atlas.errors import GeographyError
from atlas.words import first_few, number_text

_POLYGON = 3
_AREAL = (3, 6)  # Polygon, MultiPolygon
_TOLD_M2 = 0.01


def repaired(
    frame: gpd.GeoDataFrame, layer: Layer, place: str
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Make areas valid and let common borders be the same; shapes, and what changed.

    Raises
    ------
    GeographyError
        If an area would change by more than the limit: then nothing is repaired.
    """
    before = frame.geometry.to_numpy()
    if not np.isin(shapely.get_type_id(before), _AREAL).all():
        return frame, []  # no area at all: a fault that nothing repairs
    is_sound = shapely.is_valid(before).all()
    if is_sound and shapely.coverage_is_valid(before, gap_width=layer.snap_m):
        return frame, []
    valid = np.array([_polygons(shape) for shape in shapely.make_valid(before)], dtype=object)
    if shapely.is_empty(valid).any():
        return frame, []
    after = shapely.coverage_clean(
        valid, snapping_distance=layer.snap_m, gap_width=layer.snap_m
    )
    # A ring that crosses itself has only its signed area to compare with.
    moved = np.abs(shapely.area(before) - shapely.area(valid)) + shapely.area(
        shapely.symmetric_difference(valid, after)
    )
    worst = int(moved.argmax())
    limit = f"{number_text(layer.repair_limit_m2, 2)} m²"
    if (is_over := moved > layer.repair_limit_m2).any():
        keys = first_few(list(frame["area_id"][is_over]), 3)
        raise GeographyError(
            f"{place}: berichtigen würde mehr als {limit} verändern: {keys}. Am meisten "
            f"{frame['area_id'][worst]} um {number_text(moved[worst], 2)} m². Geometrie in der "
            "Quelle berichtigen oder repair_limit_m2 in areas.toml begründet erhöhen."
        )
    changed = [
        f"{key} um {number_text(size, 2)} m²"
        for key, size in zip(frame["area_id"], moved, strict=True)
        if size >= _TOLD_M2
    ]
    told = first_few(changed, 5) if changed else "kein Gebiet um mehr als 0,01 m²"
    note = f"{place}: Grenzen berichtigt (erlaubt {limit} je Gebiet): {told}."
    return frame.set_geometry(after, crs=frame.crs), [note]


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Areal part of what making a shape valid gives: points and lines have no area."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    areal = parts[shapely.get_type_id(parts) == _POLYGON]
    return areal[0] if len(areal) == 1 else shapely.union_all(areal)
