"""CSV to a text table: decoded strictly, exact text, physical line numbers."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from atlas.confidential.delivery.content import check_content
from atlas.confidential.delivery.findings import Finding, Severity, find, find_rows
from atlas.confidential.delivery.tables import (
    NumberedRow,
    Progress,
    TextTable,
    UnreadableError,
    choose_columns,
    collect_columns,
    drop_footer,
    unreadable,
)
from atlas.config import Layout

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 4096
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# UTF-8 sequences of letters with marks, dashes and quotation marks; as cp1252 all nonsense.
_UTF8_LETTER = re.compile(rb"[\xc3\xc5][\x80-\xbf]|\xe2\x80[\x90-\xbf]")


def read_csv(path: Path, layout: Layout, progress: Progress) -> TextTable:
    """Read the layout's columns of a CSV file.

    Raises
    ------
    UnreadableError
        With the finding, if the file gives no table.
    """
    content = path.read_bytes()
    encoding = encoding_of(content)
    with io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="") as lines:
        _skip_title(lines, layout)
        reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
        records = _records(reader, layout.skip_rows)
        _, header = next(records, (0, []))
        chosen = choose_columns(header, layout)
        misfits: list[tuple[int, int]] = []
        body = drop_footer(records, layout, chosen)
        fitting = _sift(body, len(header), misfits)
        columns, rows = collect_columns(fitting, chosen, progress)
    _check_widths(misfits, len(header))
    return TextTable(columns, rows, is_typed=False)


def encoding_of(content: bytes) -> str:
    """UTF-8 (with or without mark), else cp1252; anything else is unreadable."""
    _check_text(content)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8-sig"
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:
        raise _encoding_error() from None
    if _UTF8_LETTER.search(content):
        raise _encoding_error()
    return "cp1252"


def _check_text(content: bytes) -> None:
    if content.startswith(_UTF16_MARKS) or _looks_like_utf16(content[:_HEAD]):
        raise unreadable(
            "utf16", "Datei ist in UTF-16 gespeichert. Erwartet: UTF-8. Datei neu speichern."
        )
    check_content(content, "")
    if _CONTROL.search(content):
        raise unreadable(
            "binary", "Inhalt ist kein Text. Erwartet: CSV. Lieferung neu anfordern."
        )


def _looks_like_utf16(head: bytes) -> bool:
    """Whether every other byte is zero: Latin text in two bytes a letter, without a mark."""
    half = len(head) / 2
    few, many = sorted((head[::2].count(0), head[1::2].count(0)))
    return many > 0.7 * half and few < 0.3 * half


def _encoding_error() -> UnreadableError:
    return unreadable(
        "encoding",
        "Zeichensatz ist weder UTF-8 noch Windows-1252 (cp1252). Datei als UTF-8 speichern.",
    )


def _skip_title(lines: TextIO, layout: Layout) -> None:
    """Pass over title lines by physical line: they may hold single quotation marks."""
    for _ in range(layout.skip_rows):
        if not lines.readline():
            raise unreadable(
                "no_header",
                "Datei endet vor dem Kopf. Schlüssel skip_rows in deliveries.toml prüfen.",
            )


def _records(reader: Any, skipped: int) -> Iterator[NumberedRow]:
    """Give each record the physical line at which it begins; skip blank lines."""
    number = skipped + 1
    try:
        for row in reader:
            if row:
                yield number, row
            number = skipped + 1 + reader.line_num
    except csv.Error:
        raise _quote_error(number) from None


def _sift(
    records: Iterator[NumberedRow], width: int, misfits: list[tuple[int, int]]
) -> Iterator[NumberedRow]:
    """Pass on rows as wide as the header; note row number and width of all others."""
    for number, row in records:
        if len(row) == width:
            if any(row):
                yield number, row
        elif any(field.strip() for field in row):
            misfits.append((number, len(row)))


def _check_widths(misfits: Sequence[tuple[int, int]], width: int) -> None:
    short = [number for number, fields in misfits if fields < width]
    long = [number for number, fields in misfits if fields > width]
    findings = (*_width_finding("weniger", short), *_width_finding("mehr", long))
    if findings:
        raise UnreadableError(*findings)


def _width_finding(what: str, numbers: Sequence[int]) -> tuple[Finding, ...]:
    hint = (
        f"{what} Felder als im Kopf. Erwartet: gleich viele; ein Trennzeichen im Text nur in "
        "Anführungszeichen. Lieferung berichtigen."
    )
    finding = find("field_count", Severity.ERROR, "", hint)
    return find_rows(finding, np.array(numbers, dtype=np.int64))


def _quote_error(number: int) -> UnreadableError:
    hint = (
        "Anführungszeichen nicht geschlossen oder mitten im Feld. Erwartet: ganze Felder in "
        "Anführungszeichen. Lieferung berichtigen."
    )
    return UnreadableError(Finding("quote", Severity.ERROR, "", (number,), hint, 1))
