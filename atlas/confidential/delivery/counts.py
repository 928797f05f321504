"""A table with one row an area, wide or long, to one row per area, item and group."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from atlas.confidential.delivery.count_checks import Places, check_counts, check_nesting
from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    find,
)
from atlas.confidential.delivery.keys import check_area_keys, read_area_keys
from atlas.confidential.delivery.parse import (
    PUBLISHED,
    UNAVAILABLE,
    WITHHELD,
    encode,
)
from atlas.confidential.delivery.request import KnownAreas, Request
from atlas.confidential.delivery.series import Series, read_series
from atlas.confidential.delivery.sums import check_sums, leave_out_ignored, part_sums
from atlas.confidential.delivery.tables import TextTable
from atlas.config import Layout
from atlas.terms import Status

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
    table, ignored = leave_out_ignored(table, layout)
    table, sums = part_sums(table, layout)
    keys = encode(read_area_keys(table, layout, known))
    places = Places.of(keys, table.rows, layout)
    series, findings = read_series(table, layout)
    parts = _gather(series, places)
    if layout.absent == "zero" and known is not None:
        parts += _zeros(series, places, known)
    long = _sum_parts(pa.concat_tables([_SCHEMA.empty_table(), *parts]), series)
    found = (
        *ignored,
        *findings,
        *check_area_keys(places.area_keys(), table.rows, layout, known),
        *check_counts(series, places, request, known),
        *check_sums(sums, series, places, layout, known),
        *_check_fractions(series, layout),
        *check_nesting(_counts_of(long, series), request.nesting, request.holders),
    )
    return long.drop_columns(["row"]), found


_FEWEST_SHARES = 3


def _check_fractions(series: Sequence[Series], layout: Layout) -> Iterator[Finding]:
    """Warn of shares that all lie between 0 and 1: a table shows 11 % and holds 0.11."""
    for one in series:
        values = one.values[~np.isnan(one.values) & (one.values != 0)]
        is_small = len(values) >= _FEWEST_SHARES and bool((np.abs(values) <= 1).all())
        is_told = layout.columns[one.column].factor is not None
        if one.is_count or is_told or not is_small or (values == 1).all():
            continue
        hint = (
            "alle Werte liegen zwischen 0 und 1, Anteile werden von 0 bis 100 erwartet. "
            "factor = 100 in deliveries.toml setzen, oder factor = 1, wenn sie so gemeint sind."
        )
        yield find("fraction", Severity.WARNING, one.place, hint)


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
