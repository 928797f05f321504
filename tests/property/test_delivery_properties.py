"""Whatever bytes arrive: findings, never an exception, and never a value of the file."""

import io
import math
import tempfile
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.confidential.delivery import (
    KnownAreas,
    Reading,
    Request,
    Severity,
    describe,
    read_delivery,
)
from atlas.confidential.delivery.parse import NumberFormat
from atlas.confidential.delivery.typed import text_of_number
from atlas.config import Layout

DAY = date(2024, 12, 31)
AREAS = ("0101", "0102", "0103", "0201")
EDITION = KnownAreas(date(2024, 1, 1), frozenset(AREAS))
LAYOUT = Layout.model_validate(
    {
        "id": "sgb2",
        "source": "sgb2",
        "label": "SGB II",
        "shape": "counts",
        "file": "sgb2.csv",
        "kind": "quartier",
        "withheld": ["*"],
        "columns": {
            "Gebiet": {"role": "area"},
            "Personen": {"role": "count", "item": "sgb2_recipients"},
        },
    }
)
# Reading a file takes longer than a deadline on a busy machine; that is no failure.
patient = settings(deadline=None)


def read(content: bytes, suffix: str) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sgb2{suffix}"
        path.write_bytes(content)
        return read_delivery(path, Request(LAYOUT, DAY, b"k", lambda day: EDITION))


def is_refused(reading: Reading) -> bool:
    return any(finding.severity is Severity.ERROR for finding in reading.findings)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
@patient
@given(content=st.binary(max_size=300))
def test_arbitrary_bytes_are_refused(suffix: str, content: bytes) -> None:
    assert is_refused(read(content, suffix))


@patient
@given(
    content=st.binary(max_size=200),
    start=st.sampled_from([b"PK\x03\x04", b"PAR1", b"\xef\xbb\xbf", b"Gebiet;Personen\n"]),
)
def test_a_right_beginning_is_not_enough(content: bytes, start: bytes) -> None:
    for suffix in (".csv", ".xlsx", ".parquet"):
        reading = read(start + content, suffix)
        assert is_refused(reading)
        assert all(describe(finding, "x") for finding in reading.findings)


@patient
@given(cell=st.text(min_size=1, max_size=12))
def test_a_cell_is_read_exactly_or_refused_without_being_repeated(cell: str) -> None:
    marked = f"\N{CIRCLED WHITE STAR}{cell}"
    text = "Gebiet;Personen\n" + f'0101;"{marked.replace(chr(34), chr(34) * 2)}"\n'
    text += "".join(f"{area};5\n" for area in AREAS[1:])
    reading = read(text.encode("utf-8", "replace"), ".csv")
    assert is_refused(reading)
    assert not any(marked[0] in describe(finding, "x") for finding in reading.findings)


@patient
@given(counts=st.lists(st.integers(0, 10**7) | st.just("*"), min_size=4, max_size=4))
def test_counts_come_back_exactly(counts: list[int | str]) -> None:
    rows = zip(AREAS, counts, strict=True)
    text = "Gebiet;Personen\n" + "".join(f"{area};{count}\n" for area, count in rows)
    part = read(text.encode(), ".csv").parts[DAY]
    expected = [None if count == "*" else float(count) for count in counts]
    assert part["value"].to_pylist() == expected
    status = ["withheld" if count == "*" else "published" for count in counts]
    assert part["status"].to_pylist() == status


@patient
@given(order=st.permutations(AREAS))
def test_order_of_rows_does_not_matter(order: list[str]) -> None:
    def text(areas: tuple[str, ...] | list[str]) -> bytes:
        rows = (f"{area};{int(area)}\n" for area in areas)
        return ("Gebiet;Personen\n" + "".join(rows)).encode()

    assert read(text(order), ".csv").parts[DAY].equals(read(text(AREAS), ".csv").parts[DAY])


@patient
@given(number=st.floats(-1e12, 1e12))
def test_number_of_a_typed_cell_survives_its_text(number: float) -> None:
    assert NumberFormat(",", ".").parse(text_of_number(number, ",")) == number


@patient
@given(text=st.text(max_size=10))
def test_a_text_is_a_plain_number_or_none(text: str) -> None:
    number = NumberFormat(",", ".").parse(text)
    is_plain = bool(text) and set(text) <= set("-0123456789.,")
    assert math.isnan(number) or is_plain


def _csv() -> bytes:
    return ("Gebiet;Personen\n" + "".join(f"{area};12\n" for area in AREAS)).encode()


def _xlsx() -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in (["Gebiet", "Personen"], *([area, 12] for area in AREAS)):
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def _parquet() -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({"Gebiet": list(AREAS), "Personen": [12] * 4}), stream)
    return stream.getvalue()


# Made once: a workbook holds the time at which it was made.
WHOLE = {".csv": _csv(), ".xlsx": _xlsx(), ".parquet": _parquet()}


@pytest.mark.parametrize("suffix", WHOLE)
@patient
@given(data=st.data())
def test_damaged_bytes_give_findings_and_no_exception(suffix: str, data: st.DataObject) -> None:
    content = bytearray(WHOLE[suffix])
    places = st.integers(0, len(content) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=5)):
        content[place] = data.draw(st.integers(0, 255))
    length = data.draw(st.integers(0, len(content)) | st.just(len(content)))
    reading = read(bytes(content[:length]), suffix)
    assert reading.parts or is_refused(reading)


@patient
@given(part=st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml"]), data=st.data())
def test_damaged_parts_of_a_workbook_give_findings(part: str, data: st.DataObject) -> None:
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(WHOLE[".xlsx"])) as old, ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = bytearray(old.read(name))
            if name == part:
                place = data.draw(st.integers(0, len(content) - 1))
                content[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary())
            new.writestr(name, bytes(content))
    reading = read(stream.getvalue(), ".xlsx")
    assert reading.parts or is_refused(reading)
