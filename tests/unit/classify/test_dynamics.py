from datetime import date

import pandas as pd

from atlas.classify import Rule, level_items, rule_of
from atlas.classify.dynamics import change_values, level_table
from atlas.terms import DYNAMIC_LEVEL, NEED_LEVEL, Group, Reason, Status
from tests.method_tables import (
    DAY,
    city_of,
    column_of,
    flensburg_rule,
    flensburg_values,
    inputs_of,
    levels_of_city,
    need_rule,
    read_table,
)

SCALE = {"indicators": [{"id": "a"}]}


def dynamic_rule(ids: str = "a", **scale: object) -> Rule:
    parts = [{"id": name} for name in ids.split()]
    dynamic = {"indicators": parts, "span_years": 2, **scale}
    return rule_of(levels_of_city(SCALE, dynamic={"all": dynamic}), "dynamic", Group.ALL)


def values_of(text: str) -> pd.DataFrame:
    return inputs_of(read_table(text), ("a",))[0]


BEFORE = """
area  a   |
01   10   |
02   20   |
03  geheim|
04   40   |
05   50   |
06  fehlt |
08   10   |
"""
AFTER = """
area  a        |
01   12.5      |
02   18        |
03   33        |
04  ausstehend |
05   50        |
06  geheim     |
07   70        |
08   11        |
"""
SAME = ("01", "02", "03", "04", "05", "06")


def test_changes_and_their_gaps() -> None:
    """A gap at either date is a gap, the later date first; 07 is new, 08 has new boundaries."""
    changes = change_values(values_of(BEFORE), values_of(AFTER), dynamic_rule(), SAME)
    rows = changes.set_index("area_id")
    assert set(rows["item"]) == {"a.change"}
    assert rows["value"].dropna().to_dict() == {"01": 2.5, "02": -2.0, "05": 0.0}
    assert rows["status"].to_dict() == {
        "01": Status.PUBLISHED,
        "02": Status.PUBLISHED,
        "03": Status.SUPPRESSED,
        "04": Status.MISSING,
        "05": Status.PUBLISHED,
        "06": Status.SUPPRESSED,
        "07": Status.NOT_CLASSIFIED,
        "08": Status.NOT_CLASSIFIED,
    }
    assert rows["reason"][["07", "08"]].tolist() == [Reason.BOUNDARY_CHANGED] * 2


def test_area_without_an_earlier_row_is_unavailable() -> None:
    before = values_of("area a |\n01 10")
    changes = change_values(
        before, values_of("area a |\n01 1\n02 2"), dynamic_rule(), ("01", "02")
    )
    assert changes["status"].tolist() == [Status.PUBLISHED, Status.UNAVAILABLE]


def test_three_classes() -> None:
    """Changes −6 … +6, mean 0, sd 4: on ±1 stays stabil, beyond is positiv or negativ."""
    before = values_of("area a |\n" + "\n".join(f"{n} 10" for n in range(8)))
    after = [4, 6, 10, 10, 10, 10, 14, 16]
    text = "area a |\n" + "\n".join(f"{n} {v}" for n, v in enumerate(after))
    areas = [str(n) for n in range(8)]
    changes = change_values(before, values_of(text), dynamic_rule(), areas)
    residents = pd.DataFrame({"area_id": areas, "value": 500.0, "status": "published"})
    items = level_items(changes, residents, dynamic_rule(), DAY)
    spread = (2 * (36 + 16) / 8) ** 0.5
    assert abs(city_of(items)["a.change.sd"] - spread) < 1e-12
    assert column_of(items, DYNAMIC_LEVEL).tolist() == [1, 1, 2, 2, 2, 2, 3, 3]
    assert "need_level.share_1" not in set(items["item"])


def test_not_comparable_area_has_no_class() -> None:
    changes = change_values(values_of(BEFORE), values_of(AFTER), dynamic_rule(), SAME)
    residents = pd.DataFrame(
        {"area_id": changes["area_id"], "value": 500.0, "status": "published"}
    )
    items = level_items(changes, residents, dynamic_rule(), DAY)
    reasons = items[items["item"] == DYNAMIC_LEVEL].set_index("area_id")["reason"]
    assert reasons["08"] == Reason.BOUNDARY_CHANGED
    assert reasons["01"] == Reason.NONE


def test_real_change_over_one_year() -> None:
    """Flensburg 2021 to 2022: the classes follow the standardised change, SGB II falls most."""
    (before, _), (after, residents) = flensburg_values(2021), flensburg_values(2022)
    rule = dynamic_rule("density migration_share sgb2_share")
    areas = residents["area_id"].tolist()
    items = level_items(change_values(before, after, rule, areas), residents, rule, DAY)
    wide = [
        frame.pivot(index="area_id", columns="item", values="value")
        for frame in (before, after)
    ]
    change = wide[1] - wide[0]
    z = (change - change.mean()) / change.std(ddof=0)
    sums = z.sum(axis=1)
    expected = sums / sums.std(ddof=0)
    found = column_of(items, "dynamic_index")
    assert (found - expected).abs().max() < 1e-12
    assert column_of(items, "sgb2_share.change.z").notna().all()


def test_table_of_need_by_dynamics() -> None:
    items = pd.DataFrame(
        [
            ("01", NEED_LEVEL, 4.0),
            ("01", DYNAMIC_LEVEL, 3.0),
            ("02", NEED_LEVEL, 4.0),
            ("02", DYNAMIC_LEVEL, 3.0),
            ("03", NEED_LEVEL, 1.0),
            ("03", DYNAMIC_LEVEL, float("nan")),
            ("04", NEED_LEVEL, float("nan")),
        ],
        columns=["area_id", "item", "value"],
    )
    table = level_table(items, items, NEED_LEVEL, DYNAMIC_LEVEL)
    assert table.index.tolist() == [1, 2, 3, 4, 0]
    assert table.columns.tolist() == [1, 2, 3, 0]
    assert table.loc[4, 3] == 2
    assert table.loc[1, 0] == 1
    assert table.loc[0, 0] == 1
    assert table.to_numpy().sum() == 4


def test_table_between_two_years() -> None:
    results = []
    for year in (2021, 2022):
        values, residents = flensburg_values(year)
        results.append(level_items(values, residents, flensburg_rule(), date(year, 12, 31)))
    table = level_table(*results, NEED_LEVEL, NEED_LEVEL)
    assert [int(table.loc[level, level]) for level in (1, 2, 3, 4)] == [1, 10, 1, 1]
    assert table.to_numpy().sum() == 13


def test_dynamic_rule_without_a_span_takes_changes_as_delivered() -> None:
    dynamic = {"all": {"indicators": [{"id": "d1"}]}}
    rule = rule_of(levels_of_city(SCALE, dynamic=dynamic), "dynamic", Group.ALL)
    assert rule.items == ("d1",)
    assert rule.cuts == (-1.0, 1.0)
    assert need_rule("a").items == ("a",)
