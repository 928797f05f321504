from datetime import date
from pathlib import Path

import pytest

from atlas.confidential.delivery import claimed_date, recognise
from atlas.config import Layout
from atlas.errors import DeliveryError

COUNTS = {
    "id": "sgb2",
    "source": "sgb2",
    "label": "SGB II",
    "shape": "counts",
    "file": "sgb2_{date}_*.csv",
    "kind": "quartier",
    "columns": {
        "Gebiet": {"role": "area"},
        "Personen": {"role": "count", "item": "sgb2_recipients"},
    },
}


def layout(**changes: object) -> Layout:
    return Layout.model_validate({**COUNTS, **changes})


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        ("sgb2_2024-12-31_final.csv", True),
        ("SGB2_2024-12-31_FINAL.CSV", True),
        ("sgb2_2024-12-31_.csv", True),
        ("sgb2_2024-12-31.csv", False),
        ("sgb2_20241231_final.csv", False),
        ("alt_sgb2_2024-12-31_final.csv", False),
        ("sgb2_2024-12-31_final.csv.part", False),
    ],
)
def test_file_name_decides_the_layout(name: str, is_known: bool) -> None:
    found = recognise(Path("inbox") / name, [layout()])
    assert (found is not None) == is_known


def test_dot_in_a_pattern_is_a_dot() -> None:
    assert recognise(Path("sgb2_2024-12-31_aXcsv"), [layout()]) is None


def test_two_fitting_layouts_are_refused() -> None:
    other = layout(id="zweites", file="sgb2_*.csv")
    with pytest.raises(DeliveryError, match="sgb2 und zweites"):
        recognise(Path("sgb2_2024-12-31_a.csv"), [layout(), other])


@pytest.mark.parametrize(
    ("file_date", "name", "expected"),
    [
        ("%Y-%m-%d", "sgb2_2024-12-31_x.csv", date(2024, 12, 31)),
        ("%d.%m.%Y", "sgb2_30.06.2024_x.csv", date(2024, 6, 30)),
        ("%Y%m%d", "sgb2_20240229_x.csv", date(2024, 2, 29)),
        ("%Y%m", "sgb2_202402_x.csv", date(2024, 2, 29)),
        ("%Y", "sgb2_2024_x.csv", date(2024, 12, 31)),
    ],
)
def test_date_in_the_file_name(file_date: str, name: str, expected: date) -> None:
    assert claimed_date(Path(name), layout(file_date=file_date)) == expected


@pytest.mark.parametrize(
    "name", ["sgb2_2024-02-30_x.csv", "sgb2_2024-13-01_x.csv", "sgb2_0000-01-01_x.csv"]
)
def test_impossible_date_in_the_file_name(name: str) -> None:
    path = Path(name)
    assert recognise(path, [layout()]) is not None
    with pytest.raises(DeliveryError, match="kein gültiger Stichtag im Dateinamen"):
        claimed_date(path, layout())


def test_pattern_without_date_claims_nothing() -> None:
    assert claimed_date(Path("sgb2.csv"), layout(file="sgb2.csv")) is None


@pytest.mark.parametrize("suffix", [".part", ".FILEPART", ".crdownload", ".tmp"])
def test_what_is_still_being_fetched_is_no_delivery(suffix: str) -> None:
    anything = layout(file="sgb2_{date}.*")
    assert recognise(Path("sgb2_2024-12-31.csv"), [anything]) is anything
    assert recognise(Path(f"sgb2_2024-12-31.csv{suffix}"), [anything]) is None
