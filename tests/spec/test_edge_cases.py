"""Edge cases of the rule: who is classified, who is not, and why."""

import math

import pytest

from atlas.classify import Notice, NoticeCode, level_of, notices_of
from atlas.terms import Level, Reason, Status
from tests.method_tables import (
    assert_table,
    city_of,
    classify_table,
    column_of,
    need_rule,
)

MSS = (-1.0, 1.0, 1.5)


@pytest.mark.parametrize(
    ("cut", "at", "above"),
    [
        (-1.0, Level.NONE, Level.CONSIDER),
        (1.0, Level.CONSIDER, Level.NEED),
        (1.5, Level.NEED, Level.HIGH),
    ],
)
def test_on_one_ulp_below_and_above_each_cut(cut: float, at: Level, above: Level) -> None:
    assert level_of(math.nextafter(cut, -math.inf), MSS) is at
    assert level_of(cut, MSS) is at
    assert level_of(math.nextafter(cut, math.inf), MSS) is above


def test_missing_index_has_no_level() -> None:
    with pytest.raises(ValueError, match="missing"):
        level_of(math.nan, MSS)


def test_few_residents_leave_before_mean_and_spread() -> None:
    """299 is too few, 300 is enough; without 04 mean and spread are 2 and √(2/3)."""
    items = assert_table(
        """
        area residents  a  | a.z     need_level a.rank reason
        01     300      1  | -1.2247     1        4      -
        02     301      2  |  0.0000     2        3      -
        03    5000      3  |  1.2247     3        2      -
        04     299     99  |   -         -        1    zu_wenige_einwohner
        """,
        need_rule("a", preset="mss", options={"min_residents": 300}),
    )
    assert city_of(items)["a.mean"] == 2


def test_exclusion_by_hand() -> None:
    """04 leaves like one that does not exist; on another date the exclusion does not hold."""
    exclusion = {"area_id": "04", "reason": "Großunterkunft", "dates": ["2024-12-31"]}
    table = """
        area  a  |  a.z     need_level reason
        01    1  | -1.2247      1        -
        02    2  |  0.0000      2        -
        03    3  |  1.2247      3        -
        04   99  |   -          -      ausgenommen
        """
    assert_table(table, need_rule("a", preset="mss", options={"exclusions": [exclusion]}))
    other = [{**exclusion, "dates": ["2023-12-31"]}]
    items = classify_table(table, need_rule("a", preset="mss", options={"exclusions": other}))
    assert column_of(items, "need_level").notna().all()


def test_gaps_of_required_indicators() -> None:
    """Every gap is a row with its reason; the first that nobody can mend comes first."""
    assert_table(
        """
        area residents   a          b       | need_level a.rank a.z reason
        01     500       1          2       |     1        5    -1    -
        02     500       3          4       |     3        1     1    -
        03     500       2      ausstehend  |     -        3     -  ausstehend
        04     500       2      geheim      |     -        3     -  geheim
        05     500       3      gesperrt    |     -        1     -  geheim
        06     500    fehlt         1       |     -        -     -  liegt_nicht_vor
        07     500    fehlt     ausstehend  |     -        -     -  liegt_nicht_vor
        08     500   geheim     ausstehend  |     -        -     -  ausstehend
        09     500    klein         1       |     -        -     -  nenner_zu_klein
        10     500 verschoben       1       |     -        -     -  nicht_vergleichbar
        11       0       1          1       |     -        5     -  unbewohnt
        12  unbewohnt unbewohnt unbewohnt   |     -        -     -  unbewohnt
        """,
        need_rule("a b", cuts=[-1.0, 0.0, 1.0]),
    )


def test_uninhabited_has_its_own_status() -> None:
    items = classify_table("area residents a |\n01 500 1\n02 500 2\n03 0 1", need_rule("a"))
    status = items[items["item"] == "need_level"].set_index("area_id")["status"]
    assert status.tolist() == [Status.PUBLISHED, Status.PUBLISHED, Status.UNINHABITED]


def test_hidden_residents_matter_only_where_a_minimum_is_asked_for() -> None:
    table = """
        area residents a | reason
        01     500     1 |   -
        02     500     2 |   -
        03   geheim    3 | {}
        """
    assert_table(table.format("geheim"), need_rule("a", options={"min_residents": 300}))
    assert_table(table.format("-"), need_rule("a"))


def test_everything_pending_classifies_nobody() -> None:
    items = assert_table(
        """
        area   a      b      | need_index need_level a.z need_level.stability reason
        01     1  ausstehend |     -          -       -          -          ausstehend
        02     2  ausstehend |     -          -       -          -          ausstehend
        """,
        need_rule("a b"),
    )
    city = items[items["area_id"] == ""]
    assert city["value"].isna().all()
    assert set(city["reason"]) == {Reason.PENDING}


@pytest.mark.parametrize("method", ["zscore", "quantile", "percentile", "rank_exponential"])
def test_one_area_is_too_few(method: str) -> None:
    assert_table(
        """
        area   a    | need_level reason
        01     1    |     -      zu_wenige_gebiete
        02   geheim |     -      geheim
        """,
        need_rule("a", method=method),
    )


@pytest.mark.parametrize("method", ["zscore", "quantile", "percentile", "rank_exponential"])
def test_constant_indicator_contributes_nothing(method: str) -> None:
    """0.1 repeated has a standard deviation above 0 in floating point; b decides nothing."""
    table = "area a b |\n" + "\n".join(f"{n} {n} 0.1" for n in range(1, 8))
    items = classify_table(table, need_rule("a b", method=method))
    alone = classify_table(table, need_rule("a", method=method))
    assert column_of(items, "b.contribution").eq(0).all()
    assert column_of(items, "need_level").equals(column_of(alone, "need_level"))
    assert city_of(items)["b.sd"] == 0
    assert Notice(NoticeCode.CONSTANT, "b") in notices_of(items, need_rule("a b"))


@pytest.mark.parametrize("method", ["zscore", "quantile", "percentile", "rank_exponential"])
def test_all_constant_classifies_nobody(method: str) -> None:
    table = "area a b |\n" + "\n".join(f"{n} 0.1 0.7" for n in range(1, 8))
    items = classify_table(table, need_rule("a b", method=method))
    reasons = items[items["item"] == "need_level"]["reason"]
    assert set(reasons) == {Reason.NO_VARIANCE}


def test_indicators_that_cancel_out_classify_nobody() -> None:
    """b falls as a rises: the sums are rounding noise, which is no spread."""
    table = "area a b |\n" + "\n".join(f"{n} {n * 0.1} {7 - n * 0.1}" for n in range(1, 30))
    items = classify_table(table, need_rule("a b"))
    assert set(items[items["item"] == "need_level"]["reason"]) == {Reason.NO_VARIANCE}


def test_fixed_cuts_need_no_spread() -> None:
    """Fixed cuts are no comparison: equal areas are classified too."""
    rule = need_rule(method="fixed", indicators=[{"id": "a", "cuts": [10.0]}])
    assert_table("area a | need_level\n01 11 2\n02 11 2", rule)


def test_reference_value_missing() -> None:
    rule = need_rule("a", mean_base="city_value")
    assert_table(
        "area a | need_level reason\n01 1 - bezugswert_fehlt\n02 2 - bezugswert_fehlt", rule
    )
    assert_table(
        "area a | need_level reason\n01 1 - bezugswert_fehlt\n02 2 - bezugswert_fehlt",
        rule,
        {"a": math.nan},
    )


@pytest.mark.parametrize(("n", "warned"), [(19, True), (20, False)])
def test_few_areas_are_warned_of(n: int, warned: bool) -> None:
    rule = need_rule("a")
    items = classify_table("area a |\n" + "\n".join(f"{i:02} {i}" for i in range(n)), rule)
    assert (Notice(NoticeCode.FEW_AREAS, "need_index") in notices_of(items, rule)) is warned


def test_what_is_no_number_is_not_there() -> None:
    assert_table(
        """
        area   a  | need_level a.rank reason
        01     1  |     2         2      -
        02     2  |     3         1      -
        03   inf  |     -         -   liegt_nicht_vor
        04   nan  |     -         -   liegt_nicht_vor
        """,
        need_rule("a", cuts=[-2.0, 0.0, 2.0]),
    )


def test_equal_areas_get_equal_levels() -> None:
    """Values whose z-scores add up in another order are still equal."""
    items = assert_table(
        """
        area   a    b    c  | need_index.rank
        01    0.1  0.2  0.3 |       2
        02    0.3  0.1  0.2 |       2
        03    0.2  0.3  0.1 |       2
        04    0.9  0.9  0.9 |       1
        05    0.0  0.0  0.0 |       5
        """,
        need_rule("a b c"),
    )
    assert column_of(items, "need_index")[["01", "02", "03"]].nunique() == 1


@pytest.mark.parametrize("method", ["zscore", "quantile", "percentile", "rank_exponential"])
def test_items_are_the_same_whether_anybody_is_classified_or_not(method: str) -> None:
    rule = need_rule("a b", method=method)
    some, none = (
        classify_table(f"area a b |\n01 1 2\n02 2 {b}\n03 5 {b}", rule) for b in ("7", "fehlt")
    )
    assert some[["area_id", "item"]].equals(none[["area_id", "item"]])


def test_every_area_has_every_item() -> None:
    items = classify_table("area a b |\n01 1 2\n02 2 geheim\n03 5 1", need_rule("a b"))
    areas = items[items["area_id"] != ""]
    assert len(areas) == areas["area_id"].nunique() * areas["item"].nunique()
    assert not areas.duplicated(["area_id", "item"]).any()
    assert areas.loc[areas["value"].isna(), "status"].ne(Status.PUBLISHED).all()
    assert areas.loc[areas["value"].notna(), "status"].eq(Status.PUBLISHED).all()
