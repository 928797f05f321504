"""Sums, spreads, ranks and cuts of the valid areas: what all formulas are made of.

Knows neither areas nor statuses: a row is a valid area, a column an indicator. A NaN is a value
that an area does not have: it takes no part. Sums are exact (``math.fsum``), so neither the
order of rows nor the order of indicators changes a bit.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from atlas.classify.rule import Rule
from atlas.terms import Level

Floats = NDArray[np.float64]

# Values that differ by rounding alone are one value: a density computed from different counts
# and hectares may differ in its last bits.
_ROUNDING = 1e-12
# z-scores that cancel out leave rounding noise of this size in their sum, not a spread.
CANCELLED = 1e-9


@dataclass(frozen=True)
class Scores:
    """What a method says about n valid areas and k indicators.

    ``z`` (n × k): score of each indicator under the method, more means more need;
    ``contributions`` (n × k): parts of the index that add up to it; ``sums`` and ``index`` (n);
    ``means`` and ``sds`` (k), ``sum_mean`` and ``sum_sd``: the parameters in force, a spread of
    0 standing for a constant indicator; ``cuts``: limits of the index; ``extras``: further
    figures of the method (n), by the name of their item; ``themes``: scores of each sub-index,
    none where the index is made of indicators at once. ``is_flat``: the areas do not differ, so
    that no index exists; that of a theme adds nothing.
    """

    z: Floats
    contributions: Floats
    sums: Floats
    index: Floats
    means: Floats
    sds: Floats
    sum_mean: float
    sum_sd: float
    cuts: tuple[float, ...]
    extras: Mapping[str, Floats] = field(default_factory=dict)
    themes: tuple["Scores", ...] = ()
    is_flat: bool = False


def level_of(index: float, cuts: Sequence[float]) -> Level:
    """Assign one index to its level.

    Parameters
    ----------
    index
        Need index in standard deviations, not rounded.
    cuts
        Upper cuts of levels 1, 2 and 3, ascending, same unit. An index equal to a cut stays in
        the lower level.

    Raises
    ------
    ValueError
        If ``index`` is NaN: a missing index has a status, never a level.

    Source: Monitoring Soziale Stadtentwicklung Berlin 2021, status index.
    """
    if math.isnan(index):
        raise ValueError("a missing index has no level")
    return Level(1 + sum(index > cut for cut in cuts))


def levels_of(index: Floats, cuts: Sequence[float]) -> Floats:
    """Assign many indices to their levels, as ``level_of`` does one; NaN stays NaN."""
    levels = 1.0 + (index[:, None] > np.asarray(cuts, dtype=float)).sum(axis=1)
    return np.where(np.isnan(index), np.nan, levels)


def ranks_of(values: Floats) -> Floats:
    """Rank from the highest value (1) down; equal values share the best rank; NaN has none."""
    present = np.sort(values[~np.isnan(values)])
    ranks = present.size - np.searchsorted(present, values, side="right") + 1.0
    return np.where(np.isnan(values), np.nan, ranks)


def present(values: Floats) -> Floats:
    """Values of the areas that have one."""
    return values[~np.isnan(values)]


def shared_ranks(values: Floats, ties: str) -> Floats:
    """Rank from the lowest value (1) up; NaN has none.

    Parameters
    ----------
    ties
        Which of their ranks equal values share: the ``highest``, the ``average``, ``lowest``.
    """
    ordered = np.sort(present(values))
    lowest = np.searchsorted(ordered, values, side="left") + 1.0
    highest = np.searchsorted(ordered, values, side="right") + 0.0
    ranks = {"lowest": lowest, "highest": highest, "average": (lowest + highest) / 2}[ties]
    return np.where(np.isnan(values), np.nan, ranks)


def percentile_ranks(values: Floats, ties: str) -> Floats:
    """Share of the other areas that have less, from 0 to 1, by the rank."""
    return (shared_ranks(values, ties) - 1) / (present(values).size - 1)


def quantile_cut(values: Floats, share: float) -> float:
    """Smallest value that at least this share of all values does not exceed.

    The inverse of the empirical distribution: equal values never fall into two classes.
    """
    known = np.sort(present(values))
    return float(known[quantile_position(share, known.size)])


def quantile_position(share: float, n: int) -> int:
    """Position, from 0, of the quantile among n ascending values."""
    # The tolerance keeps 0.1 · 30 at the third value, though it is 3.0000000000000004.
    return max(math.ceil(share * n - CANCELLED) - 1, 0)


def mean_of(values: Floats) -> float:
    """Mean, exact in its sum and therefore independent of the order."""
    known = present(values)
    return math.fsum(known) / known.size


def sd_of(values: Floats, ddof: int) -> float:
    """Spread with n − ddof in the denominator; 0 if all values are the same."""
    if is_constant(values):
        return 0.0
    known, mean = present(values), mean_of(values)
    return math.sqrt(math.fsum((known - mean) ** 2) / (known.size - ddof))


def is_constant(values: Floats) -> bool:
    """Whether values differ by no more than rounding.

    Decided by the range: the standard deviation of 0.1 repeated is not 0.
    """
    known = present(values)
    spread = float(known.max() - known.min())
    return spread <= _ROUNDING * float(np.abs(known).max())


def row_sums(rows: Floats) -> Floats:
    """Exact sum of each row."""
    return np.array([math.fsum(row) for row in rows], dtype=float)


def divided(numbers: Floats, divisors: Floats) -> Floats:
    """Quotients, 0 where the divisor is 0: what does not vary contributes nothing."""
    out = np.where(np.isnan(numbers), np.nan, 0.0)
    return np.divide(numbers, divisors, out=out, where=divisors > 0)


def signs_of(rule: Rule) -> Floats:
    """Direction of each indicator: −1 where less means more need."""
    return np.array([part.sign for part in rule.parts])


def weights_of(rule: Rule) -> Floats:
    """Weight of each indicator, as the city gives it."""
    return np.array([part.weight for part in rule.parts])


def theme_weights_of(rule: Rule) -> Floats:
    """Weight of each sub-index, as the city gives it."""
    return np.array([theme.weight for theme in rule.themes])


def parameters_of(
    matrix: Floats, rule: Rule, city: Mapping[str, float]
) -> tuple[Floats, Floats]:
    """Centre and spread of each indicator: of these areas, of the city, or frozen."""
    if rule.base_date is not None:
        return (
            np.array([city[f"{item}.mean"] for item in rule.items]),
            np.array([city[f"{item}.sd"] for item in rule.items]),
        )
    sds = np.array([sd_of(column, rule.ddof) for column in matrix.T])
    if rule.mean_base == "city_value":
        return np.array([city[item] for item in rule.items]), sds
    return np.array([mean_of(column) for column in matrix.T]), sds


def added_up(matrix: Floats, rule: Rule, z: Floats, contributions: Floats) -> Scores:
    """Scores whose index is the sum of the contributions itself."""
    sums = row_sums(contributions)
    means, sds = parameters_of(matrix, replace(rule, mean_base="area_mean"), {})
    return Scores(
        z=z,
        contributions=contributions,
        sums=sums,
        index=sums,
        means=means,
        sds=sds,
        sum_mean=mean_of(sums),
        sum_sd=sd_of(sums, rule.ddof),
        cuts=rule.cuts,
    )


def added_over(themes: Sequence[Scores], rule: Rule, contributions: Floats) -> Scores:
    """Scores over themes whose index is the sum of the contributions itself."""
    sums = row_sums(contributions)
    return Scores(
        z=np.hstack([theme.z for theme in themes]),
        contributions=contributions,
        sums=sums,
        index=sums,
        means=np.concatenate([theme.means for theme in themes]),
        sds=np.concatenate([theme.sds for theme in themes]),
        sum_mean=mean_of(sums),
        sum_sd=sd_of(sums, rule.ddof),
        cuts=rule.cuts,
        extras={name: column for theme in themes for name, column in theme.extras.items()},
        themes=tuple(themes),
    )
