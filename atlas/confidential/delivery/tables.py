"""What every reader of a file or database gives: the layout's columns as text."""

import re
from collections import deque
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

Progress = Callable[[int], None]
Row = Sequence[str]
NumberedRow = tuple[int, Row]
_CHUNK = 25_000


@dataclass(frozen=True)
class TextTable:
    """The layout's columns as text, one row per record; empty text where a cell is empty.

    ``rows`` holds the physical row number of every record. A typed source (Excel, Parquet,
    database) writes real dates as ISO and may have lost the leading zeros of keys.
    """

    columns: pa.Table = field(repr=False)
    rows: npt.NDArray[np.int64]
    is_typed: bool

    @property
    def date_formats(self) -> tuple[str, ...]:
        """Formats that a source with real dates writes, beside that of the layout."""
        return ("%Y-%m-%d",) if self.is_typed else ()

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


def choose_columns(header: Sequence[str], layout: Layout) -> list[tuple[str, int]]:
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
            "Tabelle hat keinen Kopf. Erwartet: Spaltennamen in der ersten Zeile nach "
            f"{layout.skip_rows} Titelzeilen. skip_rows in deliveries.toml prüfen.",
        )
    chosen = []
    for column in layout.columns:
        positions = [i for i, name in enumerate(names) if name == _normalise(column)]
        if not positions:
            raise unreadable(
                "missing_column", _missing_hint(names, layout), column_place(column)
            )
        if len(positions) > 1:
            raise unreadable(
                "duplicate_header",
                "Spaltenname steht mehrmals im Kopf. Erwartet: einmal. Lieferung berichtigen.",
                column_place(column),
            )
        chosen.append((column, positions[0]))
    return chosen


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


def drop_footer(
    records: Iterator[NumberedRow], layout: Layout, chosen: Sequence[tuple[str, int]]
) -> Iterator[NumberedRow]:
    """Leave out the notes below a table: its last records, unless they are rows of it.

    Raises
    ------
    UnreadableError
        Once the rest is read, if a note is filled like the row above: with fewer notes than
        usual an area would be cut off.
    """
    if layout.footer_rows == 0:
        return records
    return _all_but_last(records, layout, chosen)


def _all_but_last(
    records: Iterator[NumberedRow], layout: Layout, chosen: Sequence[tuple[str, int]]
) -> Iterator[NumberedRow]:
    kept: deque[NumberedRow] = deque()
    above: Row = ()
    for record in records:
        kept.append(record)
        if len(kept) > layout.footer_rows:
            number, above = kept.popleft()
            yield number, above
    areas = [i for name, i in chosen if layout.columns[name].role == "area"]
    filled = [i for _, i in chosen]
    cut = [number for number, row in kept if areas and _is_alike(row, above, areas, filled)]
    if cut:
        hint = (
            "Zeile unter der Tabelle ist als Fußnote gezählt, hat aber Schlüssel und Werte wie "
            "eine Zeile der Tabelle. Erwartet: so viele Fußnoten, wie footer_rows in "
            "deliveries.toml nennt. footer_rows und das Ende der Datei prüfen."
        )
        rows = tuple(cut)
        raise UnreadableError(
            Finding("footer_is_data", Severity.ERROR, "", rows, hint, len(rows))
        )


def _is_alike(row: Row, above: Row, areas: Sequence[int], filled: Sequence[int]) -> bool:
    """Whether a row has a key written like that of another one, and anything beside it."""
    if len(row) <= max(filled) or len(above) <= max(filled):
        return False
    is_key = all(_form(row[i]) == _form(above[i]) for i in areas)
    return is_key and any(row[i].strip() for i in filled if i not in areas)


def _form(cell: str) -> str:
    return re.sub(r"\d", "9", cell.strip())


def _chunks(rows: Iterable[NumberedRow]) -> Iterator[list[NumberedRow]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _missing_hint(names: Sequence[str], layout: Layout) -> str:
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
    return re.sub(r"\s+", " ", name).strip()
