"""Where a table ends: notes below it are told by the layout or by what they look like.

A row that was taken for a note and holds the key of an area is no note: what only looked like
one goes back into the table, what the layout cut off is an error.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from atlas.confidential.delivery.findings import Finding, Severity, find, find_rows
from atlas.confidential.delivery.keys import area_place, read_area_keys
from atlas.confidential.delivery.parse import encode, read_numbers
from atlas.confidential.delivery.request import KnownAreas
from atlas.confidential.delivery.tables import (
    NumberedRow,
    TextTable,
    collect_columns,
)
from atlas.config import Layout
from atlas.legible import clean_text


@dataclass(frozen=True)
class Ending:
    """Rows that were left out while a table was read."""

    cut: list[NumberedRow] = field(default_factory=list, repr=False)
    notes: list[NumberedRow] = field(default_factory=list, repr=False)

    def body(self, records: Iterator[NumberedRow], layout: Layout) -> Iterator[NumberedRow]:
        """Pass on the rows of the table; keep what stands below it."""
        if layout.footer:
            records = self._until_mark(records, layout.footer)
        if layout.footer_rows:
            records = self._all_but_last(records, layout.footer_rows)
        # A register that was cut off in its last line must not pass as one with a note.
        return self._without_notes(records) if layout.shape == "counts" else records

    def close(self, table: TextTable, chosen: Sequence[tuple[str, int]]) -> TextTable:
        """Give the table the rows that were left out, as text."""
        return replace(
            table, cut=_rows(self.cut, chosen, table), notes=_rows(self.notes, chosen, table)
        )

    def _until_mark(self, records: Iterator[NumberedRow], mark: str) -> Iterator[NumberedRow]:
        for number, row in records:
            first = next((text for cell in row if (text := clean_text(cell).strip())), "")
            if first.startswith(mark):
                self.cut.append((number, row))
                break
            yield number, row
        self.cut.extend(records)

    def _all_but_last(
        self, records: Iterator[NumberedRow], count: int
    ) -> Iterator[NumberedRow]:
        kept: deque[NumberedRow] = deque()
        for record in records:
            kept.append(record)
            if len(kept) > count:
                yield kept.popleft()
        self.cut.extend(kept)

    def _without_notes(self, records: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
        for number, row in records:
            if _looks_like_note(row):
                self.notes.append((number, row))
                continue
            yield from self.notes
            self.notes.clear()
            yield number, row


def _looks_like_note(row: Iterable[str]) -> bool:
    """Whether a row holds one text alone; a number alone is a line that was cut off."""
    filled = [text for cell in row if (text := clean_text(cell).strip())]
    return not filled or (len(filled) == 1 and not filled[0].isdigit())


def _rows(
    records: Sequence[NumberedRow], chosen: Sequence[tuple[str, int]], table: TextTable
) -> TextTable | None:
    if not records:
        return None
    width = 1 + max(position for _, position in chosen)
    padded = ((number, [*row, *[""] * (width - len(row))]) for number, row in records)
    columns, rows = collect_columns(padded, chosen, _silent)
    return TextTable(columns, rows, table.is_typed)


def _silent(_rows: int) -> None:
    return None


def settle_end(
    table: TextTable, layout: Layout, known: KnownAreas | None
) -> tuple[TextTable, tuple[Finding, ...]]:
    """Put rows with the key of an area back; report those that the layout cut off."""
    if known is None or layout.column_of("area") is None:
        return table, ()
    findings: tuple[Finding, ...] = ()
    if table.cut is not None:
        is_data = _is_area(table.cut, layout, known) & _has_number(table.cut, layout)
        hint = (
            "Zeile mit dem Schlüssel eines Gebiets und einer Zahl wäre als Fußnote "
            "weggefallen. Erwartet: nur Fußnoten. footer_rows und footer in deliveries.toml "
            "prüfen oder Lieferung berichtigen."
        )
        cut = find("cut_row", Severity.ERROR, area_place(layout), hint)
        findings = find_rows(cut, table.cut.rows[is_data])
    if table.notes is not None:
        back = np.flatnonzero(_is_area(table.notes, layout, known))
        rows = table.notes.take(back)
        table = TextTable(
            pa.concat_tables([table.columns, rows.columns]),
            np.concatenate([table.rows, rows.rows]),
            table.is_typed,
        )
    return table, findings


def _is_area(table: TextTable, layout: Layout, known: KnownAreas) -> npt.NDArray[np.bool_]:
    keys = known.keys | set(layout.unplaced) - {""}
    return encode(read_area_keys(table, layout, known)).where(keys.__contains__)


def _has_number(table: TextTable, layout: Layout) -> npt.NDArray[np.bool_]:
    """Rows with a number or a mark; every row of a register."""
    names = [name for name, one in layout.columns.items() if one.role in ("count", "value")]
    is_filled = np.full(len(table.rows), not names)
    for name in names:
        numbers = read_numbers(table, name, layout)
        broken = {row for finding in numbers.findings for row in finding.rows}
        is_filled |= ~np.isin(table.rows, list(broken))
    return is_filled
