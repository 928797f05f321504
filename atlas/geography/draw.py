"""Draw areas: boundaries for the map and the GeoPackage of a release; knows no values."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from atlas.terms import Kind, chain_of

_SIMPLIFY_M = 5.0
_MAP_DECIMALS = 5
_FEWEST_POINTS = 4


def map_json(areas: gpd.GeoDataFrame, kind: Kind) -> bytes:
    """Boundaries of one kind for the map: keys and names, no value.

    GeoJSON (RFC 7946: outer rings counter-clockwise, holes clockwise) in EPSG:4326 with 5
    decimals, simplified by 5 m with shared borders kept, the feature's ``id`` is the area key.
    """
    chosen = areas[areas["kind"] == kind]
    simple = shapely.coverage_simplify(chosen.geometry.values, _SIMPLIFY_M)
    # A hole or an island smaller than the tolerance must not swallow a whole area.
    simple = np.where(shapely.is_empty(simple), chosen.geometry.values, simple)
    degrees = gpd.GeoSeries(simple, crs=areas.crs).to_crs("EPSG:4326")
    turned = shapely.orient_polygons(degrees.to_numpy())
    features = [
        {
            "type": "Feature",
            "id": area_id,
            "properties": {"name": name, "parent": parent_id},
            "geometry": _rounded(shape),
        }
        for area_id, name, parent_id, shape in zip(
            chosen["area_id"], chosen["name"], chosen["parent_id"], turned, strict=True
        )
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(
        collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def write_gpkg(areas: gpd.GeoDataFrame, path: Path) -> None:
    """Write boundaries, one layer per kind; same areas, same bytes."""
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
    for kind in chain_of(areas["kind"]):
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
