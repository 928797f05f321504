"""Write a synthetic city of 6,000 Baublöcke with 202,000 vertices for the figures of the map.

Takes the last two releases of the demo's home (``atlas demo --no-serve --home FROM``): its
Quartiere are tiled anew, each new block shows the cells of a random block of its Quartier, and
all borders are bent by the same smooth map, so that the areas stay a coverage.
"""

import argparse
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from atlas.demo.wuppertal import CITY_ID, make_blocks
from atlas.geography import AREA_COLUMNS
from atlas.release import (
    ReleaseContent,
    list_releases,
    open_release,
    read_boundaries,
    write_release,
)
from atlas.terms import KINDS, Kind

BLOCKS = 6000
VERTICES = 202_000
SEED = 11
_DEMO_BLOCKS = 5000
_GRID_M = 0.001
# Bends of 12 m, every 150 m: more than the map's simplification takes away. Amplitude times
# frequency stays below 1, so no two places meet.
_BEND_M = 12.0
_BEND_EVERY_M = 150.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="source", type=Path, required=True, metavar="FROM")
    parser.add_argument("--home", type=Path, required=True)
    options = parser.parse_args()
    refs = list_releases(options.source / "releases" / CITY_ID)[-2:]
    areas = dense_areas(refs[-1].path)
    for ref in refs:
        release = open_release(ref.path)
        cells = dense_cells(release.cells, release.areas, areas)
        path = options.home / "releases" / CITY_ID / ref.name
        write_release(path, ReleaseContent(release.info, cells, areas))
        print(f"{path}: {len(cells)} Zellen")
    is_block = areas["kind"] == Kind.BLOCK
    vertices = shapely.get_num_coordinates(areas.geometry.values[is_block]).sum()
    print(f"{is_block.sum()} Baublöcke, {vertices} Punkte")


def dense_areas(release: Path) -> gpd.GeoDataFrame:
    """Areas of all kinds: real Quartiere and larger areas, new blocks, all bent alike."""
    blocks = make_blocks(BLOCKS / _DEMO_BLOCKS, SEED)
    tiled = gpd.GeoDataFrame(
        {
            "kind": str(Kind.BLOCK),
            "area_id": blocks["BAUBLOCK"],
            "name": blocks["BAUBLOCK"],
            "parent_id": blocks["QUARTIER"],
        },
        geometry=blocks.geometry,
        crs=blocks.crs,
    )
    larger = [
        read_boundaries(release, kind).reset_index(drop=True).assign(kind=str(kind))
        for kind in KINDS
        if kind != Kind.BLOCK
    ]
    areas = gpd.GeoDataFrame(pd.concat([tiled, *larger], ignore_index=True), crs=blocks.crs)
    areas = areas.set_geometry(_bent(areas.geometry.values, areas["kind"] == Kind.BLOCK))
    areas["area_ha"] = areas.geometry.area / 10_000
    return areas[AREA_COLUMNS]


def dense_cells(
    cells: pd.DataFrame, old: pd.DataFrame, areas: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Give each new block the cells of a random old block of its Quartier."""
    draw = np.random.default_rng(SEED)
    is_block = cells["kind"] == Kind.BLOCK
    by_quartier = old[old["kind"] == Kind.BLOCK].groupby("parent_id")["area_id"]
    pools = {quartier: ids.to_numpy() for quartier, ids in by_quartier}
    blocks = areas[areas["kind"] == Kind.BLOCK]
    pattern = [draw.choice(pools[quartier]) for quartier in blocks["parent_id"]]
    pairs = pd.DataFrame({"new_id": blocks["area_id"].to_numpy(), "area_id": pattern})
    copied = cells[is_block].merge(pairs, on="area_id").drop(columns="area_id")
    copied = copied.rename(columns={"new_id": "area_id"})[list(cells.columns)]
    return pd.concat([cells[~is_block], copied], ignore_index=True)


def _bent(shapes: NDArray[np.object_], is_block: pd.Series) -> NDArray[np.object_]:
    """Cut borders into pieces short enough for the number of vertices, then bend them."""
    low, high = 5.0, 400.0
    for _ in range(20):
        step = (low + high) / 2
        pieces = shapely.set_precision(
            shapely.segmentize(shapes, step), _GRID_M, mode="pointwise"
        )
        if shapely.get_num_coordinates(pieces[is_block]).sum() > VERTICES:
            low = step
        else:
            high = step
    return shapely.transform(pieces, _bend)


def _bend(points: NDArray[np.float64]) -> NDArray[np.float64]:
    turn = 2 * np.pi / _BEND_EVERY_M
    return points + _BEND_M * np.sin(turn * points[:, ::-1])


if __name__ == "__main__":
    main()
