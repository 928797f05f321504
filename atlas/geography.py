"""Areas of a city: keys, names, hierarchy and boundaries of an edition; knows no counts.

areas: one row per kind and area_id, sorted from small to large kind and by key; columns
``kind, area_id, name, parent_id, area_ha, geometry`` in the city's metric CRS.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from atlas.config import City, Edition, Layer
from atlas.errors import ConfigError, GeographyError
from atlas.terms import KINDS, Kind
from atlas.words import first_few

AREA_COLUMNS = ["kind", "area_id", "name", "parent_id", "area_ha", "geometry"]

# Borders drawn twice differ by millimetres to decimetres: smaller disagreement is no overlap.
_TOLERATED_SHARE = 0.001
_TOLERATED_M2 = 10.0
_SIMPLIFY_M = 5.0
_MAP_DECIMALS = 5
_FEWEST_POINTS = 4
# Areas in hectares have to be right: feet, degrees and Mercator are not.
_EQUAL_AREA_CRS = "EPSG:6933"
_TOLERATED_SCALE = 0.01
_M2_PER_HA = 10_000.0


def load_areas(city: City, edition: Edition, geodata_dirs: Sequence[Path]) -> gpd.GeoDataFrame:
    """Read, check and stack all kinds of one edition.

    Parameters
    ----------
    geodata_dirs
        Searched in this order for the files that ``areas.toml`` names.

    Raises
    ------
    GeographyError
        Naming the layer and the areas: unreadable, key missing or twice, invalid or empty
        geometry, overlap, a child without its parent or outside of it.
    ConfigError
        If areas measured in the city's CRS are not true.
    """
    _check_unit(city)
    frames: dict[Kind, gpd.GeoDataFrame] = {}
    for kind, layer in edition.layers().items():
        if layer.file:
            frames[kind] = _read_layer(city, edition, kind, geodata_dirs)
        else:
            below = KINDS[KINDS.index(kind) - 1]
            frames[kind] = _dissolve(frames[below], kind, layer)
    top = max(frames, key=KINDS.index)
    whole = shapely.union_all(frames[top].geometry.values)
    _check_scale(city, whole)
    frames[Kind.CITY] = _frame(
        city.crs, {"area_id": [city.key], "name": [city.name], "parent_id": [""]}, [whole]
    )
    frames[top] = frames[top].assign(parent_id=city.key)
    _check_nesting(frames, edition)
    stacked = [frame.assign(kind=str(kind)) for kind, frame in frames.items()]
    areas = gpd.GeoDataFrame(pd.concat(stacked, ignore_index=True), crs=city.crs)
    areas["area_ha"] = areas.geometry.area / _M2_PER_HA
    return areas[AREA_COLUMNS]


def keys_of(areas: pd.DataFrame, kind: Kind) -> frozenset[str]:
    """Keys of all areas of one kind."""
    return frozenset(areas.loc[areas["kind"] == kind, "area_id"])


def map_json(areas: gpd.GeoDataFrame, kind: Kind) -> bytes:
    """Boundaries of one kind for the map: keys and names, no value.

    GeoJSON in EPSG:4326 with 5 decimals, simplified by 5 m with shared borders kept, the
    feature's ``id`` is the area key.
    """
    chosen = areas[areas["kind"] == kind]
    simple = shapely.coverage_simplify(chosen.geometry.values, _SIMPLIFY_M)
    # A hole or an island smaller than the tolerance must not swallow a whole area.
    simple = np.where(shapely.is_empty(simple), chosen.geometry.values, simple)
    degrees = gpd.GeoSeries(simple, crs=areas.crs).to_crs("EPSG:4326")
    features = [
        {
            "type": "Feature",
            "id": area_id,
            "properties": {"name": name, "parent": parent_id},
            "geometry": _rounded(shape),
        }
        for area_id, name, parent_id, shape in zip(
            chosen["area_id"], chosen["name"], chosen["parent_id"], degrees, strict=True
        )
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def write_gpkg(areas: gpd.GeoDataFrame, path: Path) -> None:
    """Write boundaries, one layer per kind; same areas, same bytes."""
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
    for kind in KINDS:
        layer = areas[areas["kind"] == kind].drop(columns="kind")
        if len(layer):
            pyogrio.write_dataframe(layer, path, layer=str(kind), driver="GPKG")


def _rounded(shape: shapely.Geometry) -> dict[str, object]:
    def ring(coordinates: shapely.LinearRing) -> list[list[float]]:
        points = np.round(np.asarray(coordinates.coords)[:, :2], _MAP_DECIMALS)
        keep = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
        pairs: list[list[float]] = points[keep].tolist()
        return pairs

    polygons = [
        [ring(polygon.exterior), *(ring(hole) for hole in polygon.interiors)]
        for polygon in shapely.get_parts(shape)
    ]
    # A well or a traffic island of less than a metre shrinks to a line: no ring.
    polygons = [
        [outer, *(hole for hole in holes if len(hole) >= _FEWEST_POINTS)]
        for outer, *holes in polygons
        if len(outer) >= _FEWEST_POINTS or len(polygons) == 1
    ]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _find(file: str, geodata_dirs: Sequence[Path]) -> Path:
    for directory in geodata_dirs:
        if (directory / file).is_file():
            return directory / file
    places = " oder ".join(f"{path.parent.name}/{path.name}" for path in geodata_dirs)
    raise GeographyError(
        f"Geometrie {file}: Datei fehlt. Erwartet unter {places}. "
        "Datei ablegen oder areas.toml prüfen."
    )


def _check_unit(city: City) -> None:
    try:
        crs = gpd.GeoSeries([], crs=city.crs).crs
    except RuntimeError:  # pyproj.exceptions.CRSError
        crs = None
    if crs is None or crs.axis_info[0].unit_name != "metre":
        raise _no_true_areas(city)


def _check_scale(city: City, whole: shapely.Geometry) -> None:
    true = gpd.GeoSeries([whole], crs=city.crs).to_crs(_EQUAL_AREA_CRS).area.iloc[0]
    if abs(whole.area / true - 1) > _TOLERATED_SCALE:
        raise _no_true_areas(city)


def _no_true_areas(city: City) -> ConfigError:
    return ConfigError(
        "Konfiguration city.toml, Schlüssel „crs“: Flächen lassen sich damit nicht messen. "
        "Erwartet: ein metrisches Koordinatensystem, in dem die Stadt liegt, z. B. EPSG:25832. "
        f"Angabe für {city.name} prüfen."
    )


def _read_layer(
    city: City, edition: Edition, kind: Kind, geodata_dirs: Sequence[Path]
) -> gpd.GeoDataFrame:
    layer = edition.layers()[kind]
    place = f"Geometrie {layer.file} (Gebietsstand {edition.id})"
    raw = _read_file(_find(layer.file, geodata_dirs), layer, place)
    frame = _frame(city.crs, _attributes(raw, layer), raw.to_crs(city.crs).geometry.values)
    if not np.isfinite(frame.total_bounds).all() and len(frame.geometry.dropna()):
        raise GeographyError(
            f"{place}: Koordinaten passen nicht zum angegebenen Koordinatensystem. "
            "Datei mit richtigem CRS neu exportieren."
        )
    _check_layer(frame, place)
    return frame.sort_values("area_id", ignore_index=True)


def _read_file(path: Path, layer: Layer, place: str) -> gpd.GeoDataFrame:
    """Read the only layer of a file, with the columns that ``areas.toml`` names."""
    try:
        shown = [name for name, shape in pyogrio.list_layers(path) if shape is not None]
        raw = gpd.read_file(
            path, columns=[c for c in (layer.key, layer.name, layer.parent) if c]
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError):
        shown, raw = [], None
    if raw is None or not isinstance(raw, gpd.GeoDataFrame):
        raise GeographyError(
            f"{place}: nicht lesbar. Erwartet: GeoPackage, GeoJSON oder Shapefile (auch als "
            "ZIP). Datei neu exportieren."
        )
    if len(shown) > 1:
        raise GeographyError(
            f"{place}: {len(shown)} Ebenen ({', '.join(sorted(shown)[:3])}). Erwartet: eine. "
            "Jede Ebene in eine eigene Datei exportieren."
        )
    if raw.empty:
        raise GeographyError(f"{place}: enthält keine Gebiete. Datei neu exportieren.")
    for role, column in (("key", layer.key), ("name", layer.name), ("parent", layer.parent)):
        if (column or role == "key") and column not in raw:
            raise GeographyError(
                f"{place}: Spalte „{column}“ fehlt. {role} in areas.toml prüfen."
            )
    if raw.crs is None:
        raise GeographyError(
            f"{place}: kein Koordinatensystem angegeben. Datei mit CRS neu exportieren."
        )
    return raw


def _attributes(raw: gpd.GeoDataFrame, layer: Layer) -> dict[str, list[str]]:
    keys = _texts(raw[layer.key])
    names = _texts(raw[layer.name]) if layer.name else keys
    if layer.strip:
        names = [re.sub(layer.strip, "", name).strip() for name in names]
    names = [layer.names.get(key, name or key) for key, name in zip(keys, names, strict=True)]
    parents = _texts(raw[layer.parent]) if layer.parent else [""] * len(keys)
    return {"area_id": keys, "name": names, "parent_id": parents}


def _texts(column: pd.Series) -> list[str]:
    if pd.api.types.is_float_dtype(column):  # some exports write 11 as 11.0
        return ["" if pd.isna(value) else f"{value:.15g}" for value in column]
    return ["" if pd.isna(value) else str(value).strip() for value in column]


def _frame(
    crs: str, attributes: dict[str, list[str]], shapes: Sequence[shapely.Geometry]
) -> gpd.GeoDataFrame:
    flat = shapely.force_2d(np.asarray(shapes, dtype=object))
    return gpd.GeoDataFrame(pd.DataFrame(attributes), geometry=flat, crs=crs)


def _dissolve(children: gpd.GeoDataFrame, kind: Kind, layer: Layer) -> gpd.GeoDataFrame:
    keys = sorted(set(children["parent_id"]))
    if "" in keys:
        raise GeographyError(
            f"Gebietsart {kind}: Gebiete ohne übergeordneten Schlüssel. "
            "Spalte parent in areas.toml prüfen."
        )
    shapes = [
        shapely.union_all(children.geometry.values[children["parent_id"] == key])
        for key in keys
    ]
    names = [layer.names.get(key, key) for key in keys]
    attributes = {"area_id": keys, "name": names, "parent_id": [""] * len(keys)}
    return _frame(str(children.crs), attributes, shapes)


def _check_layer(frame: gpd.GeoDataFrame, place: str) -> None:
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


def _check_nesting(frames: dict[Kind, gpd.GeoDataFrame], edition: Edition) -> None:
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
