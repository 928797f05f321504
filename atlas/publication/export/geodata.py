"""Tables of areas with boundaries: GeoParquet in the city's metric CRS, GeoJSON in degrees."""

import io
import json
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from atlas.publication.export.csv_text import columns_of
from atlas.publication.seen import Seen
from atlas.publication.views.areas import machine_table
from atlas.publication.views.notes import credit_lines, release_notes
from atlas.release import read_boundaries
from atlas.terms import Kind

_DEGREES = "EPSG:4326"
_DEGREE_DECIMALS = 6


def geojson_bytes(seen: Seen, kind: Kind) -> bytes:
    """One feature per area, with title, state and licence beside them (RFC 7946)."""
    areas = areas_of(seen, kind)
    notes = release_notes(seen)
    rows = rows_of(areas)
    collection = {
        "type": "FeatureCollection",
        "title": f"{notes.title}, Stand {notes.day}, {notes.state}",
        "release": notes.name,
        "remarks": list(notes.badges),
        "sources": list(credit_lines(seen)),
        "features": [
            {
                "type": "Feature",
                "id": row["area_id"],
                "properties": row,
                "geometry": shape,
            }
            for row, shape in zip(rows, shapes_in_degrees(areas), strict=True)
        ],
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def rows_of(areas: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Columns of each area without its boundary; ``None`` where no value is shown."""
    plain = pd.DataFrame(areas.drop(columns=areas.geometry.name)).astype(object)
    rows: Any = plain.where(plain.notna(), None).to_dict("records")
    return list(rows)


def shapes_in_degrees(areas: gpd.GeoDataFrame) -> list[dict[str, object]]:
    """Boundary of each area as GeoJSON has them (RFC 7946)."""
    shapes = areas.geometry.to_crs(_DEGREES).values
    rounded = shapely.set_precision(shapes, 10.0**-_DEGREE_DECIMALS)
    turned = shapely.orient_polygons(rounded)  # outer rings counter-clockwise, holes clockwise
    return [_shortened(shapely.geometry.mapping(shape)) for shape in turned]


def geoparquet_bytes(seen: Seen, kind: Kind) -> bytes:
    """One row per area, with its boundary as WKB."""
    buffer = io.BytesIO()
    areas_of(seen, kind).to_parquet(
        buffer, index=False, compression="zstd", schema_version="1.1.0"
    )
    return buffer.getvalue()


def areas_of(seen: Seen, kind: Kind) -> gpd.GeoDataFrame:
    """All areas of a kind with the columns of files, and their boundaries."""
    values = pd.DataFrame(columns_of(machine_table(seen, kind)))
    bounds = read_boundaries(seen.release.path, kind).set_index("area_id")
    shapes = bounds.geometry.loc[values["area_id"]].to_numpy()
    return gpd.GeoDataFrame(values, geometry=shapes, crs=bounds.crs)


def _shortened(shape: dict[str, object]) -> dict[str, object]:
    return {**shape, "coordinates": _rounded(shape["coordinates"])}


def _rounded(numbers: object) -> object:
    if isinstance(numbers, float):
        return round(numbers, _DEGREE_DECIMALS)
    if isinstance(numbers, tuple | list):
        return [_rounded(one) for one in numbers]
    return numbers
