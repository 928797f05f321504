"""Tables of areas with boundaries: GeoPackage in the city's metric CRS, GeoJSON in degrees."""

import io
import json

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from atlas.publication.export.csv_text import columns_of
from atlas.publication.seen import Seen
from atlas.publication.views.areas import machine_table
from atlas.publication.views.notes import credit_lines, release_notes
from atlas.release import read_boundaries
from atlas.terms import Kind

# GDAL writes the time of writing unless told otherwise; same release, same bytes.
_FIXED_DATE = "2000-01-01T00:00:00.000Z"
_DEGREES = "EPSG:4326"
_DEGREE_DECIMALS = 6


def gpkg_bytes(seen: Seen, kind: Kind) -> bytes:
    """One layer with all areas of a kind, their shown values and statuses."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
    buffer = io.BytesIO()
    notes = release_notes(seen)
    pyogrio.write_dataframe(
        _areas(seen, kind),
        buffer,
        layer=str(kind),
        driver="GPKG",
        layer_options={
            "IDENTIFIER": f"{notes.title}, {notes.day}, {notes.state}",
            "DESCRIPTION": "; ".join([*notes.badges, *credit_lines(seen)]),
        },
    )
    return buffer.getvalue()


def geojson_bytes(seen: Seen, kind: Kind) -> bytes:
    """One feature per area, with title, state and licence beside them (RFC 7946)."""
    areas = _areas(seen, kind).to_crs(_DEGREES)
    notes = release_notes(seen)
    names = [name for name in areas.columns if name != areas.geometry.name]
    rows = areas[names].astype(object).where(areas[names].notna(), None).to_dict("records")
    rounded = shapely.set_precision(areas.geometry.values, 10.0**-_DEGREE_DECIMALS)
    shapes = shapely.orient_polygons(rounded)  # outer rings counter-clockwise, holes clockwise
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
                "geometry": _shortened(shapely.geometry.mapping(shape)),
            }
            for row, shape in zip(rows, shapes, strict=True)
        ],
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _areas(seen: Seen, kind: Kind) -> gpd.GeoDataFrame:
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
