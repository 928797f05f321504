"""What holds for every city: invariants of index, level and explanation."""

import random
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from atlas.classify import Rule, level_items
from atlas.classify.methods.arithmetic import is_constant
from atlas.config.levels import Exclusion, Robustness
from atlas.terms import Status
from tests.method_tables import DAY, city_of, column_of, need_rule

METHODS = ["zscore", "quantile", "percentile", "rank_exponential"]
ITEMS = ("a", "b", "c")
# Few values, so that ties and constant columns are common; tenths are not exact in binary.
tenths = st.integers(-50, 500).map(lambda n: n / 10)


@st.composite
def cities(draw: st.DrawFn) -> pd.DataFrame:
    """Values of 3 to 25 areas and three indicators, one row per area."""
    n = draw(st.integers(3, 25))
    columns = {item: draw(st.lists(tenths, min_size=n, max_size=n)) for item in ITEMS}
    return pd.DataFrame(columns, index=[f"{i:03}" for i in range(n)])


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    parts = [
        {
            "id": item,
            "weight": draw(st.sampled_from([0.5, 1.0, 1.7])),
            "direction": draw(st.sampled_from(["more", "less"])),
        }
        for item in ITEMS
    ]
    sd = draw(st.sampled_from(["population", "sample"]))
    rule = need_rule(method=draw(st.sampled_from(METHODS)), sd=sd, indicators=parts)
    # Robustness costs time and is checked on its own.
    return replace(rule, robustness=None)


def classified(
    wide: pd.DataFrame, rule: Rule, city: dict[str, float] | None = None
) -> pd.DataFrame:
    values = wide.melt(ignore_index=False, var_name="item").reset_index(names="area_id")
    values = values.assign(status=Status.PUBLISHED.value, reason="")
    residents = pd.DataFrame({"area_id": wide.index, "value": 500.0, "status": "published"})
    return level_items(values, residents, rule, DAY, city)


@settings(deadline=None, max_examples=30)
@given(cities(), rules(), st.randoms(use_true_random=False))
def test_order_of_rows_never_changes_a_bit(
    wide: pd.DataFrame, rule: Rule, dice: random.Random
) -> None:
    order = list(wide.index)
    dice.shuffle(order)
    if rule.method in ("zscore", "quantile"):
        rule = replace(rule, robustness=Robustness(replications=1000))
    pd.testing.assert_frame_equal(
        classified(wide, rule), classified(wide.loc[order], rule), check_exact=True
    )


@settings(deadline=None, max_examples=30)
@given(cities(), rules(), st.permutations(ITEMS))
def test_order_of_indicators_never_changes_a_level(
    wide: pd.DataFrame, rule: Rule, order: list[str]
) -> None:
    by_item = {part.item: part for part in rule.parts}
    other = need_rule(
        method=rule.method,
        sd="sample" if rule.ddof else "population",
        indicators=[
            {
                "id": item,
                "weight": by_item[item].weight,
                "direction": "more" if by_item[item].sign > 0 else "less",
            }
            for item in order
        ],
    )
    first, second = classified(wide, rule), classified(wide, other)
    for item in ("need_index", "need_level", "need_index.rank"):
        assert column_of(first, item).equals(column_of(second, item))


@settings(deadline=None, max_examples=30)
@given(cities(), rules(), st.integers(0, 24), st.sampled_from(ITEMS), st.integers(1, 200))
def test_more_need_raises_the_sum(
    wide: pd.DataFrame, rule: Rule, place: int, item: str, tenth: int
) -> None:
    """z-scores and ranks alike; a z-score of n areas rises even though mean and sd move."""
    part = next(part for part in rule.parts if part.item == item)
    area_id = wide.index[place % len(wide)]
    assume(not is_constant(wide[item].to_numpy()))
    more = wide.copy()
    more.loc[area_id, item] += part.sign * tenth / 10
    assume(not is_constant(more[item].to_numpy()))
    before = column_of(classified(wide, rule), f"{item}.z")[area_id]
    after = column_of(classified(more, rule), f"{item}.z")[area_id]
    assume(not np.isnan(before) and not np.isnan(after))
    assert after >= before - 1e-12
    others = [name for name in ITEMS if name != item]
    first, second = classified(wide, rule), classified(more, rule)
    for name in others:
        assert column_of(first, f"{name}.z")[area_id] == column_of(second, f"{name}.z")[area_id]
    sums = [column_of(items, "need_index.sum")[area_id] for items in (first, second)]
    assert sums[1] >= sums[0] - 1e-12


@settings(deadline=None, max_examples=30)
@given(cities(), st.integers(0, 24), st.sampled_from(ITEMS), st.integers(1, 200))
def test_with_frozen_parameters_more_need_never_lowers_the_level(
    wide: pd.DataFrame, place: int, item: str, tenth: int
) -> None:
    free = replace(need_rule("a b c"), robustness=None)
    city = city_of(classified(wide, free)).to_dict()
    assume(not np.isnan(city["need_index.sum_sd"]))
    rule = replace(free, base_date=date(2020, 12, 31))
    area_id = wide.index[place % len(wide)]
    more = wide.copy()
    more.loc[area_id, item] += tenth / 10
    before, after = classified(wide, rule, city), classified(more, rule, city)
    for name in ("need_index", "need_level"):
        assert column_of(after, name)[area_id] >= column_of(before, name)[area_id]


@settings(deadline=None, max_examples=30)
@given(cities(), rules(), st.sampled_from([0.001, 0.01, 3.0, 1000.0]), st.sampled_from(ITEMS))
def test_unit_of_an_indicator_does_not_matter(
    wide: pd.DataFrame, rule: Rule, factor: float, item: str
) -> None:
    scaled = wide.assign(**{item: wide[item] * factor})
    first, second = (column_of(classified(w, rule), "need_index") for w in (wide, scaled))
    assert first.isna().equals(second.isna())
    assert (first - second).abs().max() < 1e-9 or first.isna().all()


@settings(deadline=None, max_examples=30)
@given(cities(), rules(), tenths)
def test_constant_indicator_contributes_0(wide: pd.DataFrame, rule: Rule, value: float) -> None:
    items = classified(wide.assign(c=value), rule)
    contributions = column_of(items, "c.contribution")
    assert contributions.isna().all() or contributions.eq(0).all()


@settings(deadline=None, max_examples=30)
@given(cities(), rules(), st.integers(0, 24))
def test_excluding_an_area_equals_its_absence(
    wide: pd.DataFrame, rule: Rule, place: int
) -> None:
    area_id = wide.index[place % len(wide)]
    excluding = replace(rule, exclusions=(Exclusion(area_id=area_id, reason="Probe"),))
    with_it, without = classified(wide, excluding), classified(wide.drop(area_id), rule)
    # The rank of an indicator counts all areas with a value, classified or not.
    is_rank = without["item"].isin([f"{item}.rank" for item in ITEMS])
    rest = with_it[(with_it["area_id"] != area_id)]
    rest = rest[~rest["item"].isin([f"{item}.rank" for item in ITEMS])]
    pd.testing.assert_frame_equal(
        rest.reset_index(drop=True), without[~is_rank].reset_index(drop=True), check_exact=True
    )


@settings(deadline=None, max_examples=40)
@given(cities(), rules())
def test_contributions_add_up_to_the_index(wide: pd.DataFrame, rule: Rule) -> None:
    items = classified(wide, rule)
    total = sum(column_of(items, f"{item}.contribution") for item in ITEMS)
    assert isinstance(total, pd.Series)
    index = column_of(items, "need_index")
    assert (total - index).abs().max() < 1e-12 or index.isna().all()


@settings(deadline=None, max_examples=30)
@given(cities(), rules())
def test_index_is_standardised(wide: pd.DataFrame, rule: Rule) -> None:
    assume(rule.method in ("zscore", "quantile"))
    index = column_of(classified(wide, rule), "need_index").to_numpy()
    assume(not np.isnan(index).any())
    assert abs(index.mean()) < 1e-9
    assert abs(index.std(ddof=rule.ddof) - 1) < 1e-9


@settings(deadline=None, max_examples=30)
@given(cities(), rules())
def test_a_higher_index_never_has_a_lower_level_and_equal_areas_are_equal(
    wide: pd.DataFrame, rule: Rule
) -> None:
    twins = pd.concat([wide, wide.iloc[[0]].set_axis(["zwilling"])])
    items = classified(twins, rule)
    pairs = pd.DataFrame(
        {name: column_of(items, name) for name in ("need_index", "need_level")}
    ).sort_values("need_index")
    assert pairs["need_level"].dropna().is_monotonic_increasing
    first = items[items["area_id"] == wide.index[0]]["value"].to_numpy()
    second = items[items["area_id"] == "zwilling"]["value"].to_numpy()
    np.testing.assert_array_equal(first, second)
