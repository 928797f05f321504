"""Index, levels and dynamics computed again from ``method.md`` and ``cells.csv`` alone.

A second program for what a release says of itself: standard library, no word of the first.
Releases that the text names are looked up beside it and give their ``cells.csv``.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.spec.method_reader import Method, Scale, read_method
from tests.spec.second_figures import figures_of
from tests.spec.second_hindcast import hindcast_figures, while_late
from tests.spec.second_indicators import fraction_of
from tests.spec.second_methods import score
from tests.spec.second_release import ABSENT, AREA, CITY, Cell, Key, Published
from tests.spec.second_rests import replayed
from tests.spec.second_scores import Scored, rank_of
from tests.spec.second_unsaid import unsaid

Figures = dict[tuple[str, str], Cell]
"""Cells of one index by area ("" the city) and item."""

_SHOWN = ("published", "estimated")
_VALID = ("published", "")
_SUMS = ("sum_mean", "sum_sd")
_BOUNDS = ("low", "high")


@dataclass
class Verdict:
    """What was compared, by kind of figure, and what differs."""

    compared: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)


def compare(path: Path, text: str | None = None) -> Verdict:
    """Compute a release again and compare every figure of its indices.

    ``text`` takes the place of its ``method.md``.
    """
    release = Published(path)
    if text is not None:
        release.method = read_method(text)
    verdict = Verdict()
    method = release.method
    for scale in method.scales:
        found = _Index(release, scale, method).figures()
        if scale.hindcast is not None:
            late, other = while_late(release, scale)
            found |= hindcast_figures(scale, found, _Index(late, scale, other).figures())
        if method.former is not None and not scale.is_delivered:
            found |= _by_former(release, scale, method.former)
        for area, item in sorted(found):
            kind, key = (AREA, area) if area else (CITY, release.city)
            there = release.cells.get((kind, key, scale.group, item))
            sort = _sort(item)
            verdict.compared[f"{scale.name} {sort}"] += 1
            if there is None or not _is_same(found[area, item], there):
                verdict.different.append(
                    f"{path.name} {scale.group} {key} {item}: {found[area, item]} / {there}"
                )
        verdict.different += unsaid(release, scale, found)
    _compare_indicators(release, verdict)
    return verdict


def _by_former(release: Published, scale: Scale, former: Method) -> Figures:
    """Index and level by the rules of the date before."""
    found: Figures = {}
    for old in former.scales:
        if (old.name, old.group) == (scale.name, scale.group):
            index = _Index(release, old, former)
            for (area, item), cell in index.figures().items():
                if item in (index.index, index.level):
                    found[area, f"{item}.former"] = cell
    return found


def _compare_indicators(release: Published, verdict: Verdict) -> None:
    """Compute every indicator of every area again, with its interval if there is one."""
    method = release.method
    for (kind, area, group, item), there in release.cells.items():
        name, dot, bound = item.partition(".")
        formula = method.formulas.get(name)
        if formula is None or (dot and bound not in _BOUNDS):
            continue
        fraction = fraction_of(release.cells, (kind, area, group), formula, method.least)
        found = fraction.value()
        if dot:
            found = fraction.bound(bound, method.interval or 0.0)
        verdict.compared["interval" if dot else "indicator"] += 1
        if not _is_same(found, there):
            place = f"{release.path.name} {kind} {group} {area} {item}"
            verdict.different.append(f"{place}: {found} / {there}")


def _sort(item: str) -> str:
    if item.endswith(("_index", "_level")):
        return item.rpartition("_")[2]
    return item.rpartition(".")[2].rstrip("0123456789")


def _is_same(one: Cell, other: Cell) -> bool:
    if one[1:] != other[1:] or (one[0] is None) != (other[0] is None):
        return False
    return one[0] is None or math.isclose(one[0], other[0] or 0.0, rel_tol=1e-9, abs_tol=1e-9)


class _Index:
    """One index of one group of a release."""

    def __init__(self, release: Published, scale: Scale, method: Method) -> None:
        self.release, self.scale, self.method = release, scale, method
        self.index, self.level = f"{scale.name}_index", f"{scale.name}_level"
        self.items = [part.item for part in scale.parts]
        self.is_estimated = False
        self.carried: set[tuple[str, str]] = set()
        self.given = self._given()

    def figures(self) -> Figures:
        found = self._classified(self.scale, self._references(self.scale))
        if self.scale.frozen is not None:
            found |= self._on_scale(None, "relative")
        if self.scale.comparable is not None:
            found |= self._on_scale(self.scale.comparable, "fixed")
        if self.scale.name == "need" and self.scale.steps == "z" and self._bounds():
            found |= self._level_ranges(found)
        if self.scale.drawing is not None and self.scale.steps == "z":
            found |= replayed(self.release, self.scale, (self.given, found), self.carried)
        if self.is_estimated:
            is_shown = {key: cell[1] == "published" for key, cell in found.items()}
            found = {
                key: (cell[0], "estimated", "fortgeschrieben") if is_shown[key] else cell
                for key, cell in found.items()
            }
        if self.scale.span is not None:
            found |= {(area, item): self.given[area, item] for area, item in self.given if area}
        return self._with_delivered(found) if self.scale.is_delivered else found

    def _on_scale(self, frozen: str | None, name: str) -> Figures:
        """Index and level on another scale than that of the levels in force."""
        other = replace(self.scale, frozen=frozen)
        found = self._classified(other, self._references(other))
        items = (self.index, self.level)
        return {(a, f"{i}.{name}"): found[a, i] for a in self.release.areas for i in items}

    # ---- what goes in -------------------------------------------------------------------

    def _given(self) -> Figures:
        """Values of the indicators, of the areas and of the city."""
        if self.scale.span is not None:
            areas = self.release.areas
            found = {(a, i): self._change(a, i) for a in areas for i in self.items}
            return found | {("", i): self._change("", i) for i in self.items}
        cells = {key: cell for key, cell in self.release.cells.items() if self._is_own(key)}
        if self.method.carried not in (None, "-"):
            before = self.release.beside(str(self.method.carried)).cells
            for key, cell in cells.items():
                was = before.get(key)
                if cell[1] == "missing" and was is not None and was[1] == "published":
                    cells[key] = was
                    self.is_estimated = True
                    if key[0] == AREA:
                        self.carried.add((key[1], key[3]))
        areas = [(AREA, area, area) for area in self.release.areas]
        return {
            (name, item): cells.get((kind, area, self.scale.group, item), ABSENT)
            for kind, area, name in (*areas, (CITY, self.release.city, ""))
            for item in self.items
        }

    def _is_own(self, key: Key) -> bool:
        return key[2] == self.scale.group and key[3] in self.items

    def _change(self, area: str, item: str) -> Cell:
        place = (AREA, area) if area else (CITY, self.release.city)
        key = (*place, self.scale.group, item.removesuffix(".change"))
        now = self.release.cells.get(key, ABSENT)
        if self.scale.span == "-":
            if now[1] not in _SHOWN:
                return None, now[1], now[2]
            return ABSENT
        before = self.release.beside(str(self.scale.span))
        if area and before.method.edition != self.method.edition:
            return self.release.cells[AREA, area, self.scale.group, item]
        size = (*place, "all", "area_ha")
        if area and not _is_same(
            self.release.cells[size], before.cells.get(size, (None, "", ""))
        ):
            return None, "not_classified", "nicht_vergleichbar"
        was = before.cells.get(key, ABSENT)
        if now[0] is None or now[1] not in _SHOWN:
            return None, now[1], now[2]
        if was[0] is None or was[1] not in _SHOWN:
            return None, was[1], was[2]
        people = before.cells.get((*place, "all", "residents"), ABSENT)[0]
        if area and people is not None and people < self.scale.least_before:
            return None, "not_classified", "damals_zu_wenige_einwohner"
        return now[0] - was[0], "published", ""

    def _city_values(self) -> dict[str, float]:
        if not self.scale.is_city_centre:
            return {}
        known = {item: self.given.get(("", item), (None, "", ""))[0] for item in self.items}
        return {item: value for item, value in known.items() if value is not None}

    def _references(self, scale: Scale) -> dict[str, float]:
        if not scale.frozen or scale.frozen == "-":
            return self._city_values()
        other = self.release.beside(scale.frozen)
        found = {}
        for name in self._frozen_names():
            cell = other.cells.get((CITY, other.city, self.scale.group, name))
            if cell is not None and cell[0] is not None:
                found[name] = cell[0]
        return found

    def _frozen_names(self) -> list[str]:
        names = [f"{item}.{part}" for item in self.items for part in ("mean", "sd")]
        names += [f"{one}.{part}" for one in self.scale.indices for part in _SUMS]
        cuts = range(1, len(self.scale.cuts) + 1) if self.scale.are_shares else ()
        return names + [f"{self.index}.cut_{number}" for number in cuts]

    def _bounds(self) -> dict[tuple[str, str], Cell]:
        """Bounds of the indicators of all areas, as published."""
        wanted = {f"{item}.{bound}" for item in self.items for bound in _BOUNDS}
        return {
            (area, item): cell
            for (kind, area, group, item), cell in self.release.cells.items()
            if kind == AREA and group == self.scale.group and item in wanted
        }

    def _level_ranges(self, found: Figures) -> Figures:
        """Lowest and highest level at the bounds of one indicator, all else held."""
        bounds = self._bounds()
        city = {item: cell[0] for (area, item), cell in found.items() if not area}
        numbers = range(1, len(self.scale.cuts) + 1)
        cuts = [city[f"{self.index}.cut_{n}"] or 0.0 for n in numbers]
        ranges: Figures = {}
        for area in self.release.areas:
            index, status, reason = found[area, self.index]
            reached = [] if index is None else [index]
            for part in self.scale.parts if index is not None else ():
                value = self.given[area, part.item][0] or 0.0
                theme = next((t for t in self.scale.themes if part in t.parts), None)
                spread = city[f"{part.item}.sd"] or 0.0
                spread *= city[f"{self.index}.sum_sd"] or 0.0
                weight = -part.weight if part.is_less else part.weight
                if theme is not None:
                    spread *= city[f"{theme.item}.sum_sd"] or 0.0
                    weight *= theme.weight
                slope = weight / spread if spread else 0
                ends = [bounds.get((area, f"{part.item}.{end}"), ABSENT)[0] for end in _BOUNDS]
                reached += [index + slope * (end - value) for end in ends if end is not None]
            levels = [float(1 + sum(x > cut for cut in cuts)) for x in reached]
            for bound, choose in zip(_BOUNDS, (min, max), strict=True):
                value_there = choose(levels) if levels else None
                ranges[area, f"{self.level}.{bound}"] = (value_there, status, reason)
        return ranges

    # ---- who is compared ----------------------------------------------------------------

    def _state(self, area: str, items: Iterable[str]) -> tuple[str, str]:
        """Status and reason of an area that needs these, before anything is computed."""
        people = self.release.cells[AREA, area, "all", "residents"]
        cells = [self.given[area, item] for item in items]
        least = self.method.min_residents
        statuses = [cell[1] for cell in cells] + ([people[1]] if least else [])
        every = [self.given[area, item][1] for item in self.items]
        if "uninhabited" in (*every, people[1]) or people[0] == 0:
            return "uninhabited", "unbewohnt"
        if area in self.method.excluded:
            return "not_classified", "ausgenommen"
        if people[0] is not None and people[0] < least:
            return "not_classified", "zu_wenige_einwohner"
        for reason, causes in (
            ("liegt_nicht_vor", ("unavailable",)),
            ("ausstehend", ("missing",)),
            ("geheim", ("suppressed", "withheld")),
        ):
            if set(causes) & set(statuses):
                return "not_classified", reason
        for value, status, reason in cells:
            if value is None or status not in _SHOWN:
                return "not_classified", reason
        return "published", ""

    # ---- what comes out -----------------------------------------------------------------

    def _classified(self, scale: Scale, references: dict[str, float]) -> Figures:
        areas = self.release.areas
        states = {area: self._state(area, self.items) for area in areas}
        valid = [area for area in areas if states[area] == _VALID]
        compared = valid
        if scale.has_gaps:
            compared = [area for area in areas if self._state(area, ()) == _VALID]
        columns = [[self._known(area, item) for area in compared] for item in self.items]
        scored, reason = None, "keine_streuung"
        if self._lacks(scale, references):
            reason = "bezugswert_fehlt"
        elif len(valid) < 2:
            reason = "zu_wenige_gebiete"
        else:
            scored = score(columns, scale, self.method.equal, references, self.index)
        found: Figures = {}
        for item, (needed, column) in figures_of(scored, scale).items():
            values = dict(zip(compared, column, strict=True)) if scored else {}
            for area in areas:
                state = self._state(area, needed if scale.has_gaps else self.items)
                if state == _VALID and scored is None:
                    state = ("not_classified", reason)
                value = values.get(area) if state == _VALID else None
                found[area, item] = (value, *state)
        if scored is None:
            states |= dict.fromkeys(valid, ("not_classified", reason))
        return found | self._ranks() | self._city_figures(scored, scale, states)

    def _known(self, area: str, item: str) -> float | None:
        value, status, _ = self.given[area, item]
        return value if status in _SHOWN else None

    def _lacks(self, scale: Scale, references: dict[str, float]) -> bool:
        if scale.frozen == "-":
            return True
        if scale.frozen:
            return not set(self._frozen_names()) <= set(references)
        return scale.is_city_centre and not set(self.items) <= set(references)

    def _ranks(self) -> Figures:
        """Rank of every indicator over all areas with a value."""
        found: Figures = {}
        for part in self.scale.parts:
            given = {area: self.given[area, part.item] for area in self.release.areas}
            sign = -1.0 if part.is_less else 1.0
            shown = {
                area: sign * cell[0]
                for area, cell in given.items()
                if cell[0] is not None and cell[1] in _SHOWN
            }
            for area, cell in given.items():
                rank = (None, cell[1], cell[2])
                if area in shown:
                    rank = (rank_of(shown[area], list(shown.values())), "published", "")
                found[area, f"{part.item}.rank"] = rank
        return found

    def _city_figures(
        self, scored: Scored | None, scale: Scale, states: dict[str, tuple[str, str]]
    ) -> Figures:
        names = [f"{item}.mean" for item in self.items] + [f"{item}.sd" for item in self.items]
        names += [f"{one}.{part}" for one in scale.indices for part in _SUMS]
        names += [f"{self.index}.cut_{n}" for n in range(1, len(scale.cuts) + 1)]
        if scored is None:
            reasons = Counter(r for s, r in states.values() if s == "not_classified")
            most = max(reasons.values(), default=0)
            commonest = [reason for reason, n in reasons.items() if n == most]
            reason = min(commonest, default="zu_wenige_gebiete")
            return {("", name): (None, "not_classified", reason) for name in names}
        values = [*scored.centres, *scored.spreads]
        for one in (scored, *scored.themes.values()):
            values += [one.sum_centre, one.sum_spread]
        told = zip(names, [*values, *scored.cuts], strict=True)
        return {("", name): (value, "published", "") for name, value in told}

    def _with_delivered(self, found: Figures) -> Figures:
        """Leave the levels as they were delivered, with nothing of the rule beside them."""
        rule = [key for key in found if key[0] and key[1] not in self._values()]
        for area, item in rule:
            cell = self.release.cells[AREA, area, self.scale.group, self.level]
            if cell[2] == "veroeffentlicht":
                gone: Cell = (None, "unavailable", "veroeffentlicht")
                found[area, item] = cell if item == self.level else gone
            elif found[area, item][1] in _SHOWN:
                found[area, item] = (None, "not_classified", "liegt_nicht_vor")
        return found

    def _values(self) -> set[str]:
        return {*self.items, *(f"{item}.rank" for item in self.items)}
