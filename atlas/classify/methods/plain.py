"""Indices that are weighted sums of points or of values on a common scale."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from atlas.classify.methods.arithmetic import (
    Floats,
    Scores,
    added_over,
    added_up,
    is_constant,
    present,
    quantile_cut,
    signs_of,
    theme_weights_of,
    weights_of,
)
from atlas.classify.rule import Rule

_TOP = 100.0


def fixed(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores:
    """Weighted number of fixed cuts that each indicator exceeds (or falls below)."""
    signs = signs_of(rule)
    columns = [
        (sign * matrix[:, [j]] > sign * np.asarray(part.cuts)).sum(axis=1)
        for j, (part, sign) in enumerate(zip(rule.parts, signs, strict=True))
    ]
    points = np.where(np.isnan(matrix), np.nan, np.column_stack(columns))
    return added_up(matrix, rule, points, weights_of(rule) * points)


def fixed_over(themes: Sequence[Scores], rule: Rule, city: Mapping[str, float]) -> Scores:
    """Weighted points of the themes."""
    weighted = zip(theme_weights_of(rule), themes, strict=True)
    return added_over(themes, rule, np.hstack([w * one.contributions for w, one in weighted]))


def minmax(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores:
    """Weighted mean of values between the smallest (0) and the largest (100) of the areas.

    Source: OECD/JRC Handbook on Constructing Composite Indicators (2008), steps 5 and 6.
    """
    weights = weights_of(rule) / math.fsum(weights_of(rule))
    columns = zip(matrix.T, rule.parts, strict=True)
    scaled = np.column_stack([_scaled(values, part.sign) for values, part in columns])
    return _cut(added_up(matrix, rule, scaled, weights * scaled), rule)


def minmax_over(themes: Sequence[Scores], rule: Rule, city: Mapping[str, float]) -> Scores:
    """Weighted mean of the themes, which are means on the same scale."""
    weights = theme_weights_of(rule) / math.fsum(theme_weights_of(rule))
    weighted = zip(weights, themes, strict=True)
    parts = np.hstack([w * one.contributions for w, one in weighted])
    return _cut(added_over(themes, rule, parts), rule)


def _scaled(values: Floats, sign: float) -> Floats:
    """Place of each value between the ends; a constant indicator has none."""
    if is_constant(values):
        return np.where(np.isnan(values), np.nan, 0.0)
    low, high = present(values).min(), present(values).max()
    scaled: Floats = _TOP * (values - low) / (high - low)
    return scaled if sign > 0 else _TOP - scaled


def _cut(scores: Scores, rule: Rule) -> Scores:
    return replace(
        scores,
        cuts=tuple(quantile_cut(scores.index, share) for share in rule.cuts),
        is_flat=is_constant(scores.index),
    )
