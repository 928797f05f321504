"""A table with one row an area, wide or long, to one row per area, item and group."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from atlas.confidential.delivery.count_checks import Places, Series, check_counts, check_nesting
from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    column_place,
    find,
    find_rows,
)
from atlas.confidential.delivery.keys import check_area_keys, read_area_keys
from atlas.confidential.delivery.parse import (
    PUBLISHED,
    UNAVAILABLE,
    WITHHELD,
    Coded,
    encode,
    read_numbers,
)
from atlas.confidential.delivery.request import KnownAreas, Request
from atlas.confidential.delivery.tables import TextTable
from atlas.config import Column, Layout, split_item
from atlas.terms import Status


def read_series(
    table: TextTable, layout: Layout
) -> tuple[tuple[Series, ...], tuple[Finding, ...]]:
    """Read all number columns; rows whose text no column maps are not read."""
    item_column = layout.column_of("item")
    texts = None if item_column is None else encode(table.column(item_column))
    series: list[Series] = []
    findings: list[Finding] = []
    for name, column in layout.columns.items():
        if column.role not in ("count", "value"):
            continue
        if texts is None:
            read, found = _read_wide(table, name, layout)
        else:
            mapping = mapping_of(column, layout)
            read, found = _read_long(table, name, layout, _chosen(texts, mapping))
        series.extend(read)
        findings.extend(found)
    if texts is not None:
        findings.extend(_check_texts(texts, table, layout))
    return tuple(series), tuple(findings)


def mapping_of(column: Column, layout: Layout) -> Mapping[str, str]:
    """Texts that a number column maps: its own, else those of the item column."""
    if column.items:
        return column.items
    return next((c.items for c in layout.columns.values() if c.role == "item"), {})


def _chosen(
    texts: Coded, mapping: Mapping[str, str]
) -> dict[tuple[str, str], npt.NDArray[np.int64]]:
    """Positions of the rows of every mapped text, by text and item."""
    return {
        (text, mapping[text]): np.flatnonzero(texts.codes == code)
        for code, text in enumerate(texts.texts)
        if text in mapping
    }


def _read_wide(
    table: TextTable, name: str, layout: Layout
) -> tuple[list[Series], tuple[Finding, ...]]:
    column = layout.columns[name]
    numbers = read_numbers(table, name, layout)
    one = Series(
        column_place(name),
        column.item or "",
        column.group,
        column.role == "count",
        np.arange(len(table.rows)),
        numbers.values,
        numbers.status,
    )
    return [one], numbers.findings


def _read_long(
    table: TextTable,
    name: str,
    layout: Layout,
    chosen: Mapping[tuple[str, str], npt.NDArray[np.int64]],
) -> tuple[list[Series], tuple[Finding, ...]]:
    series: list[Series] = []
    findings: list[Finding] = []
    for (text, target), positions in chosen.items():
        numbers = read_numbers(table.take(positions), name, layout)
        findings.extend(numbers.findings)
        series.append(
            Series(
                f"{column_place(name)}, Merkmal „{text}“",
                *split_item(target),
                layout.columns[name].role == "count",
                positions,
                numbers.values,
                numbers.status,
            )
        )
    return series, tuple(findings)


def _check_texts(texts: Coded, table: TextTable, layout: Layout) -> Iterator[Finding]:
    """Report empty and unmapped texts, and sums of which a part is missing at this date."""
    place = column_place(layout.column_of("item") or "")
    columns = [c for c in layout.columns.values() if c.role in ("count", "value")]
    mappings = [mapping_of(column, layout) for column in columns]
    mapped = {text for mapping in mappings for text in mapping}
    hint = "Zelle ist leer. Erwartet: ein Merkmal aus items. Lieferung berichtigen."
    empty = find("empty_cell", Severity.ERROR, place, hint)
    yield from find_rows(empty, table.rows[texts.where(lambda text: not text)])
    hint = "Merkmal steht nicht in items und wird nicht gelesen."
    unmapped = find("unmapped_item", Severity.INFO, place, hint)
    others = {text for text in texts.texts if text and text not in mapped}
    yield from find_rows(unmapped, table.rows[texts.where(others.__contains__)])
    if layout.absent == "zero":
        return
    for mapping in mappings:
        present = {mapping[text] for text in mapping if text in texts.texts}
        for text in mapping:
            if text not in texts.texts and mapping[text] in present:
                yield _missing_part(place, text)


def _missing_part(place: str, text: str) -> Finding:
    hint = (
        f"Merkmal „{text}“ fehlt an einem Stichtag, an dem andere Teile derselben Summe da "
        "sind. Erwartet: alle Teile oder keiner. Lieferung oder items in deliveries.toml "
        "prüfen."
    )
    return find("missing_part", Severity.ERROR, place, hint)


KEY = ("area_id", "item", "group")
_STATUS = {
    PUBLISHED: Status.PUBLISHED,
    UNAVAILABLE: Status.UNAVAILABLE,
    WITHHELD: Status.WITHHELD,
}
_SCHEMA = pa.schema(
    [
        *[(name, pa.string()) for name in KEY],
        ("value", pa.float64()),
        ("status", pa.int8()),
        ("row", pa.int64()),
    ]
)


def normalise_counts(
    table: TextTable, reference_date: date, request: Request
) -> tuple[pa.Table, tuple[Finding, ...]]:
    """Read counts and ready-made values of one reference date.

    Returns
    -------
    One row per ``area_id``, ``item``, ``group``, sorted; ``value`` (float64) is null unless
    ``status`` is ``published``; ``withheld`` where the supplier's mark says so,
    ``unavailable`` where a mark says that there is none or a part of a sum has no row.
    """
    layout = request.layout
    known = request.areas(reference_date)
    keys = encode(read_area_keys(table, layout, known))
    places = Places.of(keys, table.rows, layout)
    series, findings = read_series(table, layout)
    parts = _gather(series, places)
    if layout.absent == "zero" and known is not None:
        parts += _zeros(series, places, known)
    long = _sum_parts(pa.concat_tables([_SCHEMA.empty_table(), *parts]), series)
    found = (
        *findings,
        *check_area_keys(places.area_keys(), table.rows, layout, known),
        *check_counts(series, places, request, known),
        *check_nesting(_counts_of(long, series), request.nesting, request.holders),
    )
    return long.drop_columns(["row"]), found


def _counts_of(long: pa.Table, series: Sequence[Series]) -> pa.Table:
    """Leave out ready-made shares and levels: those of children may well be higher."""
    items = sorted({one.item for one in series if one.is_count})
    return long.filter(pc.is_in(long["item"], pa.array(items, pa.string())))


def _gather(series: Sequence[Series], places: Places) -> list[pa.Table]:
    tables = []
    for one in series:
        is_broken = np.isnan(one.values) & (one.status == PUBLISHED)
        chosen = places.is_area[one.positions] & ~is_broken
        positions = one.positions[chosen]
        areas = places.keys.texts_at(positions)
        values = np.nan_to_num(one.values[chosen])
        columns = [areas, values, one.status[chosen], places.rows[positions]]
        tables.append(_table_of(one, columns))
    return tables


def _zeros(series: Sequence[Series], places: Places, known: KnownAreas) -> list[pa.Table]:
    """Add a zero for every area without a row, where the layout says that it means zero."""
    tables = []
    for one in series:
        absent = sorted(known.keys - places.seen(one.positions))
        zeros = np.zeros(len(absent), np.int64)
        tables.append(_table_of(one, [absent, zeros.astype(float), zeros, zeros]))
    return tables


def _table_of(one: Series, columns: Sequence[Any]) -> pa.Table:
    """Table of one series: area keys, values, status and rows, each a list or an array."""
    areas, values, status, rows = columns
    length = len(values)
    arrays = [areas, [one.item] * length, [str(one.group)] * length, values, status, rows]
    typed = zip(arrays, _SCHEMA.types, strict=True)
    return pa.table([pa.array(array, kind) for array, kind in typed], schema=_SCHEMA)


def _sum_parts(parts: pa.Table, series: Sequence[Series]) -> pa.Table:
    """Add the texts of one item; a sum is as hidden as its most hidden part."""
    expected = Counter((one.item, str(one.group)) for one in series)
    summed = (
        parts.group_by(list(KEY), use_threads=False)
        .aggregate([("value", "sum"), ("value", "count"), ("status", "max"), ("row", "min")])
        .sort_by([(name, "ascending") for name in KEY])
    )
    status = summed["status_max"].to_numpy().copy()
    items = zip(summed["item"].to_pylist(), summed["group"].to_pylist(), strict=True)
    is_short = summed["value_count"].to_numpy() < np.array([expected[item] for item in items])
    status[is_short & (status == PUBLISHED)] = UNAVAILABLE
    null = pa.scalar(None, pa.float64())
    value = pc.if_else(pa.array(status == PUBLISHED), summed["value_sum"], null)
    columns = {name: summed[name] for name in KEY}
    names = pa.array([_STATUS[code].value for code in status], pa.string())
    return pa.table({**columns, "value": value, "status": names, "row": summed["row_min"]})
