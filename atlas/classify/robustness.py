"""How firmly a level stands: the index recomputed under other, equally defensible choices.

Knows values, weights and cuts; neither areas nor statuses. Every replication draws all factors
at once: weights, z or min-max, sum or product, one indicator left out or none, cuts.

Source: OECD/JRC Handbook on Constructing Composite Indicators (2008), step 7.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atlas.classify.methods.arithmetic import Floats, Scores, levels_of, quantile_position
from atlas.classify.rule import Rule
from atlas.config.levels import Robustness

# Share of replications that keep the official level.
STABLE_SHARE, NEAR_SHARE = 0.95, 0.75
STABLE, NEAR_CUT, UNSURE = 1, 2, 3
# Geometric means need values above 0.
_MIN_MAX = (1.0, 100.0)
# Weighted z-scores that cancel out leave rounding noise below this, not a spread.
_NO_SPREAD = 1e-9
# Replications computed at a time: 542 areas take 2 MB per table.
_CHUNK = 500


@dataclass(frozen=True)
class Draws:
    """Factors of R replications for k indicators.

    ``weights`` (R × k): adding up to 1, 0 for the indicator left out; ``is_min_max`` and
    ``is_geometric`` (R); ``shifts`` (R × number of cuts): added to the cuts.
    """

    weights: Floats
    is_min_max: NDArray[np.bool_]
    is_geometric: NDArray[np.bool_]
    shifts: Floats


def robustness_parts(rule: Rule) -> tuple[str, ...]:
    """Names of what is told of a level: its share in each class of the rule, ranks, a word."""
    shares = (f"share_{number}" for number in range(1, len(rule.cuts) + 2))
    return (*shares, "rank_low", "rank_high", "stability")


def robustness_of(matrix: Floats, scores: Scores, rule: Rule) -> dict[str, Floats]:
    """Share of replications in each level, range of ranks and stability of each valid area.

    Parameters
    ----------
    matrix
        n × k values of the valid areas.
    scores
        The official result on them.
    rule
        With its settings of robustness; method ``zscore`` or ``quantile``.

    Returns
    -------
        One array of n per part of ``robustness_parts``. Rank 1 means most need, so
        ``rank_low`` is the rank at most need; ``stability`` is 1 (stabil) where at least 95 %
        of the replications keep the official level, 2 (grenznah) from 75 %, 3 (unsicher) below.

    Raises
    ------
    ValueError
        If the rule asks for no robustness.
    """
    if rule.robustness is None:
        raise ValueError("the rule has no settings of robustness")
    draws = draw_factors(scores, rule, rule.robustness)
    tables = _tables(matrix, scores, rule)
    n_levels = len(rule.cuts) + 1
    counts = np.zeros((n_levels, matrix.shape[0]))
    lows = np.full(matrix.shape[0], np.inf)
    highs = np.zeros(matrix.shape[0])
    for start in range(0, rule.robustness.replications, _CHUNK):
        part = _slice(draws, start)
        index = _replicate(part, tables, scores, rule)
        levels, ranks = levels_and_ranks(index, part.shifts, rule)
        counts += [(levels == level).sum(axis=0) for level in range(1, n_levels + 1)]
        lows = np.minimum(lows, ranks.min(axis=0))
        highs = np.maximum(highs, ranks.max(axis=0))
    shares = counts / rule.robustness.replications
    official = levels_of(scores.index, scores.cuts).astype(int)
    kept = shares[official - 1, np.arange(official.size)]
    figures = (*shares, lows, highs, stability_of(kept))
    return dict(zip(robustness_parts(rule), figures, strict=True))


def draw_factors(scores: Scores, rule: Rule, settings: Robustness) -> Draws:
    """Draw the factors of all replications, seeded.

    Each factor is uniform over its range or its choices; a constant indicator gets no weight
    and is never the one left out. The sample is stratified: every combination of choices
    occurs equally often, and within it the weights and cuts form a Latin hypercube. So two
    seeds agree much better than with independent draws.
    """
    random = np.random.default_rng(settings.seed)
    is_active = scores.sds > 0
    cells, left_out = cells_of(scores.sds, settings.replications)
    k = len(rule.parts)
    points = _latin_hypercubes(random, cells, k + len(rule.cuts))
    spread = 1 + settings.weight_spread * (2 * points[:, :k] - 1)
    weights = np.array([part.weight for part in rule.parts]) * is_active * spread
    reduced = np.flatnonzero(left_out >= 0)
    weights[reduced, left_out[reduced]] = 0.0
    return Draws(
        weights=weights / weights.sum(axis=1, keepdims=True),
        is_min_max=cells % 2 == 1,
        is_geometric=cells // 2 % 2 == 1,
        shifts=settings.cut_spread * (2 * points[:, k:] - 1),
    )


def cells_of(sds: Floats, replications: int) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Find for each replication its combination of choices and what is left out, −1 for none.

    Combinations alternate: z or min-max, sum or product, then the indicator, the last none.
    Left out is one that varies, and only if there are two.
    """
    active = np.flatnonzero(sds > 0)
    left_out = np.append(active, -1) if active.size > 1 else np.array([-1])
    cells = np.arange(replications) % (4 * left_out.size)
    return cells, left_out[cells // 4]


def _latin_hypercubes(
    random: np.random.Generator, cells: NDArray[np.int_], n_factors: int
) -> Floats:
    """Points of the unit cube (R × factors), a Latin hypercube of its own in every cell.

    Source: McKay, Beckman and Conover (1979), Technometrics 21 (2).
    """
    points = np.empty((cells.size, n_factors))
    for cell in range(int(cells.max()) + 1):
        rows = np.flatnonzero(cells == cell)
        strata = np.column_stack([random.permutation(rows.size) for _ in range(n_factors)])
        points[rows] = (strata + random.random(strata.shape)) / rows.size
    return points


def _tables(matrix: Floats, scores: Scores, rule: Rule) -> tuple[Floats, Floats, Floats]:
    """z-scores, min-max values from 1 to 100 and their logarithms, each n × k."""
    scaled = scaled_of(matrix * [part.sign for part in rule.parts], 0)
    return scores.z, scaled, np.log(scaled)


def scaled_of(signed: Floats, axis: int) -> Floats:
    """Values on a scale from 1 to 100 between the lowest and the highest along an axis."""
    low, high = signed.min(axis=axis, keepdims=True), signed.max(axis=axis, keepdims=True)
    spread = np.where(high > low, high - low, 1.0)
    scaled: Floats = _MIN_MAX[0] + (_MIN_MAX[1] - _MIN_MAX[0]) * (signed - low) / spread
    return scaled


def _slice(draws: Draws, start: int) -> Draws:
    rows = slice(start, start + _CHUNK)
    return Draws(
        draws.weights[rows],
        draws.is_min_max[rows],
        draws.is_geometric[rows],
        draws.shifts[rows],
    )


def _replicate(
    draws: Draws, tables: tuple[Floats, Floats, Floats], scores: Scores, rule: Rule
) -> Floats:
    """Index of every area (columns) in every replication (rows)."""
    z, scaled, logarithms = tables
    is_product = draws.is_min_max & draws.is_geometric
    sums = np.empty((draws.weights.shape[0], z.shape[0]))
    for rows, table in (
        (~draws.is_min_max, z),
        (draws.is_min_max & ~is_product, scaled),
        (is_product, logarithms),
    ):
        sums[rows] = _weighted(draws.weights[rows], table)
    sums[is_product] = np.exp(sums[is_product])
    return placed(sums, scores.index, rule.ddof)


def placed(sums: Floats, official: Floats, ddof: int) -> Floats:
    """Put sums (replications × areas) on the mean and the spread of the official index.

    So the cuts mean the same with a frozen base date or the city's value as centre.
    """
    spread = sums.std(axis=1, ddof=ddof, keepdims=True)
    deviation = sums - sums.mean(axis=1, keepdims=True)
    index = np.divide(deviation, spread, out=np.zeros_like(sums), where=spread > _NO_SPREAD)
    moved: Floats = index * official.std(ddof=ddof) + official.mean()
    return moved


def _weighted(weights: Floats, table: Floats) -> Floats:
    """Weighted sums, rows of weights by rows of the table.

    Column by column: a matrix product may round equal areas differently.
    """
    total = np.zeros((weights.shape[0], table.shape[0]))
    for j in range(table.shape[1]):
        total += weights[:, [j]] * table[:, j]
    return total


def levels_and_ranks(
    index: Floats, shifts: Floats, rule: Rule
) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Level and rank of every area (columns) in every replication (rows)."""
    order = np.argsort(-index, axis=1, kind="stable")
    ordered = np.take_along_axis(index, order, axis=1)
    places = np.arange(1, index.shape[1] + 1)
    is_new = np.ones_like(ordered, dtype=bool)
    is_new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    best = np.maximum.accumulate(np.where(is_new, places, 0), axis=1)
    ranks = np.empty_like(best)
    np.put_along_axis(ranks, order, best, axis=1)
    return levels_in(index, shifts, rule), ranks


def levels_in(index: Floats, shifts: Floats, rule: Rule) -> NDArray[np.int_]:
    """Level of every area (columns) in every replication (rows), the cuts shifted."""
    levels = np.ones(index.shape, dtype=int)
    for number, cut in enumerate(rule.cuts):
        limit = np.full(index.shape[0], cut)
        if rule.record.finds_cuts:
            place = quantile_position(cut, index.shape[1])
            limit = np.partition(index, place, axis=1)[:, place]
        levels += index > (limit + shifts[:, number])[:, None]
    return levels


def stability_of(kept: Floats) -> Floats:
    """Word for the share of replications that keep the official level."""
    return np.select(
        [kept >= STABLE_SHARE, kept >= NEAR_SHARE], [float(STABLE), NEAR_CUT], UNSURE
    )
