"""Standardised sums of z-scores, cut at fixed limits or into given shares of the areas."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from atlas.classify.methods.arithmetic import (
    CANCELLED,
    Floats,
    Scores,
    divided,
    mean_of,
    parameters_of,
    quantile_cut,
    row_sums,
    sd_of,
    signs_of,
    weights_of,
)
from atlas.classify.rule import Rule


def zscore(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores | None:
    """Standardised sum of standardised indicators.

    Source: Monitoring Soziale Stadtentwicklung Berlin 2021. With ``city_value`` the city's own
    value is the centre of every z, and so the city as a whole has the index 0.
    """
    weights = weights_of(rule)
    means, sds = parameters_of(matrix, rule, city)
    z = divided(signs_of(rule) * (matrix - means), sds)
    sums = row_sums(weights * z)
    sum_mean, sum_sd = _sum_parameters(sums, rule, city)
    if sum_sd <= CANCELLED * float(weights.sum()):
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


def quantile(matrix: Floats, rule: Rule, city: Mapping[str, float]) -> Scores | None:
    """Index of ``zscore``, cut so that given shares of the areas lie below each cut."""
    scores = zscore(matrix, rule, city)
    if scores is None:
        return None
    if rule.base_date is not None:
        numbers = range(1, len(rule.cuts) + 1)
        cuts = tuple(city[f"{rule.index}.cut_{number}"] for number in numbers)
    else:
        cuts = tuple(quantile_cut(scores.index, share) for share in rule.cuts)
    return replace(scores, cuts=cuts)


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
