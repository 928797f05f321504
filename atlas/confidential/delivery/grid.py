"""A sample as rows of text, before any layout says what they are.

The readers are those of the deliveries; what is found here is what they have to be told:
delimiter and sheet. Nothing is judged yet.
"""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from atlas.confidential.delivery.csv_file import encoding_of, names_separator, without_marks
from atlas.confidential.delivery.prepare import plain_text
from atlas.confidential.delivery.sheet_file import Merged, fill_merged, raw_sheets
from atlas.confidential.delivery.tables import (
    NumberedRow,
    join_header,
    unreadable,
)
from atlas.confidential.delivery.typed import text_table

_DELIMITERS = ";,\t|:"
_LOOKED_AT = 500  # records by which the delimiter is told
# A sample tells by its first rows; a register may have millions.
_MOST_ROWS = 200_000


@dataclass(frozen=True)
class Grid:
    """Filled rows of one table as text.

    Attributes
    ----------
    rows
        Physical row number (from 1) and cells, cleaned of what nobody sees.
    merged
        Merged cells of a sheet.
    is_typed
        Whether numbers and dates were cells of their kind, so that keys may lack zeros.
    begin
        Physical rows above the first that a layout counts (``sep=;``).
    """

    rows: tuple[NumberedRow, ...] = field(repr=False)
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""
    merged: tuple[Merged, ...] = field(default=(), repr=False)
    is_typed: bool = False
    begin: int = 0

    @property
    def width(self) -> int:
        """Cells of the widest row."""
        return max((len(row) for _, row in self.rows), default=0)

    def head(self, first: int, last: int) -> list[str]:
        """Names of columns whose head are the rows at these positions (``last`` excluded)."""
        rows = self.rows[first:last]
        filled = fill_merged(rows, self.merged if len(rows) > 1 else ())
        names = join_header(filled or [[]])
        return names + [""] * (self.width - len(names))


def read_grids(path: Path) -> list[Grid]:
    """Read a sample: one table, or every shown sheet of a workbook.

    Raises
    ------
    UnreadableError
        With the finding, if the file gives no table.
    """
    try:
        return _grids(path)
    except (csv.Error, pa.ArrowException, ValueError):
        raise unreadable(
            "damaged", "Datei ist beschädigt oder keine Tabelle. Datei neu übertragen."
        ) from None


def _grids(path: Path) -> list[Grid]:
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv", ".txt"):
        return [_of_csv(path.read_bytes())]
    if suffix == ".parquet":
        return [_of_parquet(path)]
    if suffix not in (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"):
        raise unreadable(
            "file_type",
            "Dateiart wird nicht gelesen. Erwartet: CSV, Excel, OpenDocument oder Parquet. "
            "Datei umwandeln.",
        )
    sheets = raw_sheets(path, ".xlsx" if suffix == ".xlsm" else suffix)
    return [
        Grid(_cleaned(one.rows), sheet=one.name, merged=tuple(one.merged), is_typed=True)
        for one in sheets
        if one.rows
    ]


def _of_csv(content: bytes) -> Grid:
    content = without_marks(content)
    encoding = encoding_of(content)
    text, begin = content.decode(encoding), int(names_separator(content))
    lines = text.splitlines(keepends=True)[begin:]
    delimiter = find_delimiter(lines)
    rows = _records(lines, delimiter, begin)
    return Grid(_cleaned(rows), delimiter, encoding, begin=begin)


def _records(lines: Sequence[str], delimiter: str, begin: int) -> list[NumberedRow]:
    rows: list[NumberedRow] = []
    number = begin + 1
    reader = csv.reader(lines, delimiter=delimiter)
    for row in reader:
        if any(cell.strip() for cell in row):
            rows.append((number, row))
        number = begin + 1 + reader.line_num
        if len(rows) >= _MOST_ROWS:
            break
    return rows


def find_delimiter(lines: Sequence[str]) -> str:
    """Delimiter by which most lines have the same number of fields, more than one."""
    return max(_DELIMITERS, key=lambda sign: _fit(lines[:_LOOKED_AT], sign))


def _fit(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    """Share of records of the usual width, and that width."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row))
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0, 0
    usual = max(wide, key=lambda width: (wide[width], width))
    return round(wide[usual] / sum(widths.values()), 1), usual


def _of_parquet(path: Path) -> Grid:
    typed = pq.read_table(path).slice(0, _MOST_ROWS)
    names = typed.column_names
    table = text_table(typed, list(zip(names, range(len(names)), strict=True)), ",")
    columns = [table.columns[name].to_pylist() for name in names]
    rows = [(0, names), *enumerate(map(list, zip(*columns, strict=True)), start=1)]
    return Grid(_cleaned(rows), is_typed=True)


def _cleaned(rows: Sequence[NumberedRow]) -> tuple[NumberedRow, ...]:
    cleaned = ((number, [plain_text(cell) for cell in row]) for number, row in rows)
    return tuple((number, row) for number, row in cleaned if any(row))
