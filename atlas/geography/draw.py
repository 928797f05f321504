"""Draw areas: boundaries for the map and the GeoPackage of a release; knows no values."""

import errno
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from atlas.geography.overlay import PARTS
from atlas.terms import Kind, chain_of

SIMPLIFY_M = 5.0
MAP_DECIMALS = 5
# An area that shrinks to a line in these, half a metre wide, is drawn in millimetres.
_FINE_DECIMALS = 8
_LEAST_FREE = 1024**2
_Ring = list[list[float]]


def map_json(areas: gpd.GeoDataFrame, kind: Kind) -> bytes:
    """Boundaries of one kind for the map: keys and names, no value.

    GeoJSON (RFC 7946: outer rings counter-clockwise, holes clockwise) in EPSG:4326 with 5
    decimals, simplified by 5 m with shared borders kept, the feature's ``id`` is the area key.
    """
    chosen = areas[areas["kind"] == kind]
    simple = shapely.coverage_simplify(chosen.geometry.values, SIMPLIFY_M)
    # A hole or an island smaller than the tolerance must not swallow a whole area.
    simple = np.where(shapely.is_empty(simple), chosen.geometry.values, simple)
    degrees = gpd.GeoSeries(simple, crs=areas.crs).to_crs("EPSG:4326")
    turned = shapely.orient_polygons(degrees.to_numpy())
    features = [
        {
            "type": "Feature",
            "id": area_id,
            "properties": {"name": name, "parent": parent_id},
            "geometry": polygon_json(shape),
        }
        for area_id, name, parent_id, shape in zip(
            chosen["area_id"], chosen["name"], chosen["parent_id"], turned, strict=True
        )
    ]
    return json_bytes({"type": "FeatureCollection", "features": features})


def json_bytes(content: object) -> bytes:
    """Write JSON in the one way that files of a map have."""
    return json.dumps(
        content, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def write_gpkg(areas: gpd.GeoDataFrame, path: Path) -> None:
    """Write boundaries, one layer per kind; same areas, same bytes."""
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
    for kind in chain_of(areas["kind"]):
        layer = areas[areas["kind"] == kind].drop(columns="kind")
        if not len(layer):
            continue
        if PARTS in layer and (layer[PARTS] == "").all():
            layer = layer.drop(columns=PARTS)
        try:
            pyogrio.write_dataframe(layer, path, layer=str(kind), driver="GPKG")
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
            _raise_on_full_disk(path)
            raise


def _raise_on_full_disk(path: Path) -> None:
    """Say what GDAL does not: that there is no space."""
    if shutil.disk_usage(path.parent).free < _LEAST_FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def polygon_json(shape: shapely.Geometry) -> dict[str, object]:
    """Areas of a shape in degrees, rounded, as GeoJSON has them."""
    polygons = _rings(shape, MAP_DECIMALS) or _rings(shape, _FINE_DECIMALS)
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _rings(shape: shapely.Geometry, decimals: int) -> list[list[_Ring]]:
    """Outer ring and holes of each part; what shrinks to a line or turns over is left out."""
    polygons = []
    for part in shapely.get_parts(shape):
        outer = _ring(part.exterior, decimals)
        holes = [_ring(hole, decimals) for hole in part.interiors]
        if signed_area(outer) > 0:
            polygons.append([outer, *(hole for hole in holes if signed_area(hole) < 0)])
    return polygons


def _ring(line: shapely.LinearRing, decimals: int) -> _Ring:
    points = np.round(np.asarray(line.coords)[:, :2], decimals)
    keep = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    pairs: _Ring = points[keep].tolist()
    return pairs


def signed_area(ring: Sequence[Sequence[float]]) -> float:
    """Area of a closed ring, positive where it runs counter-clockwise."""
    x, y = (np.asarray(ring, dtype=float) - ring[0]).T
    return float(x[:-1] @ y[1:] - x[1:] @ y[:-1]) / 2
