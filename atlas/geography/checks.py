"""Check areas: keys, shapes, overlaps, and whether each lies in its parent."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.config import City, Edition
from atlas.errors import ConfigError, GeographyError
from atlas.terms import KINDS, Kind
from atlas.words import first_few

# Borders drawn twice differ by millimetres to decimetres: smaller disagreement is no overlap.
_TOLERATED_SHARE = 0.001
_TOLERATED_M2 = 10.0
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


def check_layer(frame: gpd.GeoDataFrame, place: str) -> None:
    """Refuse missing and doubled keys, what is no valid area, and overlaps."""
    shapes = frame.geometry.values
    if (frame["area_id"] == "").any():
        raise GeographyError(f"{place}: Gebiete ohne Schlüssel. Spalte key prüfen.")
    _refuse(frame, frame["area_id"].duplicated(), f"{place}: Schlüssel mehrfach vorhanden")
    _refuse(
        frame, shapely.is_missing(shapes) | shapely.is_empty(shapes), f"{place}: ohne Fläche"
    )
    areal = np.isin(shapely.get_type_id(shapes), [3, 6])
    _refuse(frame, ~areal, f"{place}: keine Polygone")
    _refuse(
        frame, ~shapely.is_valid(shapes), f"{place}: Geometrie ungültig (z. B. Selbstschnitt)"
    )
    _refuse(frame, _overlaps(shapes), f"{place}: Gebiete überlappen einander")


def _refuse(frame: pd.DataFrame, is_bad: np.ndarray | pd.Series, what: str) -> None:
    keys = frame.loc[np.asarray(is_bad), "area_id"].unique()
    if len(keys):
        raise GeographyError(
            f"{what}: {first_few(keys, 3)}. Geometrie in der Quelle berichtigen."
        )


def _overlaps(shapes: np.ndarray) -> np.ndarray:
    found = np.zeros(len(shapes), dtype=bool)
    if shapely.coverage_is_valid(shapes):
        return found
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    common = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    smaller = np.minimum(shapely.area(shapes[left]), shapely.area(shapes[right]))
    is_bad = common > np.maximum(_TOLERATED_M2, _TOLERATED_SHARE * smaller)
    found[left[is_bad]] = found[right[is_bad]] = True
    return found


def check_nesting(frames: dict[Kind, gpd.GeoDataFrame], edition: Edition) -> None:
    """Refuse areas without their parent, outside of it, and parents that hold nothing."""
    kinds = [kind for kind in KINDS if kind in frames]
    for kind, above in zip(kinds, kinds[1:], strict=False):
        children, parents = frames[kind], frames[above].set_index("area_id")
        place = f"Gebietsstand {edition.id}, Gebietsart {kind}"
        is_orphan = ~children["parent_id"].isin(parents.index)
        _refuse(children, is_orphan, f"{place}: übergeordnetes Gebiet ({above}) fehlt")
        holders = parents.geometry.loc[children["parent_id"]].values
        shapes = children.geometry.values
        outside = shapely.area(shapes) - shapely.area(shapely.intersection(shapes, holders))
        limit = np.maximum(_TOLERATED_M2, _TOLERATED_SHARE * shapely.area(shapes))
        _refuse(children, outside > limit, f"{place}: liegt außerhalb seines Gebiets ({above})")
        is_childless = ~parents.index.isin(children["parent_id"])
        _refuse(
            parents.reset_index(), is_childless, f"{place}: nichts liegt in Gebiet ({above})"
        )
