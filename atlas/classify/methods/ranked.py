"""Indices that are made of ranks."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from atlas.classify.methods.arithmetic import (
    Floats,
    Scores,
    added_over,
    added_up,
    divided,
    is_constant,
    mean_of,
    percentile_ranks,
    present,
    quantile_cut,
    ranks_of,
    row_sums,
    sd_of,
    shared_ranks,
    signs_of,
    theme_weights_of,
    weights_of,
)
from atlas.classify.rule import Rule

# English Indices of Deprivation, exponential transformation of ranks: a tenth of the scale
# above 50 for the most deprived tenth of areas.
_IMD_FACTOR = 23.0
# CDC/ATSDR Social Vulnerability Index: flagged are the areas from the 90th percentile on.
FLAG_PERCENTILE = 0.90
_SVI_DIGITS = 4


def percentile(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores:
    """Percentile rank of the sum of percentile ranks.

    Source: CDC/ATSDR Social Vulnerability Index 2018: (lowest rank − 1) / (n − 1), turned round
    where less means more need, added with four digits; flags from 0.90.
    """
    columns = zip(matrix.T, rule.parts, strict=True)
    shares = np.column_stack(
        [_need_percentile(values, part.sign, rule.ties) for values, part in columns]
    )
    sums = row_sums(weights_of(rule) * np.round(shares, _SVI_DIGITS))
    is_flagged = np.where(np.isnan(shares), np.nan, shares >= FLAG_PERCENTILE)
    flags = dict(zip(rule.extra_items, is_flagged.T, strict=True))
    plain = added_up(matrix, rule, shares, np.zeros_like(shares))
    # Equal sums of four-digit numbers stay equal, though their bits may differ.
    sums = np.round(sums, 2 * _SVI_DIGITS)
    return _ranked(replace(plain, extras=flags), weights_of(rule) * shares, sums, rule)


def percentile_over(themes: Sequence[Scores], rule: Rule, city: Mapping[str, float]) -> Scores:
    """Percentile rank of the sum of the themes' sums.

    Source: CDC/ATSDR Social Vulnerability Index 2018, overall ranking.
    """
    weights = theme_weights_of(rule)
    sums = row_sums(weights * np.column_stack([theme.sums for theme in themes]))
    sums = np.round(sums, 3 * _SVI_DIGITS)
    own = [weights_of(rule.of_theme(theme)) for theme in rule.themes]
    parts = zip(weights, own, themes, strict=True)
    weighted = np.hstack([weight * inner * theme.z for weight, inner, theme in parts])
    return _ranked(added_over(themes, rule, np.zeros_like(weighted)), weighted, sums, rule)


def rank_exponential(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores:
    """Weighted mean of exponentially transformed ranks; cuts are shares of the areas.

    Source: English Indices of Deprivation 2019, technical report: R = rank / n with rank n =
    most deprived, X = −23 · ln(1 − R · (1 − e^(−100/23))); tenth 1 = most deprived.
    """
    weights = weights_of(rule) / math.fsum(weights_of(rule))
    signed = (signs_of(rule) * matrix).T
    scores = np.column_stack([_exponential(column, rule.ties) for column in signed])
    return _in_tenths(added_up(matrix, rule, scores, weights * scores), rule)


def rank_exponential_over(
    themes: Sequence[Scores], rule: Rule, city: Mapping[str, float]
) -> Scores:
    """Weighted mean of the transformed ranks of the themes; cuts are shares of the areas.

    Source: English Indices of Deprivation 2019, technical report: domains are ranked and
    transformed before they are added.
    """
    weights = theme_weights_of(rule) / math.fsum(theme_weights_of(rule))
    columns = []
    for weight, theme in zip(weights, themes, strict=True):
        score = weight * _exponential(theme.index, rule.ties)
        shares = divided(theme.contributions, row_sums(theme.contributions)[:, None])
        columns.append(score[:, None] * shares)
    return _in_tenths(added_over(themes, rule, np.hstack(columns)), rule)


def _need_percentile(values: Floats, sign: float, ties: str) -> Floats:
    """Percentile rank of need; a constant indicator has none."""
    if is_constant(values):
        return np.where(np.isnan(values), np.nan, 0.0)
    ranks = percentile_ranks(values, ties)
    return ranks if sign > 0 else 1 - ranks


def _ranked(scores: Scores, weighted: Floats, sums: Floats, rule: Rule) -> Scores:
    """Put the percentile rank of the sums in place of the index."""
    is_flat = is_constant(sums)
    index = np.where(np.isnan(sums), np.nan, 0.0)
    if not is_flat:
        index = percentile_ranks(sums, rule.ties)
    # The index is a rank, not a sum: each indicator gets its part of it in proportion.
    parts = divided(weighted, row_sums(weighted)[:, None]) * index[:, None]
    return replace(
        scores,
        contributions=parts,
        sums=sums,
        index=index,
        sum_mean=mean_of(sums),
        sum_sd=sd_of(sums, rule.ddof),
        is_flat=is_flat,
    )


def _exponential(values: Floats, ties: str) -> Floats:
    """Ranks from 1 (lowest) to n on a scale up to 100."""
    if is_constant(values):
        return np.where(np.isnan(values), np.nan, 0.0)
    share = shared_ranks(values, ties) / present(values).size
    return -_IMD_FACTOR * np.log(1 - share * (1 - math.exp(-100 / _IMD_FACTOR)))


def _in_tenths(scores: Scores, rule: Rule) -> Scores:
    tenths = np.ceil(ranks_of(scores.index) * 10 / present(scores.index).size)
    return replace(
        scores,
        cuts=tuple(quantile_cut(scores.index, share) for share in rule.cuts),
        extras={**scores.extras, f"{rule.index}.{rule.record.index_extra}": tenths},
        is_flat=is_constant(scores.index),
    )
