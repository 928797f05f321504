"""Load all kinds of areas of one edition: the order of the steps."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from atlas.config import City, Edition, Layer
from atlas.errors import GeographyError
from atlas.geography.checks import check_nesting, check_scale, check_unit
from atlas.geography.read import frame_of, read_layer
from atlas.terms import KINDS, Kind

AREA_COLUMNS = ["kind", "area_id", "name", "parent_id", "area_ha", "geometry"]
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
    check_unit(city)
    frames: dict[Kind, gpd.GeoDataFrame] = {}
    for kind, layer in edition.layers().items():
        if layer.file:
            frames[kind] = read_layer(city, edition, kind, geodata_dirs)
        else:
            below = KINDS[KINDS.index(kind) - 1]
            frames[kind] = _dissolve(frames[below], kind, layer)
    top = max(frames, key=KINDS.index)
    whole = shapely.union_all(frames[top].geometry.values)
    check_scale(city, whole)
    frames[Kind.CITY] = frame_of(
        city.crs, {"area_id": [city.key], "name": [city.name], "parent_id": [""]}, [whole]
    )
    frames[top] = frames[top].assign(parent_id=city.key)
    check_nesting(frames, edition)
    stacked = [frame.assign(kind=str(kind)) for kind, frame in frames.items()]
    areas = gpd.GeoDataFrame(pd.concat(stacked, ignore_index=True), crs=city.crs)
    areas["area_ha"] = areas.geometry.area / _M2_PER_HA
    return areas[AREA_COLUMNS]


def keys_of(areas: pd.DataFrame, kind: Kind) -> frozenset[str]:
    """Keys of all areas of one kind."""
    return frozenset(areas.loc[areas["kind"] == kind, "area_id"])


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
    return frame_of(str(children.crs), attributes, shapes)
