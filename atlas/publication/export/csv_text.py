"""Tables as CSV for machines: UTF-8, comma, decimal point, ISO dates, status codes."""

import csv
import io
from collections.abc import Callable

from atlas.publication.export.columns import STATUS_SUFFIX
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
    """One table under its machine-readable names; no text of it is a formula."""
    return _written(table, _harmless, _number).encode()


def exact_csv_bytes(table: Table) -> bytes:
    """One table for programs alone: every text as it is."""
    return _written(table, str, _number).encode()


def excel_csv_bytes(table: Table) -> bytes:
    """One table as a German Excel opens it: byte order mark, semicolons, decimal commas."""
    text = _written(table, _harmless, lambda value: _number(value).replace(".", ","), ";")
    return text.encode("utf-8-sig")


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
    return (field.id,) if field.item is None else (field.id, field.id + STATUS_SUFFIX)


def _parts(entry: Entry) -> tuple[str | float | None, ...]:
    cell = entry.cell if isinstance(entry, Figure) else entry
    if isinstance(cell, Cell):
        return cell.value, str(cell.status)
    return (str(entry),)


def _written(
    table: Table,
    text_of: Callable[[str], str],
    number_of: Callable[[float], str],
    delimiter: str = ",",
) -> str:
    columns = columns_of(table)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", delimiter=delimiter)
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow(
            "" if one is None else text_of(one) if isinstance(one, str) else number_of(one)
            for one in row
        )
    return buffer.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)
