"""Reference dates in the head of a table: one set of rows for each of them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from atlas.confidential.delivery.dates import compile_formats, parse_date
from atlas.confidential.delivery.findings import column_place
from atlas.confidential.delivery.tables import DATE_PLACE, TextTable, date_column, unreadable
from atlas.config import Column, Layout

_IN_HEAD = "Stichtag im Kopf"


def spread_dates(table: TextTable, layout: Layout) -> tuple[TextTable, Layout]:
    """Write a table with dates as columns as one with a date in every row.

    Raises
    ------
    UnreadableError
        If the head names no date that the layout covers.
    """
    places = {
        name: _dates(table, name, layout) for name in layout.columns if DATE_PLACE in name
    }
    if not places:
        return table, layout
    days = sorted({day for found in places.values() for day in found if layout.covers(day)})
    if not days:
        raise unreadable(
            "missing_column",
            "kein Stichtag im Kopf. Erwartet: Spalten wie in columns, mit dem Datum an der "
            "Stelle {date}. columns und format in deliveries.toml prüfen.",
            column_place(next(iter(places))),
        )
    parts = [_part(table, layout, places, day) for day in days]
    columns = {**layout.columns, _IN_HEAD: Column(role="date", format="%Y-%m-%d")}
    whole = TextTable(pa.concat_tables(parts), np.tile(table.rows, len(days)), table.is_typed)
    # Notes have a key at most, and no date decides on that.
    cut, notes = (
        None
        if below is None
        else replace(below, columns=_part(below, layout, places, days[-1]))
        for below in (table.cut, table.notes)
    )
    return replace(whole, cut=cut, notes=notes), layout.model_copy(update={"columns": columns})


def _dates(table: TextTable, name: str, layout: Layout) -> Mapping[date, str]:
    """Find the reference dates of a column of the layout, with the names in the file."""
    formats = compile_formats(*layout.columns[name].formats(), *table.date_formats)
    found = {}
    for header in table.columns.column_names:
        match = re.fullmatch(date_column(name), header)
        if match is not None and (day := parse_date(match[1].strip(), formats)) is not None:
            found[day] = header
    return found


def _part(
    table: TextTable, layout: Layout, places: Mapping[str, Mapping[date, str]], day: date
) -> pa.Table:
    empty = pa.array([""] * len(table.rows), pa.large_string())
    columns = {}
    for name in layout.columns:
        header = places[name].get(day) if name in places else name
        columns[name] = empty if header is None else table.columns[header].combine_chunks()
    columns[_IN_HEAD] = pa.array([day.isoformat()] * len(table.rows), pa.large_string())
    return pa.table(columns)
