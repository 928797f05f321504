"""A delivery read in a child: the same rows and findings; its end takes nothing along."""

import os
import signal
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from atlas.confidential.delivery import (
    Copy,
    KnownAreas,
    Reading,
    ReadingEndedError,
    Request,
    apart,
    read_apart,
    read_delivery,
)
from atlas.config import Layout
from atlas.errors import GeographyError
from tests.unit.confidential.delivery.conftest import DAY, EDITION, LONG, PERSONS

REGISTER = "Schluessel;Gebiet;Geburt;Staat\n1;0101;01.02.1990;000\n2;9999;31.02.1990;163\n"
ROW = "1;0101;01.02.1990;000\n"
SERIES = "Jahr;Gebiet;Merkmal;Anzahl\n2023;0101;Einwohner;12\n2024;0101;Einwohner;13\n"
ReadApart = Callable[..., Reading]


@pytest.fixture
def apart_read(tmp_path: Path) -> ReadApart:
    def read(path: Path, request: Request) -> Reading:
        with path.open("rb") as content:
            return read_apart(Copy(path.name, content, path.stat().st_size), request, tmp_path)

    return read


def _request(layout: dict[str, object] = PERSONS, day: date | None = DAY) -> Request:
    return Request(Layout.model_validate(layout), day, b"k" * 32, lambda day: EDITION)


def _csv(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "ewo_2024-12-31.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("layout", "day", "text"),
    [(PERSONS, DAY, REGISTER), (LONG, None, SERIES), (PERSONS, DAY, "kein;Kopf\n")],
)
def test_child_reads_what_this_process_would(
    layout: dict[str, object],
    day: date | None,
    text: str,
    tmp_path: Path,
    apart_read: ReadApart,
) -> None:
    path, request = _csv(tmp_path, text), _request(layout, day)
    here, there = read_delivery(path, request), apart_read(path, request)
    assert replace(there, parts={}) == replace(here, parts={})
    assert list(there.parts) == list(here.parts)
    for when, part in here.parts.items():
        assert there.parts[when].equals(part, check_metadata=True)


def test_child_asks_for_what_depends_on_the_date(tmp_path: Path, apart_read: ReadApart) -> None:
    asked: list[date] = []

    def areas(day: date) -> KnownAreas:
        asked.append(day)
        return EDITION

    apart_read(_csv(tmp_path, SERIES), replace(_request(LONG, None), areas=areas))
    assert set(asked) == {date(2023, 12, 31), date(2024, 12, 31)}


def test_what_the_office_cannot_answer_is_its_own_error(
    tmp_path: Path, apart_read: ReadApart
) -> None:
    def areas(day: date) -> KnownAreas:
        raise GeographyError("Grenzen fehlen.")

    with pytest.raises(GeographyError, match="Grenzen fehlen"):
        apart_read(_csv(tmp_path, REGISTER), replace(_request(), areas=areas))
    assert apart_read(_csv(tmp_path, REGISTER), _request()).rows == 2


def test_more_memory_than_any_delivery_needs_is_one_sentence(
    tmp_path: Path, apart_read: ReadApart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_MEMORY_MB", 40)
    monkeypatch.setattr(apart, "_MEMORY_PER_BYTE", 0)
    path = _csv(tmp_path, "Schluessel;Gebiet;Geburt;Staat\n" + ROW * 600_000)
    with pytest.raises(ReadingEndedError, match="mehr als 40 MB Arbeitsspeicher") as caught:
        apart_read(path, _request())
    ending = caught.value.ending
    assert ending.size == path.stat().st_size
    assert ending.trace[:1] in ((), ("MemoryError",), ("ArrowMemoryError",))
    assert "1990" not in str(ending)
    assert apart_read(_csv(tmp_path, REGISTER), _request()).rows == 2


def test_more_time_than_any_delivery_needs_is_one_sentence(
    tmp_path: Path, apart_read: ReadApart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_SECONDS", 1)
    monkeypatch.setattr(apart, "_SECONDS_PER_MB", 0)
    path = _csv(tmp_path, "Schluessel;Gebiet;Geburt;Staat\n" + ROW * 600_000)
    with pytest.raises(ReadingEndedError, match="dauerte zu lange"):
        apart_read(path, _request())


def test_one_cell_larger_than_any_memory(tmp_path: Path, apart_read: ReadApart) -> None:
    """A workbook of one and a half megabytes may unpack to one cell of a gigabyte."""
    path = tmp_path / "ewo_2024-12-31.xlsx"
    head, tail = (
        b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>',
        b"</t></is>",
    )
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet,
    ):
        sheet.write(head)
        for _ in range(400):
            sheet.write(b"A" * 1_000_000)
        sheet.write(tail + b"</c></row></sheetData></worksheet>")
    reading = apart_read(path, _request())
    assert [one.check for one in reading.findings] == ["too_large"]


def test_room_that_was_ended_is_opened_anew(tmp_path: Path, apart_read: ReadApart) -> None:
    path = _csv(tmp_path, REGISTER)
    apart_read(path, _request())
    process = apart._room().process
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=30)
    assert apart_read(path, _request()).rows == 2


def test_room_has_one_thread(tmp_path: Path, apart_read: ReadApart) -> None:
    """Forking it is safe: no lock can be held by a thread that the child does not have."""
    apart_read(_csv(tmp_path, REGISTER), _request())
    tasks = Path(f"/proc/{apart._room().process.pid}/task")
    assert len(list(tasks.iterdir())) == 1
