"""Counts move between editions as whole persons; nobody is lost, no gap becomes a zero."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.crosswalk import move_counts, read_crosswalk
from atlas.errors import GeographyError


def _shares(text: str) -> pd.DataFrame:
    """Rows ``old new share``, separated by commas."""
    rows = [part.split() for part in text.split(",")]
    table = pd.DataFrame(rows, columns=["from_id", "to_id", "share"])
    return table.astype({"share": float})


def _counts(**values: int | str) -> pd.DataFrame:
    rows = [
        (
            area,
            "all",
            "m",
            None if isinstance(n, str) else n,
            n if isinstance(n, str) else "published",
        )
        for area, n in values.items()
    ]
    columns = ["area_id", "group", "measure", "n", "status"]
    return pd.DataFrame(rows, columns=columns).astype({"n": "Int64"})


def _moved(counts: pd.DataFrame, shares: str) -> dict[str, Any]:
    moved = move_counts(counts, _shares(shares))
    return {
        row.area_id: row.status if pd.isna(row.n) else int(row.n) for row in moved.itertuples()
    }


@pytest.mark.parametrize(
    ("counts", "shares", "wanted"),
    [
        ({"a": 10}, "a x 1", {"x": 10}),
        ({"a": 10, "b": 5}, "a x 1, b x 1", {"x": 15}),
        ({"a": 10}, "a x 0.5, a y 0.5", {"x": 5, "y": 5}),
        ({"a": 11}, "a x 0.5, a y 0.5", {"x": 6, "y": 5}),  # a tie goes to the first key
        ({"a": 10}, "a x 0.33, a y 0.67", {"x": 3, "y": 7}),
        ({"a": 1}, "a x 0.4, a y 0.6", {"x": 0, "y": 1}),
        ({"a": 0}, "a x 0.4, a y 0.6", {"x": 0, "y": 0}),
        ({"a": 100}, "a x 1, a y 0", {"x": 100, "y": 0}),
    ],
)
def test_whole_persons(counts: dict[str, int], shares: str, wanted: dict[str, int]) -> None:
    assert _moved(_counts(**counts), shares) == wanted


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        ({"a": "withheld", "b": 5}, {"x": "withheld", "y": 5}),
        ({"a": "unavailable", "b": 5}, {"x": "unavailable", "y": 5}),
        ({"a": "withheld", "b": "unavailable"}, {"x": "unavailable", "y": "unavailable"}),
        ({"a": 4, "b": "withheld"}, {"x": "withheld", "y": "withheld"}),
    ],
)
def test_a_gap_moves_with_its_area(counts: dict[str, Any], wanted: dict[str, Any]) -> None:
    """``y`` takes all but one tenth of ``b``, the rest goes to ``x`` with ``a``."""
    shares = "a x 1, b y 1" if counts["b"] == 5 else "a x 1, b x 0.1, b y 0.9"
    assert _moved(_counts(**counts), shares) == wanted


def test_a_share_of_nothing_brings_no_gap() -> None:
    assert _moved(_counts(a="withheld", b=5), "a x 1, a y 0, b y 1") == {
        "x": "withheld",
        "y": 5,
    }


def test_an_old_area_without_a_row_is_no_zero() -> None:
    """The supplier left it out; what it goes into is not known."""
    counts = _counts(a=10)
    assert _moved(counts, "a x 1, b x 0.5, b y 0.5") == {"x": "unavailable", "y": "unavailable"}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=4),
    st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=4), min_size=4, max_size=4),
)
def test_totals_never_change(counts: list[int], parts: list[list[int]]) -> None:
    names = "abcd"
    rows = [
        (names[place], f"n{to}", part / sum(parts[place]))
        for place in range(len(counts))
        for to, part in enumerate(parts[place])
    ]
    shares = pd.DataFrame(rows, columns=["from_id", "to_id", "share"])
    given_counts = _counts(**dict(zip(names, counts, strict=False)))
    moved = move_counts(given_counts, shares)
    assert int(moved["n"].sum()) == sum(counts)
    assert (moved["n"] >= 0).all()
    assert set(moved["status"]) == {"published"}


# ---- files --------------------------------------------------------------------------------


def _file(directory: Path, text: str | bytes) -> Path:
    path = directory / "umstieg.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_read(tmp_path: Path, delimiter: str, mark: str) -> None:
    text = mark + "from_id,to_id,share\n01,11,0.25\n01,12,0.75\n02,12,1\n"
    table = read_crosswalk(_file(tmp_path, text.replace(",", delimiter)))
    assert table["from_id"].tolist() == ["01", "01", "02"]
    assert table["share"].tolist() == [0.25, 0.75, 1.0]


BROKEN = {
    "empty": ("", "nicht lesbar"),
    "other columns": ("a,b,c\n1,2,3\n", "nicht lesbar"),
    "no number": ("from_id,to_id,share\n1,2,viel\n", "nicht lesbar"),
    "decimal comma": ("from_id;to_id;share\n1;2;0,5\n", "nicht lesbar"),
    "no number at all": ("from_id,to_id,share\n1,2,nan\n", "außerhalb von 0 bis 1"),
    "too much": ("from_id,to_id,share\n1,2,1.5\n1,3,-0.5\n", "außerhalb von 0 bis 1"),
    "sum": ("from_id,to_id,share\n01,2,0.5\n01,3,0.4\n", "Gebiete 01: Anteile ergeben"),
    "short row": ("from_id,to_id,share\n01,2\n", "nicht lesbar"),
    "cp1252": (b"from_id,to_id,share\n\xe4,2,1\n", "nicht lesbar"),
    "pair twice": ("from_id,to_id,share\n1,2,0.5\n1,2,0.5\n", "mehrfach"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files(tmp_path: Path, name: str) -> None:
    text, message = BROKEN[name]
    with pytest.raises(GeographyError, match=message) as caught:
        read_crosswalk(_file(tmp_path, text))
    assert "umstieg.csv" in str(caught.value)
