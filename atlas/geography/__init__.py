"""Areas of a city: keys, names, hierarchy and boundaries of an edition; knows no counts.

What lies between them (``context``) is read by the same reader.

areas: one row per kind and area_id, sorted from small to large kind and by key; columns
``kind, area_id, name, parent_id, area_ha, geometry`` in the city's metric CRS, and ``parts``
where a city has kinds outside the chain.
"""

from atlas.geography.context import load_context
from atlas.geography.context_files import ContextFiles
from atlas.geography.draw import json_bytes, map_json, signed_area, write_gpkg
from atlas.geography.load import (
    AREA_COLUMNS,
    BoundaryError,
    areas_above,
    keys_of,
    load_areas,
    names_of,
    survey_areas,
)
from atlas.geography.overlay import PARTS, chain_of_areas, places_of, without_parts
from atlas.geography.read import Sources

__all__ = [
    "AREA_COLUMNS",
    "PARTS",
    "BoundaryError",
    "ContextFiles",
    "Sources",
    "areas_above",
    "chain_of_areas",
    "keys_of",
    "json_bytes",
    "load_areas",
    "load_context",
    "map_json",
    "names_of",
    "signed_area",
    "places_of",
    "survey_areas",
    "without_parts",
    "write_gpkg",
]
