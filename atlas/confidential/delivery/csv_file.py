"""CSV to a text table: decoded strictly, exact text, physical line numbers."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from atlas.confidential.delivery.content import check_content
from atlas.confidential.delivery.ending import Ending
from atlas.confidential.delivery.findings import Finding, Severity, find, find_rows
from atlas.confidential.delivery.tables import (
    NumberedRow,
    Progress,
    TextTable,
    UnreadableError,
    choose_columns,
    collect_columns,
    join_header,
    unreadable,
)
from atlas.config import Layout

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"
_SEPARATOR = re.compile(rb"\"?sep=.\"?\r?\n", re.IGNORECASE)
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
    content = without_marks(path.read_bytes())
    encoding = encoding_of(content)
    with io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="") as lines:
        skipped = _skip_title(lines, content, layout)
        reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
        records = _records(reader, skipped)
        header = join_header([row for _, row in islice(records, layout.header_rows)] or [[]])
        chosen = choose_columns(header, layout)
        misfits: list[tuple[int, int]] = []
        end = Ending()
        fitting = _sift(end.body(records, layout), header, misfits)
        columns, rows = collect_columns(fitting, chosen, progress)
    _check_widths(misfits, len(header))
    return end.close(TextTable(columns, rows, is_typed=False), chosen)


def without_marks(content: bytes) -> bytes:
    """Leave out marks of UTF-8 at the beginning, and the end mark of old programs."""
    while content.startswith(_UTF8_MARK):
        content = content.removeprefix(_UTF8_MARK)
    return content.rstrip(b"\x1a") if content.endswith(b"\x1a") else content


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
    if (found := _CONTROL.search(content)) is not None:
        line = content.count(b"\n", 0, found.start()) + 1
        raise unreadable(
            "binary",
            f"Steuerzeichen im Text, zuerst in Zeile {line}; vielleicht ist es keines. "
            "Erwartet: CSV ohne Steuerzeichen. Lieferung neu exportieren oder anfordern.",
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


def _skip_title(lines: TextIO, content: bytes, layout: Layout) -> int:
    """Pass over title lines by physical line: they may hold single quotation marks.

    A first line ``sep=;``, which Excel reads and does not show, comes on top.
    """
    skipped = layout.skip_rows + names_separator(content)
    for _ in range(skipped):
        if not lines.readline():
            raise unreadable(
                "no_header",
                "Datei endet vor dem Kopf. Schlüssel skip_rows in deliveries.toml prüfen.",
            )
    return skipped


def names_separator(content: bytes) -> bool:
    """Whether a first line tells Excel the delimiter: it counts as no title line."""
    return bool(_SEPARATOR.match(content))


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
    records: Iterator[NumberedRow], header: Sequence[str], misfits: list[tuple[int, int]]
) -> Iterator[NumberedRow]:
    """Pass on rows as wide as the header; note row number and width of all others.

    Some programs end the header or every row with a delimiter: what the first row is wider or
    narrower then, without a text or a name, all of them are.
    """
    width = len(header)
    named = max((i for i, name in enumerate(header, start=1) if name), default=0)
    usual: int | None = None
    for number, row in records:
        if usual is None and any(row):
            is_plain = len(row) < width or not any(row[width:])
            usual = len(row) if len(row) >= named and is_plain else width
        if len(row) == width or (len(row) == usual and not any(row[width:])):
            if any(field and not field.isspace() for field in row):
                yield number, [*row, *[""] * (width - len(row))]
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
