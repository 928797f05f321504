"""How large a workbook would become in memory, found out before anything is unpacked.

The reader allocates every cell up to the last used one: a stray cell in the far corner of an
otherwise small sheet would take more memory than any machine has and end the process.
"""

import re
import zlib
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

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
    except (BadZipFile, ValueError, OSError, NotImplementedError):  # what opening one raises
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
