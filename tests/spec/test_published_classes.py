"""Classes that a city has published come out again, area by area."""

import statistics
from datetime import date

import pandas as pd
import pytest

from atlas.classify import RuleName, level_items, rule_of
from atlas.classify.dynamics import level_table
from atlas.classify.methods.arithmetic import mean_of, sd_of
from atlas.terms import DYNAMIC_LEVEL, NEED_LEVEL, Group, Reason
from tests.method_tables import (
    berlin_levels,
    berlin_values,
    city_of,
    column_of,
    flensburg_rule,
    flensburg_values,
    need_rule,
    pennsylvania_values,
)

BERLIN_DAY = date(2020, 12, 31)


@pytest.fixture(scope="module")
def status() -> pd.DataFrame:
    values, residents, _ = berlin_values()
    rule = rule_of(berlin_levels(), "need", Group.ALL)
    return level_items(values, residents, rule, BERLIN_DAY)


@pytest.fixture(scope="module")
def dynamic() -> pd.DataFrame:
    values, residents, _ = berlin_values()
    rule = rule_of(berlin_levels(), "dynamic", Group.ALL)
    return level_items(values, residents, rule, BERLIN_DAY)


def test_berlin_status(status: pd.DataFrame) -> None:
    """536 of 536; a high social status (class 1) is the lowest need (level 1)."""
    _, _, published = berlin_values()
    levels = column_of(status, NEED_LEVEL)
    classes = published["SI_N"].where(published["SI_N"] > 0)
    assert levels.value_counts().to_dict() == {1: 75, 2: 366, 3: 46, 4: 49}
    assert levels.equals(classes.astype(float).rename("value").rename_axis("area_id"))


def test_berlin_dynamic(dynamic: pd.DataFrame) -> None:
    _, _, published = berlin_values()
    levels = column_of(dynamic, DYNAMIC_LEVEL)
    classes = published["DI_N"].map({1: 1.0, 3: 2.0, 5: 3.0})
    assert levels.value_counts().to_dict() == {1: 48, 2: 436, 3: 52}
    assert levels.equals(classes.rename("value").rename_axis("area_id"))


def test_berlin_status_by_dynamic(status: pd.DataFrame, dynamic: pd.DataFrame) -> None:
    """The published 4 × 3 table of the Gesamtindex."""
    _, _, published = berlin_values()
    table = level_table(status, dynamic, NEED_LEVEL, DYNAMIC_LEVEL)
    counts = published["SDI"].value_counts()
    for level in (1, 2, 3, 4):
        for number, sign in ((1, "+"), (2, "+/-"), (3, "-")):
            assert table.loc[level, number] == counts.get(f"{level}{sign}", 0)
    assert table.loc[0, 0] == 6


def test_berlin_row(status: pd.DataFrame) -> None:
    """Stülerstraße, to the digits of the method's own check."""
    row = status[status["area_id"] == "01100101"].set_index("item")["value"]
    expected = {
        "s1.z": -0.2532806707,
        "s3.z": -0.4064500077,
        "s4.z": -0.3087721444,
        "need_index.sum": -0.9685028227,
        "need_index": -0.327698284,
    }
    for item, value in expected.items():
        assert row[item] == pytest.approx(value, abs=1e-8)
    assert row["need_level"] == 2


def test_berlin_reasons(status: pd.DataFrame) -> None:
    rows = status[(status["item"] == NEED_LEVEL) & (status["reason"] != "")]
    assert rows["reason"].value_counts().to_dict() == {
        Reason.FEW_RESIDENTS.value: 3,
        Reason.UNINHABITED.value: 1,
        Reason.EXCLUDED.value: 1,
        Reason.NOT_DELIVERED.value: 1,  # inhabitants of 03400831 are not published
    }


def test_sample_standard_deviation_moves_every_index() -> None:
    values, residents, _ = berlin_values()
    """By √(535/536), because spread enters once: z and S shrink alike."""
    population = index_with(values, residents, "population")
    sample = index_with(values, residents, "sample")
    ratio = (sample / population).dropna()
    assert ratio.to_numpy() == pytest.approx((535 / 536) ** 0.5, abs=1e-9)


def index_with(values: pd.DataFrame, residents: pd.DataFrame, sd: str) -> pd.Series:
    levels = berlin_levels()
    scale = levels.need[Group.ALL].model_copy(update={"sd": sd})
    rule = rule_of(levels.model_copy(update={"need": {Group.ALL: scale}}), "need", Group.ALL)
    return column_of(level_items(values, residents, rule, BERLIN_DAY), "need_index")


@pytest.mark.parametrize(
    ("year", "means", "sds", "sum_sd"),
    [
        (2021, (32.48212, 29.89796, 13.99879), (26.99638, 7.92872, 5.09099), 2.623126),
        (2022, (33.17337, 31.19676, 12.30208), (27.97117, 8.06430, 4.22724), 2.643635),
    ],
)
def test_flensburg_parameters(
    year: int, means: tuple[float, ...], sds: tuple[float, ...], sum_sd: float
) -> None:
    values, residents = flensburg_values(year)
    items = level_items(values, residents, flensburg_rule(), date(year, 12, 31))
    city = city_of(items)
    ids = ("density", "migration_share", "sgb2_share")
    assert [city[f"{item}.mean"] for item in ids] == pytest.approx(means, abs=5e-6)
    assert [city[f"{item}.sd"] for item in ids] == pytest.approx(sds, abs=5e-6)
    assert city["need_index.sum_sd"] == pytest.approx(sum_sd, abs=5e-7)


def test_flensburg_2021() -> None:
    values, residents = flensburg_values(2021)
    items = level_items(values, residents, flensburg_rule(), date(2021, 12, 31))
    index, levels = column_of(items, "need_index"), column_of(items, NEED_LEVEL)
    expected = {
        "STGT02": (2.55945534, 4),
        "STGT03": (1.24535323, 3),
        "STGT01": (0.75010466, 2),
        "STGT13": (-1.60186378, 1),
    }
    for area_id, (value, level) in expected.items():
        assert index[area_id] == pytest.approx(value, abs=1e-8)
        assert levels[area_id] == level
    assert levels.value_counts().to_dict() == {1: 1, 2: 10, 3: 1, 4: 1}
    assert residents["value"].sum() == 97_877


@pytest.mark.parametrize("name", ["need", "dynamic"])
def test_berlin_all_536_by_the_textbook(
    name: RuleName, status: pd.DataFrame, dynamic: pd.DataFrame
) -> None:
    """z, sum and index of every area, with the statistics of the standard library."""
    items = {"need": status, "dynamic": dynamic}[name]
    values, _, published = berlin_values()
    rule = rule_of(berlin_levels(), name, Group.ALL)
    valid = published.index[published["KOM"] == "gültig"]
    wide = values.pivot(index="area_id", columns="item", values="value").loc[valid]
    sums = pd.Series(0.0, index=valid)
    for item in rule.items:
        mean, spread = statistics.fmean(wide[item]), statistics.pstdev(wide[item])
        z = (wide[item] - mean) / spread
        assert column_of(items, f"{item}.z")[valid].to_numpy() == pytest.approx(z, abs=1e-10)
        sums += z
    index = sums / statistics.pstdev(sums)
    found = {part: column_of(items, rule.index + part)[valid] for part in ("", ".sum")}
    assert len(valid) == 536
    assert found[".sum"].to_numpy() == pytest.approx(sums.to_numpy(), abs=1e-10)
    assert found[""].to_numpy() == pytest.approx(index.to_numpy(), abs=1e-10)


@pytest.mark.parametrize("year", [2021, 2022])
def test_flensburg_all_thirteen_by_the_textbook(year: int) -> None:
    """Two-pass formulas written out once more, without the library."""
    values, residents = flensburg_values(year)
    items = level_items(values, residents, flensburg_rule(), date(year, 12, 31))
    wide = values.pivot(index="area_id", columns="item", values="value")
    sums = pd.Series(0.0, index=wide.index)
    for column in wide:
        mean = sum(wide[column]) / 13
        spread = (sum((x - mean) ** 2 for x in wide[column]) / 13) ** 0.5
        sums += (wide[column] - mean) / spread
    spread = (sum(s**2 for s in sums) / 13) ** 0.5
    found = column_of(items, "need_index")
    assert found.to_numpy() == pytest.approx((sums / spread).to_numpy(), abs=1e-12)
    assert mean_of(found.to_numpy()) == pytest.approx(0, abs=1e-15)
    assert sd_of(found.to_numpy(), 0) == pytest.approx(1, abs=1e-12)


def test_social_vulnerability_of_pennsylvania() -> None:
    """All 67 counties: ranks, sum, rank of the sum and flags as the CDC published them."""
    values, residents, published = pennsylvania_values()
    items = ("pov", "unemp", "pci", "nohsdp")
    parts = [{"id": item, "direction": "less" if item == "pci" else "more"} for item in items]
    rule = need_rule(method="percentile", indicators=parts)
    found = level_items(values, residents, rule, date(2018, 12, 31))
    published = published.sort_index()
    columns = {f"{item}.z": published[f"epl_{item}"] for item in items}
    columns |= {f"{item}.flag": published[f"f_{item}"] for item in items}
    columns |= {
        "need_index.sum": published["spl_theme1"],
        "need_index": published["rpl_theme1"],
    }
    for name, column in columns.items():
        assert column_of(found, name).round(4).tolist() == column.tolist(), name
    assert len(published) == 67
