"""Tile real Quartiere into generated Baublöcke; knows no person and no count of a register.

blocks: one row per block, sorted by key; columns ``BAUBLOCK, QUARTIER, geometry`` in a metric
CRS, a valid coverage that is nested in the Quartiere.
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

Points = NDArray[np.float64]

_GRID_M = 0.001
_SLIVER_M2 = 200.0
_MIN_BLOCKS = 8
_SAMPLES_PER_BLOCK = 20
_RELAXATIONS = 3
_HA_PER_NUCLEUS = 120.0
_LOOSE_SHARE = 0.2
_M2_PER_HA = 10_000.0


def block_numbers(residents: NDArray[np.float64], area_ha: Points, total: int) -> list[int]:
    """Share a number of blocks among Quartiere: many in dense ones, few on wide green land."""
    weights = residents**0.7 * area_ha**0.3
    return [max(_MIN_BLOCKS, round(share)) for share in total * weights / weights.sum()]


def tile(quartiere: gpd.GeoDataFrame, numbers: Sequence[int], seed: int) -> gpd.GeoDataFrame:
    """Tile each Quartier into about so many blocks.

    The edges of Voronoi cells and the borders of the Quartiere are noded in one union, so that
    neighbouring blocks share every vertex; cutting cell by cell would leave gaps.

    Parameters
    ----------
    quartiere
        One row per Quartier; column ``QUARTIER``, metric CRS, a valid coverage.
    numbers
        Blocks per Quartier, in the same order.
    """
    rng = np.random.default_rng([seed, 1])
    lines = list(shapely.boundary(quartiere.geometry.values))
    for shape, number in zip(quartiere.geometry, numbers, strict=True):
        centres = shapely.multipoints(_centres(shape, number, rng))
        edges = shapely.voronoi_polygons(centres, extend_to=shape, only_edges=True)
        lines.append(shapely.intersection(edges, shape))
    noded = shapely.union_all(np.array(lines, dtype=object), grid_size=_GRID_M)
    cells = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    cells, owners = _owned(cells, quartiere.geometry.values)
    cells, owners = _merge_slivers(cells, owners)
    return _keyed(cells, quartiere["QUARTIER"].to_numpy()[owners], quartiere.crs)


def _centres(shape: shapely.Polygon, number: int, rng: np.random.Generator) -> Points:
    """Centres of blocks, evenly spaced inside settlements and far apart outside of them."""
    samples = _samples(shape, number * _SAMPLES_PER_BLOCK, rng)
    centres = samples[:number].copy()
    for _ in range(_RELAXATIONS):
        squares = ((samples[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
        nearest = squares.argmin(axis=1)
        sizes = np.bincount(nearest, minlength=number)
        sums = [np.bincount(nearest, samples[:, k], minlength=number) for k in (0, 1)]
        moved = np.column_stack(sums) / np.maximum(sizes, 1)[:, None]
        centres = np.where(sizes[:, None] > 0, moved, centres)
    return centres


def _samples(shape: shapely.Polygon, number: int, rng: np.random.Generator) -> Points:
    hectares = shape.area / _M2_PER_HA
    nuclei = _inside(shape, 1 + int(hectares / _HA_PER_NUCLEUS), None, rng)
    loose = max(1, int(number * _LOOSE_SHARE))
    settled = _inside(shape, number - loose, nuclei, rng)
    scattered = _inside(shape, loose, None, rng)
    return rng.permutation(np.concatenate([settled, scattered]))


def _inside(
    shape: shapely.Polygon, number: int, nuclei: Points | None, rng: np.random.Generator
) -> Points:
    """Random points in a polygon: around nuclei, or everywhere."""
    shapely.prepare(shape)
    left, bottom, right, top = shape.bounds
    spread = 0.35 * np.sqrt(shape.area / (1 if nuclei is None else len(nuclei)))
    kept: list[Points] = []
    while sum(map(len, kept)) < number:
        points = rng.uniform((left, bottom), (right, top), size=(2 * number + 8, 2))
        if nuclei is not None:
            chosen = nuclei[rng.integers(len(nuclei), size=len(points))]
            points = chosen + rng.normal(scale=spread, size=points.shape)
        kept.append(points[shapely.contains_xy(shape, points[:, 0], points[:, 1])])
    return np.concatenate(kept)[:number]


def _owned(
    cells: NDArray[np.object_], parents: NDArray[np.object_]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    inner = shapely.point_on_surface(cells)
    found, owners = shapely.STRtree(parents).query(inner, predicate="within")
    return cells[found], owners


def _merge_slivers(
    cells: NDArray[np.object_], owners: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Merge each sliver into the neighbour of its Quartier with the longest shared border."""
    cells = cells.copy()
    is_kept = np.ones(len(cells), dtype=bool)
    tree = shapely.STRtree(cells)
    for sliver in np.flatnonzero(shapely.area(cells) < _SLIVER_M2):
        near = tree.query(cells[sliver], predicate="intersects")
        near = near[(near != sliver) & is_kept[near] & (owners[near] == owners[sliver])]
        shared = shapely.length(shapely.intersection(cells[sliver], cells[near]))
        if not len(near) or shared.max() == 0:
            continue
        host = near[shared.argmax()]
        cells[host] = shapely.union(cells[host], cells[sliver])
        is_kept[sliver] = False
    return cells[is_kept], owners[is_kept]


def _keyed(
    cells: NDArray[np.object_], quartier_ids: NDArray[np.object_], crs: object
) -> gpd.GeoDataFrame:
    """Give keys to the blocks of each Quartier from north to south."""
    shapes = shapely.normalize(cells)
    inner = shapely.point_on_surface(shapes)
    place = pd.DataFrame(
        {
            "QUARTIER": quartier_ids,
            "south": -np.round(shapely.get_y(inner), 3),
            "east": np.round(shapely.get_x(inner), 3),
        }
    )
    order = place.sort_values(["QUARTIER", "south", "east"]).index.to_numpy()
    ids = place["QUARTIER"].to_numpy()[order]
    serial = pd.Series(ids).groupby(ids).cumcount() + 1
    keys = [f"{quartier}{number:04d}" for quartier, number in zip(ids, serial, strict=True)]
    table = pd.DataFrame({"BAUBLOCK": keys, "QUARTIER": ids})
    return gpd.GeoDataFrame(table, geometry=shapes[order], crs=crs)
