"""Protect Wuppertal's demo with generated school districts across its Quartiere, and attack it.

The school districts are made up: each block belongs to the nearest of as many points as asked,
drawn among the blocks. They lie across the Quartiere as real ones do, and are no real ones.
"""

import argparse
import resource
import time

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from atlas.confidential.audit import audit
from atlas.confidential.protect import protect
from atlas.config import ProtectionRules
from atlas.demo.build import SEED
from atlas.demo.wuppertal import make_blocks
from benchmarks.correction_town import KEY, NESTING, wuppertal

_CELL = ["kind", "area_id", "group", "measure"]
_KIND = "school_district"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("districts", type=int, nargs="*", default=[0, 64])
    parser.add_argument("--scope", choices=("cell", "table"), default="cell")
    given = parser.parse_args()
    town = wuppertal()
    blocks = make_blocks(1.0, SEED)
    for number in given.districts:
        counts, areas = town.counts(), town.areas
        if number:
            counts, areas = _with_districts(counts, areas, blocks, number)
        _measure(counts, areas, number, given.scope)


def _with_districts(
    counts: pd.DataFrame, areas: pd.DataFrame, blocks: gpd.GeoDataFrame, number: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add made-up school districts and what their blocks add up to."""
    centres = blocks.geometry.centroid.get_coordinates().to_numpy()
    points = np.random.default_rng(SEED).choice(len(centres), number, replace=False)
    nearest = KDTree(centres[points]).query(centres)[1]
    held = pd.Series([f"S{i}" for i in nearest], index=blocks["BAUBLOCK"].astype(str))
    parts = held.index.to_series().groupby(held.to_numpy()).agg(" ".join)
    own = pd.DataFrame({"kind": _KIND, "area_id": parts.index, "parent_id": "W"})
    own = own.assign(parts=parts.to_numpy())
    sums = counts[counts["kind"] == "block"]
    sums = sums.assign(area_id=sums["area_id"].map(held), kind=_KIND)
    sums = sums.groupby(_CELL, as_index=False)["n"].sum().assign(status="published")
    both = pd.concat([counts, sums.astype({"n": "Int64"})], ignore_index=True)
    return both, pd.concat([areas.assign(parts=""), own], ignore_index=True)


def _measure(counts: pd.DataFrame, areas: pd.DataFrame, number: int, scope: str) -> None:
    rules = ProtectionRules.model_validate({"format": 1, "scope": scope})
    begin = time.process_time()
    protected = protect(counts, areas, NESTING, rules, KEY)
    seconds = time.process_time() - begin
    begin = time.process_time()
    verdict = audit(protected.cells, counts, areas, NESTING, rules, protected.certificates)
    attacked = time.process_time() - begin
    shown = (protected.cells["status"] == "published").groupby(protected.cells["kind"])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{number} school districts, scope {scope}: protect {seconds:.1f} s, attack "
        f"{attacked:.1f} s, {memory:.0f} MB, {'safe' if verdict.is_safe else 'NOT SAFE'}, "
        "shown "
        + ", ".join(f"{kind} {own.sum()} of {len(own)}" for kind, own in shown)
        + f", insiders {protected.figures['known_to_insiders']}",
        flush=True,
    )


if __name__ == "__main__":
    main()
