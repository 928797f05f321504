"""What an entry of a table looks like as text; numbers and dates as people here write them."""

from collections.abc import Mapping
from datetime import date, datetime

from atlas.publication.seen import Cell
from atlas.publication.views.items import cell_text, status_word
from atlas.publication.views.table import Change, Entry, Field, Figure, Gap, Shade, Table
from atlas.terms import Status
from atlas.words import day_text, moment_text, number_text, signed_text

_DASH = "–"
_UP, _DOWN = "▲", "▼"


def rows_of(table: Table) -> tuple[tuple[str, ...], ...]:
    """Write all rows of a table as a page shows them."""
    shown = table.on_page()
    return tuple(
        tuple(
            entry_text(shown, one, entry) for one, entry in zip(shown.fields, row, strict=True)
        )
        for row in shown.rows
    )


def entry_text(table: Table, field: Field, entry: Entry) -> str:
    """Write one entry of a field."""
    if isinstance(entry, str):
        return entry
    if isinstance(entry, Cell):
        return _cell_text(table.symbols, field, entry)
    if isinstance(entry, Figure):
        text = cell_text(table.symbols, entry.item, entry.cell)
        return f"{text} (Rang {entry.rank})" if entry.rank else text
    if isinstance(entry, Shade):
        return cell_text(table.symbols, entry.item, entry.cell)
    if isinstance(entry, Change):
        return _change_text(table.symbols, field, entry)
    if isinstance(entry, date):
        return moment_text(entry) if isinstance(entry, datetime) else day_text(entry)
    if entry is None:
        return _DASH if field.gap is Gap.DASH else ""
    return str(entry) if field.digits is None else number_text(entry, field.digits)


def _cell_text(symbols: Mapping[Status, str], field: Field, cell: Cell) -> str:
    if field.item is None:
        raise ValueError(f"field {field.id} has cells and no item")
    if cell.value is None and field.gap is Gap.DASH:
        return _DASH
    if cell.value is None and field.gap is Gap.WORD:
        return status_word(cell)
    return cell_text(symbols, field.item, cell)


def _change_text(symbols: Mapping[Status, str], field: Field, change: Change) -> str:
    if field.item is None:
        raise ValueError(f"field {field.id} has changes and no item")
    before, after, by = (one.value for one in (change.before, change.after, change.by))
    if by is None or before is None or after is None:
        return cell_text(symbols, field.item, change.by)
    if not field.item.names:
        return signed_text(by, field.item.digits)
    arrow = _UP if by > 0 else _DOWN
    return f"{after:.0f} {arrow} vorher {before:.0f}" if by else f"{after:.0f}"
