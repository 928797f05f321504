"""Register rows to counts: rules, ages, places, links, sums up the hierarchy and their gaps."""

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pytest
from pydantic import ValidationError

from atlas.confidential.aggregate import (
    LinkReport,
    count_linked,
    count_persons,
    count_unplaced,
    link_report,
)
from atlas.confidential.roll_up import Source, counts_of
from atlas.config import Layout
from atlas.config.groups import (
    DEFAULT_GROUPS,
    GroupRule,
    Membership,
    memberships_of,
    with_everybody,
)
from atlas.terms import Group, Kind

GROUPS = memberships_of(DEFAULT_GROUPS)
KEYS = ("1", "2", "3")


def _layout(measures: dict[str, Any], *codes: str, **changes: Any) -> Layout:
    columns = {
        "Person": {"role": "person"},
        "Block": {"role": "area"},
        "Alter": {"role": "age"},
        **{code: {"role": "code"} for code in codes},
    }
    base = {
        "id": "ewo",
        "source": "ewo",
        "label": "Register",
        "shape": "persons",
        "file": "ewo_{date}.csv",
        "kind": "block",
        "columns": columns,
        "measures": measures,
    }
    return Layout.model_validate({**base, **changes})


def _linked(measures: dict[str, Any], *codes: str) -> Layout:
    columns = {"Person": {"role": "person"}, **{code: {"role": "code"} for code in codes}}
    return _layout(measures, id="alw", columns=columns, place_from="ewo", kind=None)


def _rows(columns: str, *rows: Sequence[Any]) -> ir.Table:
    names = columns.split()
    arrays = {
        name: pa.array(
            [row[place] for row in rows], pa.int64() if name == "age" else pa.string()
        )
        for place, name in enumerate(names)
    }
    return ibis.memtable(pa.table(arrays))


def _by_key(counts: pd.DataFrame, measure: str, group: str = "all") -> dict[str, int]:
    chosen = counts[(counts["measure"] == measure) & (counts["group"] == group)]
    assert not chosen["area_id"].duplicated().any()
    return {key: int(n) for key, n in zip(chosen["area_id"], chosen["n"], strict=True)}


# ---- rules --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("every_row", 5),
        ([{"S": {"is_in": ["x"]}}], 2),
        ([{"S": {"is_in": ["x", "y"]}}], 3),
        ([{"S": {"is_in": []}}], 0),
        ([{"S": {"not_in": ["x"]}}], 2),  # an empty code is not another code
        ([{"S": {"not_in": []}}], 4),
        ([{"S": {"is_filled": True}}], 4),
        ([{"S": {"is_filled": False}}], 1),
        ([{"S": {"is_in": ["x"]}, "T": {"is_in": ["1"]}}], 1),  # and
        ([{"S": {"is_in": ["x"]}}, {"T": {"is_in": ["1"]}}], 3),  # or
        ([{"S": {"not_in": ["x"]}}, {"S": {"is_filled": False}}], 3),
        ([{"S": {"is_filled": False}, "T": {"is_filled": False}}], 0),
    ],
)
def test_rules(rule: Any, wanted: int) -> None:
    persons = _rows(
        "person area_id age S T",
        ("a", "1", 30, "x", "1"),
        ("b", "1", 30, "x", None),
        ("c", "1", 30, "y", "1"),
        ("d", "1", 30, "z", "2"),
        ("e", "1", 30, None, "2"),
    )
    counts = count_persons(persons, _layout({"m": rule}, "S", "T"), KEYS, GROUPS)
    assert _by_key(counts, "m") == {"1": wanted, "2": 0, "3": 0}


def test_a_measure_may_be_named_like_a_column() -> None:
    persons = _rows("person area_id age s", ("a", "1", 30, "x"), ("b", "1", 30, "y"))
    rules = {"s": [{"s": {"is_in": ["x"]}}], "t": [{"s": {"is_in": ["y"]}}]}
    counts = count_persons(persons, _layout(rules, "s"), KEYS, GROUPS)
    assert (_by_key(counts, "s")["1"], _by_key(counts, "t")["1"]) == (1, 1)


@pytest.mark.parametrize("column", ["Alter", "Block", "Person", "gibtesnicht"])
def test_a_rule_speaks_of_codes_alone(column: str) -> None:
    """Keys and ages are stored under other names, and not as they came."""
    with pytest.raises(ValidationError, match=column):
        _layout({"m": [{column: {"is_filled": True}}]})


@pytest.mark.parametrize("name", ["area_id", "person", "age", "rows"])
def test_a_measure_takes_no_name_of_the_store(name: str) -> None:
    with pytest.raises(ValidationError, match=f"measures: {name}"):
        _layout({name: "every_row"})


# ---- age and place ------------------------------------------------------------------------


def test_children_are_under_18() -> None:
    persons = _rows(
        "person area_id age",
        ("a", "1", 0),
        ("b", "1", 17),
        ("c", "1", 18),
        ("d", "1", 19),
        ("e", "1", None),
    )
    counts = count_persons(persons, _layout({"residents": "every_row"}), KEYS, GROUPS)
    assert _by_key(counts, "residents")["1"] == 5
    assert _by_key(counts, "residents", "u18")["1"] == 2


def test_register_without_age_gives_no_children() -> None:
    columns = {"Block": {"role": "area"}}
    layout = _layout({"residents": "every_row"}, columns=columns)
    counts = count_persons(_rows("area_id", ("1",), ("1",)), layout, KEYS, GROUPS)
    assert set(counts["group"]) == {"all"}
    assert _by_key(counts, "residents") == {"1": 2, "2": 0, "3": 0}


def test_every_area_has_a_row_and_rows_are_sorted() -> None:
    persons = _rows("person area_id age", ("b", "3", 4), ("a", "1", 40))
    counts = count_persons(
        persons, _layout({"residents": "every_row"}), ("3", "1", "2"), GROUPS
    )
    assert len(counts) == 6
    assert counts["area_id"].tolist() == ["1", "1", "2", "2", "3", "3"]
    assert set(counts["status"]) == {"published"}


def test_persons_without_a_place_are_not_counted_but_reported() -> None:
    layout = _layout({"residents": "every_row"})
    persons = _rows("person area_id age", ("a", "1", 30), ("b", None, 30), ("c", None, 3))
    counts = count_persons(persons, layout, KEYS, GROUPS)
    assert _by_key(counts, "residents") == {"1": 1, "2": 0, "3": 0}
    assert count_unplaced(persons, layout, counts) == {"residents": 2}


def test_nobody_has_a_place() -> None:
    layout = _layout({"residents": "every_row"})
    persons = _rows("person area_id age", ("a", None, 30))
    counts = count_persons(persons, layout, KEYS, GROUPS)
    assert _by_key(counts, "residents") == dict.fromkeys(KEYS, 0)
    assert count_unplaced(persons, layout, counts) == {"residents": 1}


# ---- links --------------------------------------------------------------------------------

REGISTER = (
    ("child", "1", 17),
    ("adult", "1", 18),
    ("twice here", "2", 30),
    ("twice here", "2", 30),
    ("two homes", "1", 30),
    ("two homes", "2", 30),
    ("half a home", "3", 5),
    ("half a home", None, 5),
    ("no home", None, 30),
    ("nobody asks", "3", 50),
    (None, "3", 9),
)
EXTRACT = (
    ("child", "24"),
    ("adult", "24"),
    ("adult", "24"),
    ("twice here", "24"),
    ("two homes", "24"),
    ("half a home", "24"),
    ("no home", "24"),
    ("unknown", "24"),
    (None, "24"),
    (None, "9"),
)
REFUGEES = {"refugees": [{"T": {"is_in": ["24"]}}]}


def test_linked_persons_count_once_at_their_only_home() -> None:
    counts = count_linked(
        _rows("person T", *EXTRACT),
        _rows("person area_id age", *REGISTER),
        _linked(REFUGEES, "T"),
        KEYS,
        GROUPS,
    )
    assert _by_key(counts, "refugees") == {"1": 2, "2": 1, "3": 1}
    assert _by_key(counts, "refugees", "u18") == {"1": 1, "2": 0, "3": 1}


def test_missing_keys_never_match_each_other() -> None:
    extract = _rows("person T", (None, "24"))
    register = _rows("person area_id age", (None, "1", 30))
    layout = _linked(REFUGEES, "T")
    counts = count_linked(extract, register, layout, KEYS, GROUPS)
    assert _by_key(counts, "refugees") == dict.fromkeys(KEYS, 0)
    assert count_unplaced(extract, layout, counts) == {"refugees": 1}


def test_one_of_several_rows_of_a_person_is_enough() -> None:
    extract = _rows("person T", ("a", "9"), ("a", "24"), ("b", "9"), ("b", "9"))
    register = _rows("person area_id age", ("a", "1", 30), ("b", "1", 30))
    counts = count_linked(extract, register, _linked(REFUGEES, "T"), KEYS, GROUPS)
    assert _by_key(counts, "refugees")["1"] == 1


def test_everybody_of_a_linked_register_is_placed_or_reported() -> None:
    extract, register = _rows("person T", *EXTRACT), _rows("person area_id age", *REGISTER)
    layout = _linked(REFUGEES, "T")
    counts = count_linked(extract, register, layout, KEYS, GROUPS)
    # two homes, no home, unknown and one row without a key; the other has another title
    assert count_unplaced(extract, layout, counts) == {"refugees": 4}


def test_link_report() -> None:
    report = link_report(
        _rows("person T", *EXTRACT),
        _rows("person area_id age", *REGISTER),
        _linked(REFUGEES, "T"),
    )
    assert report == LinkReport(
        matched=4,  # child, adult, twice here, half a home
        not_matched=3,  # unknown and two rows without a key
        matched_twice=1,
        not_placeable=1,
        repeated=1,
        register_matched=6,
        register_not_matched=1,
    )


def test_place_from_a_register_without_ages() -> None:
    """Children cannot be told apart there: the group is not delivered, not zero."""
    layout = _linked(REFUGEES, "T")
    extract = _rows("person T", ("a", "24"))
    register = _rows("person area_id", ("a", "1"))
    counts = count_linked(extract, register, layout, KEYS, GROUPS)
    assert _by_key(counts, "refugees")["1"] == 1
    assert set(counts["group"]) == {"all"}
    assert link_report(extract, register, layout).matched == 1
    items = frozenset((name, group) for name in layout.measures for group in GROUPS)
    source = Source(Kind.BLOCK, items, counts, {}, is_expected=True)
    areas = pd.DataFrame(
        [*(("block", key, "C") for key in KEYS), ("city", "C", "")],
        columns=["kind", "area_id", "parent_id"],
    )
    rolled = counts_of([source], areas, ["refugees"])
    young = rolled[rolled["group"] == "u18"]
    assert set(young["status"]) == {"unavailable"}


def _groups(**rules: dict[str, Any]) -> dict[Group, Membership]:
    tables = {name: GroupRule(label=name, **rule) for name, rule in rules.items()}
    return memberships_of(with_everybody({Group(name): one for name, one in tables.items()}))


def test_ages_at_the_limits_of_a_group() -> None:
    """From 15 to 64: both included; who has no age is in no age group."""
    ages = (14, 15, 64, 65, None)
    persons = _rows("person area_id age", *((str(n), "1", age) for n, age in enumerate(ages)))
    groups = _groups(a15_64={"min_age": 15, "max_age": 64}, a65plus={"min_age": 65})
    counts = count_persons(persons, _layout({"residents": "every_row"}), KEYS, groups)
    counted = {group: _by_key(counts, "residents", group)["1"] for group in groups}
    assert counted == {"all": 5, "a15_64": 2, "a65plus": 1}


def test_a_group_by_codes_within_a_group_by_age() -> None:
    rows = (("a", "1", 9, "w"), ("b", "1", 9, "m"), ("c", "1", 40, "w"), ("d", "1", 9, None))
    persons = _rows("person area_id age sex", *rows)
    groups = _groups(
        u18={"max_age": 17}, girls={"part_of": "u18", "where": [{"sex": {"is_in": ["w"]}}]}
    )
    layout = _layout({"residents": "every_row"}, "sex")
    counts = count_persons(persons, layout, KEYS, groups)
    assert _by_key(counts, "residents", "u18")["1"] == 3
    assert _by_key(counts, "residents", "girls")["1"] == 1


def test_linked_persons_belong_to_the_groups_of_the_register_of_places() -> None:
    """What the extract says of the sex counts only where the register of places is silent."""
    register = _rows("person area_id age sex", ("a", "1", 70, "w"), ("b", "1", 70, "m"))
    extract = _rows("person T sex", ("a", "24", "m"), ("b", "24", "m"))
    groups = _groups(women={"where": [{"sex": {"is_in": ["w"]}}], "min_age": 65})
    counts = count_linked(extract, register, _linked(REFUGEES, "T", "sex"), KEYS, groups)
    assert _by_key(counts, "refugees", "women")["1"] == 1
    silent = register.drop("sex")
    counts = count_linked(extract, silent, _linked(REFUGEES, "T", "sex"), KEYS, groups)
    assert _by_key(counts, "refugees", "women")["1"] == 0
