"""Towns for tests of protection: counts per block in a few numbers, sums above them.

Nothing here is a real town.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from atlas.config import ProtectionRules

NESTING: dict[str, str | None] = {
    "residents": None,
    "migrants": "residents",
    "refugees": "migrants",
    "sgb2_recipients": "residents",
}
KEY = b"a key for tests"
CELL = ["kind", "area_id", "group", "measure"]

Blocks = Mapping[str, Mapping[str, Sequence[int]]]
"""Quartier -> "measure" or "measure|u18" -> one count per block."""


def rules(**changes: object) -> ProtectionRules:
    return ProtectionRules.model_validate({"format": 1, **changes})


def town(blocks: Blocks, districts: Mapping[str, Sequence[str]] | None = None):
    """Return counts and areas of a town of Quartiere with blocks; totals are sums."""
    districts = districts or {"D": list(blocks)}
    rows, areas = [], [("city", "C", None)]
    for district, quartiere in districts.items():
        areas.append(("district", district, "C"))
        for quartier in quartiere:
            areas.append(("quartier", quartier, district))
            for name, values in blocks[quartier].items():
                measure, _, group = name.partition("|")
                for i, n in enumerate(values):
                    rows.append(
                        (district, quartier, f"{quartier}b{i}", measure, group or "all", n)
                    )
    table = pd.DataFrame(
        rows, columns=["district", "quartier", "block", "measure", "group", "n"]
    )
    blocks_of = table.drop_duplicates("block")
    areas += [
        ("block", block, quartier)
        for block, quartier in zip(blocks_of["block"], blocks_of["quartier"], strict=True)
    ]
    table["city"] = "C"
    parts = []
    for kind in ("block", "quartier", "district", "city"):
        part = table.groupby([kind, "measure", "group"], as_index=False)["n"].sum()
        parts.append(part.rename(columns={kind: "area_id"}).assign(kind=kind))
    counts = pd.concat(parts, ignore_index=True)
    counts["n"] = counts["n"].astype("Int64")
    counts["status"] = "published"
    counts = counts[[*CELL, "n", "status"]].sort_values(CELL, ignore_index=True)
    return counts, pd.DataFrame(areas, columns=["kind", "area_id", "parent_id"])


def random_town(seed: int, quartiere: int = 4, blocks: int = 6, sgb2: bool = True):
    """Draw a town of persons: age, residence status and SGB II independent of the place."""
    rng = np.random.default_rng(seed)
    drawn: dict[str, dict[str, list[int]]] = {}
    for quartier in range(quartiere):
        size = rng.geometric(0.06, blocks) * rng.integers(0, 2, blocks)
        kinds = rng.multinomial(size, [0.55, 0.12, 0.15, 0.06, 0.07, 0.05])
        old, young, old_m, young_m, old_f, young_f = kinds.T
        table = {
            "residents": kinds.sum(axis=1),
            "migrants": old_m + young_m + old_f + young_f,
            "refugees": old_f + young_f,
            "residents|u18": young + young_m + young_f,
            "migrants|u18": young_m + young_f,
            "refugees|u18": young_f,
        }
        drawn[f"Q{quartier}"] = {name: n.tolist() for name, n in table.items()}
    half = -(-quartiere // 2)
    names = list(drawn)
    counts, areas = town(
        drawn, {"D1": names[:half], "D2": names[half:]} if quartiere > 1 else None
    )
    return (_with_sgb2(counts, areas, rng) if sgb2 else counts), areas


def _with_sgb2(counts: pd.DataFrame, areas: pd.DataFrame, rng: np.random.Generator):
    """Add SGB II counts, delivered for Quartiere and above only."""
    above = areas.set_index(["kind", "area_id"])["parent_id"]
    residents = counts[(counts["measure"] == "residents") & (counts["kind"] == "quartier")]
    wide = residents.pivot(index="area_id", columns="group", values="n").astype(int)
    young = rng.binomial(wide["u18"], 0.2)
    old = rng.binomial(wide["all"] - wide["u18"], 0.1)
    frames = []
    for group, values in (("all", young + old), ("u18", young)):
        part = pd.DataFrame({"kind": "quartier", "area_id": wide.index, "n": values})
        for kind in ("quartier", "district", "city"):
            frames.append(
                part.assign(group=group, measure="sgb2_recipients", status="published")
            )
            upper = {"quartier": "district", "district": "city"}.get(kind)
            if upper:
                parent = [above[(kind, area)] for area in part["area_id"]]
                part = part.assign(area_id=parent, kind=upper)
                part = part.groupby(["kind", "area_id"], as_index=False)["n"].sum()
    added = pd.concat(frames, ignore_index=True).astype({"n": "Int64"})
    whole = pd.concat([counts, added[[*CELL, "n", "status"]]], ignore_index=True)
    return whole.sort_values(CELL, ignore_index=True)


def status_of(cells: pd.DataFrame, area_id: str, measure: str, group: str = "all") -> str:
    """Return the status of one cell."""
    at = (
        (cells["area_id"] == area_id)
        & (cells["measure"] == measure)
        & (cells["group"] == group)
    )
    return str(cells.loc[at, "status"].item())
