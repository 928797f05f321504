"""Nobody is lost or counted twice between a register and the city."""

from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.confidential.aggregate import (
    count_linked,
    count_persons,
    count_unplaced,
    link_report,
)
from atlas.confidential.roll_up import Source, counts_of
from atlas.config import Layout
from atlas.config.groups import DEFAULT_GROUPS, memberships_of
from atlas.terms import KINDS, Group, Kind
from tests.factories import BLOCKS, town_areas
from tests.town_office import LAYOUTS

AREAS = pd.DataFrame(town_areas()[["kind", "area_id", "parent_id"]])
GROUPS = memberships_of(DEFAULT_GROUPS)
KEYS = sorted(BLOCKS)
EWO, ALW = (Layout.model_validate(layout) for layout in LAYOUTS[:2])
ITEMS = frozenset((name, group) for name in EWO.measures for group in GROUPS)
MEASURES = ("residents", "migrants")

Person = tuple[str | None, str | None, int | None, str | None]
persons = st.tuples(
    st.sampled_from(["p1", "p2", "p3", "p4", "p5", None]),
    st.sampled_from([*KEYS[:4], None]),
    st.one_of(st.none(), st.integers(0, 110)),
    st.sampled_from(["0", "1", None]),
)
registers = st.lists(persons, max_size=30)
extracts = st.lists(
    st.tuples(
        st.sampled_from(["p1", "p2", "p3", "x", None]), st.sampled_from(["24", "FZ", None])
    ),
    max_size=15,
)


def _table(rows: list[Any], names: str) -> Any:
    arrays = {
        name: pa.array(
            [row[place] for row in rows], pa.int64() if name == "age" else pa.string()
        )
        for place, name in enumerate(names.split())
    }
    return ibis.memtable(pa.table(arrays))


def _register(rows: list[Person]) -> Any:
    return _table(rows, "person area_id age MIGRATION")


def _totals(counts: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    """Sum per kind, measure and group."""
    sums = counts.groupby(["kind", "measure", "group"], as_index=False)["n"].sum()
    columns = (sums[name] for name in ("kind", "measure", "group", "n"))
    return {
        (kind, measure, group): int(n) for kind, measure, group, n in zip(*columns, strict=True)
    }


@settings(max_examples=12, deadline=None)
@given(registers)
def test_population_is_conserved_at_every_kind(rows: list[Person]) -> None:
    register = _register(rows)
    counts = count_persons(register, EWO, KEYS, GROUPS)
    source = Source(Kind.BLOCK, ITEMS, counts, count_unplaced(register, EWO, counts), True)
    totals = _totals(counts_of([source], AREAS, MEASURES))
    placed = sum(row[1] is not None for row in rows)
    children = sum(row[1] is not None and row[2] is not None and row[2] < 18 for row in rows)
    for kind in KINDS:
        assert totals[str(kind), "residents", "all"] == placed
        assert totals[str(kind), "residents", "u18"] == children
    assert totals["city", "residents.unplaced", "all"] == len(rows) - placed


@settings(max_examples=6, deadline=None)
@given(registers, st.randoms(use_true_random=False))
def test_order_of_rows_is_irrelevant(rows: list[Person], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = (count_persons(_register(r), EWO, KEYS, GROUPS) for r in (rows, shuffled))
    pd.testing.assert_frame_equal(one, other)


@settings(max_examples=12, deadline=None)
@given(extracts, registers)
def test_linked_persons_nest_and_add_up(extract: list[Any], register: list[Person]) -> None:
    """Refugees at a place are some of its people; with the unplaced they are all of them."""
    refugees, homes = _table(extract, "person TITEL"), _register(register)
    counts = count_linked(refugees, homes, ALW, KEYS, GROUPS)
    everybody = count_persons(homes, EWO, KEYS, GROUPS)
    at_home = everybody.set_index(["measure", "group", "area_id"])["n"]
    for row in counts.itertuples():
        assert row.n <= at_home["residents", row.group, row.area_id]
    named = {key for key, title in extract if key and title == "24"}
    keyless = sum(not key and title == "24" for key, title in extract)
    placed = int(counts.loc[counts["group"] == str(Group.ALL), "n"].sum())
    unplaced = count_unplaced(refugees, ALW, counts)["refugees"]
    assert placed + unplaced == len(named) + keyless


@settings(max_examples=12, deadline=None)
@given(extracts, registers)
def test_every_link_ends_one_way(extract: list[Any], register: list[Person]) -> None:
    report = link_report(_table(extract, "person TITEL"), _register(register), ALW)
    ends = report.matched + report.not_matched + report.matched_twice + report.not_placeable
    keys = {key for key, _ in extract if key}
    assert ends == len(keys) + sum(not key for key, _ in extract)
    homes = {person for person, *_ in register if person}
    assert report.register_matched + report.register_not_matched == len(homes)


cells = st.dictionaries(
    st.sampled_from(KEYS),
    st.one_of(st.integers(0, 1000), st.sampled_from(["withheld", "unavailable"])),
    max_size=len(KEYS),
)


def _source(kind: Kind, values: dict[str, int | str]) -> Source:
    rows = [
        (key, "sgb2", "all", None if isinstance(n, str) else float(n), n)
        for key, n in values.items()
    ]
    counts = pd.DataFrame(rows, columns=["area_id", "measure", "group", "n", "status"])
    counts["status"] = [n if isinstance(n, str) else "published" for n in values.values()]
    items = frozenset({("sgb2", Group.ALL)})
    return Source(kind, items, counts.astype({"n": float}), {}, True)


@settings(max_examples=20, deadline=None)
@given(cells)
def test_every_area_has_one_row_and_a_value_or_a_reason(values: dict[str, int | str]) -> None:
    counts = counts_of([_source(Kind.BLOCK, values)], AREAS, ["sgb2"])
    assert len(counts) == len(AREAS)
    assert not counts[["kind", "area_id"]].duplicated().any()
    has_value = counts["n"].notna()
    assert (has_value == (counts["status"] == "published")).all()
    assert ((counts["reason"] == "") == has_value).all()


@settings(max_examples=20, deadline=None)
@given(cells)
def test_a_sum_has_a_value_exactly_when_all_its_parts_have(
    values: dict[str, int | str],
) -> None:
    counts = counts_of([_source(Kind.BLOCK, values)], AREAS, ["sgb2"])
    parents = AREAS.set_index(["kind", "area_id"])["parent_id"]
    counts = counts.assign(
        parent=[parents[k, a] for k, a in zip(counts["kind"], counts["area_id"], strict=True)]
    )
    for kind, above in zip(KINDS, list(KINDS)[1:], strict=False):
        parts = counts[counts["kind"] == kind].groupby("parent")["n"]
        sums = counts[counts["kind"] == above].set_index("area_id")["n"]
        if sums.isna().all():
            continue
        assert (parts.apply(lambda n: n.isna().any()) == sums.isna()).all()
        whole = sums.dropna()
        assert (parts.sum()[whole.index] == whole).all()
