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
from atlas.confidential.roll_up import Source, counts_of, shares_of
from atlas.config import Layout
from atlas.errors import ConfigError, DeliveryError
from atlas.terms import Group, Kind, Status

KEYS = ("1", "2", "3")
# Two Quartiere; the first has blocks 1 and 2, the second block 3.
AREAS = pd.DataFrame(
    [
        ("block", "1", "A"),
        ("block", "2", "A"),
        ("block", "3", "B"),
        ("quartier", "A", "C"),
        ("quartier", "B", "C"),
        ("city", "C", ""),
    ],
    columns=["kind", "area_id", "parent_id"],
)


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
    counts = count_persons(persons, _layout({"m": rule}, "S", "T"), KEYS)
    assert _by_key(counts, "m") == {"1": wanted, "2": 0, "3": 0}


def test_a_measure_may_be_named_like_a_column() -> None:
    persons = _rows("person area_id age s", ("a", "1", 30, "x"), ("b", "1", 30, "y"))
    rules = {"s": [{"s": {"is_in": ["x"]}}], "t": [{"s": {"is_in": ["y"]}}]}
    counts = count_persons(persons, _layout(rules, "s"), KEYS)
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
    counts = count_persons(persons, _layout({"residents": "every_row"}), KEYS)
    assert _by_key(counts, "residents")["1"] == 5
    assert _by_key(counts, "residents", "u18")["1"] == 2


def test_register_without_age_gives_no_children() -> None:
    columns = {"Block": {"role": "area"}}
    layout = _layout({"residents": "every_row"}, columns=columns)
    counts = count_persons(_rows("area_id", ("1",), ("1",)), layout, KEYS)
    assert set(counts["group"]) == {"all"}
    assert _by_key(counts, "residents") == {"1": 2, "2": 0, "3": 0}


def test_every_area_has_a_row_and_rows_are_sorted() -> None:
    persons = _rows("person area_id age", ("b", "3", 4), ("a", "1", 40))
    counts = count_persons(persons, _layout({"residents": "every_row"}), ("3", "1", "2"))
    assert len(counts) == 6
    assert counts["area_id"].tolist() == ["1", "1", "2", "2", "3", "3"]
    assert set(counts["status"]) == {"published"}


def test_persons_without_a_place_are_not_counted_but_reported() -> None:
    layout = _layout({"residents": "every_row"})
    persons = _rows("person area_id age", ("a", "1", 30), ("b", None, 30), ("c", None, 3))
    counts = count_persons(persons, layout, KEYS)
    assert _by_key(counts, "residents") == {"1": 1, "2": 0, "3": 0}
    assert count_unplaced(persons, layout, counts) == {"residents": 2}


def test_nobody_has_a_place() -> None:
    layout = _layout({"residents": "every_row"})
    persons = _rows("person area_id age", ("a", None, 30))
    counts = count_persons(persons, layout, KEYS)
    assert _by_key(counts, "residents") == dict.fromkeys(KEYS, 0)
    assert count_unplaced(persons, layout, counts) == {"residents": 1}


def test_key_of_another_edition_is_refused_without_showing_it() -> None:
    """Rows were checked when they came; an edition that changed since must not lose people."""
    persons = _rows("person area_id age", ("a", "1", 30), ("b", "GEHEIMKEY", 30))
    layout = _layout({"residents": "every_row"})
    counts = count_persons(persons, layout, KEYS)
    source = Source(Kind.BLOCK, layout.items(), counts, {}, is_expected=True)
    with pytest.raises(DeliveryError, match="Gebietsschlüssel") as caught:
        counts_of([source], AREAS, ["residents"])
    assert "GEHEIMKEY" not in str(caught.value)


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
    )
    assert _by_key(counts, "refugees") == {"1": 2, "2": 1, "3": 1}
    assert _by_key(counts, "refugees", "u18") == {"1": 1, "2": 0, "3": 1}


def test_missing_keys_never_match_each_other() -> None:
    extract = _rows("person T", (None, "24"))
    register = _rows("person area_id age", (None, "1", 30))
    layout = _linked(REFUGEES, "T")
    counts = count_linked(extract, register, layout, KEYS)
    assert _by_key(counts, "refugees") == dict.fromkeys(KEYS, 0)
    assert count_unplaced(extract, layout, counts) == {"refugees": 1}


def test_one_of_several_rows_of_a_person_is_enough() -> None:
    extract = _rows("person T", ("a", "9"), ("a", "24"), ("b", "9"), ("b", "9"))
    register = _rows("person area_id age", ("a", "1", 30), ("b", "1", 30))
    counts = count_linked(extract, register, _linked(REFUGEES, "T"), KEYS)
    assert _by_key(counts, "refugees")["1"] == 1


def test_everybody_of_a_linked_register_is_placed_or_reported() -> None:
    extract, register = _rows("person T", *EXTRACT), _rows("person area_id age", *REGISTER)
    layout = _linked(REFUGEES, "T")
    counts = count_linked(extract, register, layout, KEYS)
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
    counts = count_linked(extract, register, layout, KEYS)
    assert _by_key(counts, "refugees")["1"] == 1
    assert set(counts["group"]) == {"all"}
    assert link_report(extract, register, layout).matched == 1
    rolled = counts_of([_source(Kind.BLOCK, counts, layout.items())], AREAS, ["refugees"])
    young = rolled[rolled["group"] == "u18"]
    assert set(young["status"]) == {"unavailable"}


# ---- hierarchy ----------------------------------------------------------------------------

ALL = frozenset({("m", Group.ALL)})


def _source(
    kind: Kind, counts: pd.DataFrame | None, items: Any = ALL, **changes: Any
) -> Source:
    return Source(kind, items, counts, **{"unplaced": {}, "is_expected": True, **changes})


def _counts(measure: str = "m", /, **counts: int | float | str) -> pd.DataFrame:
    rows = [
        (
            key,
            measure,
            "all",
            None if isinstance(n, str) else n,
            n if isinstance(n, str) else "",
        )
        for key, n in counts.items()
    ]
    frame = pd.DataFrame(rows, columns=["area_id", "measure", "group", "n", "status"])
    frame["status"] = frame["status"].replace("", "published")
    return frame.astype({"n": float})


def _shown(counts: pd.DataFrame) -> dict[str, int | str]:
    assert not counts[["kind", "area_id", "measure", "group"]].duplicated().any()
    return {
        key: status if pd.isna(n) else n
        for key, n, status in zip(counts["area_id"], counts["n"], counts["status"], strict=True)
    }


def test_counts_of_an_unknown_measure_are_left_out() -> None:
    source = _source(Kind.BLOCK, _counts("x", **{"1": 1}), frozenset({("x", Group.ALL)}))
    with_m = _source(Kind.QUARTIER, _counts(A=4, B=5))
    counts = counts_of([source, with_m], AREAS, ["m"])
    assert set(counts["measure"]) == {"m"}


def test_larger_kind_as_delivered_beats_the_sum_of_parts() -> None:
    """A city that publishes its own total keeps it, however its blocks add up."""
    blocks = _source(Kind.BLOCK, _counts(**{"1": 1, "2": 2, "3": 4}))
    city = _source(Kind.CITY, _counts(C=9))
    shown = _shown(counts_of([blocks, city], AREAS, ["m"]))
    assert shown == {"1": 1, "2": 2, "3": 4, "A": 3, "B": 4, "C": 9}


def test_series_without_this_measure_does_not_hide_the_sum_of_parts() -> None:
    """A long table can give a measure, but has none of it at this date."""
    blocks = _source(Kind.BLOCK, _counts(**{"1": 1, "2": 2, "3": 4}))
    series = _source(Kind.QUARTIER, _counts("other", A=7, B=8))
    shown = _shown(counts_of([blocks, series], AREAS, ["m"]))
    assert shown == {"1": 1, "2": 2, "3": 4, "A": 3, "B": 4, "C": 7}


def test_two_layouts_with_the_same_measure_at_the_same_kind_are_refused() -> None:
    old, new = (
        _source(Kind.QUARTIER, _counts(A=1, B=2)),
        _source(Kind.QUARTIER, _counts(A=3, B=4)),
    )
    with pytest.raises(ConfigError, match="m .*mehreren Layouts"):
        counts_of([old, new], AREAS, ["m"])


def test_two_layouts_that_take_turns() -> None:
    old, new = (
        _source(Kind.QUARTIER, _counts("x", A=1)),
        _source(Kind.QUARTIER, _counts(A=3, B=4)),
    )
    shown = _shown(counts_of([old, new], AREAS, ["m"]))
    assert (shown["A"], shown["B"], shown["C"]) == (3, 4, 7)


def test_one_of_two_sources_is_enough() -> None:
    late = _source(Kind.QUARTIER, None)
    here = _source(Kind.QUARTIER, _counts(A=3, B=4))
    assert _shown(counts_of([late, here], AREAS, ["m"]))["C"] == 7


def test_unplaced_persons_stand_at_the_city() -> None:
    blocks = _source(Kind.BLOCK, _counts(**{"1": 1, "2": 2, "3": 4}), unplaced={"m": 5})
    counts = counts_of([blocks], AREAS, ["m"])
    row = counts[counts["measure"] == "m.unplaced"].iloc[0]
    assert (row["kind"], row["area_id"], row["n"], row["status"]) == (
        "city",
        "C",
        5,
        "published",
    )
    assert _shown(counts[counts["measure"] == "m"])["C"] == 7


# ---- ready-made shares --------------------------------------------------------------------


def test_shares_stay_at_their_kind() -> None:
    source = _source(Kind.QUARTIER, _counts(A=12.5, B="withheld"))
    shown = _shown(shares_of([source], AREAS, ["m"]))
    assert shown == {
        "1": "unavailable",
        "2": "unavailable",
        "3": "unavailable",
        "A": 12.5,
        "B": "withheld",
        "C": "unavailable",
    }


def test_shares_that_are_due() -> None:
    shown = _shown(shares_of([_source(Kind.QUARTIER, None)], AREAS, ["m"]))
    assert (shown["A"], shown["C"], shown["1"]) == ("missing", "unavailable", "unavailable")


def test_no_shares_at_all() -> None:
    assert shares_of([_source(Kind.BLOCK, None)], AREAS, ["other"]).empty


def test_statuses_are_words_of_the_atlas() -> None:
    counts = counts_of([_source(Kind.QUARTIER, _counts(A=1, B="withheld"))], AREAS, ["m"])
    assert set(counts["status"]) <= {str(status) for status in Status}
    assert counts["n"].dtype == "Int64"
