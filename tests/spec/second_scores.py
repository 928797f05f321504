"""Scores of an index, and what every method needs: sums, means, spreads, ranks, cuts.

A value that an area does not have is ``None``; so is whatever needs it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tests.spec.method_reader import Scale, number

Numbers = Sequence[float | None]


@dataclass
class Scored:
    """What a method makes of the values of the compared areas, column by column."""

    z: list[Numbers]
    contributions: list[Numbers]
    sums: Numbers
    index: Numbers
    centres: list[float]
    spreads: list[float]
    sum_centre: float
    sum_spread: float
    cuts: list[float]
    extra: dict[str, Numbers] = field(default_factory=dict)
    themes: "dict[str, Scored]" = field(default_factory=dict)
    is_none: bool = False


@dataclass(frozen=True)
class Case:
    """One index to be made of columns: the rule, what equal means, what is referred to."""

    scale: Scale
    equal: float
    references: dict[str, float]
    index: str

    def of(self, place: int) -> "Case":
        theme = self.scale.themes[place]
        inner = replace(self.scale, parts=theme.parts, themes=(), cuts=())
        return replace(self, scale=inner, index=theme.item)

    @property
    def weights(self) -> list[float]:
        return [one.weight for one in self.scale.themes or self.scale.parts]

    @property
    def shares(self) -> list[float]:
        return [weight / math.fsum(self.weights) for weight in self.weights]


def empty(scale: Scale) -> Scored:
    """Scores of nobody."""
    k = len(scale.parts)
    nobody = Scored([[]] * k, [[]] * k, [], [], [], [], 0, 0, [])
    themes = {theme.item: nobody for theme in scale.themes}
    return replace(nobody, themes=themes)


def added(
    columns: Sequence[Numbers], case: Case, scores: list[Numbers], parts: list[Numbers]
) -> Scored:
    sums = summed(parts)
    centres, spreads = [mean_of(c) for c in columns], [spread_of(c, case) for c in columns]
    mean, spread, cuts = mean_of(sums), spread_of(sums, case), cuts_of(case.scale, sums)
    return Scored(scores, parts, sums, sums, centres, spreads, mean, spread, cuts)


def added_over(themes: list[Scored], case: Case, weights: list[float]) -> Scored:
    parts = [
        times(w, column)
        for w, theme in zip(weights, themes, strict=True)
        for column in theme.contributions
    ]
    return with_columns(added([], case, [], parts), themes)


def with_columns(scored: Scored, themes: list[Scored]) -> Scored:
    scored.z = [column for theme in themes for column in theme.z]
    scored.centres = [x for theme in themes for x in theme.centres]
    scored.spreads = [x for theme in themes for x in theme.spreads]
    return scored


def refused(scored: Scored, case: Case) -> Scored:
    scored.is_none = is_constant(scored.index, case)
    return scored


def extra_names(items: Sequence[str], scale: Scale, indices: Sequence[str]) -> list[str]:
    if scale.steps == "percentile":
        return [f"{item}.flag" for item in items]
    return [f"{index}.decile" for index in indices] if scale.steps == "exponential" else []


def summed(columns: Sequence[Numbers]) -> list[float | None]:
    """Sum of each area; none where a part is not there."""
    rows = [known_of(row) for row in zip(*columns, strict=True)]
    return [math.fsum(row) if len(row) == len(columns) else None for row in rows]


def ranks_of(values: Numbers) -> list[float | None]:
    known = known_of(values)
    return [None if x is None else rank_of(x, known) for x in values]


def rank_of(value: float, values: Sequence[float]) -> float:
    return 1.0 + sum(other > value for other in values)


def times(weight: float, column: Numbers) -> list[float | None]:
    return [None if x is None else weight * x for x in column]


def known_of(values: Numbers) -> list[float]:
    return [x for x in values if x is not None]


def cuts_of(scale: Scale, index: Numbers) -> list[float]:
    if not scale.are_shares:
        return [number(cut) for cut in scale.cuts]
    ordered = sorted(known_of(index))
    shares = [Fraction(cut.replace(",", ".")) for cut in scale.cuts]
    return [ordered[max(math.ceil(share * len(ordered)) - 1, 0)] for share in shares]


def mean_of(values: Numbers) -> float:
    known = known_of(values)
    return math.fsum(known) / len(known)


def spread_of(values: Numbers, case: Case) -> float:
    if is_constant(values, case):
        return 0.0
    known, mean = known_of(values), mean_of(values)
    squares = math.fsum((x - mean) ** 2 for x in known)
    return math.sqrt(squares / (len(known) - case.scale.is_sample))


def is_constant(values: Numbers, case: Case) -> bool:
    known = known_of(values)
    return max(known) - min(known) <= case.equal * max(map(abs, known))
