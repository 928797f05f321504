"""Areas of a city: keys, names, hierarchy and boundaries of an edition; knows no counts.

areas: one row per kind and area_id, sorted from small to large kind and by key; columns
``kind, area_id, name, parent_id, area_ha, geometry`` in the city's metric CRS.
"""

from atlas.geography.draw import map_json, signed_area, write_gpkg
from atlas.geography.load import (
    AREA_COLUMNS,
    BoundaryError,
    areas_above,
    keys_of,
    load_areas,
    names_of,
    survey_areas,
)
from atlas.geography.read import Sources

__all__ = [
    "AREA_COLUMNS",
    "BoundaryError",
    "Sources",
    "areas_above",
    "keys_of",
    "load_areas",
    "map_json",
    "names_of",
    "signed_area",
    "survey_areas",
    "write_gpkg",
]
