"""Typed cells, Parquet files and database tables to text as the CSV reader gives it.

A sheet mixes numbers with numbers stored as text; written alike, both are read alike. A
database is only ever read.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from atlas.confidential.delivery.content import PARQUET, check_content
from atlas.confidential.delivery.findings import column_place
from atlas.confidential.delivery.tables import (
    Progress,
    TextTable,
    UnreadableError,
    choose_columns,
    unreadable,
)
from atlas.config import Layout
from atlas.words import day_here


def text_of_cell(cell: object, decimal: str) -> str:
    """Write a cell of an Excel sheet as text."""
    match cell:
        case str():
            return cell
        case bool():
            return "WAHR" if cell else "FALSCH"
        case float():
            return text_of_number(as_shown(cell), decimal)
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def as_shown(cell: float) -> float:
    """Round a cell as Excel shows it: 15 digits, what is behind them comes of calculating."""
    return float(f"{cell:.15g}")


def text_of_number(number: float, decimal: str, times: int = 1) -> str:
    """Write a number as the shortest decimal that reads back the same; 3.0 as ``3``."""
    if times != 1:
        exact = (Decimal(repr(number)) * times).normalize()
        return format(exact, "f").replace(".", decimal)
    if number.is_integer():
        return str(int(number))
    return format(Decimal(repr(number)), "f").replace(".", decimal)


def text_table(typed: pa.Table, chosen: Sequence[tuple[str, int]], decimal: str) -> TextTable:
    """Turn the chosen columns into text; row numbers count from 1.

    Raises
    ------
    UnreadableError
        If a column holds lists, records or bytes.
    """
    columns = {
        name: _text_of(typed.column(position), name, decimal) for name, position in chosen
    }
    return TextTable(pa.table(columns), np.arange(1, len(typed) + 1), is_typed=True)


def _text_of(column: pa.ChunkedArray, name: str, decimal: str) -> pa.Array:
    values = column.combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    return pc.fill_null(_cast(values, name, decimal).cast(pa.large_string()), "")


def _cast(values: pa.Array, name: str, decimal: str) -> pa.Array:
    kind = values.type
    if pa.types.is_floating(kind):
        return _numbers_to_text(values.cast(pa.float64()), decimal)
    if pa.types.is_decimal(kind):
        return _decimals_to_text(values, decimal)
    if pa.types.is_boolean(kind):
        return pc.if_else(values, "WAHR", "FALSCH")
    if pa.types.is_timestamp(kind) and kind.tz:
        return _days_here(values)
    if pa.types.is_timestamp(kind):
        return pc.strftime(values, "%Y-%m-%d")
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise unreadable(
            "column_type",
            "Spalte enthält Listen oder Binärdaten. Erwartet: Text, Zahl oder Datum.",
            column_place(name),
        )
    return values


def _days_here(values: pa.Array) -> pa.Array:
    """Write each distinct moment once, as the day that it is in the city."""
    encoded = values.dictionary_encode()
    days = [
        None if moment is None else day_here(moment).isoformat()
        for moment in encoded.dictionary.to_pylist()
    ]
    return pa.array(days, pa.string()).take(encoded.indices)


def _numbers_to_text(values: pa.Array, decimal: str) -> pa.Array:
    """Write each distinct number once; NaN is an empty cell."""
    encoded = values.dictionary_encode()
    texts = [
        None if number is None or number != number else text_of_number(number, decimal)
        for number in encoded.dictionary.to_pylist()
    ]
    return pa.array(texts, pa.string()).take(encoded.indices)


def _decimals_to_text(values: pa.Array, decimal: str) -> pa.Array:
    """Write each distinct decimal once, without an exponent and without zeros at its end."""
    encoded = values.dictionary_encode()
    texts = [
        None if number is None else format(number.normalize(), "f").replace(".", decimal)
        for number in encoded.dictionary.to_pylist()
    ]
    return pa.array(texts, pa.string()).take(encoded.indices)


def read_parquet(path: Path, layout: Layout, progress: Progress) -> TextTable:
    """Read the layout's columns of a Parquet file.

    Raises
    ------
    UnreadableError
        With the finding, if the file gives no table.
    """
    check_content(path.read_bytes(), PARQUET)
    try:
        header = pq.read_schema(path).names
        chosen = choose_columns(header, layout)
        names = [header[position] for _, position in chosen]
        typed = pq.read_table(path, columns=names, page_checksum_verification=True)
        typed.validate(full=True)
        ordered = [(name, position) for position, (name, _) in enumerate(chosen)]
        table = text_table(typed, ordered, layout.decimal)
    except (pa.ArrowException, OSError, ValueError):
        raise unreadable(
            "damaged",
            "Parquet-Datei ist beschädigt oder unvollständig. Datei neu übertragen.",
        ) from None
    progress(len(table.rows))
    return table


def read_database(url: str, layout: Layout, progress: Progress) -> TextTable:
    """Read the layout's columns of a table or view, sorted, so that row numbers repeat.

    Raises
    ------
    UnreadableError
        With the finding, if the database gives no table; it never repeats what a driver says,
        which may hold the password or a value.
    """
    import ibis  # a file needs none of it

    with _driver_errors("no_connection", "Datenbank antwortet nicht. URL und Rechte prüfen."):
        connection = ibis.connect(url)
    try:
        with _driver_errors("no_table", _no_table(layout)):
            schema, _, name = layout.table.rpartition(".")
            source = connection.table(name, database=schema or None)
        chosen = choose_columns(source.columns, layout)
        with _driver_errors("no_access", "Tabelle lässt sich nicht lesen. Rechte prüfen."):
            typed = source.select([source.columns[i] for _, i in chosen]).to_pyarrow()
    finally:
        connection.disconnect()
    table = text_table(typed, [(name, i) for i, (name, _) in enumerate(chosen)], layout.decimal)
    progress(len(table.rows))
    order = [(name, "ascending") for name, _ in chosen]
    return TextTable(table.columns.sort_by(order), table.rows, is_typed=True)


def digest_of(columns: pa.Table) -> str:
    """SHA-256 of the texts of a table, column by column."""
    digest = hashlib.sha256()
    for name in columns.column_names:
        texts = "\x1e".join([name, *columns[name].to_pylist()])
        digest.update(texts.encode())
    return digest.hexdigest()


@contextmanager
def _driver_errors(check: str, hint: str) -> Iterator[None]:
    try:
        yield
    except UnreadableError:
        raise
    except Exception:  # noqa: BLE001 - each driver has its own; none of them may be repeated
        raise unreadable(check, hint) from None


def _no_table(layout: Layout) -> str:
    return f"Tabelle „{layout.table}“ fehlt. Schlüssel table in deliveries.toml prüfen."
