"""The catalogue of broken deliveries: every file gives its message, and no message a value."""

import gzip
import io
import logging
import random
import tomllib
import traceback
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atlas.confidential.delivery import (
    KnownAreas,
    Profile,
    Reading,
    Request,
    Severity,
    claimed_date,
    describe,
    raise_on_errors,
    read_delivery,
    recognise,
    report_html,
    report_json,
)
from atlas.config import Deliveries
from atlas.config.groups import DEFAULT_GROUPS, holders_of
from atlas.errors import DeliveryError

HERE = Path(__file__).parent
CATALOGUE = tomllib.loads((HERE / "catalogue.toml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = CATALOGUE["case"]
PLANTED: list[str] = CATALOGUE["planted"]
LAYOUTS = Deliveries.model_validate(
    tomllib.loads((HERE / "deliveries.toml").read_text(encoding="utf-8"))
).layouts
EDITION = KnownAreas(date(2024, 1, 1), frozenset({"0101", "0102", "0103", "0201"}))


def by_name(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_broken_file_gives_its_message(case: dict[str, Any], tmp_path: Path) -> None:
    path = build(case, tmp_path)
    assert message_of(path, case) == case["message"]


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_no_planted_value_leaves(
    case: dict[str, Any],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    path = build(case, tmp_path)
    outputs = [*everything_said(path, case), caplog.text, *capsys.readouterr()]
    for value in (*PLANTED, *case.get("planted", [])):
        assert not [text for text in outputs if value in text]


def test_catalogue_is_large_and_plants_values() -> None:
    planting = [case for case in CASES if plants(case)]
    assert len(CASES) >= 60
    assert len(planting) >= 60
    assert len({case["name"] for case in CASES}) == len(CASES)


def plants(case: dict[str, Any]) -> bool:
    return any(value in str(case) for value in PLANTED) or case.get("build") in _PLANTING


def message_of(path: Path, case: dict[str, Any]) -> str:
    """Message of the first error, or the sentence of the finding of lesser weight."""
    severity = Severity(case.get("severity", "error"))
    if severity is Severity.ERROR:
        with pytest.raises(DeliveryError) as caught:
            raise_on_errors(read(path, case).findings, path.name)
        return str(caught.value)
    reading = read(path, case)
    raise_on_errors(reading.findings, path.name)
    return next(
        describe(finding, path.name)
        for finding in reading.findings
        if finding.severity is severity
    )


def everything_said(path: Path, case: dict[str, Any]) -> Iterator[str]:
    """Every sentence, report, representation and traceback that a file gives rise to."""
    try:
        reading = read(path, case)
        yield from (describe(finding, reading.name) for finding in reading.findings)
        yield report_html(reading.findings, reading.name)
        yield report_json(reading.findings, reading.name)
        yield repr(reading)
        raise_on_errors(reading.findings, reading.name)
    except DeliveryError as error:
        yield "".join(traceback.format_exception(error))


def read(path: Path, case: dict[str, Any]) -> Reading:
    layout = recognise(path, LAYOUTS)
    assert layout is not None
    totals = case.get("previous")
    areas = {
        ("sgb2_recipients", area): count
        for area, count in case.get("previous_areas", {}).items()
    }
    request = Request(
        layout=layout,
        claimed=None if case.get("claimed") == "none" else claimed_date(path, layout),
        hash_key=b"0" * 32,
        areas=lambda day: EDITION,
        previous=lambda day: Profile(totals, areas) if totals else None,
        today=date(2025, 6, 30),
        holders=holders_of(DEFAULT_GROUPS),
    )
    return read_delivery(path, request)


def build(case: dict[str, Any], folder: Path) -> Path:
    path = folder / case["file"]
    if "build" in case:
        _BUILDERS[case["build"]](path, case)
    else:
        path.write_bytes(case["content"].encode(case.get("encoding", "utf-8")))
    return path


def _no_file(path: Path, case: dict[str, Any]) -> None:
    assert not path.exists()


def _directory(path: Path, case: dict[str, Any]) -> None:
    path.mkdir()


def _gzip(path: Path, case: dict[str, Any]) -> None:
    path.write_bytes(gzip.compress(b"Quartier;Personen;Kinder\n0101;918273;2\n", mtime=0))


def _junk(path: Path, case: dict[str, Any]) -> None:
    path.write_bytes(b"GEHEIM7731" + random.Random(1).randbytes(2000))


def _mixed_encoding(path: Path, case: dict[str, Any]) -> None:
    row = "0101;10;2;Süd GEHEIM7731\n"
    path.write_bytes(b"Quartier;Personen;Kinder;Name\n" + row.encode() + row.encode("cp1252"))


def _workbook(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for number, row in enumerate(rows, start=1):
        for position, cell in enumerate(row, start=1):
            is_date = isinstance(cell, str) and cell.startswith("date:")
            value = date.fromisoformat(cell[5:]) if is_date else cell
            book.active.cell(number, position, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _xlsx(path: Path, case: dict[str, Any]) -> None:
    path.write_bytes(_workbook(case["rows"]))


_PLAIN_ROWS = [["Quartier", "Personen", "Kinder"], ["GEHEIM7731", 918273, 2]]


def _far_cell(path: Path, case: dict[str, Any]) -> None:
    book = openpyxl.Workbook()
    book.active.cell(1_048_576, 16_384, "GEHEIM7731")
    book.save(path)


def _xlsx_as_csv(path: Path, case: dict[str, Any]) -> None:
    path.write_bytes(_workbook(_PLAIN_ROWS))


def _truncated_xlsx(path: Path, case: dict[str, Any]) -> None:
    path.write_bytes(_workbook(_PLAIN_ROWS)[:2000])


def _password_xlsx(path: Path, case: dict[str, Any]) -> None:
    entry = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + entry + b"GEHEIM7731")


def _old_xls(path: Path, case: dict[str, Any]) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"GEHEIM7731")


def _zip_as_xlsx(path: Path, case: dict[str, Any]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("GEHEIM7731.txt", "918273")


def _parquet(path: Path, case: dict[str, Any]) -> None:
    pq.write_table(pa.table(case["columns"]), path)


def _truncated_parquet(path: Path, case: dict[str, Any]) -> None:
    pq.write_table(pa.table({"Quartier": ["GEHEIM7731"], "Personen": [918273]}), path)
    path.write_bytes(path.read_bytes()[:-10])


_BUILDERS: dict[str, Callable[[Path, dict[str, Any]], None]] = {
    "no_file": _no_file,
    "directory": _directory,
    "far_cell": _far_cell,
    "gzip": _gzip,
    "junk": _junk,
    "mixed_encoding": _mixed_encoding,
    "xlsx": _xlsx,
    "xlsx_as_csv": _xlsx_as_csv,
    "truncated_xlsx": _truncated_xlsx,
    "password_xlsx": _password_xlsx,
    "old_xls": _old_xls,
    "zip_as_xlsx": _zip_as_xlsx,
    "parquet": _parquet,
    "truncated_parquet": _truncated_parquet,
}
_PLANTING = frozenset(_BUILDERS) - {"no_file", "directory"}
