"""Persons in blocks for ``benchmarks.corrections``: nasty towns, Wuppertal, and corrections.

A person is a block and one of six kinds: under 18 or not; neither, other migrant, refugee.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.demo import codes
from atlas.demo.build import SEED
from atlas.demo.persons import ages, first_persons, is_migrant
from atlas.demo.profile import read_profile, yearly_targets
from atlas.demo.registers import sgb2_counts
from atlas.demo.town import make_town
from atlas.demo.wuppertal import make_blocks
from atlas.terms import Status

Ints = NDArray[np.int64]

NESTING: dict[str, str | None] = {
    "residents": None,
    "migrants": "residents",
    "refugees": "migrants",
    "sgb2_recipients": "residents",
}
KEY = b"benchmark"
SLOTS = [(m, g) for m in ("residents", "migrants", "refugees") for g in ("all", "u18")]
COUNTED_IN = np.array(
    [
        [1, 1, 1, 1, 1, 1],
        [0, 0, 0, 1, 1, 1],
        [0, 1, 1, 0, 1, 1],
        [0, 0, 0, 0, 1, 1],
        [0, 0, 1, 0, 0, 1],
        [0, 0, 0, 0, 0, 1],
    ]
)
_SHARES = np.array([0.55, 0.12, 0.06, 0.15, 0.07, 0.05])
_CELL = ["kind", "area_id", "group", "measure"]
_UP = (("block", "quartier"), ("quartier", "district"), ("district", "city"))


@dataclass(frozen=True)
class Town:
    """Areas, persons (block and kind of each), and counts delivered for Quartiere."""

    areas: pd.DataFrame
    blocks: list[str]
    place: Ints
    kind: Ints
    delivered: pd.DataFrame | None = None

    def counts(self) -> pd.DataFrame:
        """Count in every area, as ``protect`` takes it."""
        persons = np.zeros((len(self.blocks), 6), dtype=np.int64)
        np.add.at(persons, (self.place, self.kind), 1)
        cells = persons @ COUNTED_IN.T
        frames = [
            pd.DataFrame({"area_id": self.blocks, "group": g, "measure": m, "n": cells[:, i]})
            for i, (m, g) in enumerate(SLOTS)
        ]
        own = pd.concat(frames, ignore_index=True).assign(kind="block")
        counts = added_up(own, self.areas)
        if self.delivered is not None:
            counts = pd.concat([counts, self.delivered], ignore_index=True)
        return counts.sort_values(_CELL, ignore_index=True)


def added_up(own: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Add blocks up to Quartier, district and city."""
    above = areas.set_index(["kind", "area_id"])["parent_id"].to_dict()
    frames = [own]
    for small, large in _UP:
        upper = [above[(small, area)] for area in frames[-1]["area_id"]]
        part = frames[-1].assign(area_id=upper, kind=large)
        frames.append(part.groupby(_CELL, as_index=False)["n"].sum())
    counts = pd.concat(frames, ignore_index=True).assign(status=str(Status.PUBLISHED))
    return counts[[*_CELL, "n", "status"]].astype({"n": "Int64"})


def nasty_town(seed: int) -> Town:
    """Draw a small town with many empty and tiny blocks."""
    rng = np.random.default_rng([seed, 1])
    quartiere, blocks = int(rng.integers(1, 7)), int(rng.integers(2, 12))
    mean = float(rng.choice([0.04, 0.08, 0.2, 0.4]))
    sizes = rng.geometric(mean, quartiere * blocks) * (rng.random(quartiere * blocks) < 0.75)
    names = [f"Q{q}b{b}" for q in range(quartiere) for b in range(blocks)]
    shares = rng.dirichlet(_SHARES * rng.choice([4.0, 40.0]), len(names))
    place = np.repeat(np.arange(len(names)), sizes)
    kind = np.array([rng.choice(6, p=shares[block]) for block in place], dtype=np.int64)
    half = -(-quartiere // 2)
    rows = [("city", "C", None), *(("district", d, "C") for d in ("D0", "D1")[:quartiere])]
    rows += [("quartier", f"Q{q}", f"D{int(q >= half)}") for q in range(quartiere)]
    rows += [("block", name, name.split("b")[0]) for name in names]
    areas = pd.DataFrame(rows, columns=["kind", "area_id", "parent_id"])
    return Town(areas, names, place, kind)


def wuppertal() -> Town:
    """Make the demo city at its first date, with the counts of the BA."""
    blocks, persons, year, targets = first_year()
    is_child = ages(persons["born"].to_numpy(), year) < 18
    is_refugee = codes.IS_REFUGEE_TITLE[persons["title"].to_numpy()]
    is_refugee &= persons["origin"].to_numpy() == codes.FOREIGN
    status = np.where(is_refugee, 2, is_migrant(persons, year).astype(int))
    ba = sgb2_counts(persons, targets, read_profile()["quartier"].to_numpy(), year).to_pandas()
    areas = areas_of(blocks)
    town = Town(
        areas,
        blocks["BAUBLOCK"].astype(str).tolist(),
        persons["block"].to_numpy(dtype=np.int64),
        (3 * is_child + status).astype(np.int64),
    )
    return replace(town, delivered=_delivered(ba, areas))


def first_year() -> tuple[pd.DataFrame, pd.DataFrame, int, pd.DataFrame]:
    """Make the demo's blocks and its persons of the first date, with the year's targets."""
    blocks, profile = make_blocks(1.0, SEED), read_profile()
    year, targets = next(iter(yearly_targets(profile, 1.0, SEED).items()))
    rng = np.random.default_rng([SEED, year])
    persons = first_persons(make_town(blocks, profile, SEED), targets, year, rng)
    return blocks, persons, year, targets


def areas_of(blocks: pd.DataFrame) -> pd.DataFrame:
    """City, districts (first digit of a Quartier), Quartiere and blocks."""
    held = dict(
        zip(blocks["BAUBLOCK"].astype(str), blocks["QUARTIER"].astype(str), strict=True)
    )
    quartiere = sorted(set(held.values()))
    rows: list[tuple[str, str, str | None]] = [("city", "W", None)]
    rows += [("district", f"D{d}", "W") for d in sorted({q[0] for q in quartiere})]
    rows += [("quartier", q, f"D{q[0]}") for q in quartiere]
    rows += [("block", block, quartier) for block, quartier in held.items()]
    return pd.DataFrame(rows, columns=["kind", "area_id", "parent_id"])


def _delivered(ba: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Recipients per Quartier and above; a sum over a mark of the BA is none."""
    frames = []
    for column, group in (("RLB", "all"), ("RLB_U18", "u18")):
        n = pd.to_numeric(ba[column], errors="coerce").astype("Int64")
        own = pd.DataFrame({"area_id": ba["QUARTIER"].astype(str), "group": group, "n": n})
        frames.append(own.assign(measure="sgb2_recipients", kind="quartier"))
    parts = [pd.concat(frames, ignore_index=True)]
    above = areas.set_index(["kind", "area_id"])["parent_id"].to_dict()
    for small, large in _UP[1:]:
        upper = [above[(small, area)] for area in parts[-1]["area_id"]]
        part = parts[-1].assign(area_id=upper, kind=large)
        parts.append(
            part.groupby(_CELL)["n"].apply(lambda n: n.sum(skipna=False)).reset_index()
        )
    cells = pd.concat(parts, ignore_index=True)
    status = np.where(cells["n"].isna(), str(Status.WITHHELD), str(Status.PUBLISHED))
    return cells.assign(status=status)[[*_CELL, "n", "status"]]


def corrected_blocks(town: Town, share: float, rng: np.random.Generator) -> Town:
    """Change a few persons in a share of the blocks."""
    chosen = rng.permutation(len(town.blocks))[: max(1, round(share * len(town.blocks)))]
    for block in chosen:
        here = np.flatnonzero(town.place == block)
        number = int(rng.integers(1, 4))
        town = _corrected(town, rng.permutation(here)[:number], (int(block), number), rng)
    return town


def corrected_persons(town: Town, number: int, rng: np.random.Generator) -> Town:
    """Change some persons anywhere."""
    persons = rng.permutation(len(town.place))[:number]
    return _corrected(town, persons, (None, number), rng)


def _corrected(
    town: Town, persons: Ints, where: tuple[int | None, int], rng: np.random.Generator
) -> Town:
    """Move, change, add or remove persons; new ones come into one block or anywhere."""
    what = rng.choice(["moved", "changed", "added", "removed"])
    block, number = where
    place, kind = town.place.copy(), town.kind.copy()
    if what == "added" or not len(persons):
        new = rng.integers(0, len(town.blocks), number) if block is None else [block] * number
        place = np.append(place, new).astype(np.int64)
        kind = np.append(kind, rng.choice(6, number, p=_SHARES)).astype(np.int64)
    elif what == "moved":
        place[persons] = rng.integers(0, len(town.blocks), len(persons))
    elif what == "changed":
        kind[persons] = rng.choice(6, len(persons), p=_SHARES)
    else:
        place, kind = np.delete(place, persons), np.delete(kind, persons)
    return replace(town, place=place, kind=kind)
