"""Reference dates in the head of a table: one set of rows for each of them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from atlas.confidential.delivery.dates import formats_of, parse_date, without_note
from atlas.confidential.delivery.findings import Finding, Severity, column_place, find
from atlas.confidential.delivery.tables import (
    DATE_PLACE,
    TextTable,
    date_column,
    repeated,
    unreadable,
)
from atlas.config import Column, Layout
from atlas.words import first_few

_IN_HEAD = "Stichtag im Kopf"
_SHOWN = 3


def spread_dates(
    table: TextTable, layout: Layout
) -> tuple[TextTable, Layout, tuple[Finding, ...]]:
    """Write a table with dates as columns as one with a date in every row.

    Heads that look like one of those columns and name no date are told.

    Raises
    ------
    UnreadableError
        If the head names no date that the layout covers, or one of them twice.
    """
    places = {
        name: _dates(table, name, layout) for name in layout.columns if DATE_PLACE in name
    }
    if not places:
        return table, layout, ()
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
    layout = layout.model_copy(update={"columns": columns})
    return replace(whole, cut=cut, notes=notes), layout, _undated(table, places)


def _undated(table: TextTable, places: Mapping[str, Mapping[date, str]]) -> tuple[Finding, ...]:
    used = {header for found in places.values() for header in found.values()}
    fits = [re.compile(date_column(name)).fullmatch for name in places]
    others = [
        header
        for header in table.columns.column_names
        if header not in used and any(fit(header) for fit in fits)
    ]
    hint = (
        f"Spalten ohne Stichtag im Kopf werden nicht gelesen: {first_few(others, _SHOWN)}. "
        "Sind es Stichtage, format in deliveries.toml ergänzen."
    )
    return (find("undated_column", Severity.INFO, "", hint),) if others else ()


def _dates(table: TextTable, name: str, layout: Layout) -> Mapping[date, str]:
    """Find the reference dates of a column of the layout, with the names in the file."""
    formats = formats_of(table, layout.columns[name].formats())
    found: dict[date, str] = {}
    for header in table.columns.column_names:
        match = re.fullmatch(date_column(name), header)
        if match is None:
            continue
        text = match[1].strip()
        day = parse_date(text, formats) or parse_date(without_note(text), formats)
        if day is not None and found.setdefault(day, header) != header:
            raise repeated(header)
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
