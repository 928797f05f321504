"""Repair boundaries where ``areas.toml`` declares it, within its limit; what moved is told."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from atlas.config import Layer
from atlas.geography.faults import Fault
from atlas.words import first_few, number_text

_POLYGON = 3
_AREAL = (3, 6)  # Polygon, MultiPolygon
_TOLD_M2 = 0.01


@dataclass(frozen=True)
class Repair:
    """Areas after a repair; what moved is a note, what would move too much a fault."""

    frame: gpd.GeoDataFrame
    notes: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()


def repaired(frame: gpd.GeoDataFrame, layer: Layer, place: str) -> Repair:
    """Make areas valid and let common borders be the same.

    If an area would change by more than the limit, nothing is repaired.
    """
    before = frame.geometry.to_numpy()
    if not np.isin(shapely.get_type_id(before), _AREAL).all():
        return Repair(frame)  # no area at all: a fault that nothing repairs
    is_sound = shapely.is_valid(before).all()
    if is_sound and shapely.coverage_is_valid(before, gap_width=layer.snap_m):
        return Repair(frame)
    valid = np.array([_polygons(shape) for shape in shapely.make_valid(before)], dtype=object)
    after = shapely.coverage_clean(
        valid, snapping_distance=layer.snap_m, gap_width=layer.snap_m
    )
    # A ring that crosses itself has only its signed area to compare with.
    lost = np.abs(shapely.area(before) - shapely.area(valid))
    difference = shapely.symmetric_difference(valid, after)
    moved = lost + shapely.area(difference)
    details = _moves(frame["area_id"].to_numpy(), moved)
    limit = f"{number_text(layer.repair_limit_m2, 2)} m²"
    if (is_over := moved > layer.repair_limit_m2).any():
        keys = first_few(list(frame["area_id"][is_over]), 3)
        text = (
            f"{place}: berichtigen würde mehr als {limit} verändern: {keys}. Am meisten "
            f"{details[0]}. Geometrie in der Quelle berichtigen oder repair_limit_m2 in "
            "areas.toml begründet erhöhen."
        )
        shown = np.where(shapely.is_empty(difference), before, difference)[is_over]
        return Repair(frame, faults=(Fault(text, tuple(shown), details),))
    told = first_few(details, 5) if details else "kein Gebiet um mehr als 0,01 m²"
    text = f"{place}: Grenzen berichtigt (erlaubt {limit} je Gebiet): {told}."
    note = Fault(text, tuple(difference[moved >= _TOLD_M2]), details)
    return Repair(frame.set_geometry(after, crs=frame.crs), notes=(note,))


def _moves(keys: np.ndarray, moved: np.ndarray) -> tuple[str, ...]:
    """Say per area how much moved, the largest first."""
    order = [at for at in np.argsort(-moved, kind="stable") if moved[at] >= _TOLD_M2]
    return tuple(f"{keys[at]} um {number_text(moved[at], 2)} m²" for at in order)


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Areal part of what making a shape valid gives: points and lines have no area."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    areal = parts[shapely.get_type_id(parts) == _POLYGON]
    return areal[0] if len(areal) == 1 else shapely.union_all(areal)
