"""Random towns for ``benchmarks.promise``: persons in blocks, and what may happen to a town.

A person has a block, an age and a status. Blocks are divided and dealt to other Quartiere as
editions go by; persons move, age and change as corrections come in.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.confidential.recut import Recut, blocks_of, in_todays_blocks
from atlas.config import Indicators
from atlas.terms import Status

Ints = NDArray[np.int64]
CELL = ["kind", "area_id", "group", "measure"]
BANDS = ((0, 5), (6, 17), (18, 64), (65, 120))
"""Ages that persons have; every group is a union of them."""

_GROUPS: tuple[dict[str, tuple[int, int]], ...] = (
    {"u18": (0, 17)},
    {"u18": (0, 17), "middle": (18, 64), "old": (65, 120)},
    {"u6": (0, 5), "u18": (0, 17), "old": (65, 120)},
)
_STATUS = ("residents", "migrants", "refugees")
"""Each holds the next: a status counts in all measures up to its own."""


@dataclass(frozen=True)
class Town:
    """Persons of one date, and the areas of one edition.

    place, age, status, on_benefits
        One entry per person: number of the block, of the band, of the status, a flag.
    ground
        Block -> the pieces of ground that it is; a divided block loses one.
    holder
        Block -> Quartier; ``school`` likewise where the town has a second chain.
    """

    groups: dict[str, tuple[int, int]]
    blocks: tuple[str, ...]
    holder: dict[str, str]
    school: dict[str, str]
    district: dict[str, str]
    place: Ints
    age: Ints
    status: Ints
    on_benefits: NDArray[np.bool_]
    unplaced: int
    ground: dict[str, frozenset[str]]

    @property
    def areas(self) -> pd.DataFrame:
        """One row per area, from small to large kind, with parts of overlays."""
        rows = [("block", block, self.holder[block], "") for block in self.blocks]
        rows += [("quartier", one, above, "") for one, above in self.district.items()]
        rows += [("district", one, "C", "") for one in sorted(set(self.district.values()))]
        for school in sorted(set(self.school.values())):
            inside = sorted(block for block, one in self.school.items() if one == school)
            rows.append(("school", school, "C", " ".join(inside)))
        rows.append(("city", "C", "", ""))
        areas = pd.DataFrame(rows, columns=["kind", "area_id", "parent_id", "parts"])
        return areas if self.school else areas.drop(columns="parts")

    def indicators(self) -> Indicators:
        """Measures and groups as a city would configure them."""
        ages = {
            name: {"label": name, "min_age": first, "max_age": last}
            for name, (first, last) in self.groups.items()
        }
        measures = {
            "residents": {"label": "Einwohner*innen"},
            "migrants": {"label": "Migration", "part_of": "residents"},
            "refugees": {"label": "Geflüchtete", "part_of": "migrants"},
            "benefits": {"label": "SGB II", "part_of": "residents"},
        }
        density = {"label": "Dichte", "numerator": ["residents"], "denominator": ["area_ha"]}
        return Indicators.model_validate(
            {
                "format": 1,
                "groups": ages,
                "measures": measures,
                "indicators": {"density": density | {"unit": "per_ha"}},
            }
        )

    def inside(self, group: str) -> NDArray[np.bool_]:
        """Say of each person whether the group holds them."""
        first, last = self.groups.get(group, (0, 120))
        fits = np.array([first <= low and high <= last for low, high in BANDS])
        found: NDArray[np.bool_] = fits[self.age]
        return found

    def area_of(self, kind: str) -> list[str]:
        """Area of every block, of one kind."""
        if kind == "block":
            return list(self.blocks)
        if kind == "school":
            return [self.school[block] for block in self.blocks]
        quartiere = [self.holder[block] for block in self.blocks]
        if kind == "quartier":
            return quartiere
        return ["C" if kind == "city" else self.district[one] for one in quartiere]

    def counts(self) -> pd.DataFrame:
        """Count in every area as ``protect`` takes it; the BA marks its 1 and 2 by a star."""
        kinds = ["block", "quartier", "district", *(["school"] if self.school else []), "city"]
        frames = []
        for kind in kinds:
            areas = self.area_of(kind)
            for group in ("all", *self.groups):
                own = self.inside(group)
                for number, measure in enumerate(_STATUS):
                    n = self._per_area(areas, own & (self.status >= number))
                    frames.append(_frame(kind, group, measure, n))
        frames += self._benefits()
        if self.unplaced:
            frames.append(_frame("city", "all", "refugees.unplaced", {"C": self.unplaced}))
        return pd.concat(frames, ignore_index=True).astype({"n": "Int64"})

    def _per_area(self, areas: list[str], chosen: NDArray[np.bool_]) -> dict[str, int]:
        per_block = np.bincount(self.place[chosen], minlength=len(self.blocks))
        found: dict[str, int] = dict.fromkeys(areas, 0)
        for area, n in zip(areas, per_block, strict=True):
            found[area] += int(n)
        return found

    def _benefits(self) -> list[pd.DataFrame]:
        """Count as the BA does, for Quartiere; what a star stands in has no sum."""
        frames = []
        for group in ("all", "u18"):
            n = self._per_area(self.area_of("quartier"), self.on_benefits & self.inside(group))
            n |= {one: n.get(one, 0) for one in self.district}
            marked = {one for one, number in n.items() if 0 < number < 3}
            own = _frame("quartier", group, "benefits", n)
            for kind in ("quartier", "district", "city"):
                frames.append(_starred(own, marked))
                if kind != "city":
                    above = self.district if kind == "quartier" else {}
                    larger = own["area_id"].map(lambda one, a=above: a.get(one, "C"))
                    marked = set(larger[own["area_id"].isin(marked)])
                    n = own.groupby(larger)["n"].sum().to_dict()
                    own = _frame(
                        {"quartier": "district"}.get(kind, "city"), group, "benefits", n
                    )
        return frames


@dataclass(frozen=True)
class Told:
    """One release: the town as it was, and what was shown of it."""

    town: Town
    cells: pd.DataFrame


def ledger(releases: list[Told], today: Town) -> pd.DataFrame | None:
    """Everything that was shown, in the blocks of today, as the office keeps it."""
    frames = []
    for number, one in enumerate(releases, start=1):
        rows = one.cells[one.cells["status"].isin(["published", "suppressed"])]
        rows = rows[[*CELL, "n"]].assign(release=f"2024-12-31.{number}", parts=None)
        made_of = {
            block: tuple(b for b in today.blocks if today.ground[b] <= one.town.ground[block])
            for block in one.town.blocks
        }
        held = blocks_of(one.town.areas)
        frames.append(in_todays_blocks(rows, held, Recut(made_of, {}, frozenset())))
    return pd.concat(frames, ignore_index=True) if frames else None


def random_town(seed: int) -> Town:
    """Draw a small town with many empty and tiny blocks."""
    rng = np.random.default_rng([seed, 11])
    quartiere = [f"Q{i}" for i in range(int(rng.integers(2, 4)))]
    holder = {f"{q}b{i}": q for q in quartiere for i in range(int(rng.integers(2, 5)))}
    blocks = tuple(holder)
    sizes = rng.geometric(float(rng.choice([0.06, 0.12, 0.3])), len(blocks))
    sizes = sizes * (rng.random(len(blocks)) < 0.8)
    place = np.repeat(np.arange(len(blocks)), sizes)
    shares = rng.dirichlet(np.array([4.0, 2.0, 1.0]) * rng.choice([1.0, 8.0]), len(blocks))
    status = np.array([rng.choice(3, p=shares[one]) for one in place], dtype=np.int64)
    school = {one: f"S{rng.integers(2)}" for one in blocks} if rng.random() < 0.3 else {}
    return Town(
        groups=_GROUPS[int(rng.integers(len(_GROUPS)))],
        blocks=blocks,
        holder=holder,
        school=school if len(set(school.values())) == 2 else {},
        district={q: f"D{i % 2}" for i, q in enumerate(quartiere)},
        place=place,
        age=rng.choice(len(BANDS), len(place), p=[0.1, 0.15, 0.55, 0.2]),
        status=status,
        on_benefits=rng.random(len(place)) < 0.15,
        unplaced=int(rng.choice([0, 0, 1, 2, 5])),
        ground={one: frozenset({f"{one}.0", f"{one}.1"}) for one in blocks},
    )


def corrected(town: Town, rng: np.random.Generator) -> Town:
    """Move or change a few persons."""
    if not len(town.place):
        return town
    at = rng.choice(
        len(town.place), min(int(rng.integers(1, 5)), len(town.place)), replace=False
    )
    place, age, status = town.place.copy(), town.age.copy(), town.status.copy()
    for one in at:
        what = int(rng.integers(3))
        place[one] = rng.integers(len(town.blocks)) if what == 0 else place[one]
        age[one] = rng.integers(len(BANDS)) if what == 1 else age[one]
        status[one] = rng.integers(3) if what == 2 else status[one]
    return replace(town, place=place, age=age, status=status)


def dealt_anew(town: Town, rng: np.random.Generator) -> Town:
    """Give a block to another Quartier; two schools stay two."""
    block = town.blocks[int(rng.integers(len(town.blocks)))]
    if list(town.holder.values()).count(town.holder[block]) < 2:
        return town
    other = list(town.district)[int(rng.integers(len(town.district)))]
    return replace(town, holder=town.holder | {block: other})


def divided(town: Town, rng: np.random.Generator) -> Town:
    """Divide a block in two; one half keeps the key."""
    number = int(rng.integers(len(town.blocks)))
    block = town.blocks[number]
    new = f"{block}x"
    if new in town.blocks or len(town.ground[block]) < 2:
        return town
    place = town.place.copy()
    place[(place == number) & (rng.random(len(place)) < 0.5)] = len(town.blocks)
    kept, given = sorted(town.ground[block])
    return replace(
        town,
        blocks=(*town.blocks, new),
        place=place,
        holder=town.holder | {new: town.holder[block]},
        school=town.school | ({new: town.school[block]} if town.school else {}),
        ground=town.ground | {block: frozenset({kept}), new: frozenset({given})},
    )


def _frame(kind: str, group: str, measure: str, n: dict[str, int]) -> pd.DataFrame:
    frame = pd.DataFrame({"area_id": list(n), "n": list(n.values())})
    return frame.assign(kind=kind, group=group, measure=measure, status=str(Status.PUBLISHED))


def _starred(counts: pd.DataFrame, marked: set[str]) -> pd.DataFrame:
    is_marked = counts["area_id"].isin(marked)
    status = counts["status"].mask(is_marked, str(Status.WITHHELD))
    return counts.assign(n=counts["n"].astype("Int64").mask(is_marked), status=status)
