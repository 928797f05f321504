"""Layers of Musterstadt to be broken by tests of boundaries."""

from collections.abc import Callable

import geopandas as gpd
import shapely

from tests.factories import town_config
from tests.town_office import layer_of

CITY, RULES = town_config().city, town_config().protection
BLOCKS = {"file": "bloecke.gpkg", "key": "KEY", "parent": "PARENT"}
QUARTIERE = {"file": "quartiere.gpkg", "key": "KEY", "name": "NAME"}
Load = Callable[..., gpd.GeoDataFrame]


def layer_with(shapes: dict[str, shapely.Geometry], kind: str = "quartier") -> gpd.GeoDataFrame:
    """Layer of a kind with some shapes replaced."""
    layer = layer_of(kind)
    new = [shapes.get(k, g) for k, g in zip(layer["KEY"], layer.geometry, strict=True)]
    return layer.set_geometry(gpd.GeoSeries(new, index=layer.index, crs=layer.crs))


def shape_of(key: str) -> shapely.Geometry:
    return layer_of("quartier").set_index("KEY").geometry[key]
