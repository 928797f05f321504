"""Streets to be found: one row per street and Quartier, with one point to go to."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

STREET_COLUMNS = ["name", "quartier", "geometry"]
# What is shorter only touches a Quartier at its border.
_LEAST_M = 25.0


def streets_of(shapes: gpd.GeoDataFrame, quartiere: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Say in which Quartiere each named street lies and where in each of them.

    Parameters
    ----------
    shapes
        Lines or points of streets, one row per part; column ``name``.

    Returns
    -------
    Columns name, quartier, geometry: the middle of the longest part inside the Quartier; by
    name and key. A street that only touches a Quartier is not told there.
    """
    named = shapes[shapes["name"] != ""]
    lines, holders = named.geometry.values, quartiere.geometry.values
    part, holder = shapely.STRtree(holders).query(lines, predicate="intersects")
    inside = shapely.get_parts(
        shapely.intersection(lines[part], holders[holder]), return_index=True
    )
    pieces, source = inside
    found = pd.DataFrame(
        {
            "name": named["name"].to_numpy(dtype=object)[part[source]],
            "quartier": quartiere["area_id"].to_numpy(dtype=object)[holder[source]],
            "length": shapely.length(pieces),
            "at": np.arange(len(pieces)),
        }
    )
    whole = found.groupby(["name", "quartier"])["length"].transform("sum")
    largest = whole.groupby(found["name"]).transform("max")
    found = found[(whole >= _LEAST_M) | (whole == largest)]
    found = found.sort_values(["name", "quartier", "length", "at"], kind="stable")
    told = found.drop_duplicates(["name", "quartier"], keep="last")
    return gpd.GeoDataFrame(
        {"name": told["name"].tolist(), "quartier": told["quartier"].tolist()},
        geometry=[_middle(one) for one in pieces[told["at"].to_numpy(dtype=int)]],
        crs=shapes.crs,
    )


def _middle(piece: shapely.Geometry) -> shapely.Point:
    if piece.geom_type == "Point":
        return piece
    return shapely.line_interpolate_point(piece, 0.5, normalized=True)
