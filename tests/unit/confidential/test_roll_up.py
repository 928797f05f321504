"""Counts of one kind of area to every kind: sums, gaps, ready-made shares."""

from typing import Any

import pandas as pd
import pytest

from atlas.confidential.roll_up import Source, counts_of, shares_of
from atlas.errors import ConfigError, DeliveryError
from atlas.terms import Group, Kind, Status

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


def test_key_of_another_edition_is_refused_without_showing_it() -> None:
    """Rows were checked when they came; an edition that changed since must not lose people."""
    source = _source(Kind.BLOCK, _counts(**{"1": 1, "GEHEIMKEY": 1}))
    with pytest.raises(DeliveryError, match="Gebietsschlüssel") as caught:
        counts_of([source], AREAS, ["m"])
    assert "GEHEIMKEY" not in str(caught.value)
