"""Tables as CSV for machines: UTF-8, comma, decimal point, ISO dates, status codes."""

import csv
import io

from atlas.publication.seen import Cell, Seen
from atlas.publication.views.areas import machine_table
from atlas.publication.views.table import Entry, Field, Figure, Table
from atlas.terms import Kind

# A table program takes what begins so for a formula; a name of an area may.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(seen: Seen, kind: Kind) -> bytes:
    """All areas of a kind; an empty value has its status in the next column."""
    return table_csv_bytes(machine_table(seen, kind))


def table_csv_bytes(table: Table) -> bytes:
    """One table under its machine-readable names."""
    columns = columns_of(table)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow(map(_text, row))
    return buffer.getvalue().encode()


def columns_of(table: Table) -> dict[str, list[str | float | None]]:
    """Columns of a table by name: texts, numbers (``None`` where hidden), status codes."""
    plain = table.in_files()
    columns: dict[str, list[str | float | None]] = {}
    for place, field in enumerate(plain.fields):
        parts = [_parts(row[place]) for row in plain.rows]
        for at, name in enumerate(_names(field)):
            columns[name] = [part[at] for part in parts]
    return columns


def _names(field: Field) -> tuple[str, ...]:
    return (field.id,) if field.item is None else (field.id, f"{field.id}_status")


def _parts(entry: Entry) -> tuple[str | float | None, ...]:
    cell = entry.cell if isinstance(entry, Figure) else entry
    if isinstance(cell, Cell):
        return cell.value, str(cell.status)
    return (str(entry),)


def _text(part: str | float | None) -> str:
    if part is None:
        return ""
    if isinstance(part, str):
        return f"'{part}" if part.startswith(_FORMULA_SIGNS) else part
    return str(int(part)) if part.is_integer() else repr(part)
