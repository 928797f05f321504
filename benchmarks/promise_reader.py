"""A reader who keeps every release of a town: whole numbers, sums, and programmes alone.

Shares no code with protection and audit. Unknown is how many persons of every age and status
every block held at each release, and how many of every age get benefits in every Quartier. The
releases are tied as docs/geheimhaltung.md says that readers tie them; where a tie would be
wrong in truth, the reader is told so and leaves it out: no real reader knows that much.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from benchmarks.promise_programmes import Sum, System
from benchmarks.promise_town import BANDS, Told, Town

Cell = tuple[str, str, str, str]
"""Kind, area, group, measure."""

_NESTED = ("residents", "migrants", "refugees")
_WHOLE = {"migrants": "residents", "refugees": "migrants", "benefits": "residents"}
_SHOWN, _MARKED = "published", "withheld"


@dataclass(frozen=True)
class Found:
    """A small count or remainder that the reader is sure of."""

    cell: str
    truth: int
    least: int
    most: int


class Reader:
    """Equations over all releases, and what the newest one leaves open."""

    def __init__(self, releases: list[Told], min_count: int) -> None:
        self.releases, self.min_count = releases, min_count
        self.size = 0
        self.equal: list[tuple[Sum, int]] = []
        self.at_most: list[tuple[Sum, int]] = []
        self.views = [_View(one, self) for one in releases]
        newest = self.views[-1]
        for old in self.views[:-1]:
            _tie(old, newest, self)
        true = np.concatenate([one.world() for one in self.views])
        self.equal = [(row, n) for row, n in self.equal if _at(true, row) == n]
        self.at_most = [(row, n) for row, n in self.at_most if _at(true, row) <= n]

    def new(self, number: int) -> int:
        """Add unknowns; return the first."""
        self.size += number
        return self.size - number

    def sure(self) -> list[Found]:
        """Find every small count and remainder of the newest release that must be small."""
        system = System(self.size, self.equal, self.at_most)
        found = []
        for name, total, truth in self.views[-1].targets(self.min_count):
            if not system.can_reach(total, self.min_count):
                found.append(Found(name, truth, *system.limits(total)))
        return found


class _View:
    """Unknowns and equations of one release."""

    def __init__(self, told: Told, reader: Reader) -> None:
        self.told, self.town = told, told.town
        town = told.town
        self.people = reader.new(len(town.blocks) * len(BANDS) * len(_NESTED))
        self.helped = reader.new(len(town.district) * len(BANDS))
        names = told.cells[["kind", "area_id", "group", "measure"]]
        keys = list(names.itertuples(index=False, name=None))
        self.status = dict(zip(keys, told.cells["status"], strict=True))
        self.shown = {
            key: int(n)
            for key, n, status in zip(keys, told.cells["n"], told.cells["status"], strict=True)
            if status == _SHOWN
        }
        self.blocks_in = _blocks_in(town)
        self.families = _families(town)
        self.truth = {key: _count(town, self.blocks_in, key) for key in self.status}
        for key, status in self.status.items():
            if ".unplaced" not in key[3]:
                self._state(key, status, reader)
        for number, quartier in enumerate(town.district):
            for age in range(len(BANDS)):
                row = self._persons([quartier], {age}, 0)
                row = dict.fromkeys(row, -1) | {self.helped + number * len(BANDS) + age: 1}
                reader.at_most.append((row, 0))

    def world(self) -> NDArray[np.int64]:
        """Say what the unknowns of this release are in truth."""
        town = self.town
        step = len(BANDS) * len(_NESTED)
        people = np.bincount(
            town.place * step + town.age * len(_NESTED) + town.status,
            minlength=len(town.blocks) * step,
        )
        number = {quartier: i for i, quartier in enumerate(town.district)}
        holder = np.array([number[town.holder[block]] for block in town.blocks])
        helped = holder[town.place[town.on_benefits]] * len(BANDS) + town.age[town.on_benefits]
        return np.concatenate([people, np.bincount(helped, minlength=len(number) * len(BANDS))])

    def _state(self, key: Cell, status: str, reader: Reader) -> None:
        total = self.total(key)
        if key in self.shown:
            reader.equal.append((total, self.shown[key]))
        elif status == _MARKED:
            if key[0] == "quartier":
                reader.at_most += [(total, 2), ({at: -sign for at, sign in total.items()}, -1)]
        elif self._is_beside_shown(key):
            reader.at_most.append(({at: -sign for at, sign in total.items()}, -1))

    def _is_beside_shown(self, key: Cell) -> bool:
        """Whether zeros are printed where this cell is hidden."""
        kind, _, group, measure = key
        beside = [
            one
            for one in self.status
            if one[0] == kind
            and one[2:] == (group, measure)
            and self._above(one) == self._above(key)
        ]
        if kind == "city":
            beside = [one for one in self.status if one[2:] == (group, measure)]
        return any(one in self.shown for one in beside)

    def _above(self, key: Cell) -> str:
        kind, area = key[:2]
        if kind == "block":
            return self.town.holder[area]
        return self.town.district[area] if kind == "quartier" else "C"

    def total(self, key: Cell) -> Sum:
        """Write a cell as a sum of unknowns."""
        kind, area, group, measure = key
        ages = {i for i in range(len(BANDS)) if _in_group(self.town, group, i)}
        if measure == "benefits":
            inside = {self.town.holder[block] for block in self.blocks_in[kind, area]}
            inside |= {
                q for q in self.town.district if kind != "block" and _under(self.town, q, key)
            }
            numbers = [i for i, q in enumerate(self.town.district) if q in inside]
            return {
                self.helped + i * len(BANDS) + a: 1 for i, a in product(numbers, sorted(ages))
            }
        return self._persons(self.blocks_in[kind, area], ages, _NESTED.index(measure))

    def _persons(self, areas: list[str] | tuple[str, ...], ages: set[int], least: int) -> Sum:
        blocks = [b for one in areas for b in self.blocks_in.get(("quartier", one), (one,))]
        numbers = [self.town.blocks.index(block) for block in blocks]
        step = len(BANDS) * len(_NESTED)
        return {
            self.people + number * step + age * len(_NESTED) + status: 1
            for number, age, status in product(
                numbers, sorted(ages), range(least, len(_NESTED))
            )
        }

    def targets(self, min_count: int) -> Iterator[tuple[str, Sum, int]]:
        """List the small counts, and the small remainders that subtracting gives."""
        for area in self.blocks_in:
            for (measure, group), (total, truth) in self._with_remainders(area).items():
                if 0 < truth < min_count:
                    yield f"{' '.join(area)} {measure} {group}", total, truth

    def _with_remainders(self, area: tuple[str, str]) -> dict[tuple[str, str], tuple[Sum, int]]:
        """List the counts of an area, and what is left of groups, then of measures."""
        cells: dict[tuple[str, str], tuple[Sum, int]] = {}
        for key, status in self.status.items():
            if key[:2] == area and status != _MARKED and "." not in key[3]:
                cells[key[3], key[2]] = self.total(key), self.truth[key]
        wider = dict(cells)
        for (measure, group), own in cells.items():
            for name, other in cells.items():
                if name[0] == measure and _holds(self.town, name[1], group):
                    wider[measure, f"{name[1]}-{group}"] = _less(other, own)
        for (measure, group), own in list(wider.items()):
            whole = _WHOLE.get(measure, "")
            if (whole, group) in wider:
                wider[f"{whole}-{measure}", group] = _less(wider[whole, group], own)
        return wider


def _less(whole: tuple[Sum, int], part: tuple[Sum, int]) -> tuple[Sum, int]:
    total = dict(whole[0])
    for at, sign in part[0].items():
        total[at] = total.get(at, 0) - sign
    return total, whole[1] - part[1]


def _in_group(town: Town, group: str, band: int) -> bool:
    first, last = town.groups.get(group, (0, 120))
    return first <= BANDS[band][0] and BANDS[band][1] <= last


def _holds(town: Town, wider: str, group: str) -> bool:
    own = {i for i in range(len(BANDS)) if _in_group(town, group, i)}
    return own < {i for i in range(len(BANDS)) if _in_group(town, wider, i)}


def _under(town: Town, quartier: str, key: Cell) -> bool:
    kind, area = key[:2]
    own = {"quartier": quartier, "district": town.district[quartier], "city": "C"}
    return own.get(kind) == area


def _blocks_in(town: Town) -> dict[tuple[str, str], tuple[str, ...]]:
    kinds = ["block", "quartier", "district", "city", *(["school"] if town.school else [])]
    found: dict[tuple[str, str], list[str]] = {("quartier", q): [] for q in town.district}
    for kind in kinds:
        for block, area in zip(town.blocks, town.area_of(kind), strict=True):
            found.setdefault((kind, area), []).append(block)
    return {name: tuple(inside) for name, inside in found.items()}


def _families(town: Town) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Every area that others add up to, with these; the city twice where there are schools."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for block in town.blocks:
        found.setdefault(("quartier", town.holder[block]), []).append(("block", block))
        if town.school:
            found.setdefault(("school", town.school[block]), []).append(("block", block))
    for quartier, district in town.district.items():
        found.setdefault(("district", district), []).append(("quartier", quartier))
    found["city", "C"] = [("district", one) for one in sorted(set(town.district.values()))]
    if town.school:
        found["schools", "C"] = [("school", one) for one in sorted(set(town.school.values()))]
    return found


def _count(town: Town, blocks_in: dict[tuple[str, str], tuple[str, ...]], key: Cell) -> int:
    kind, area, group, measure = key
    if "." in measure:
        return town.unplaced
    numbers = [town.blocks.index(block) for block in blocks_in.get((kind, area), ())]
    chosen = np.isin(town.place, numbers) & town.inside(group)
    if measure == "benefits":
        return int((chosen & town.on_benefits).sum())
    return int((chosen & (town.status >= _NESTED.index(measure))).sum())


def _tie(old: _View, new: _View, reader: Reader) -> None:
    """Tie what an earlier release told to the newest, family by family."""
    parts = {
        block: [b for b in new.town.blocks if new.town.ground[b] <= old.town.ground[block]]
        for block in old.town.blocks
    }
    today = {
        name: tuple(p for block in inside for p in parts[block])
        for name, inside in old.blocks_in.items()
    }
    now = {key: _count(new.town, today, key) for key in old.status if "." not in key[3]}
    since = reader.views[reader.views.index(old) + 1 :]
    for key, value in now.items():
        area = key[:2]
        is_same_area = set(new.blocks_in.get(area, ())) == set(today[area])
        if value != old.truth[key] or (is_same_area and key in new.shown):
            continue
        is_shown = key in old.shown
        if _is_doubted(old, key, now, since) if is_shown else not _fits(old, key, now, since):
            continue
        if key[3] == "benefits":
            if is_same_area and key in new.status:
                reader.equal.append((_difference(old.total(key), new.total(key)), 0))
            continue
        total: Sum = {}
        for block in today[area]:
            total |= new.total(("block", block, key[2], key[3]))
        reader.equal.append((_difference(old.total(key), total), 0))


def _at(world: NDArray[np.int64], row: Sum) -> int:
    return sum(sign * int(world[at]) for at, sign in row.items())


def _difference(one: Sum, other: Sum) -> Sum:
    return one | {at: -sign for at, sign in other.items()}


def _fits(old: _View, key: Cell, now: dict[Cell, int], since: list[_View]) -> bool:
    """Whether readers take a cell hidden then as unchanged.

    What its family hid still adds up, and nothing in it or below it is seen to be corrected.
    """
    for below in old.families.values():
        members = [(*one, *key[2:]) for one in below]
        hidden = [one for one in members if one not in old.shown and one in now]
        if key in hidden and sum(now[one] - old.truth[one] for one in hidden):
            return False
    own = key[:2]
    return own not in old.families or not _is_corrected(old, own, key[2:], (now, since))


def _is_doubted(old: _View, key: Cell, now: dict[Cell, int], since: list[_View]) -> bool:
    """Whether a cell printed then may be the one that was corrected, for all readers know."""
    above = [name for name, below in old.families.items() if key[:2] in below]
    own = key[:2] if key[:2] in old.families else None
    around = above or [key[:2]]
    seen = now, since
    if not all(_is_corrected(old, name, key[2:], seen) for name in around):
        return False
    is_gone = own is not None and any(_is_gone(old, one, key) for one in since)
    return own is None or is_gone or _is_corrected(old, own, key[2:], seen)


def _is_corrected(
    old: _View,
    name: tuple[str, str],
    slot: tuple[str, str],
    seen: tuple[dict[Cell, int], list[_View]],
) -> bool:
    """Whether anything that a family showed then or since is another number today."""
    now, since = seen
    total = ("city", "C") if name[0] == "schools" else name
    cells = [(*one, *slot) for one in (total, *old.families[name])]
    return any(
        cell in view.shown and now[cell] != view.shown[cell]
        for cell in cells
        if cell in now
        for view in (old, *since)
        if _ground(view, cell) == _ground(old, cell)
    )


def _ground(view: _View, cell: Cell) -> frozenset[str]:
    inside = view.blocks_in.get(cell[:2], ())
    return frozenset(piece for block in inside for piece in view.town.ground[block])


def _is_gone(old: _View, later: _View, key: Cell) -> bool:
    """Whether a later release shows neither an area nor any part of it."""
    inside = [(*one, *key[2:]) for one in old.families[key[:2]]]
    return not any(cell in later.shown for cell in (key, *inside))
