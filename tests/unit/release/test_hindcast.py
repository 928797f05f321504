"""What provisional levels were worth, counted by hand."""

import pandas as pd
import pytest

from atlas.classify import Rule
from atlas.release.hindcast import Hindcast, hindcast_items, hindcast_of, without_late
from atlas.terms import CELL_COLUMNS
from tests.method_tables import need_rule

FINAL = [
    ("01", 1.0, "published", ""),
    ("02", 2.0, "published", ""),
    ("03", 3.0, "published", ""),
    ("04", 4.0, "published", ""),
    ("05", None, "not_classified", "geheim"),
    ("06", 4.0, "estimated", "fortgeschrieben"),
]
THEN = [
    ("01", 1.0, 1.0),
    ("02", 3.0, 3.0),
    ("03", 4.0, 1.0),
    ("04", None, None),
    ("05", 1.0, 1.0),
    ("06", 1.0, 1.0),
]


@pytest.fixture
def rule() -> Rule:
    return need_rule("a")


def items_of(rows: list[tuple[object, ...]], item: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["area_id", "value", "status", "reason"])
    return frame.assign(item=item)


def told(rule: Rule) -> pd.DataFrame:
    carried = [
        (area, value, "estimated" if value else "not_classified", "fortgeschrieben")
        for area, value, _ in THEN
    ]
    words = [
        (area, word, "estimated" if word else "not_classified", "fortgeschrieben")
        for area, _, word in THEN
    ]
    then = [items_of(carried, "need_level"), items_of(words, "need_level.stability")]
    return hindcast_items(items_of(FINAL, "need_level"), pd.concat(then), rule)


def test_two_of_three_are_wrong_and_one_says_so(rule: Rule) -> None:
    """01 is right, 02 and 03 are wrong, 02 unsure; 04 to 06 lack a level on one side."""
    found = told(rule)
    city = found[found["area_id"] == ""].set_index("item")["value"]
    assert city["need_level.hindcast_counted"] == 3
    assert city["need_level.hindcast_wrong"] == 2
    assert city["need_level.hindcast_unsure"] == 1


def test_nothing_stands_beside_what_is_no_final_level(rule: Rule) -> None:
    found = told(rule)
    own = found[found["item"] == "need_level.hindcast"].set_index("area_id")
    assert own.loc["02", "value"] == 3
    assert own.loc["05", ["status", "reason"]].tolist() == ["not_classified", "geheim"]
    assert own.loc["06", ["status", "reason"]].tolist() == ["missing", "ausstehend"]
    assert own.loc[["04", "05", "06"], "value"].isna().all()


def test_a_method_without_robustness_says_nothing_of_unsure() -> None:
    rule = need_rule("a", method="percentile")
    city = told(rule)
    assert "need_level.hindcast_unsure" not in set(city["item"])


def cells_of(figures: dict[str, float]) -> pd.DataFrame:
    rows = [
        ("city", "9", "2024-12-31", "all", item, value, "published", "")
        for item, value in figures.items()
    ]
    return pd.DataFrame(rows, columns=list(CELL_COLUMNS))


def test_figures_are_read_off_the_cells() -> None:
    three = {"counted": 436.0, "wrong": 9.0, "unsure": 8.0}
    cells = cells_of({f"need_level.hindcast_{name}": n for name, n in three.items()})
    assert hindcast_of(cells, "all") == Hindcast(436, 9, 8)
    assert hindcast_of(cells, "u18") is None
    assert hindcast_of(cells[:2], "all") == Hindcast(436, 9, None)
    assert hindcast_of(cells_of({"need_level.hindcast_counted": 0.0}), "all") is None


def test_late_indicators_are_pending() -> None:
    cells = cells_of({"a": 1.0, "b": 2.0})
    found = without_late(cells, ("b",)).set_index("item")
    assert found.loc["a", "value"] == 1
    assert found.loc["b", ["status", "reason"]].tolist() == ["missing", "ausstehend"]
    assert pd.isna(found.loc["b", "value"])
    assert cells["value"].tolist() == [1.0, 2.0]
