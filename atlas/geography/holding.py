"""Which larger area holds each area, and larger areas made of what they hold."""

import geopandas as gpd
import numpy as np
import shapely

from atlas.config import Layer
from atlas.geography.read import frame_of


def placed(children: gpd.GeoDataFrame, parents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put each area into the larger one with which it shares most; the first among equals."""
    shapes, holders = children.geometry.to_numpy(), parents.geometry.to_numpy()
    child, holder = shapely.STRtree(holders).query(shapes, predicate="intersects")
    common = shapely.area(shapely.intersection(shapes[child], holders[holder]))
    best = np.lexsort((holder, -common, child))
    best = best[common[best] > 0]  # a common border is no common area
    child, holder = child[best], holder[best]
    children_placed, first = np.unique(child, return_index=True)
    keys = np.full(len(children), "", dtype=object)
    keys[children_placed] = parents["area_id"].to_numpy(dtype=object)[holder[first]]
    return children.assign(parent_id=keys)


def dissolved(children: gpd.GeoDataFrame, layer: Layer) -> gpd.GeoDataFrame:
    """Unite areas with the same parent; the layer gives their names."""
    keys = sorted(set(children["parent_id"]))
    shapes = [
        shapely.union_all(children.geometry.values[children["parent_id"] == key])
        for key in keys
    ]
    names = [layer.names.get(key, key) for key in keys]
    attributes = {"area_id": keys, "name": names, "parent_id": [""] * len(keys)}
    return frame_of(str(children.crs), attributes, shapes)
