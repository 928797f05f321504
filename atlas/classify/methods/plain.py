"""Indices that are sums of points or of ranks, not standardised."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from atlas.classify.methods.arithmetic import (
    Floats,
    Scores,
    divided,
    is_constant,
    mean_of,
    parameters_of,
    percentile_ranks,
    quantile_cut,
    ranks_of,
    row_sums,
    sd_of,
    signs_of,
    weights_of,
)
from atlas.classify.rule import Rule

# English Indices of Deprivation, exponential transformation of ranks: a tenth of the scale
# above 50 for the most deprived tenth of areas.
_IMD_FACTOR = 23.0
# CDC/ATSDR Social Vulnerability Index: flagged are the areas from the 90th percentile on.
FLAG_PERCENTILE = 0.90
_SVI_DIGITS = 4


def fixed(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores | None:
    """Weighted number of fixed cuts that each indicator exceeds (or falls below)."""
    signs = signs_of(rule)
    columns = [
        (sign * matrix[:, [j]] > sign * np.asarray(part.cuts)).sum(axis=1)
        for j, (part, sign) in enumerate(zip(rule.parts, signs, strict=True))
    ]
    points = np.column_stack(columns).astype(float)
    contributions = weights_of(rule) * points
    return _plain(matrix, rule, points, contributions)


def percentile(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores | None:
    """Percentile rank of the sum of percentile ranks.

    Source: CDC/ATSDR Social Vulnerability Index 2018: (lowest rank − 1) / (n − 1), turned round
    where less means more need, added with four digits; flags from 0.90.
    """
    columns = zip(matrix.T, rule.parts, strict=True)
    shares = np.column_stack([_need_percentile(values, part.sign) for values, part in columns])
    rounded = row_sums(weights_of(rule) * np.round(shares, _SVI_DIGITS))
    # Equal sums of four-digit numbers stay equal, though their bits may differ.
    sums = np.round(rounded, 2 * _SVI_DIGITS)
    if is_constant(sums):
        return None
    index = percentile_ranks(sums)
    # The index is a rank, not a sum: each indicator gets its part of it in proportion.
    weighted = weights_of(rule) * shares
    parts = divided(weighted, row_sums(weighted)[:, None]) * index[:, None]
    is_flagged = (shares >= FLAG_PERCENTILE).astype(float)
    flags = dict(zip(rule.extra_items, is_flagged.T, strict=True))
    return replace(
        _plain(matrix, rule, shares, parts),
        sums=sums,
        index=index,
        sum_mean=mean_of(sums),
        sum_sd=sd_of(sums, rule.ddof),
        extras=flags,
    )


def rank_exponential(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores | None:
    """Weighted mean of exponentially transformed ranks; cuts are shares of the areas.

    Source: English Indices of Deprivation 2019, technical report: R = rank / n with rank n =
    most deprived, X = −23 · ln(1 − R · (1 − e^(−100/23))); tenth 1 = most deprived.
    """
    weights = weights_of(rule) / math.fsum(weights_of(rule))
    scores = np.column_stack([_exponential(column) for column in (signs_of(rule) * matrix).T])
    plain = _plain(matrix, rule, scores, weights * scores)
    if is_constant(plain.index):
        return None
    tenths = np.ceil(ranks_of(plain.index) * 10 / plain.index.size)
    return replace(
        plain,
        cuts=tuple(quantile_cut(plain.index, share) for share in rule.cuts),
        extras=dict(zip(rule.extra_items, (tenths,), strict=True)),
    )


def _need_percentile(values: Floats, sign: float) -> Floats:
    """Percentile rank of need; a constant indicator has none."""
    if is_constant(values):
        return np.zeros_like(values)
    ranks = percentile_ranks(values)
    return ranks if sign > 0 else 1 - ranks


def _exponential(values: Floats) -> Floats:
    """Ranks from 1 (lowest) to n, equal values sharing the highest, on a scale up to 100."""
    if is_constant(values):
        return np.zeros_like(values)
    share = np.searchsorted(np.sort(values), values, side="right") / values.size
    return -_IMD_FACTOR * np.log(1 - share * (1 - math.exp(-100 / _IMD_FACTOR)))


def _plain(matrix: Floats, rule: Rule, z: Floats, contributions: Floats) -> Scores:
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
