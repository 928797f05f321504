"""Sums, spreads, ranks and cuts of the valid areas: what all formulas are made of.

Knows neither areas nor statuses: a row is a valid area, a column an indicator. Sums are exact
(``math.fsum``), so neither the order of rows nor the order of indicators changes a bit.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
    figures of the method (n), by the name of their item.
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


def percentile_ranks(values: Floats) -> Floats:
    """Share of the other areas that have less, from 0 to 1; equal values share it."""
    lower = np.searchsorted(np.sort(values), values, side="left")
    return lower / (values.size - 1)


def quantile_cut(values: Floats, share: float) -> float:
    """Smallest value that at least this share of all values does not exceed.

    The inverse of the empirical distribution: equal values never fall into two classes.
    """
    return float(np.sort(values)[quantile_position(share, values.size)])


def quantile_position(share: float, n: int) -> int:
    """Position, from 0, of the quantile among n ascending values."""
    # The tolerance keeps 0.1 · 30 at the third value, though it is 3.0000000000000004.
    return max(math.ceil(share * n - CANCELLED) - 1, 0)


def mean_of(values: Floats) -> float:
    """Mean, exact in its sum and therefore independent of the order."""
    return math.fsum(values) / values.size


def sd_of(values: Floats, ddof: int) -> float:
    """Spread with n − ddof in the denominator; 0 if all values are the same."""
    if is_constant(values):
        return 0.0
    mean = mean_of(values)
    return math.sqrt(math.fsum((values - mean) ** 2) / (values.size - ddof))


def is_constant(values: Floats) -> bool:
    """Whether values differ by no more than rounding.

    Decided by the range: the standard deviation of 0.1 repeated is not 0.
    """
    spread = float(values.max() - values.min())
    return spread <= _ROUNDING * float(np.abs(values).max())


def row_sums(rows: Floats) -> Floats:
    """Exact sum of each row."""
    return np.array([math.fsum(row) for row in rows], dtype=float)


def divided(numbers: Floats, divisors: Floats) -> Floats:
    """Quotients, 0 where the divisor is 0: what does not vary contributes nothing."""
    return np.divide(numbers, divisors, out=np.zeros_like(numbers), where=divisors > 0)


def signs_of(rule: Rule) -> Floats:
    """Direction of each indicator: −1 where less means more need."""
    return np.array([part.sign for part in rule.parts])


def weights_of(rule: Rule) -> Floats:
    """Weight of each indicator, as the city gives it."""
    return np.array([part.weight for part in rule.parts])


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
