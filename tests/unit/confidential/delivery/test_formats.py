"""The same delivery in every format gives the same table."""

import csv
import io
import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atlas.confidential.delivery import (
    KnownAreas,
    Reading,
    Request,
    Severity,
    read_database_delivery,
    read_delivery,
)
from atlas.confidential.delivery.typed import text_table
from atlas.config import Layout

DAY = date(2024, 12, 31)
EDITION = KnownAreas(date(2024, 1, 1), frozenset({"0101", "0102", "0103"}))
HEADER = ["Schluessel", "Gebiet", "Geburt", "Staat", "Anderes"]
ROWS = [
    ["0017", 101, date(1990, 2, 1), "000", "süd"],
    ["0018", 102, date(2008, 12, 31), "163", "y"],
    ["0019", 103, date(1950, 1, 1), "", "z"],
]
LAYOUT = {
    "id": "ewo",
    "source": "ewo",
    "label": "Einwohnerregister",
    "shape": "persons",
    "file": "ewo.*",
    "kind": "quartier",
    "columns": {
        "Schluessel": {"role": "person"},
        "Gebiet": {"role": "area"},
        "Geburt": {"role": "birth_date", "format": "%d.%m.%Y"},
        "Staat": {"role": "code"},
    },
    "measures": {"residents": "every_row"},
}


def request(**changes: object) -> Request:
    layout = Layout.model_validate({**LAYOUT, **changes})
    return Request(layout, DAY, b"k", lambda day: EDITION)


def expected(tmp_path: Path) -> Reading:
    return read_delivery(as_csv(tmp_path, "utf-8"), request())


def as_csv(folder: Path, encoding: str, **dialect: object) -> Path:
    stream = io.StringIO()
    writer = csv.writer(stream, **{"delimiter": ";", **dialect})  # type: ignore[arg-type]
    writer.writerow(HEADER)
    for key, area, birth, state, other in ROWS:
        writer.writerow([key, f"0{area}", birth.strftime("%d.%m.%Y"), state, other])
    path = folder / "ewo.csv"
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def as_xlsx(folder: Path) -> Path:
    book = openpyxl.Workbook()
    for row in (HEADER, *ROWS):
        book.active.append(row)
    path = folder / "ewo.xlsx"
    book.save(path)
    return path


def typed_table() -> pa.Table:
    columns = [list(column) for column in zip(*ROWS, strict=True)]
    return pa.table(dict(zip(HEADER, columns, strict=True)))


def as_parquet(folder: Path) -> Path:
    path = folder / "ewo.parquet"
    pq.write_table(typed_table(), path)
    return path


@pytest.mark.parametrize(
    "write",
    [
        lambda folder: as_csv(folder, "utf-8-sig"),
        lambda folder: as_csv(folder, "cp1252", lineterminator="\n"),
        lambda folder: as_csv(folder, "utf-8", lineterminator="\r"),
        lambda folder: as_csv(folder, "utf-8", quoting=csv.QUOTE_ALL),
        as_xlsx,
        as_parquet,
    ],
    ids=["utf-8 with mark", "cp1252", "old Mac", "quoted", "xlsx", "parquet"],
)
def test_format_does_not_change_the_table(
    write: Callable[[Path], Path], tmp_path: Path
) -> None:
    reading = read_delivery(write(tmp_path), request())
    assert reading.findings == ()
    assert reading.parts[DAY].equals(expected(tmp_path).parts[DAY])
    assert reading.parts[DAY]["area_id"].to_pylist() == ["0101", "0102", "0103"]
    assert reading.parts[DAY]["age"].to_pylist() == [34, 16, 74]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    path = tmp_path / "register.duckdb"
    with duckdb.connect(path) as connection:
        persons = typed_table()  # noqa: F841 - DuckDB finds it by its name
        connection.execute("CREATE SCHEMA ewo")
        connection.execute("CREATE TABLE ewo.personen AS SELECT * FROM persons")
    return f"duckdb://{path}"


def test_database_table_gives_the_same_rows_sorted(database_url: str, tmp_path: Path) -> None:
    reading = read_database_delivery(database_url, request(file="", table="ewo.personen"))
    assert reading.findings == ()
    assert reading.name == "ewo.personen"
    assert reading.parts[DAY].equals(expected(tmp_path).parts[DAY])
    again = read_database_delivery(database_url, request(file="", table="ewo.personen"))
    assert again.sha256 == reading.sha256


@pytest.mark.parametrize(
    ("table", "url", "check"),
    [
        ("ewo.fehlt", "", "no_table"),
        ("ewo.personen", "duckdb:///nirgends/GEHEIM7731.duckdb", "no_connection"),
        ("ewo.personen", "unbekannt://nutzer:GEHEIM7731@rechner/db", "no_connection"),
    ],
)
def test_database_that_cannot_be_read(
    database_url: str, table: str, url: str, check: str
) -> None:
    reading = read_database_delivery(url or database_url, request(file="", table=table))
    assert [finding.check for finding in reading.findings] == [check]
    assert reading.findings[0].severity is Severity.ERROR
    assert "GEHEIM7731" not in repr(reading)


def test_sheet_title_rows_and_notes_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Deckblatt"])
    sheet = book.create_sheet("Daten")
    for number, row in enumerate((HEADER, *ROWS, ["* geschätzt"]), start=4):
        for position, cell in enumerate(row, start=2):
            sheet.cell(number, position, cell)
    path = tmp_path / "ewo.xlsx"
    book.save(path)
    reading = read_delivery(path, request(sheet="Daten", skip_rows=3, footer_rows=1))
    assert reading.findings == ()
    assert reading.parts[DAY].equals(expected(tmp_path).parts[DAY])


@pytest.mark.parametrize("notes", [(), ("Quelle: Register",)])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_row_is_not_cut_off_as_a_note(
    notes: tuple[str, ...], ending: str, tmp_path: Path
) -> None:
    rows = [HEADER, *ROWS, *([note] for note in notes)]
    path = tmp_path / f"ewo.{ending}"
    if ending == "csv":
        text = as_csv(tmp_path, "utf-8").read_text("utf-8")
        path.write_text(text + "".join(f"{note}\n" for note in notes), encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    reading = read_delivery(path, request(footer_rows=2))
    first = len(rows) - 1
    expected_rows = tuple(range(first, first + 2 - len(notes)))
    assert [(f.check, f.rows) for f in reading.findings] == [("cut_row", expected_rows)]


def test_row_numbers_of_a_workbook_are_those_of_the_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number, row in ((3, HEADER), (4, ROWS[0]), (7, ["0018", 999, ROWS[1][2], "000", ""])):
        for position, cell in enumerate(row, start=1):
            book.active.cell(number, position, cell)
    path = tmp_path / "ewo.xlsx"
    book.save(path)
    reading = read_delivery(path, request())
    assert [(f.check, f.rows) for f in reading.findings] == [("unknown_area", (7,))]


def test_row_numbers_of_a_csv_are_physical_lines(tmp_path: Path) -> None:
    path = tmp_path / "ewo.csv"
    path.write_text(
        'Titel mit einem " darin\nSchluessel;Gebiet;Geburt;Staat;Anderes\n'
        '1;0101;01.01.1990;000;"zwei\nZeilen"\n\n2;9999;01.01.1990;000;x\n'
        "Quelle: Register\n",
        encoding="utf-8",
    )
    reading = read_delivery(path, request(skip_rows=1, footer_rows=1))
    assert [(f.check, f.rows) for f in reading.findings] == [("unknown_area", (6,))]


def test_progress_counts_rows(tmp_path: Path) -> None:
    seen: list[int] = []
    asked = Request(
        Layout.model_validate(LAYOUT), DAY, b"k", lambda day: EDITION, progress=seen.append
    )
    read_delivery(as_csv(tmp_path, "utf-8"), asked)
    assert seen == [3]


@pytest.mark.parametrize(
    ("row", "column"),
    [(1_048_576, 16_384), (60_000, 700), (1_048_576, 52)],
    ids=["far corner", "far column", "far row"],
)
def test_stray_cell_far_off_is_refused_before_memory_runs_out(
    tmp_path: Path, row: int, column: int
) -> None:
    book = openpyxl.Workbook()
    for position, name in enumerate(HEADER, start=1):
        book.active.cell(1, position, name)
    book.active.cell(row, column, "x")
    path = tmp_path / "ewo.xlsx"
    book.save(path)
    assert [one.check for one in read_delivery(path, request()).findings] == ["too_large"]


SHARES = {
    "shape": "counts",
    "measures": {},
    "columns": {
        "Gebiet": {"role": "area"},
        "Anteil": {"role": "value", "item": "share"},
    },
}


@pytest.mark.parametrize(
    ("cell", "decimal", "thousands", "expected"),
    [
        (3.5, ",", "", 3.5),
        ("3,5", ",", "", 3.5),
        ("1.234,5", ",", ".", 1234.5),
        (1234.5, ",", ".", 1234.5),
        (0.1, ".", "", 0.1),
        ("1.234", ",", "", None),
    ],
)
def test_numbers_of_a_sheet_and_numbers_stored_as_text(
    tmp_path: Path, cell: object, decimal: str, thousands: str, expected: float | None
) -> None:
    book = openpyxl.Workbook()
    for row in (["Gebiet", "Anteil"], ["0101", cell], ["0102", 7], ["0103", 0]):
        book.active.append(row)
    path = tmp_path / "ewo.xlsx"
    book.save(path)
    reading = read_delivery(path, request(**SHARES, decimal=decimal, thousands=thousands))
    if expected is None:
        assert [one.check for one in reading.findings] == ["number_sign"]
    else:
        assert reading.findings == ()
        assert reading.parts[DAY]["value"].to_pylist() == [expected, 7.0, 0.0]


def test_exact_decimals_of_a_database(tmp_path: Path) -> None:
    path = tmp_path / "ewo.parquet"
    amounts = pa.array([Decimal("1.50"), Decimal("2.00"), None], pa.decimal128(10, 2))
    pq.write_table(pa.table({"Gebiet": [101, 102, 103], "Anteil": amounts}), path)
    reading = read_delivery(path, request(**SHARES, none=[""]))
    assert reading.findings == ()
    assert reading.parts[DAY]["value"].to_pylist() == [1.5, 2.0, None]


def test_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "ewo.csv"
    os.mkfifo(path)
    assert [one.check for one in read_delivery(path, request()).findings] == ["no_file"]


def test_decimals_of_a_database_are_plain_numbers() -> None:
    """A column of type numeric: zero has no exponent, a key no fraction."""
    numbers = [Decimal("0E-9"), Decimal("1101.000000000"), Decimal("0.50"), None]
    typed = pa.table({"n": pa.array(numbers, pa.decimal128(38, 9))})
    table = text_table(typed, [("n", 0)], ",")
    assert table.columns["n"].to_pylist() == ["0", "1101", "0,5", ""]
