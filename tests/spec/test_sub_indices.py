"""An index of sub-indices, a scale between the ends, ties and gaps, checked by hand."""

import numpy as np
import pandas as pd
import pytest

from atlas.classify import Classification, change_of, explain, what_if
from atlas.classify.changes import Published
from atlas.classify.rule import Rule
from atlas.config.methods import METHODS
from atlas.terms import Reason
from tests.method_tables import (
    DAY,
    assert_table,
    city_of,
    classify_table,
    column_of,
    inputs_of,
    need_rule,
    read_table,
)

FOUR = """
area  a  b  c | need_index.x need_index.y need_index a.contribution c.contribution need_level
01    1  1  1 |  -1.4142        -1.0       -1.3066      -0.3827        -0.5412         1
02    1  3  3 |   0.0000         1.0        0.5412      -0.3827         0.5412         3
03    3  1  1 |   0.0000        -1.0       -0.5412       0.3827        -0.5412         1
04    3  3  3 |   1.4142         1.0        1.3066       0.3827         0.5412         4
"""
GAPS = """
area a  b  c |
01   1  9  1
02   2  4  6
03   3  fehlt  4
04   5  1  geheim
05   9  7  2
06   4  4  9
"""


def themed(method: str = "zscore", **options: object) -> Rule:
    """Indicators a and b in sub-index x of weight 1, c in y."""
    own = {"cuts": [2.0, 4.0]} if METHODS[method].has_part_cuts else {}
    weights = options.pop("weights", (1.0, 1.0))
    assert isinstance(weights, tuple)
    parts = [{"id": one, **own} for one in "abc"]
    x = {"id": "x", "label": "X", "weight": weights[0], "indicators": parts[:2]}
    y = {"id": "y", "label": "Y", "weight": weights[1], "indicators": parts[2:]}
    return need_rule(method=method, themes=[x, y], **options)


def test_a_standardised_sum_of_standardised_sums() -> None:
    """Sums of x are −2, 0, 0, 2, their spread √2; those of the index ±(1 + √2), ±1."""
    items = assert_table(FOUR, themed())
    city = city_of(items)
    assert city["need_index.x.sum_sd"] == pytest.approx(2**0.5)
    assert city["need_index.sum_sd"] == pytest.approx((2 + 2**0.5) ** 0.5)


def test_the_weight_of_a_sub_index() -> None:
    """Three times y: −√2 − 3 = −4.4142, 3, −3, 4.4142 with the spread 3.7739."""
    assert_table(
        """
        area  a  b  c | need_index.x need_index.y need_index a.contribution c.contribution
        01    1  1  1 |  -1.4142        -1.0       -1.1697      -0.1874        -0.7949
        02    1  3  3 |   0.0000         1.0        0.7949      -0.1874         0.7949
        03    3  1  1 |   0.0000        -1.0       -0.7949       0.1874        -0.7949
        04    3  3  3 |   1.4142         1.0        1.1697       0.1874         0.7949
        """,
        themed(weights=(1.0, 3.0)),
    )


def test_percentiles_of_sums_of_sums() -> None:
    """Ranks of a: 0, ⅓, ⅔, 1; of b: ⅓, 0, 1, ⅔; of c: 0, 1, 0, ⅔ in the order of areas."""
    assert_table(
        """
        area  a  b  c | need_index.x.sum need_index.x need_index.y need_index.sum need_index
        01    1  2  1 |      0.3333          0.0          0.0           0.3333        0.0
        02    2  1  9 |      0.3333          0.0          1.0           1.3333        0.3333
        03    3  9  1 |      1.6667          0.6667       0.0           1.6667        0.6667
        04    4  7  5 |      1.6667          0.6667       0.6667        2.3334        1.0
        """,
        themed("percentile"),
    )


def test_sub_indices_are_ranked_and_transformed_before_they_are_added() -> None:
    """Ranks of a: 1, 3, 2; of b: 1, 2, 3; of x: 1, 3, 3; of c: 3, 2, 1."""
    items = classify_table(
        "area a b c |\n01 1 1 9\n02 5 8 2\n03 4 9 1", themed("rank_exponential")
    )
    scores = {n: -23 * np.log(1 - n / 3 * (1 - np.exp(-100 / 23))) for n in (1, 2, 3)}
    x = {"01": scores[1], "02": (100 + scores[2]) / 2, "03": (scores[2] + 100) / 2}
    assert column_of(items, "need_index.x").to_dict() == pytest.approx(x)
    # 02 and 03 share the highest rank of x, and so both have 100 of it.
    index = {
        "01": (scores[1] + 100) / 2,
        "02": (100 + scores[2]) / 2,
        "03": (100 + scores[1]) / 2,
    }
    assert column_of(items, "need_index").to_dict() == pytest.approx(index)
    shares = scores[2] / (100 + scores[2])
    assert column_of(items, "b.contribution")["02"] == pytest.approx(50 * shares)
    assert column_of(items, "need_index.x.decile").to_dict() == {"01": 10, "02": 4, "03": 4}


def test_a_scale_between_the_ends() -> None:
    """Quarters of the areas: 12.5, 43.75 and 62.5 are the cuts."""
    assert_table(
        """
        area  a   b | a.z   b.z  need_index a.contribution need_level
        01    0  10 |   0     0      0.0         0.0           1
        02    5   8 |  50    25     31.25       12.5           2
        03    8   6 |  80    50     57.5        20.0           3
        04   10   2 | 100   100    100.0        25.0           4
        """,
        need_rule(
            method="minmax",
            indicators=[{"id": "a"}, {"id": "b", "weight": 3, "direction": "less"}],
        ),
    )


def test_sub_indices_on_a_scale_are_not_stretched_again() -> None:
    assert_table(
        """
        area  a   b   c | need_index.x need_index.y need_index need_index.x.contribution
        01    0  10   1 |     50.0         0.0         33.33         33.33
        02    5   5   3 |     50.0       100.0         66.67         33.33
        03   10   0   2 |     50.0        50.0         50.00         33.33
        """,
        themed("minmax", weights=(2.0, 1.0)),
    )


def test_areas_that_do_not_differ_on_a_scale_have_no_index() -> None:
    items = classify_table("area a |\n01 3\n02 3", need_rule("a", method="minmax"))
    assert set(items.loc[items["item"] == "need_level", "reason"]) == {Reason.NO_VARIANCE}


@pytest.mark.parametrize(
    ("ties", "ranks"),
    [("lowest", [0, 0.25, 0.25, 0.25, 1]), ("average", [0, 0.5, 0.5, 0.5, 1])]
    + [("highest", [0, 0.75, 0.75, 0.75, 1]), (None, [0, 0.25, 0.25, 0.25, 1])],
)
def test_ties_of_percentiles(ties: str | None, ranks: list[float]) -> None:
    rule = need_rule("a", method="percentile", ties=ties)
    items = classify_table("area a |\n01 1\n02 2\n03 2\n04 2\n05 3", rule)
    assert column_of(items, "a.z").tolist() == ranks
    assert column_of(items, "need_index").tolist() == ranks


@pytest.mark.parametrize(("ties", "rank"), [("lowest", 2), ("average", 2.5), (None, 3)])
def test_ties_of_exponential_ranks(ties: str | None, rank: float) -> None:
    rule = need_rule("a", method="rank_exponential", ties=ties)
    items = classify_table("area a |\n01 1\n02 2\n03 2\n04 3", rule)
    score = -23 * np.log(1 - rank / 4 * (1 - np.exp(-100 / 23)))
    assert column_of(items, "a.z").tolist()[1:3] == pytest.approx([score, score])


def test_an_area_with_a_gap_is_ranked_where_it_has_an_indicator() -> None:
    """a is ranked among five, b among four; 03 has neither sub-index x nor an index."""
    text = """
    area a  b     c | a.z   b.z    need_index.x need_index.y need_index need_level reason
    01   1  9     1 | 0.00  1.0000    0.6667        0.25       0.0000        1       -
    02   2  4     6 | 0.25  0.3333    0.0           0.75       0.3333        2       -
    03   3  fehlt 4 | 0.50  -         -             0.50       -             -  liegt_nicht_vor
    04   5  1     9 | 0.75  0.0000    0.3333        1.00       1.0000        4       -
    05   9  7     0 | 1.00  0.6667    1.0           0.00       0.6667        3       -
    """
    items = assert_table(text, themed("percentile", missing="own_areas"))
    assert column_of(items, "need_index.y.rank").to_dict() == {
        "01": 4,
        "02": 2,
        "03": 3,
        "04": 1,
        "05": 5,
    }
    reasons = items[items["area_id"] == "03"].set_index("item")["reason"]
    assert reasons["need_index"] == reasons["b.z"] == Reason.NOT_DELIVERED
    assert reasons["need_index.y"] == reasons["a.z"] == ""
    left_out = classify_table(text, themed("percentile"))
    assert np.isnan(column_of(left_out, "need_index.y")["03"])
    assert column_of(left_out, "a.z").dropna().size == 4


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("missing", ["leave_out", "own_areas"])
def test_contributions_add_up_by_indicator_and_by_sub_index(name: str, missing: str) -> None:
    rule = themed(name, missing=missing, weights=(1.5, 1.0))
    items = classify_table(GAPS, rule)
    index = column_of(items, "need_index")
    assert index.notna().sum() == 4
    for names in (rule.items, ("need_index.x", "need_index.y")):
        parts = sum(column_of(items, f"{item}.contribution") for item in names)
        np.testing.assert_allclose(parts, index, atol=1e-12)
    explained = explain(items, rule, DAY, "05")
    inner = {part.item: part.contribution or 0.0 for part in explained.parts}
    for theme in explained.themes:
        assert theme.contribution == pytest.approx(sum(inner[item] for item in theme.items))


def test_zero_is_the_average_of_those_that_have_an_indicator() -> None:
    """04 lacks b, yet it counts for the mean of a: 3 ± 2; sums of the others are −2, 0, 1."""
    items = assert_table(
        """
        area a  b     | a.z   b.z  need_index.sum a.contribution need_index need_level
        01   1  1     | -1   -1.2247    -2.2247       -0.7276       -1.6187      1
        02   1  3     | -1    1.2247     0.2247       -0.7276        0.1635      2
        03   5  2     |  1    0.0        1.0           0.7276        0.7276      3
        04   5  fehlt |  1    -          -             -             -           -
        """,
        need_rule("a b", missing="own_areas"),
    )
    assert city_of(items)["need_index.sum_mean"] == 0


def test_a_change_is_split_through_sub_indices() -> None:
    """One value of 01 rises; its own part is half of both slopes times the rise."""
    rule = themed(weights=(2.0, 1.0))
    before, after = FOUR, FOUR.replace("01    1  1", "01    2  1")
    sides = [Classification(_with_values(text, rule), rule) for text in (before, after)]
    found = change_of(*sides, "01")
    assert sum(part.total for part in found.parts) == pytest.approx(
        (found.index_after or 0) - (found.index_before or 0)
    )
    own = next(part for part in found.parts if part.item == "a")
    slopes = []
    for side in sides:
        city = city_of(side.items)
        spreads = (city["a.sd"], city["need_index.x.sum_sd"], city["need_index.sum_sd"])
        slopes.append(2.0 / np.prod(spreads))
    assert own.own_value == pytest.approx(sum(slopes) / 2 * 1.0)
    assert all(abs(part.rest) < 1e-12 for part in found.parts)


def test_a_sub_index_of_equal_sums_adds_nothing() -> None:
    """a and b cancel out in every area: x is 0, the index is that of y alone."""
    text = "area a b c |\n01 1 3 1\n02 2 2 2\n03 3 1 6"
    items = classify_table(text, themed())
    assert column_of(items, "need_index.x").tolist() == [0, 0, 0]
    assert city_of(items)["need_index.x.sum_sd"] == 0
    np.testing.assert_allclose(column_of(items, "need_index"), column_of(items, "c.z"))


def test_robustness_is_not_reckoned_for_sub_indices() -> None:
    rule = themed()
    assert rule.robustness is None
    assert not classify_table(FOUR, rule)["item"].str.contains("share_1").any()


def test_a_trial_of_another_rule_without_sub_indices() -> None:
    values, residents = inputs_of(read_table(FOUR), ("a", "b", "c"))
    official = classify_table(FOUR, themed())
    trial = what_if(Published(values, residents, official, DAY, {}), need_rule("a b c"))
    assert trial.table.to_numpy().sum() == 4


def _with_values(text: str, rule: Rule) -> pd.DataFrame:
    values, _ = inputs_of(read_table(text), rule.items)
    return pd.concat([classify_table(text, rule), values], ignore_index=True)
