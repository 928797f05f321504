"""Tables with reference dates in their head, and bad years among good ones."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from atlas.confidential.delivery import Reading, describe

Read = Callable[..., Reading]
AREAS = ("0101", "0102", "0103", "NA01")
ALL = {area: 10.0 + i for i, area in enumerate(AREAS)}


def persons(reading: Reading, day: date) -> dict[str, Any]:
    return {row["area_id"]: row["value"] for row in reading.parts[day].to_pylist()}


def checks(reading: Reading) -> list[str]:
    return [one.check for one in reading.findings]


def book(rows: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


YEARS = "Gebiet;EW 2022;EW 2023;Veränderung\n" + "".join(
    f"{area};{10 + i};{20 + i};1\n" for i, area in enumerate(AREAS)
)
DATED: dict[str, Any] = {
    "file": "ew_*.csv",
    "columns": {
        "Gebiet": {"role": "area"},
        "EW {date}": {"role": "count", "item": "residents", "format": "%Y"},
    },
}


@pytest.mark.parametrize(
    ("column", "heads"),
    [
        ("EW {date}", ("EW 2022", "EW 2023")),
        ("{date}", ("2022", "2023")),
        ("Stand {date} (EW)", ("Stand 2022 (EW)", "Stand 2023 (EW)")),
        ("{date}", ("31.12.2022", "31.12.2023")),
    ],
)
def test_years_as_columns(read_counts: Read, column: str, heads: tuple[str, str]) -> None:
    text = YEARS.replace("EW 2022", heads[0]).replace("EW 2023", heads[1]) + "Quelle: Amt\n"
    one = {"role": "count", "item": "residents", "format": ["%d.%m.%Y", "%Y"]}
    changes = {**DATED, "columns": {"Gebiet": {"role": "area"}, column: one}}
    reading = read_counts(text, changes=changes, claimed=None)
    assert checks(reading) == []
    assert persons(reading, date(2022, 12, 31)) == ALL
    assert persons(reading, date(2023, 12, 31)) == {a: v + 10 for a, v in ALL.items()}


def test_years_as_columns_of_a_sheet(read_counts: Read) -> None:
    rows = [["Gebiet", 2022, 2023], *([area, count, 1] for area, count in ALL.items())]
    columns = {**DATED["columns"], "{date}": DATED["columns"]["EW {date}"]}
    changes = {**DATED, "columns": {k: columns[k] for k in ("Gebiet", "{date}")}}
    reading = read_counts(book(rows), name="a.xlsx", changes=changes, claimed=None)
    assert persons(reading, date(2022, 12, 31)) == ALL


def test_a_bad_year_before_the_first_date_does_not_refuse_the_others(read_counts: Read) -> None:
    bad = YEARS.replace("0101;10", "0101;zehn")
    reading = read_counts(bad, changes={**DATED, "first_date": "2023-01-01"}, claimed=None)
    assert checks(reading) == []
    assert list(reading.parts) == [date(2023, 12, 31)]


def test_a_bad_year_is_refused_alone(read_counts: Read) -> None:
    reading = read_counts(YEARS.replace("0101;10", "0101;zehn"), changes=DATED, claimed=None)
    assert checks(reading) == []
    assert list(reading.parts) == [date(2023, 12, 31)]
    (error,) = reading.refused
    assert describe(error, "ew.csv").startswith(
        "Lieferung ew.csv, Stichtag 31.12.2022, Spalte „EW {date}“, Zeile 2: "
    )


def test_years_that_are_bad_alike_refuse_the_file(read_counts: Read) -> None:
    bad = YEARS.replace("0101;", "0999;")
    reading = read_counts(bad, changes=DATED, claimed=None)
    assert "unknown_area" in checks(reading)
    assert not reading.refused


def test_a_bad_year_in_rows_before_the_first_date(read_long: Read) -> None:
    columns = {
        "Jahr": {"role": "date", "format": "%Y"},
        "Gebiet": {"role": "area"},
        "Anzahl": {"role": "count", "item": "residents"},
    }
    rows = "".join(f"2023;{area};1\n2022;{area};x\n" for area in AREAS)
    changes = {"columns": columns, "first_date": "2023-01-01"}
    reading = read_long("Jahr;Gebiet;Anzahl\n" + rows, changes=changes)
    assert checks(reading) == ["not_covered"]
    assert list(reading.parts) == [date(2023, 12, 31)]


@pytest.mark.parametrize("sign", ["\u00b9", "*", " 1)", "1)", " \u00b2\u207e", "**"])
def test_year_with_the_sign_of_a_footnote_is_read(read_counts: Read, sign: str) -> None:
    text = YEARS.replace("EW 2023", f"EW 2023{sign}")
    reading = read_counts(text, changes=DATED, claimed=None)
    assert reading.findings == ()
    assert list(reading.parts) == [date(2022, 12, 31), date(2023, 12, 31)]


def test_head_that_looks_dated_and_is_not_is_told(read_counts: Read) -> None:
    text = YEARS.replace("Veränderung", "EW 2023 unter 18")
    reading = read_counts(text, changes=DATED, claimed=None)
    assert checks(reading) == ["undated_column"]
    assert "EW 2023 unter 18" in reading.findings[0].hint
    assert len(reading.parts) == 2


@pytest.mark.parametrize("again", ["EW 2022", "EW 2022 1)", "EW\u00a02022"])
def test_year_that_stands_twice_is_refused(read_counts: Read, again: str) -> None:
    text = YEARS.replace("EW 2023", again)
    reading = read_counts(text, changes=DATED, claimed=None)
    assert checks(reading) == ["duplicate_header"]
