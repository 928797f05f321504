"""Files of what lies between areas: for the map, for the search, for posts of schools."""

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from atlas.geography.draw import MAP_DECIMALS, json_bytes, polygon_json

_Places = list[list[float]]


@dataclass(frozen=True)
class ContextFiles:
    """Content of all files; empty: there is no such file.

    Attributes
    ----------
    drawn
        GeoJSON (RFC 7946) in EPSG:4326 with 5 decimals: lines, areas and points with the
        properties ``layer``, ``name`` and, of points, ``quartier`` and ``note``.
    streets
        JSON ``{"streets": [[name, key of the Quartier, longitude, latitude], …]}``.
    pupils
        What ``pupils_json`` makes of schools that may get posts.
    """

    drawn: bytes = b""
    streets: bytes = b""
    pupils: bytes = b""


def files_of(shapes: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> ContextFiles:
    """Write shapes and streets as files; same shapes, same bytes."""
    drawn = [*_features(shapes.to_crs("EPSG:4326"))]
    found = streets.to_crs("EPSG:4326")
    rows = [
        [name, quartier, *place]
        for name, quartier, place in zip(
            found["name"], found["quartier"], _places_of(found), strict=True
        )
    ]
    collection = {"type": "FeatureCollection", "features": drawn}
    return ContextFiles(
        drawn=json_bytes(collection) if drawn else b"",
        streets=json_bytes({"streets": sorted(rows)}) if rows else b"",
    )


def _features(shapes: gpd.GeoDataFrame) -> Iterator[dict[str, object]]:
    for row in shapes.itertuples():
        geometry = _geometry(row.geometry)
        if geometry is None:
            continue
        told = {"layer": row.layer, "name": row.name}
        if row.quartier:
            told |= {"quartier": row.quartier, "note": row.note}
        yield {
            "type": "Feature",
            "properties": {name: text for name, text in told.items() if text},
            "geometry": geometry,
        }


def _geometry(shape: shapely.Geometry) -> dict[str, object] | None:
    """Shape as GeoJSON has it; nothing of what shrinks to a point in the decimals."""
    if shape.geom_type == "Polygon":
        told = polygon_json(shapely.orient_polygons(shape))
        return told if told["coordinates"] else None
    places = _rounded(shape)
    if shape.geom_type == "Point":
        return {"type": "Point", "coordinates": places[0]}
    return {"type": "LineString", "coordinates": places} if len(places) > 1 else None


def _places_of(points: gpd.GeoDataFrame) -> _Places:
    places: _Places = np.round(shapely.get_coordinates(points.geometry), MAP_DECIMALS).tolist()
    return places


def _rounded(shape: shapely.Geometry) -> _Places:
    """Points of a line, each once where several fall together."""
    points = np.round(shapely.get_coordinates(shape), MAP_DECIMALS)
    keep = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    places: _Places = points[keep].tolist()
    return places
