"""Excel workbook to a text table; row numbers are those of the sheet.

How large a workbook would become in memory is found out before anything is unpacked: the reader
allocates every cell up to the last used one, and a stray cell in the far corner of an otherwise
small sheet would take more memory than any machine has and end the process.
"""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, load_workbook

from atlas.confidential.delivery.content import ZIP, check_content
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
from atlas.confidential.delivery.typed import text_of_cell
from atlas.config import Layout


def read_xlsx(path: Path, layout: Layout, progress: Progress) -> TextTable:
    """Read the layout's columns of one sheet.

    Raises
    ------
    UnreadableError
        With the finding, if the file gives no table.
    """
    check_content(path.read_bytes(), ZIP)
    _check_size(path)
    try:
        records = _records(_sheet_of(path, layout), layout)
        _, header = next(records, (0, []))
        chosen = choose_columns(header, layout)
        body = drop_footer(records, layout, chosen)
        columns, rows = collect_columns(body, chosen, progress)
    except (CalamineError, OSError):
        raise _damaged() from None
    return TextTable(columns, rows, is_typed=True)


def _sheet_of(path: Path, layout: Layout) -> CalamineSheet:
    workbook = load_workbook(path)
    if not layout.sheet:
        return workbook.get_sheet_by_index(0)
    if layout.sheet not in workbook.sheet_names:
        raise unreadable(
            "missing_sheet",
            f"Tabellenblatt „{layout.sheet}“ fehlt. Schlüssel sheet in deliveries.toml prüfen.",
        )
    return workbook.get_sheet_by_name(layout.sheet)


def _records(sheet: CalamineSheet, layout: Layout) -> Iterator[NumberedRow]:
    """Give every filled row below the title its row number in the sheet."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > layout.skip_rows:
            # Most cells are text: no call for those, in a register of millions of cells.
            cells = [
                cell if type(cell) is str else text_of_cell(cell, layout.decimal)
                for cell in row
            ]
            if any(cells):
                yield number, cells


def _check_size(path: Path) -> None:
    if is_damaged(path):
        raise _damaged()
    if is_too_large(path):
        raise unreadable(
            "too_large",
            "Tabelle ist zu groß, vermutlich steht eine Zelle weit abseits. Erwartet: nur die "
            "Tabelle. Leere Zeilen und Spalten am Rand löschen.",
        )


def _damaged() -> UnreadableError:
    return unreadable(
        "damaged",
        "Excel-Datei ist beschädigt oder unvollständig. Datei neu übertragen oder speichern.",
    )


_MAX_UNPACKED = 2 << 30
# Registers shrink to a fifth or a fifteenth; what shrinks more says the same again and again.
_BOMB_FROM, _BOMB_RATIO = 100 << 20, 100
_MAX_CELLS = 40_000_000
_CHUNK = 1 << 20
_OVERLAP = 200
_ROW = re.compile(rb"row [^>]{0,150}?\br=\"([0-9]{1,9})\"")
# Beyond column Z; most sheets have no such reference, and this finds that out in one pass.
_WIDE = re.compile(rb"r=\"[A-Z]{2,3}[0-9]")
# Widest columns first: a reference like XFD1 means up to 16,384 columns, ZZ1 up to 702.
_WIDTHS = (
    (re.compile(rb"\br=\"[A-Z]{3}[0-9]"), 16_384),
    (re.compile(rb"\br=\"[B-Z][A-Z][0-9]"), 702),
    (re.compile(rb"\br=\"A[A-Z][0-9]"), 52),
)
_FEWEST = 26


def is_damaged(path: Path) -> bool:
    """Whether the file is no whole ZIP archive."""
    try:
        with ZipFile(path) as archive:
            return not archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):  # zipfile: unknown method
        return True


def is_too_large(path: Path) -> bool:
    """Whether a workbook unpacks to more than any delivery needs."""
    with ZipFile(path) as archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if unpacked > _MAX_UNPACKED or unpacked > max(_BOMB_FROM, _BOMB_RATIO * packed):
            return True
        sheets = [entry for entry in entries if "worksheets/" in entry.filename]
        try:
            return any(_cells(archive.open(sheet)) > _MAX_CELLS for sheet in sheets)
        except (OSError, BadZipFile, EOFError, zlib.error, RuntimeError):
            return False  # damaged or encrypted: the reader says so


def _cells(sheet: IO[bytes]) -> int:
    """Count the cells up to the last used row and (roughly) column."""
    rows, columns, tail = 0, _FEWEST, b""
    with sheet:
        while chunk := sheet.read(_CHUNK):
            text = tail + chunk
            rows = max([rows, *map(int, _ROW.findall(text))])
            if _WIDE.search(text):
                wider = (width for pattern, width in _WIDTHS if pattern.search(text))
                columns = max(columns, next(wider, 0))
            tail = text[-_OVERLAP:]
    return rows * columns
