"""Joint robustness on small tables whose shares are known."""

from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.classify import DRIVERS, Noise, Rule, joint_items, level_items
from tests.method_tables import DAY, inputs_of, need_rule, read_table

COLUMNS = ["area_id", "item", "series", "numerator", "denominator", "is_share", "factor"]
TIMES = 1000
MIDDLE = """
area   a
01    10
02    20
03    30
"""


def rule_with(ids: str, *factors: str, cuts: tuple[float, ...], **others: float) -> Rule:
    robustness = {"replications": TIMES, "factors": factors, **others}
    return need_rule(ids, cuts=list(cuts), options={"robustness": robustness})


def noise_of(values: pd.DataFrame, people: dict[str, float]) -> Noise:
    """Every value is a share of so many people in its area; areas without them do not vary."""
    rows = values[values["area_id"].isin(people)]
    of = rows["area_id"].map(people).astype(float)
    return Noise(
        pd.DataFrame(
            {
                "area_id": rows["area_id"],
                "item": rows["item"],
                "series": "zufall",
                "numerator": rows["value"] * of / 100,
                "denominator": of,
                "is_share": True,
                "factor": 100.0,
            },
            columns=COLUMNS,
        )
    )


def told_of(table: str, rule: Rule, people: dict[str, float]) -> pd.DataFrame:
    """Figures of the level by area and part."""
    values, residents = inputs_of(read_table(table), rule.items)
    items = level_items(values, residents, rule, DAY)
    assert not items["item"].str.contains("share_").any()
    found = joint_items(values, items, noise_of(values, people), rule)
    wide = found.pivot(index="area_id", columns="item", values="value")
    return wide.rename(columns=lambda name: name.removeprefix("need_level."))


def test_two_areas_far_apart() -> None:
    rule = rule_with("a", "method", "chance", cuts=(-0.5, 0.0, 0.5))
    found = told_of("area a\n01 5\n02 60", rule, {"01": 400.0, "02": 400.0})
    assert found["share_1"].tolist() == [1.0, 0.0]
    assert found["share_4"].tolist() == [0.0, 1.0]
    assert found["stability"].tolist() == [1, 1]
    assert found["driver"].tolist() == [0, 0]
    assert found["share_held"].tolist() == [1, 1]
    assert found["rank_low"].tolist() == found["rank_high"].tolist() == [2, 1]


def test_an_area_exactly_on_the_cut() -> None:
    """It stays below where at most 20 of 100 are drawn: 55.95 %, by the binomial."""
    rule = rule_with("a", "chance", cuts=(0.0, 5.0, 6.0))
    found = told_of(MIDDLE, rule, {"02": 100.0})
    below = sum(comb(100, c) * 0.2**c * 0.8 ** (100 - c) for c in range(21))
    assert found.loc["02", "share_1"] == round(TIMES * below) / TIMES == 0.559
    assert found.loc["02", "share_2"] == pytest.approx(1 - 0.559)
    assert found.loc["02", "stability"] == 3
    assert DRIVERS[int(found.loc["02", "driver"]) - 1] == "chance"
    assert found.loc["02", "share_held"] == 1
    assert found.loc["01", "share_1"] == found.loc["03", "share_2"] == 1


def test_large_numbers_on_the_cut_are_one_half() -> None:
    rule = rule_with("a", "chance", cuts=(0.0, 5.0, 6.0))
    found = told_of(MIDDLE, rule, {"02": 1e6})
    assert found.loc["02", "share_1"] == pytest.approx(0.5, abs=0.002)


def test_cuts_drive_what_lies_near_one() -> None:
    """One indicator: every choice of the method but the cuts gives the same index.

    (20.41 − 20.1367) / 8.1657 = 0.03347 of the middle is above a cut between −0.1 and 0.1 in
    0.66735 of all draws.
    """
    rule = rule_with("a", "method", "chance", cuts=(0.0, 5.0, 6.0))
    found = told_of(MIDDLE.replace("20", "20.41"), rule, {})
    assert found.loc["02", "share_2"] == pytest.approx(0.66735, abs=0.001)
    assert DRIVERS[int(found.loc["02", "driver"]) - 1] == "cuts"
    assert found.loc["02", "share_held"] == 1
    assert found.loc["02", "stability"] == 3
    still = rule_with("a", "method", "chance", cuts=(0.0, 5.0, 6.0), cut_spread=0.0)
    assert (told_of(MIDDLE.replace("20", "20.41"), still, {})["driver"] == 0).all()


def test_the_order_of_rows_and_of_indicators_changes_nothing() -> None:
    table = "area a b c\n01 10 40 2\n02 20 30 3\n03 30 10 9\n04 12 11 10"
    turned = "area c a b\n04 10 12 11\n03 9 30 10\n01 2 10 40\n02 3 20 30"
    people = {"01": 50.0, "02": 60.0, "03": 90.0, "04": 20.0}
    cuts = (-0.6, 0.1, 0.9)
    first = told_of(table, rule_with("a b c", "method", "chance", cuts=cuts), people)
    second = told_of(turned, rule_with("a b c", "method", "chance", cuts=cuts), people)
    pd.testing.assert_frame_equal(first, second)


def test_an_area_without_a_level_has_no_shares() -> None:
    rule = rule_with("a", "chance", cuts=(0.0, 0.5, 1.0))
    values, residents = inputs_of(read_table("area a\n01 10\n02 20\n03 geheim"), rule.items)
    items = level_items(values, residents, rule, DAY)
    found = joint_items(values, items, noise_of(values, {}), rule)
    hidden = found[found["area_id"] == "03"]
    assert hidden["value"].isna().all()
    assert set(hidden["reason"]) == {"geheim"}
    assert set(hidden["status"]) == {"not_classified"}


def test_nobody_is_classified() -> None:
    rule = rule_with("a", "chance", cuts=(0.0, 0.5, 1.0))
    values, residents = inputs_of(read_table("area a\n01 geheim\n02 20"), rule.items)
    items = level_items(values, residents, rule, DAY)
    found = joint_items(values, items, noise_of(values, {}), rule)
    assert found["value"].isna().all()
    assert len(found) == 2 * 9


def kept_of(shares: np.ndarray, people: float) -> float:
    """Mean share of the official level, everybody being a share of so many people."""
    areas = [f"{place:02d}" for place in range(len(shares))]
    lines = [f"{area} {share}" for area, share in zip(areas, shares, strict=True)]
    rule = rule_with("a", "chance", cuts=(-1.0, 0.0, 1.0))
    found = told_of("area a\n" + "\n".join(lines), rule, dict.fromkeys(areas, people))
    assert found["share_held"].tolist() == [1.0] * len(areas)
    kept = found[["share_1", "share_2", "share_3", "share_4"]].to_numpy()
    values, residents = inputs_of(read_table("area a\n" + "\n".join(lines)), rule.items)
    items = level_items(values, residents, rule, DAY).set_index(["item", "area_id"])["value"]
    levels = items["need_level"].loc[areas].to_numpy().astype(int)
    return float(kept[np.arange(len(areas)), levels - 1].mean())


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_more_chance_never_makes_surer_on_average(seed: int) -> None:
    shares = np.random.default_rng(seed).uniform(5, 60, 25).round(1)
    kept = [kept_of(shares, people) for people in (1e7, 2000.0, 200.0)]
    assert kept[0] >= kept[1] >= kept[2]
