"""Index and levels with pencil and paper: from the lines of a release, by its rule.

A second way to the same figures, for sentences to be measured at: nothing here is of the atlas.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import Any

from tests.words.books import Book

STANDARDISED = ("zscore", "quantile")
_PRESETS = {"mss": (-1.0, 1.0, 1.5), "need4": (0.0, 0.5, 1.0)}
_QUARTERS = (0.25, 0.5, 0.75)
_CUTS = {
    ("need", "zscore"): _PRESETS["need4"],
    ("need", "fixed"): (0.0, 1.0, 2.0),
    ("dynamic", "zscore"): (-1.0, 1.0),
    ("dynamic", "quantile"): (0.25, 0.75),
}
# Differences below this are rounding of the machine.
NOISE = 1e-9


@dataclass(eq=False)
class Reckoning:
    """Everything that a rule makes of one release, for one group."""

    book: Book
    group: str
    kind: str = "need"

    @property
    def scale(self) -> dict[str, Any]:
        """Rule as configured."""
        found: dict[str, Any] = self.book.config["levels"][self.kind][self.group]
        return found

    @property
    def index_item(self) -> str:
        """Item of the index."""
        return f"{self.kind}_index"

    @property
    def level_item(self) -> str:
        """Item of the level or class."""
        return f"{self.kind}_level"

    @property
    def is_standardised(self) -> bool:
        """Whether the index is a standardised sum."""
        return self.scale["method"] in STANDARDISED

    @cached_property
    def parts(self) -> list[tuple[str, float, float]]:
        """Indicators with weight and sign."""
        suffix = ".change" if self.scale.get("span_years") else ""
        listed = self.scale["indicators"] or [
            one for theme in self.themes for one in theme["indicators"]
        ]
        return [
            (one["id"] + suffix, one["weight"], 1.0 if one["direction"] == "more" else -1.0)
            for one in listed
        ]

    @property
    def themes(self) -> list[dict[str, Any]]:
        """Sub-indices as configured."""
        return list(self.scale.get("themes", ()))

    @property
    def has_gaps(self) -> bool:
        """Whether areas are compared by each indicator that they have."""
        return bool(self.scale.get("missing", "leave_out") == "own_areas")

    def theme_of(self, item: str) -> dict[str, Any] | None:
        """Sub-index that an indicator is in."""
        found = (one for one in self.themes if item in ids_of(one))
        return next(found, None)

    @property
    def items(self) -> list[str]:
        """Indicators of the rule."""
        return [item for item, _, _ in self.parts]

    @property
    def frozen(self) -> str:
        """Date whose mean and spread are in force, where it is another one."""
        base = self.scale["base_date"]
        return str(base) if base and base != self.book.day else ""

    @property
    def is_carried(self) -> bool:
        """Whether an indicator that is missing was taken from an earlier date."""
        return bool(self.carried_items)

    @cached_property
    def carried_items(self) -> list[str]:
        """Indicators that are missing here and carried forward."""
        if self.book.config["levels"]["provisional"] != "carry_forward":
            return []
        before = self._before
        if before is None:
            return []
        every = (self.book.column("quartier", self.group, item) for item in self.items)
        late = [
            item
            for item, lines in zip(self.items, every, strict=True)
            if any(one.status == "missing" for one in lines.values())
        ]
        return [item for item in late if before.holds("quartier", self.group, item)]

    @property
    def carried_day(self) -> str:
        """Date from which missing values are carried forward; empty where none are."""
        return self._before.day if self.is_carried and self._before else ""

    @cached_property
    def _before(self) -> Book | None:
        older = [one for one in self.book.referred() if one.day < self.book.day]
        return max(older, key=lambda one: one.day, default=None)

    def value(self, item: str, area: str) -> float | None:
        """Value that the rule takes: the shown one, or the one carried forward."""
        own = self.book.line("quartier", self.group, item, area)
        if own.status == "missing" and item in self.carried_items and self._before:
            line = self._before.line("quartier", self.group, item, area)
            return line.value if line.status == "published" else None
        return own.seen

    @cached_property
    def valid(self) -> list[str]:
        """Areas that can be classified."""
        return [area for area in sorted(self.book.names["quartier"]) if self._is_valid(area)]

    def _is_valid(self, area: str) -> bool:
        return self._is_compared(area) and all(
            self.value(item, area) is not None for item in self.items
        )

    def _is_compared(self, area: str) -> bool:
        levels = self.book.config["levels"]
        people = self.book.line("quartier", "all", "residents", area)
        for one in levels["exclusions"]:
            if one["area_id"] == area and self.book.day in (one["dates"] or [self.book.day]):
                return False
        if people.status == "uninhabited" or people.seen == 0:
            return False
        return not levels["min_residents"] or (people.seen or 0) >= levels["min_residents"]

    def having(self, items: list[str]) -> list[str]:
        """Areas among which indicators are compared."""
        if not self.has_gaps:
            return self.valid
        return [
            area
            for area in sorted(self.book.names["quartier"])
            if self._is_compared(area)
            and all(self.value(item, area) is not None for item in items)
        ]

    def centre(self, item: str) -> float | None:
        """Mean at which an indicator is measured: of areas, of the city, of another date."""
        if self.frozen and self.is_standardised:
            return self._base.centre(item)
        if self.scale["mean_base"] == "city_value":
            return self.book.city(self.group, item)
        return fmean(self._values(item)) if self.valid else None

    def spread(self, item: str) -> float:
        """Standard deviation in force."""
        if self.frozen:
            return self._base.spread(item)
        return self._sd(self._values(item))

    @cached_property
    def _base(self) -> "Reckoning":
        there = [one for one in self.book.referred() if one.day == self.frozen]
        return Reckoning(there[-1], self.group, self.kind)

    def _values(self, item: str) -> list[float]:
        found = (self.value(item, area) for area in self.having([item]))
        return [one for one in found if one is not None]

    def _sd(self, values: list[float]) -> float:
        if max(values) - min(values) <= 1e-12 * max(map(abs, values)):
            return 0.0
        mean = math.fsum(values) / len(values)
        less = 1 if self.scale["sd"] == "sample" else 0
        squares = math.fsum((one - mean) ** 2 for one in values)
        return math.sqrt(squares / (len(values) - less))

    @cached_property
    def z(self) -> dict[str, dict[str, float]]:
        """Score of every indicator and valid area."""
        found: dict[str, dict[str, float]] = {}
        for item, _, sign in self.parts:
            centre, sd = self.centre(item) or 0.0, self.spread(item)
            found[item] = {
                area: sign * ((self.value(item, area) or 0.0) - centre) / sd if sd else 0.0
                for area in self.having([item])
            }
        return found

    @cached_property
    def theme_sums(self) -> dict[str, dict[str, float]]:
        """Weighted sums of each sub-index, by its name."""
        found = {}
        for theme in self.themes:
            ids = ids_of(theme)
            own = [(item, weight) for item, weight, _ in self.parts if item in ids]
            found[str(theme["id"])] = {
                area: math.fsum(weight * self.z[item][area] for item, weight in own)
                for area in self.having(list(ids))
            }
        return found

    def theme_spread(self, name: str) -> float:
        """Spread of the sums of a sub-index in force."""
        if self.frozen:
            return self._base.theme_spread(name)
        return self._sd(list(self.theme_sums[name].values()))

    def theme_index(self, theme: dict[str, Any]) -> dict[str, float]:
        """A sub-index of every area that has it."""
        sums = self.theme_sums[theme["id"]]
        centre, of = 0.0, self._base if self.frozen else self
        if not self.has_gaps and self.scale["mean_base"] != "city_value":
            centre = fmean(of.theme_sums[theme["id"]].values())
        spread = self.theme_spread(theme["id"])
        return {area: (one - centre) / spread for area, one in sums.items()}

    @cached_property
    def sums(self) -> dict[str, float]:
        """Weighted sum of every valid area."""
        if self.themes:
            inner = [(one["weight"], self.theme_index(one)) for one in self.themes]
            return {
                area: math.fsum(weight * index[area] for weight, index in inner)
                for area in self.valid
            }
        return {
            area: math.fsum(weight * self.z[item][area] for item, weight, _ in self.parts)
            for area in self.valid
        }

    @cached_property
    def sum_centre(self) -> float:
        """Centre of the sums in force."""
        if self.frozen:
            return self._base.sum_centre
        is_zero = self.has_gaps or self.scale["mean_base"] == "city_value"
        return 0.0 if is_zero else fmean(self.sums.values())

    @cached_property
    def sum_spread(self) -> float:
        """Spread of the sums in force."""
        if self.frozen:
            return self._base.sum_spread
        return self._sd(list(self.sums.values()))

    @cached_property
    def index(self) -> dict[str, float]:
        """Index of every classified area."""
        if not self.is_standardised:
            lines = self.book.column("quartier", self.group, self.index_item)
            return {area: one.seen for area, one in lines.items() if one.seen is not None}
        if not self.is_classified:
            return {}
        return {
            area: (one - self.sum_centre) / self.sum_spread for area, one in self.sums.items()
        }

    @property
    def is_classified(self) -> bool:
        """Whether the rule classifies anybody."""
        lines = self.book.column("quartier", self.group, self.index_item)
        return any(one.seen is not None for one in lines.values())

    def contribution(self, item: str, area: str) -> float:
        """What an indicator adds to the index."""
        if not self.is_standardised:
            name = f"{item}.contribution"
            return self.book.line("quartier", self.group, name, area).seen or 0.0
        return self.pull(item) * self.z[item][area] / self.steepness(item)

    def share(self, item: str) -> float:
        """Share of an indicator in all weights, within its sub-index and that of all."""
        theme = self.theme_of(item)
        ids = ids_of(theme) if theme else {*self.items}
        weights = {one: weight for one, weight, _ in self.parts if one in ids}
        inner = weights[item] / sum(weights.values())
        if theme is None:
            return inner
        return inner * float(theme["weight"]) / sum(one["weight"] for one in self.themes)

    def pull(self, item: str) -> float:
        """Weight of an indicator, times that of its sub-index."""
        theme = self.theme_of(item)
        weight = next(weight for one, weight, _ in self.parts if one == item)
        return weight * float(theme["weight"]) if theme else weight

    def steepness(self, item: str) -> float:
        """By what a z-score is divided on its way into the index."""
        theme = self.theme_of(item)
        return self.sum_spread * (self.theme_spread(theme["id"]) if theme else 1.0)

    @cached_property
    def cuts(self) -> tuple[float, ...]:
        """Cuts of the index in force."""
        if self.scale["method"] not in ("quantile", "rank_exponential", "minmax"):
            return self.limits
        if self.frozen:
            return self._base.cuts
        ordered = sorted(self.index.values())
        n = len(ordered)
        return tuple(ordered[max(math.ceil(cut * n - NOISE) - 1, 0)] for cut in self.limits)

    @property
    def limits(self) -> tuple[float, ...]:
        """Cuts as configured."""
        if self.scale["cuts"]:
            return tuple(self.scale["cuts"])
        if self.scale["preset"]:
            return _PRESETS[self.scale["preset"]]
        return _CUTS.get((self.kind, self.scale["method"]), _QUARTERS)

    def level(self, area: str) -> int | None:
        """Level of an area; ``None`` where there is none."""
        if area not in self.index:
            return None
        return 1 + sum(self.index[area] > cut + NOISE for cut in self.cuts)

    def rank(self, area: str) -> int:
        """Place by the index, 1 for the most need; equal ones share the best."""
        own = self.index[area]
        return 1 + sum(one > own + NOISE for one in self.index.values())


def ids_of(theme: dict[str, Any]) -> set[str]:
    """Indicators of a sub-index."""
    return {str(one["id"]) for one in theme["indicators"]}


def is_close(one: float, other: float) -> bool:
    """Whether two figures differ by rounding of the machine alone."""
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=NOISE)
