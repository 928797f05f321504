import itertools
import random
import statistics
from dataclasses import replace
from math import exp, log

import numpy as np
import pandas as pd
import pytest

from atlas.classify import Rule
from atlas.classify.items import classify
from atlas.classify.methods.arithmetic import Scores
from atlas.classify.robustness import draw_factors, robustness_of
from tests.method_tables import DAY, classify_table, flensburg_rule, flensburg_values, need_rule

Column = list[float]


@pytest.fixture(scope="module")
def town() -> tuple[np.ndarray, Scores, Rule]:
    """The 13 Stadtteile of Flensburg, values in the order of the rule."""
    values, residents = flensburg_values(2021)
    rule = flensburg_rule()
    outcome = classify(values, residents, rule, DAY)
    assert outcome.scores is not None
    return outcome.grid.value.to_numpy(), outcome.scores, rule


def standardised(column: Column) -> Column:
    mean, spread = statistics.fmean(column), statistics.pstdev(column)
    return [(x - mean) / spread for x in column]


def stretched(column: Column) -> Column:
    low, high = min(column), max(column)
    return [1 + 99 * (x - low) / (high - low) for x in column]


def index_by_hand(columns: list[Column], weights: Column, choice: tuple[bool, bool]) -> Column:
    is_min_max, is_geometric = choice
    scaled = [stretched(c) if is_min_max else standardised(c) for c in columns]
    sums = []
    for i in range(len(columns[0])):
        row = [column[i] for column in scaled]
        if is_min_max and is_geometric:
            sums.append(exp(sum(w * log(x) for w, x in zip(weights, row, strict=True))))
        else:
            sums.append(sum(w * x for w, x in zip(weights, row, strict=True)))
    return standardised(sums)


def tally(indices: list[Column], cuts: list[tuple[float, ...]]) -> list[dict[str, float]]:
    results = []
    for i in range(len(indices[0])):
        levels = [1 + sum(x[i] > c for c in cut) for x, cut in zip(indices, cuts, strict=True)]
        ranks = [1 + sum(other > x[i] for other in x) for x in indices]
        shares = {f"share_{n}": levels.count(n) / len(levels) for n in (1, 2, 3, 4)}
        results.append({**shares, "rank_low": min(ranks), "rank_high": max(ranks)})
    return results


def test_same_draws_by_hand(town: tuple[np.ndarray, Scores, Rule]) -> None:
    """The same factors through plain loops give the same shares and ranks."""
    matrix, scores, rule = town
    assert rule.robustness is not None
    draws = draw_factors(scores, rule, rule.robustness)
    columns = matrix.T.tolist()
    indices, cuts = [], []
    for r in range(rule.robustness.replications):
        choice = bool(draws.is_min_max[r]), bool(draws.is_geometric[r])
        indices.append(index_by_hand(columns, draws.weights[r].tolist(), choice))
        cuts.append(tuple(np.array(rule.cuts) + draws.shifts[r]))
    found = robustness_of(matrix, scores, rule)
    for i, expected in enumerate(tally(indices, cuts)):
        assert {part: found[part][i] for part in expected} == expected


def test_independent_sampling(town: tuple[np.ndarray, Scores, Rule]) -> None:
    """Another program with its own random numbers, drawn independently: within 3 points."""
    matrix, scores, rule = town
    columns = matrix.T.tolist()
    dice = random.Random(20211231)
    indices, cuts = [], []
    for _ in range(6000):
        left_out = dice.choice([0, 1, 2, None])
        weights = [0.0 if j == left_out else dice.uniform(0.75, 1.25) for j in range(3)]
        weights = [w / sum(weights) for w in weights]
        choice = dice.random() < 0.5, dice.random() < 0.5
        indices.append(index_by_hand(columns, weights, choice))
        cuts.append(tuple(cut + dice.uniform(-0.1, 0.1) for cut in (-1.0, 1.0, 1.5)))
    found = robustness_of(matrix, scores, rule)
    for i, expected in enumerate(tally(indices, cuts)):
        for part in ("share_1", "share_2", "share_3", "share_4"):
            assert found[part][i] == pytest.approx(expected[part], abs=0.03)


@pytest.mark.parametrize("replications", [1000, 2000])
def test_two_seeds_agree(town: tuple[np.ndarray, Scores, Rule], replications: int) -> None:
    matrix, scores, rule = town
    results = [seeded(matrix, scores, rule, (seed, replications)) for seed in range(6)]
    for first, second in itertools.combinations(results, 2):
        assert np.abs(first - second).max() < 0.03


def seeded(
    matrix: np.ndarray, scores: Scores, rule: Rule, settings: tuple[int, int]
) -> np.ndarray:
    assert rule.robustness is not None
    update = dict(zip(("seed", "replications"), settings, strict=True))
    changed = replace(rule, robustness=rule.robustness.model_copy(update=update))
    found = robustness_of(matrix, scores, changed)
    return np.array([found[f"share_{n}"] for n in (1, 2, 3, 4)])


def test_same_seed_same_figures(town: tuple[np.ndarray, Scores, Rule]) -> None:
    first, second = (robustness_of(*town) for _ in range(2))
    assert all((first[part] == second[part]).all() for part in first)


def test_factors_keep_their_ranges(town: tuple[np.ndarray, Scores, Rule]) -> None:
    _, scores, rule = town
    assert rule.robustness is not None
    draws = draw_factors(scores, rule, rule.robustness)
    n = rule.robustness.replications
    assert draws.weights.sum(axis=1) == pytest.approx(np.ones(n), abs=1e-12)
    left_out = (draws.weights == 0).sum(axis=0)
    assert left_out.tolist() == [n / 4] * 3
    whole = draws.weights[(draws.weights > 0).all(axis=1)]
    ratios = whole / whole.min(axis=1, keepdims=True)
    assert ratios.max() <= 1.25 / 0.75
    assert draws.is_min_max.mean() == 0.5
    assert (draws.is_min_max & draws.is_geometric).mean() == 0.25
    assert np.abs(draws.shifts).max() <= 0.1
    assert np.abs(draws.shifts).max() > 0.099


def test_constant_indicator_is_no_factor() -> None:
    """With b constant there is nothing to leave out and a alone decides."""
    table = "area a b |\n" + "\n".join(f"{n:02} {n} 7" for n in range(20))
    items = classify_table(table, need_rule("a b"))
    ranks = items[items["item"].isin(["need_level.rank_low", "need_level.rank_high"])]
    wide = ranks.pivot(index="area_id", columns="item", values="value").drop(
        index="", errors="ignore"
    )
    assert wide["need_level.rank_low"].equals(wide["need_level.rank_high"])


def test_stability_follows_the_share_that_keeps_the_level(
    town: tuple[np.ndarray, Scores, Rule],
) -> None:
    matrix, scores, rule = town
    found = robustness_of(matrix, scores, rule)
    levels = 1 + (scores.index[:, None] > np.array(rule.cuts)).sum(axis=1)
    kept = [found[f"share_{level}"][i] for i, level in enumerate(levels)]
    expected = [1 if k >= 0.95 else 2 if k >= 0.75 else 3 for k in kept]
    assert found["stability"].tolist() == expected
    assert set(expected) == {1, 2, 3}
    total = sum(found[f"share_{n}"] for n in (1, 2, 3, 4))
    assert total == pytest.approx(np.ones(13), abs=1e-12)


def test_frozen_edition_keeps_its_scale() -> None:
    """Everybody far above the frozen mean stays in level 4, however often it is redrawn."""
    base = {"a.mean": 0.0, "a.sd": 1.0, "b.mean": 0.0, "b.sd": 1.0}
    base |= {"need_index.sum_mean": 0.0, "need_index.sum_sd": 2.0}
    table = "area a b |\n" + "\n".join(
        f"{n:02} {n + 50} {(7 * n) % 20 + 50}" for n in range(20)
    )
    items = classify_table(table, need_rule("a b", base_date="2020-12-31"), base)
    shares = items[items["item"] == "need_level.share_4"]["value"]
    assert (shares == 1).all()


def test_quantile_cuts_follow_each_replication() -> None:
    """Half of the areas lie above the median, whatever the weights."""
    table = "area a b |\n" + "\n".join(f"{n:02} {n} {(7 * n) % 20}" for n in range(20))
    rule = need_rule("a b", method="quantile", options={"robustness": {"cut_spread": 0.0}})
    items = classify_table(table, rule)
    shares = items[items["item"].isin(["need_level.share_3", "need_level.share_4"])]
    assert shares["value"].sum() == pytest.approx(10, abs=1e-9)


def test_rule_without_robustness_has_no_items() -> None:
    items = classify_table("area a |\n1 1\n2 2\n3 3", need_rule("a", method="percentile"))
    assert not items["item"].str.startswith("need_level.").any()
    values, residents = flensburg_values(2021)
    outcome = classify(values, residents, flensburg_rule(), DAY)
    assert outcome.scores is not None
    with pytest.raises(ValueError, match="robustness"):
        robustness_of(
            outcome.grid.value.to_numpy(),
            outcome.scores,
            replace(flensburg_rule(), robustness=None),
        )


def test_equal_areas_get_equal_ranks() -> None:
    rows = [
        f"{n:02} {v} {w}" for n, (v, w) in enumerate([(1, 2), (1, 2), (3, 1), (4, 9), (2, 5)])
    ]
    items = classify_table("area a b |\n" + "\n".join(rows), need_rule("a b"))
    wide: pd.DataFrame = items[items["area_id"].isin(["00", "01"])].pivot(
        index="item", columns="area_id", values="value"
    )
    assert wide["00"].equals(wide["01"])
