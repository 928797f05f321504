"""Database table or view to a text table, through Ibis; it is only ever read."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import ibis
import pyarrow as pa

from atlas.confidential.delivery.arrow_text import text_table
from atlas.confidential.delivery.tables import (
    Progress,
    TextTable,
    UnreadableError,
    choose_columns,
    unreadable,
)
from atlas.config import Layout


def read_database(url: str, layout: Layout, progress: Progress) -> TextTable:
    """Read the layout's columns of a table or view, sorted, so that row numbers repeat.

    Raises
    ------
    UnreadableError
        With the finding, if the database gives no table; it never repeats what a driver says,
        which may hold the password or a value.
    """
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
