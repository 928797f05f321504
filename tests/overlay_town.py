"""Towns with a second chain: school districts that cut through the Quartiere."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from tests.block_town import CELL
from tests.overlay_reader import COUNTED

SCHOOL = "school_district"


def with_schools(
    counts: pd.DataFrame, areas: pd.DataFrame, school_of: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add school districts and their counts to a town of blocks."""
    parts: dict[str, list[str]] = {}
    for block, school in school_of.items():
        parts.setdefault(school, []).append(block)
    names = sorted(parts)
    city = areas.loc[areas["kind"] == "city", "area_id"].item()
    own = pd.DataFrame(
        {
            "kind": SCHOOL,
            "area_id": names,
            "parent_id": city,
            "parts": [" ".join(sorted(parts[name])) for name in names],
        }
    )
    blocks = counts[counts["kind"] == "block"]
    sums = blocks.assign(area_id=blocks["area_id"].map(school_of), kind=SCHOOL)
    sums = sums.groupby(["kind", "area_id", "group", "measure"], as_index=False)["n"].sum()
    sums = sums.astype({"n": "Int64"}).assign(status="published")
    every = pd.concat([counts, sums[[*CELL, "n", "status"]]], ignore_index=True)
    return (
        every.sort_values(CELL, ignore_index=True),
        pd.concat([areas.assign(parts=""), own], ignore_index=True),
    )


def drawn_schools(blocks: Sequence[str], number: int, seed: int) -> dict[str, str]:
    """Deal blocks out to so many school districts, each with at least one."""
    rng = np.random.default_rng(seed)
    of = [*range(number), *rng.integers(0, number, max(len(blocks) - number, 0))]
    return {
        block: f"S{school}" for block, school in zip(rng.permutation(blocks), of, strict=False)
    }


def corrected(counts: pd.DataFrame, areas: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Let a few persons come to one or two blocks or leave them, and add up anew."""
    rng = np.random.default_rng(seed)
    parent = dict(zip(areas["area_id"], areas["parent_id"], strict=True))
    blocks = sorted(areas.loc[areas["kind"] == "block", "area_id"])
    changed = counts.set_index(CELL)["n"].astype(int).to_dict()
    for block in rng.choice(blocks, int(rng.integers(1, 3)), replace=False):
        kind, more = int(rng.integers(0, 6)), int(rng.integers(-2, 4))
        if _persons(changed, block)[kind] + more < 0:
            continue
        for (measure, group), counted in COUNTED.items():
            area: str | None = str(block)
            for level in ("block", "quartier", "district", "city"):
                changed[level, area, group, measure] += more * counted[kind]
                area = parent[area]
    keys = [tuple(row) for row in counts[CELL].to_numpy()]
    return counts.assign(n=pd.array([changed[key] for key in keys], dtype="Int64"))


def _persons(counts: Mapping[tuple[str, ...], int], block: str) -> np.ndarray:
    """Count the persons of each smallest class in a block."""
    own = [counts["block", block, group, measure] for measure, group in COUNTED]
    return np.rint(np.linalg.solve(np.array(list(COUNTED.values())), own)).astype(int)
