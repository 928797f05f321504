"""Check areas: keys, shapes, overlaps, and whether each lies in its parent."""

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.config import City
from atlas.errors import ConfigError
from atlas.geography.faults import Fault
from atlas.terms import Kind
from atlas.words import counted, first_few, number_text

# Borders drawn twice differ by millimetres to decimetres: smaller disagreement is no overlap.
_TOLERATED_SHARE = 0.001
_TOLERATED_M2 = 10.0
_AREAL = (3, 6)  # Polygon, MultiPolygon
# Wider than this is a lake or another municipality, narrower a border drawn twice.
_NARROW_M = 2.0
_PLACE_OF_REASON = re.compile(r"\[(\S+) (\S+?)\]")
# An area over this share of every other one is their sum.
_ALMOST_WHOLE = 0.95
# Areas in hectares have to be right: feet, degrees and Mercator are not.
_EQUAL_AREA_CRS = "EPSG:6933"
_TOLERATED_SCALE = 0.01


def check_unit(city: City) -> None:
    """Refuse a CRS of the city that does not measure in metres."""
    try:
        crs = gpd.GeoSeries([], crs=city.crs).crs
    except RuntimeError:  # pyproj.exceptions.CRSError
        crs = None
    if crs is None or crs.axis_info[0].unit_name != "metre":
        raise _no_true_areas(city)


def check_scale(city: City, whole: shapely.Geometry) -> None:
    """Refuse a CRS of the city in which areas are more than 1 % off."""
    true = gpd.GeoSeries([whole], crs=city.crs).to_crs(_EQUAL_AREA_CRS).area.iloc[0]
    if abs(whole.area / true - 1) > _TOLERATED_SCALE:
        raise _no_true_areas(city)


def _no_true_areas(city: City) -> ConfigError:
    return ConfigError(
        "Konfiguration city.toml, Schlüssel „crs“: Flächen lassen sich damit nicht messen. "
        "Erwartet: ein metrisches Koordinatensystem, in dem die Stadt liegt, z. B. EPSG:25832. "
        f"Angabe für {city.name} prüfen."
    )


def layer_faults(frame: gpd.GeoDataFrame, place: str) -> list[Fault]:
    """All that is wrong with the areas of one kind."""
    shapes = frame.geometry.values
    faults = []
    if (is_nameless := frame["area_id"] == "").any():
        spots = tuple(shapes[is_nameless])
        remedy = "Spalte key prüfen; gehören sie nicht dazu: filter mit is_filled = true."
        faults.append(Fault(f"{place}: Gebiete ohne Schlüssel. {remedy}", spots))
    named = frame["area_id"] != ""
    doubled = named & frame["area_id"].duplicated()
    remedy = "Geometrie in der Quelle berichtigen; sind es Teile eines Gebiets: unite = true."
    faults += _fault(frame, doubled, f"{place}: Schlüssel mehrfach vorhanden", remedy)
    is_missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    faults += _fault(frame, is_missing & named, f"{place}: ohne Fläche")
    is_areal = np.isin(shapely.get_type_id(shapes), _AREAL)
    faults += _fault(frame, ~is_areal & ~is_missing, f"{place}: keine Polygone")
    is_broken = is_areal & ~is_missing & ~shapely.is_valid(shapes)
    faults += _invalid(frame, is_broken, place)
    is_sound = (is_areal & ~is_missing & ~is_broken & ~doubled).to_numpy()
    return faults + _overlap_faults(frame[is_sound], place)


def _fault(
    frame: gpd.GeoDataFrame,
    is_bad: np.ndarray | pd.Series,
    what: str,
    remedy: str = "Geometrie in der Quelle berichtigen.",
    spots: np.ndarray | None = None,
) -> list[Fault]:
    """Name areas; what shows the fault are their shapes unless other spots are given."""
    bad = frame[np.asarray(is_bad)]
    keys = bad["area_id"].unique()
    shown = bad.geometry.to_numpy() if spots is None else spots
    return [Fault(f"{what}: {first_few(keys, 3)}. {remedy}", tuple(shown))] if len(keys) else []


def _invalid(frame: gpd.GeoDataFrame, is_broken: np.ndarray, place: str) -> list[Fault]:
    if not is_broken.any():
        return []
    reasons = shapely.is_valid_reason(frame.geometry.values[is_broken])
    found = [spot for reason in reasons if (spot := _PLACE_OF_REASON.search(reason))]
    spots = np.array([shapely.Point(float(spot[1]), float(spot[2])) for spot in found])
    where = f"Die erste Stelle: {_spot(spots[0])}. " if len(spots) else ""
    remedy = f"{where}In der Quelle berichtigen; ist es wenig: repair = true in areas.toml."
    what = f"{place}: Geometrie ungültig (z. B. Selbstschnitt)"
    return _fault(frame, is_broken, what, remedy, spots)


def _spot(point: shapely.Point) -> str:
    return f"{number_text(point.x, 0)} / {number_text(point.y, 0)}"


def gap_notes(frame: gpd.GeoDataFrame, place: str) -> list[Fault]:
    """Tell of narrow gaps between areas: nobody lives there, but neighbours miss each other."""
    shapes = frame.geometry.values
    if shapely.coverage_is_valid(shapes, gap_width=_NARROW_M):
        return []
    edges = shapely.coverage_invalid_edges(shapes, gap_width=_NARROW_M)
    touched = shapely.union_all(shapes[~shapely.is_empty(edges)])
    rings = [hole for part in shapely.get_parts(touched) for hole in part.interiors]
    if not rings:
        return []
    holes = shapely.polygons(rings)
    is_narrow = 2 * shapely.area(holes) < _NARROW_M * shapely.length(holes)
    holes = holes[is_narrow & (shapely.area(holes) > 0)]
    if not len(holes):
        return []
    sizes = shapely.area(holes)
    largest = holes[int(sizes.argmax())]
    around = frame["area_id"][shapely.dwithin(shapes, largest, 0.01)]
    point = shapely.point_on_surface(largest)
    text = (
        f"{place}: {counted(len(holes), 'schmale Lücke', 'schmale Lücken')} zwischen "
        f"Gebieten, am größten {number_text(sizes.max(), 1)} m² bei {_spot(point)} "
        f"zwischen {first_few(list(around), 3)}. Sie gehören zu keinem Gebiet. In der Quelle "
        "schließen oder repair = true mit snap_m in areas.toml."
    )
    return [Fault(text, tuple(holes))]


def _overlap_faults(frame: gpd.GeoDataFrame, place: str) -> list[Fault]:
    shapes, keys = frame.geometry.values, frame["area_id"].to_numpy()
    left, right, common = _overlaps(shapes)
    if not len(left):
        return []
    if (whole := _over_all_others(shapes, left, right, common)) is not None:
        text = (
            f"{place}: {keys[whole]} liegt über allen anderen Gebieten, vermutlich die "
            "Gesamtfläche. Mit filter in areas.toml weglassen (Schlüssel unter not_in)."
        )
        return [Fault(text, (shapes[whole],))]
    sizes = shapely.area(common)
    largest = int(sizes.argmax())
    point = shapely.point_on_surface(common[largest])
    both = f"{keys[left[largest]]} und {keys[right[largest]]}"
    is_bad = np.isin(np.arange(len(shapes)), [*left, *right])
    remedy = (
        f"{counted(len(left), 'Paar', 'Paare')}, am größten {both}: "
        f"{number_text(sizes[largest], 1)} m² bei {_spot(point)}. In der Quelle "
        "berichtigen; ist es wenig: repair = true."
    )
    what = f"{place}: Gebiete überlappen einander"
    return _fault(frame, is_bad, what, remedy, common)


def _overlaps(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of areas, and what both cover, beyond what two drawings of a border differ by."""
    if shapely.coverage_is_valid(shapes):
        return np.array([], int), np.array([], int), np.array([], object)
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    common = shapely.intersection(shapes[left], shapes[right])
    smaller = np.minimum(shapely.area(shapes[left]), shapely.area(shapes[right]))
    is_bad = shapely.area(common) > np.maximum(_TOLERATED_M2, _TOLERATED_SHARE * smaller)
    return left[is_bad], right[is_bad], common[is_bad]


def _over_all_others(
    shapes: np.ndarray, left: np.ndarray, right: np.ndarray, common: np.ndarray
) -> int | None:
    """Area that covers each of at least two others almost wholly, if there is one."""
    sizes = shapely.area(shapes)
    for one in np.flatnonzero(np.bincount([*left, *right]) >= max(2, len(shapes) - 1)):
        is_its = (left == one) | (right == one)
        others = np.where(left[is_its] == one, right[is_its], left[is_its])
        if (shapely.area(common[is_its]) > _ALMOST_WHOLE * sizes[others]).all():
            return int(one)
    return None


def nesting_faults(
    children: gpd.GeoDataFrame, parents: gpd.GeoDataFrame, place: str, above: Kind
) -> list[Fault]:
    """Areas without their parent or outside of it, and parents that hold nothing."""
    parents = parents.set_index("area_id")
    is_orphan = ~children["parent_id"].isin(parents.index)
    faults = _fault(
        children,
        is_orphan,
        f"{place}: übergeordnetes Gebiet ({above}) fehlt",
        _zeros_hint(children.loc[is_orphan, "parent_id"], parents.index)
        or "Geometrie in der Quelle berichtigen.",
    )
    inside = children[~is_orphan]
    shapes, holders = (
        inside.geometry.values,
        parents.geometry.loc[inside["parent_id"]].values,
    )
    outside = shapely.area(shapes) - shapely.area(shapely.intersection(shapes, holders))
    limit = np.maximum(_TOLERATED_M2, _TOLERATED_SHARE * shapely.area(shapes))
    if (is_out := outside > limit).any():
        worst = int((outside - limit).argmax())
        remedy = (
            f"Am weitesten {inside['area_id'].iloc[worst]}: "
            f"{number_text(outside[worst], 0)} m². Geometrie in der Quelle berichtigen; weicht "
            f"nur die Linie ab: file für {above} weglassen, dann werden die Gebiete "
            "zusammengefasst."
        )
        what = f"{place}: liegt außerhalb seines Gebiets ({above})"
        beyond = shapely.difference(shapes[is_out], holders[is_out])
        faults += _fault(inside, is_out, what, remedy, beyond)
    is_childless = ~parents.index.isin(children["parent_id"])
    what = f"{place}: nichts liegt in Gebiet ({above})"
    return faults + _fault(parents.reset_index(), is_childless, what)


def _zeros_hint(wanted: pd.Series, keys: pd.Index) -> str:
    """Recognise keys that were numbers on their way, in one of the two layers."""
    bare = {key.lstrip("0") for key in keys}
    if len(wanted) and all(text.lstrip("0") in bare for text in wanted):
        width = max(*(len(text) for text in wanted), *(len(key) for key in keys))
        return f"In den Grenzen fehlen führende Nullen: width = {width} in areas.toml."
    return ""
