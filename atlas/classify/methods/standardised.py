"""Standardised sums of z-scores, cut at fixed limits or into given shares of the areas."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from atlas.classify.methods.arithmetic import (
    CANCELLED,
    Floats,
    Scores,
    added_over,
    divided,
    mean_of,
    parameters_of,
    quantile_cut,
    row_sums,
    sd_of,
    signs_of,
    theme_weights_of,
    weights_of,
)
from atlas.classify.rule import Rule


def zscore(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores:
    """Standardised sum of standardised indicators.

    Source: Monitoring Soziale Stadtentwicklung Berlin 2021. With ``city_value`` the city's own
    value is the centre of every z, and so the city as a whole has the index 0.
    """
    weights = weights_of(rule)
    means, sds = parameters_of(matrix, rule, city)
    z = divided(signs_of(rule) * (matrix - means), sds)
    sums = row_sums(weights * z)
    centred = Scores(
        z=z,
        contributions=weights * (z - _centres(z, rule)),
        sums=sums,
        index=sums,
        means=means,
        sds=sds,
        sum_mean=0.0,
        sum_sd=0.0,
        cuts=rule.cuts,
    )
    return _standardised(centred, weights, rule, city)


def zscore_over(themes: Sequence[Scores], rule: Rule, city: Mapping[str, float]) -> Scores:
    """Standardised sum of standardised sums, one for each theme."""
    weights = theme_weights_of(rule)
    weighted = zip(weights, themes, strict=True)
    parts = np.hstack([weight * theme.contributions for weight, theme in weighted])
    sums = row_sums(weights * np.column_stack([theme.index for theme in themes]))
    centred = replace(added_over(themes, rule, parts - _centres(parts, rule)), sums=sums)
    return _standardised(centred, weights, rule, city)


def quantile(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores:
    """Index of ``zscore``, cut so that given shares of the areas lie below each cut."""
    return _cut(zscore(matrix, rule, city), rule, city)


def quantile_over(themes: Sequence[Scores], rule: Rule, city: Mapping[str, float]) -> Scores:
    """Index of ``zscore_over``, cut likewise."""
    return _cut(zscore_over(themes, rule, city), rule, city)


def _standardised(
    centred: Scores, weights: Floats, rule: Rule, city: Mapping[str, float]
) -> Scores:
    """Put sums and contributions on the mean and the spread of the sums; 0 if there is none."""
    mean, sd = _sum_parameters(centred.sums, rule, city)
    is_flat = sd <= CANCELLED * float(weights.sum())
    spread = math.inf if is_flat else sd
    return replace(
        centred,
        contributions=centred.contributions / spread,
        index=(centred.sums - mean) / spread,
        sum_mean=mean,
        sum_sd=0.0 if is_flat else sd,
        is_flat=is_flat,
    )


def _cut(scores: Scores, rule: Rule, city: Mapping[str, float]) -> Scores:
    if rule.base_date is not None:
        numbers = range(1, len(rule.cuts) + 1)
        cuts = tuple(city[f"{rule.index}.cut_{number}"] for number in numbers)
    else:
        cuts = tuple(quantile_cut(scores.index, share) for share in rule.cuts)
    return replace(scores, cuts=cuts)


def _sum_parameters(sums: Floats, rule: Rule, city: Mapping[str, float]) -> tuple[float, float]:
    if rule.base_date is not None:
        return city[f"{rule.index}.sum_mean"], city[f"{rule.index}.sum_sd"]
    return 0.0 if _is_centred(rule) else mean_of(sums), sd_of(sums, rule.ddof)


def _centres(columns: Floats, rule: Rule) -> Floats:
    """Means of columns, which are 0 but for rounding, unless the centre lies elsewhere."""
    if rule.base_date is not None or _is_centred(rule):
        return np.zeros(columns.shape[1])
    return np.array([mean_of(column) for column in columns.T])


def _is_centred(rule: Rule) -> bool:
    """Whether 0 is an area at every centre, and not the mean of the sums.

    Both are the same, unless the centre is the city's value or areas lack indicators: those
    that have all are not those of whom each mean is.
    """
    return rule.mean_base == "city_value" or rule.missing == "own_areas"
