"""What every reader of a file or database gives: the layout's columns as text."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    column_place,
    find,
)
from atlas.config import Layout
from atlas.legible import clean_text, garbled, loose_text

Progress = Callable[[int], None]
Row = Sequence[str]
NumberedRow = tuple[int, Row]
_CHUNK = 25_000


@dataclass(frozen=True)
class TextTable:
    """The layout's columns as text, one row per record; empty text where a cell is empty.

    ``rows`` holds the physical row number of every record. A typed source (Excel, Parquet,
    database) writes real dates as ISO and may have lost the leading zeros of keys. ``cut`` are
    the rows below the table that the layout left out, ``notes`` those that look like notes.
    """

    columns: pa.Table = field(repr=False)
    rows: npt.NDArray[np.int64]
    is_typed: bool
    cut: "TextTable | None" = field(default=None, repr=False)
    notes: "TextTable | None" = field(default=None, repr=False)

    def column(self, name: str) -> pa.Array:
        """Texts of one column, without spaces around them."""
        return pc.utf8_trim_whitespace(self.columns[name].combine_chunks())

    def take(self, positions: npt.NDArray[np.int64]) -> "TextTable":
        """Choose rows by position."""
        return TextTable(self.columns.take(positions), self.rows[positions], self.is_typed)


class UnreadableError(Exception):
    """A file that gives no table; carries the findings that say why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings[0].check)
        self.findings = findings


def unreadable(check: str, hint: str, where: str = "") -> UnreadableError:
    """Make the error of a file that gives no table."""
    return UnreadableError(find(check, Severity.ERROR, where, hint))


def join_header(rows: Sequence[Row]) -> list[str]:
    """Names of columns whose head stands in several rows; merged cells are filled.

    A cell above the last row stands for the empty ones to its right, as long as there is
    something below it.
    """
    width = max(map(len, rows))
    grid = [[_normalise(text) for text in row] + [""] * (width - len(row)) for row in rows]
    for above, below in zip(grid, grid[1:], strict=False):
        for i in range(1, width):
            if not above[i] and below[i] and below[i - 1]:
                above[i] = above[i - 1]
    return [_joined([row[i] for row in grid]) for i in range(width)]


def _joined(parts: Sequence[str]) -> str:
    kept = [part for i, part in enumerate(parts) if part and part not in parts[:i]]
    return HEADER_SIGN.join(kept)


HEADER_SIGN = " / "
DATE_PLACE = "{date}"


def date_column(name: str) -> str:
    """Pattern of the heads of a column that has a reference date in its name."""
    before, _, after = _normalise(name).partition(DATE_PLACE)
    return f"{re.escape(before)}(.*[0-9].*){re.escape(after)}"


def nameless(position: int) -> str:
    """Name of a column whose head is empty, by its place."""
    return f"Spalte {position + 1}"


def _positions(names: Sequence[str], column: str) -> list[int]:
    """Places of a column; its last parts suffice where a head has several rows."""
    exact = [i for i, name in enumerate(names) if name == column]
    lower = [i for i, name in enumerate(names) if name.endswith(HEADER_SIGN + column)]
    loose = loose_text(column)
    return exact or lower or [i for i, name in enumerate(names) if loose_text(name) == loose]


def choose_columns(
    header: Sequence[str], layout: Layout, sheets: str = ""
) -> list[tuple[str, int]]:
    """Find the layout's columns in the header of a file.

    Raises
    ------
    UnreadableError
        If a column is missing or named twice.
    """
    names = [_normalise(name) for name in header]
    if not any(names):
        raise unreadable(
            "no_header",
            f"Tabelle hat keinen Kopf. {f'{sheets} ' * bool(sheets)}Erwartet: Spaltennamen in "
            f"der ersten Zeile nach {layout.skip_rows} Titelzeilen. skip_rows in "
            "deliveries.toml prüfen.",
        )
    names = [name or nameless(i) for i, name in enumerate(names)]
    chosen = []
    for column in layout.columns:
        if DATE_PLACE in column:
            fits = re.compile(date_column(column)).fullmatch
            dated = [(name, i) for i, name in enumerate(names) if fits(name)]
            for name, count in Counter(name for name, _ in dated).items():
                if count > 1:
                    raise repeated(name)
            chosen += [one for one in dated if one not in chosen]
            continue
        positions = _positions(names, _normalise(column))
        if not positions:
            raise unreadable(
                "missing_column", _missing_hint(names, layout, sheets), column_place(column)
            )
        if len(positions) > 1:
            raise repeated(column)
        chosen.append((column, positions[0]))
    return chosen


def repeated(column: str) -> UnreadableError:
    """Make the error of a column that stands in the head more than once."""
    return unreadable(
        "duplicate_header",
        "Spaltenname steht mehrmals im Kopf. Erwartet: einmal. Lieferung berichtigen.",
        column_place(column),
    )


def collect_columns(
    rows: Iterable[NumberedRow], chosen: Sequence[tuple[str, int]], progress: Progress
) -> tuple[pa.Table, npt.NDArray[np.int64]]:
    """Gather the chosen columns chunk by chunk, so that few rows are in memory at once."""
    names = [name for name, _ in chosen]
    schema = pa.schema([(name, pa.large_string()) for name in names])
    batches, numbers, done = [], [np.empty(0, dtype=np.int64)], 0
    for chunk in _chunks(rows):
        numbers.append(np.array([number for number, _ in chunk], dtype=np.int64))
        cells = [[row[i] for _, row in chunk] for _, i in chosen]
        arrays = [pa.array(column, pa.large_string()) for column in cells]
        batches.append(pa.record_batch(arrays, schema=schema))
        done += len(chunk)
        progress(done)
    return pa.Table.from_batches(batches, schema=schema), np.concatenate(numbers)


def _chunks(rows: Iterable[NumberedRow]) -> Iterator[list[NumberedRow]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _missing_hint(names: Sequence[str], layout: Layout, sheets: str) -> str:
    if garbled(names):
        return (
            "Spalte fehlt im Kopf, dort stehen falsch gelesene Umlaute. Erwartet: UTF-8 oder "
            "Windows-1252. Datei im richtigen Zeichensatz neu speichern."
        )
    if sheets:
        return (
            f"Spalte fehlt im Kopf. {sheets} Erwartet: alle Spalten des Layouts. Lieferung "
            "berichtigen oder columns, header_rows, skip_rows und sheet in deliveries.toml "
            "prüfen."
        )
    if len(names) == 1:
        return (
            "Spalte fehlt, der Kopf hat nur ein Feld. Erwartet: Felder mit dem Trennzeichen "
            f"„{layout.delimiter}“. delimiter und skip_rows in deliveries.toml prüfen."
        )
    return (
        "Spalte fehlt im Kopf. Erwartet: alle Spalten des Layouts. Lieferung berichtigen oder "
        "columns und skip_rows in deliveries.toml prüfen."
    )


def _normalise(name: str) -> str:
    return re.sub(r"\s+", " ", clean_text(name)).strip()
