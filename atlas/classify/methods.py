"""Methods of an index: the values of the valid areas in, scores and index out.

Knows neither areas nor statuses: a row is a valid area, a column an indicator. Sums are exact
(``math.fsum``), so neither the order of rows nor the order of indicators changes a bit.
"""

import math
from collections.abc import Callable, Mapping, Sequence
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
_CANCELLED = 1e-9
# English Indices of Deprivation, exponential transformation of ranks: a tenth of the scale
# above 50 for the most deprived tenth of areas.
_IMD_FACTOR = 23.0
# CDC/ATSDR Social Vulnerability Index: flagged are the areas from the 90th percentile on.
FLAG_PERCENTILE = 0.90
_SVI_DIGITS = 4


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


def score(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores | None:
    """Score n ≥ 2 valid areas by the method of the rule.

    Parameters
    ----------
    matrix
        n × k values in the unit of each indicator, no gaps, columns in the order of the rule.
    rule
        Method, weights, directions, cuts.
    city
        Values at kind city that the rule refers to, see ``references_of``.

    Returns
    -------
        ``None`` if the areas do not differ, so that no index exists.
    """
    return _METHODS[rule.method](matrix, rule, city)


def references_of(rule: Rule) -> tuple[str, ...]:
    """Items at kind city without which the rule cannot be computed.

    With ``base_date`` the parameters that this rule gave at that date, with ``city_value`` the
    city's value of each indicator.
    """
    if rule.base_date is not None:
        cuts = range(1, len(rule.cuts) + 1) if rule.method == "quantile" else ()
        return (
            *(f"{item}.mean" for item in rule.items),
            *(f"{item}.sd" for item in rule.items),
            f"{rule.index}.sum_mean",
            f"{rule.index}.sum_sd",
            *(f"{rule.index}.cut_{number}" for number in cuts),
        )
    return rule.items if rule.mean_base == "city_value" else ()


def extra_items(rule: Rule) -> tuple[str, ...]:
    """Items that only this method gives: flags per indicator, the tenth of the index."""
    if rule.method == "percentile":
        return tuple(f"{item}.flag" for item in rule.items)
    return (f"{rule.index}.decile",) if rule.method == "rank_exponential" else ()


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


def quantile_cut(values: Floats, share: float) -> float:
    """Smallest value that at least this share of all values does not exceed.

    The inverse of the empirical distribution: equal values never fall into two classes.
    """
    return float(np.sort(values)[quantile_position(share, values.size)])


def quantile_position(share: float, n: int) -> int:
    """Position, from 0, of the quantile among n ascending values."""
    # The tolerance keeps 0.1 · 30 at the third value, though it is 3.0000000000000004.
    return max(math.ceil(share * n - _CANCELLED) - 1, 0)


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


def _zscore(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores | None:
    """Standardised sum of standardised indicators.

    Source: Monitoring Soziale Stadtentwicklung Berlin 2021. With ``city_value`` the city's own
    value is the centre of every z, and so the city as a whole has the index 0.
    """
    weights = _weights(rule)
    means, sds = _parameters(matrix, rule, city)
    z = _divided(_signs(rule) * (matrix - means), sds)
    sums = row_sums(weights * z)
    sum_mean, sum_sd = _sum_parameters(sums, rule, city)
    if sum_sd <= _CANCELLED * float(weights.sum()):
        return None
    return Scores(
        z=z,
        contributions=weights * (z - _z_centres(z, rule)) / sum_sd,
        sums=sums,
        index=(sums - sum_mean) / sum_sd,
        means=means,
        sds=sds,
        sum_mean=sum_mean,
        sum_sd=sum_sd,
        cuts=rule.cuts,
    )


def _quantile(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores | None:
    """Index of ``zscore``, cut so that given shares of the areas lie below each cut."""
    scores = _zscore(matrix, rule, city)
    if scores is None:
        return None
    if rule.base_date is not None:
        numbers = range(1, len(rule.cuts) + 1)
        cuts = tuple(city[f"{rule.index}.cut_{number}"] for number in numbers)
    else:
        cuts = tuple(quantile_cut(scores.index, share) for share in rule.cuts)
    return replace(scores, cuts=cuts)


def _fixed(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores | None:
    """Weighted number of fixed cuts that each indicator exceeds (or falls below)."""
    signs = _signs(rule)
    columns = [
        (sign * matrix[:, [j]] > sign * np.asarray(part.cuts)).sum(axis=1)
        for j, (part, sign) in enumerate(zip(rule.parts, signs, strict=True))
    ]
    points = np.column_stack(columns).astype(float)
    contributions = _weights(rule) * points
    return _plain(matrix, rule, points, contributions)


def _percentile(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores | None:
    """Percentile rank of the sum of percentile ranks.

    Source: CDC/ATSDR Social Vulnerability Index 2018: (lowest rank − 1) / (n − 1), turned round
    where less means more need, added with four digits; flags from 0.90.
    """
    columns = zip(matrix.T, rule.parts, strict=True)
    shares = np.column_stack([_need_percentile(values, part.sign) for values, part in columns])
    rounded = row_sums(_weights(rule) * np.round(shares, _SVI_DIGITS))
    # Equal sums of four-digit numbers stay equal, though their bits may differ.
    sums = np.round(rounded, 2 * _SVI_DIGITS)
    if is_constant(sums):
        return None
    index = _percentile_rank(sums)
    # The index is a rank, not a sum: each indicator gets its part of it in proportion.
    weighted = _weights(rule) * shares
    parts = _divided(weighted, row_sums(weighted)[:, None]) * index[:, None]
    is_flagged = (shares >= FLAG_PERCENTILE).astype(float)
    flags = dict(zip(extra_items(rule), is_flagged.T, strict=True))
    return replace(
        _plain(matrix, rule, shares, parts),
        sums=sums,
        index=index,
        sum_mean=mean_of(sums),
        sum_sd=sd_of(sums, rule.ddof),
        extras=flags,
    )


def _rank_exponential(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores | None:
    """Weighted mean of exponentially transformed ranks; cuts are shares of the areas.

    Source: English Indices of Deprivation 2019, technical report: R = rank / n with rank n =
    most deprived, X = −23 · ln(1 − R · (1 − e^(−100/23))); tenth 1 = most deprived.
    """
    weights = _weights(rule) / math.fsum(_weights(rule))
    scores = np.column_stack([_exponential(column) for column in (_signs(rule) * matrix).T])
    plain = _plain(matrix, rule, scores, weights * scores)
    if is_constant(plain.index):
        return None
    tenths = np.ceil(ranks_of(plain.index) * 10 / plain.index.size)
    return replace(
        plain,
        cuts=tuple(quantile_cut(plain.index, share) for share in rule.cuts),
        extras=dict(zip(extra_items(rule), (tenths,), strict=True)),
    )


def _plain(matrix: Floats, rule: Rule, z: Floats, contributions: Floats) -> Scores:
    """Scores whose index is the sum of the contributions itself."""
    sums = row_sums(contributions)
    means, sds = _parameters(matrix, replace(rule, mean_base="area_mean"), {})
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


def _parameters(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> tuple[Floats, Floats]:
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


def _sum_parameters(sums: Floats, rule: Rule, city: Mapping[str, float]) -> tuple[float, float]:
    if rule.base_date is not None:
        return city[f"{rule.index}.sum_mean"], city[f"{rule.index}.sum_sd"]
    centre = 0.0 if rule.mean_base == "city_value" else mean_of(sums)
    return centre, sd_of(sums, rule.ddof)


def _z_centres(z: Floats, rule: Rule) -> Floats:
    """Means of z, which are 0 but for rounding, unless the centre lies elsewhere."""
    if rule.base_date is not None or rule.mean_base == "city_value":
        return np.zeros(z.shape[1])
    return np.array([mean_of(column) for column in z.T])


def _need_percentile(values: Floats, sign: float) -> Floats:
    """Percentile rank of need; a constant indicator has none."""
    if is_constant(values):
        return np.zeros_like(values)
    ranks = _percentile_rank(values)
    return ranks if sign > 0 else 1 - ranks


def _percentile_rank(values: Floats) -> Floats:
    """Share of the other areas that have less, from 0 to 1; equal values share it."""
    lower = np.searchsorted(np.sort(values), values, side="left")
    return lower / (values.size - 1)


def _exponential(values: Floats) -> Floats:
    """Ranks from 1 (lowest) to n, equal values sharing the highest, on a scale up to 100."""
    if is_constant(values):
        return np.zeros_like(values)
    share = np.searchsorted(np.sort(values), values, side="right") / values.size
    return -_IMD_FACTOR * np.log(1 - share * (1 - math.exp(-100 / _IMD_FACTOR)))


def _divided(numbers: Floats, divisors: Floats) -> Floats:
    """Quotients, 0 where the divisor is 0: what does not vary contributes nothing."""
    return np.divide(numbers, divisors, out=np.zeros_like(numbers), where=divisors > 0)


def _signs(rule: Rule) -> Floats:
    return np.array([part.sign for part in rule.parts])


def _weights(rule: Rule) -> Floats:
    return np.array([part.weight for part in rule.parts])


_METHODS: dict[str, Callable[[Floats, Rule, Mapping[str, float]], Scores | None]] = {
    "zscore": _zscore,
    "quantile": _quantile,
    "fixed": _fixed,
    "percentile": _percentile,
    "rank_exponential": _rank_exponential,
}
