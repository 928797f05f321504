"""Counts of blocks, Quartiere and Stadtbezirke up to the city, with gaps: one table per case.

The town: Stadtbezirk N holds the Quartiere A (blocks a1, a2) and B (b1), Stadtbezirk S holds C
(c1, c2). A word says why there is no count; ``-`` in front of the arrow says that the source
gives nothing for this area.
"""

import pandas as pd

from atlas.confidential.roll_up import Source, counts_of
from atlas.terms import Group, Kind, Reason, Status

AREAS = pd.DataFrame(
    [
        ("block", "a1", "A"),
        ("block", "a2", "A"),
        ("block", "b1", "B"),
        ("block", "c1", "C"),
        ("block", "c2", "C"),
        ("quartier", "A", "N"),
        ("quartier", "B", "N"),
        ("quartier", "C", "S"),
        ("district", "N", "town"),
        ("district", "S", "town"),
        ("city", "town", ""),
    ],
    columns=["kind", "area_id", "parent_id"],
)
WORDS = {
    "gesperrt": (Status.WITHHELD, Reason.SUPPLIER),
    "ausstehend": (Status.MISSING, Reason.PENDING),
    "fehlt": (Status.UNAVAILABLE, Reason.NOT_DELIVERED),
}
ITEM = ("sgb2", Group.ALL)


def _source(kind: str, text: str, is_expected: bool) -> Source:
    rows = []
    for part in text.split():
        area_id, _, n = part.partition("=")
        status = WORDS.get(n, (Status.PUBLISHED, Reason.NONE))[0]
        rows.append((area_id, ITEM[0], "all", None if n in WORDS else float(n), str(status)))
    columns = ["area_id", "measure", "group", "n", "status"]
    counts = pd.DataFrame(rows, columns=columns) if rows else None
    return Source(Kind(kind), frozenset({ITEM}), counts, {}, is_expected)


def _check(*sources: Source, rolled: str, areas: pd.DataFrame = AREAS) -> None:
    counts = counts_of(sources, areas, [ITEM[0]])
    found = {}
    for row in counts.itertuples():
        has_value = row.status == "published"
        assert has_value == (not pd.isna(row.n)), row
        words = [word for word, both in WORDS.items() if both == (row.status, row.reason)]
        found[row.area_id] = str(row.n) if has_value else words[0]
    expected = dict(part.split("=") for part in rolled.split())
    assert found == expected


def test_blocks_add_up() -> None:
    _check(
        _source("block", "a1=1 a2=2 b1=4 c1=8 c2=16", True),
        rolled="a1=1 a2=2 b1=4 c1=8 c2=16 A=3 B=4 C=24 N=7 S=24 town=31",
    )


def test_nothing_below_the_kind_of_the_source() -> None:
    """SGB II comes per Quartier: blocks never have it."""
    _check(
        _source("quartier", "A=3 B=4 C=0", True),
        rolled="a1=fehlt a2=fehlt b1=fehlt c1=fehlt c2=fehlt A=3 B=4 C=0 N=7 S=0 town=7",
    )


def test_a_sum_over_a_withheld_part_is_withheld() -> None:
    _check(
        _source("quartier", "A=3 B=gesperrt C=5", True),
        rolled="a1=fehlt a2=fehlt b1=fehlt c1=fehlt c2=fehlt"
        " A=3 B=gesperrt C=5 N=gesperrt S=5 town=gesperrt",
    )


def test_a_sum_over_an_absent_part_is_not_there() -> None:
    """An area without a row is not a zero."""
    _check(
        _source("quartier", "A=3 C=5", True),
        rolled="a1=fehlt a2=fehlt b1=fehlt c1=fehlt c2=fehlt"
        " A=3 B=fehlt C=5 N=fehlt S=5 town=fehlt",
    )


def test_absent_outweighs_withheld() -> None:
    _check(
        _source("quartier", "A=gesperrt C=5", True),
        rolled="a1=fehlt a2=fehlt b1=fehlt c1=fehlt c2=fehlt"
        " A=gesperrt B=fehlt C=5 N=fehlt S=5 town=fehlt",
    )


def test_everything_withheld() -> None:
    _check(
        _source("quartier", "A=gesperrt B=gesperrt C=gesperrt", True),
        rolled="a1=fehlt a2=fehlt b1=fehlt c1=fehlt c2=fehlt"
        " A=gesperrt B=gesperrt C=gesperrt N=gesperrt S=gesperrt town=gesperrt",
    )


def test_late_source_is_awaited_from_its_kind_up() -> None:
    _check(
        _source("quartier", "", True),
        rolled="a1=fehlt a2=fehlt b1=fehlt c1=fehlt c2=fehlt"
        " A=ausstehend B=ausstehend C=ausstehend N=ausstehend S=ausstehend town=ausstehend",
    )


def test_source_that_does_not_exist_at_this_date_is_not_awaited() -> None:
    """Migrants before 2021: nobody will ever send them."""
    _check(
        _source("quartier", "", False),
        rolled="a1=fehlt a2=fehlt b1=fehlt c1=fehlt c2=fehlt"
        " A=fehlt B=fehlt C=fehlt N=fehlt S=fehlt town=fehlt",
    )


def test_total_of_the_city_from_elsewhere() -> None:
    """The authority gives the city's total although it withholds a Quartier."""
    _check(
        _source("quartier", "A=3 B=gesperrt C=5", True),
        _source("city", "town=10", True),
        rolled="a1=fehlt a2=fehlt b1=fehlt c1=fehlt c2=fehlt"
        " A=3 B=gesperrt C=5 N=gesperrt S=5 town=10",
    )


def test_districts_from_one_source_quartiere_from_another() -> None:
    _check(
        _source("block", "a1=1 a2=2 b1=4 c1=8 c2=16", True),
        _source("district", "N=gesperrt S=25", True),
        rolled="a1=1 a2=2 b1=4 c1=8 c2=16 A=3 B=4 C=24 N=gesperrt S=25 town=gesperrt",
    )


def test_late_blocks_leave_larger_kinds_alone() -> None:
    _check(
        _source("block", "", True),
        _source("quartier", "A=3 B=4 C=24", True),
        rolled="a1=ausstehend a2=ausstehend b1=ausstehend c1=ausstehend c2=ausstehend"
        " A=3 B=4 C=24 N=7 S=24 town=31",
    )


def test_city_without_blocks_and_districts() -> None:
    areas = pd.DataFrame(
        [("quartier", "A", "town"), ("quartier", "B", "town"), ("city", "town", "")],
        columns=["kind", "area_id", "parent_id"],
    )
    _check(_source("quartier", "A=3 B=0", True), rolled="A=3 B=0 town=3", areas=areas)
