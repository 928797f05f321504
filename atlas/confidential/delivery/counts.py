"""A table with one row an area, wide or long, to one row per area, item and group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    column_place,
    find,
    find_rows,
)
from atlas.confidential.delivery.keys import check_area_keys, read_area_keys
from atlas.confidential.delivery.numbers import PUBLISHED, UNAVAILABLE, WITHHELD, read_numbers
from atlas.confidential.delivery.parse import Coded, encode
from atlas.confidential.delivery.request import KnownAreas, Request
from atlas.confidential.delivery.tables import TextTable
from atlas.config import Column, Layout, split_item
from atlas.terms import Group, Kind, Status

KEY = ("area_id", "item", "group")
_STATUS = {
    PUBLISHED: Status.PUBLISHED,
    UNAVAILABLE: Status.UNAVAILABLE,
    WITHHELD: Status.WITHHELD,
}
_NAMED_AREAS = 3


@dataclass(frozen=True)
class _Series:
    """One number per area: a column of a wide table, or one text of the item column."""

    place: str
    item: str
    group: Group
    is_count: bool
    positions: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    status: npt.NDArray[np.int8]


def normalise_counts(
    table: TextTable, reference_date: date, request: Request
) -> tuple[pa.Table, tuple[Finding, ...]]:
    """Read counts and ready-made values of one reference date.

    Returns
    -------
    One row per ``area_id``, ``item``, ``group``, sorted; ``value`` (float64) is null unless
    ``status`` is ``published``; ``withheld`` where the supplier's mark says so,
    ``unavailable`` where a mark says that there is none.
    """
    layout = request.layout
    known = request.areas(reference_date)
    keys = encode(read_area_keys(table, layout, known))
    series, findings = _read_series(table, layout)
    is_total = keys.where(frozenset(layout.totals).__contains__)
    is_area = ~is_total & ~keys.where(_is_empty)
    place = column_place(layout.column_of("area") or "")
    found = [
        *findings,
        *find_rows(_empty_key(place), table.rows[~is_total & ~is_area]),
        *check_area_keys(_without(keys, layout.totals), table.rows, layout, known),
    ]
    for one in series:
        found += _check_duplicates(one, keys, is_area, table)
        found += _check_totals(one, is_total, is_area, table)
        found += _check_missing(one, keys, request, known)
    long = _long_table(series, keys, is_area, table)
    return long.drop_columns(["row"]), (*found, *_check_nesting(long, request))


def _read_series(
    table: TextTable, layout: Layout
) -> tuple[tuple[_Series, ...], tuple[Finding, ...]]:
    """Split the number columns into series; a row whose text no layout maps is not read."""
    item_column = layout.column_of("item")
    if item_column is None:
        return _read_wide(table, layout)
    texts = encode(table.column(item_column))
    findings = list(_check_texts(texts, table, layout))
    series: list[_Series] = []
    for name, column in _number_columns(layout):
        mapping = column.items or layout.columns[item_column].items
        is_mapped = texts.where(mapping.__contains__)
        mapped = table.take(np.flatnonzero(is_mapped))
        numbers = read_numbers(mapped, name, layout)
        findings.extend(numbers.findings)
        codes = texts.codes[is_mapped]
        for code, text in enumerate(texts.texts):
            if text in mapping:
                chosen = codes == code
                series.append(
                    _Series(
                        f"{column_place(name)}, Merkmal „{text}“",
                        *split_item(mapping[text]),
                        column.role == "count",
                        np.flatnonzero(texts.codes == code),
                        numbers.values[chosen],
                        numbers.status[chosen],
                    )
                )
    return tuple(series), tuple(findings)


def _read_wide(
    table: TextTable, layout: Layout
) -> tuple[tuple[_Series, ...], tuple[Finding, ...]]:
    findings: list[Finding] = []
    series: list[_Series] = []
    everything = np.arange(len(table.rows))
    for name, column in _number_columns(layout):
        numbers = read_numbers(table, name, layout)
        findings.extend(numbers.findings)
        series.append(
            _Series(
                column_place(name),
                column.item or "",
                column.group,
                column.role == "count",
                everything,
                numbers.values,
                numbers.status,
            )
        )
    return tuple(series), tuple(findings)


def _number_columns(layout: Layout) -> list[tuple[str, Column]]:
    return [
        (name, column)
        for name, column in layout.columns.items()
        if column.role in ("count", "value")
    ]


def _check_texts(texts: Coded, table: TextTable, layout: Layout) -> tuple[Finding, ...]:
    """Report empty and unmapped texts, and sums of which a part is missing at this date."""
    name = layout.column_of("item") or ""
    place = column_place(name)
    mappings = [column.items for column in layout.columns.values() if column.items]
    mapped = {text for mapping in mappings for text in mapping}
    empty = find(
        "empty_cell", Severity.ERROR, place, "Zelle ist leer. Erwartet: ein Merkmal aus items."
    )
    unmapped = find(
        "unmapped_item",
        Severity.INFO,
        place,
        "Merkmal steht nicht in items und wird nicht gelesen.",
    )
    findings = [
        *find_rows(empty, table.rows[texts.where(_is_empty)]),
        *find_rows(
            unmapped, table.rows[texts.where(lambda text: bool(text) and text not in mapped)]
        ),
    ]
    for mapping in mappings:
        absent = [text for text in mapping if text not in texts.texts]
        present = {mapping[text] for text in mapping if text in texts.texts}
        findings += [_missing_part(place, text) for text in absent if mapping[text] in present]
    return tuple(findings)


def _missing_part(place: str, text: str) -> Finding:
    hint = (
        f"Merkmal „{text}“ fehlt an einem Stichtag, an dem andere Teile derselben Summe da "
        "sind. Erwartet: alle Teile oder keiner. Lieferung oder items in deliveries.toml "
        "prüfen."
    )
    return find("missing_part", Severity.ERROR, place, hint)


def _check_duplicates(
    one: _Series, keys: Coded, is_area: npt.NDArray[np.bool_], table: TextTable
) -> tuple[Finding, ...]:
    codes = keys.codes[one.positions]
    is_double = (np.bincount(codes, minlength=len(keys.texts)) > 1)[codes]
    rows = table.rows[one.positions[is_double & is_area[one.positions]]]
    hint = "Gebiet steht mehrmals. Erwartet: eine Zeile je Gebiet, Stichtag und Merkmal. "
    return find_rows(
        find("duplicate_area", Severity.ERROR, "", hint + "Lieferung berichtigen."), rows
    )


def _check_totals(
    one: _Series,
    is_total: npt.NDArray[np.bool_],
    is_area: npt.NDArray[np.bool_],
    table: TextTable,
) -> tuple[Finding, ...]:
    """Compare the city's total with the sum of the areas; hidden parts leave a remainder."""
    total = is_total[one.positions] & (one.status == PUBLISHED)
    if not one.is_count or not total.any():
        return ()
    area = is_area[one.positions]
    rest = one.values[total] - one.values[area & (one.status == PUBLISHED)].sum()
    is_complete = bool((one.status[area] == PUBLISHED).all())
    is_wrong = rest != 0 if is_complete else rest < 0
    hint = (
        "Summenzeile stimmt nicht mit der Summe der Gebiete überein. Erwartet: gleich. "
        "Vollständigkeit der Lieferung prüfen."
    )
    finding = find("total_differs", Severity.ERROR, one.place, hint)
    return find_rows(finding, table.rows[one.positions[total][is_wrong]])


def _check_missing(
    one: _Series, keys: Coded, request: Request, known: KnownAreas | None
) -> tuple[Finding, ...]:
    """Areas of the edition without a row: one more or less may be life, half of them is not."""
    if known is None:
        return ()
    seen = {keys.texts[code] for code in np.unique(keys.codes[one.positions])}
    absent = sorted(known.keys - seen)
    if not absent:
        return ()
    severity = Severity.INFO if request.layout.kind is Kind.BLOCK else Severity.WARNING
    if 2 * len(absent) > len(known.keys):
        severity = Severity.ERROR
    more = len(absent) - _NAMED_AREAS
    names = ", ".join(absent[:_NAMED_AREAS]) + (f" und {more} weitere" if more > 0 else "")
    hint = (
        f"{len(absent)} von {len(known.keys)} Gebieten des Gebietsstands "
        f"{known.edition.isoformat()} haben keine Zeile ({names}). Vollständigkeit prüfen."
    )
    return (find("missing_area", severity, "", hint),)


def _long_table(
    series: Sequence[_Series],
    keys: Coded,
    is_area: npt.NDArray[np.bool_],
    table: TextTable,
) -> pa.Table:
    texts = np.array(keys.texts, dtype=object)
    columns: dict[str, list[object]] = {name: [] for name in (*KEY, "value", "status", "row")}
    for one in series:
        chosen = is_area[one.positions]
        positions = one.positions[chosen]
        columns["area_id"].extend(texts[keys.codes[positions]])
        columns["item"].extend([one.item] * len(positions))
        columns["group"].extend([str(one.group)] * len(positions))
        columns["value"].extend(np.nan_to_num(one.values[chosen]))
        columns["status"].extend(one.status[chosen])
        columns["row"].extend(table.rows[positions])
    long = pa.table({name: pa.array(columns[name], _TYPES[name]) for name in columns})
    summed = long.group_by(list(KEY), use_threads=False).aggregate(
        [("value", "sum"), ("status", "max"), ("row", "min")]
    )
    is_published = pc.equal(summed["status_max"], PUBLISHED)
    value = pc.if_else(is_published, summed["value_sum"], pa.scalar(None, pa.float64()))
    status = pa.array([_STATUS[code] for code in summed["status_max"].to_pylist()], pa.string())
    return pa.table(
        {
            **{name: summed[name] for name in KEY},
            "value": value,
            "status": status,
            "row": summed["row_min"],
        }
    ).sort_by([(name, "ascending") for name in KEY])


_TYPES = {
    "area_id": pa.string(),
    "item": pa.string(),
    "group": pa.string(),
    "value": pa.float64(),
    "status": pa.int8(),
    "row": pa.int64(),
}


def _check_nesting(long: pa.Table, request: Request) -> tuple[Finding, ...]:
    """Under 18 above all, or a subset above what it is part of: registers disagree."""
    rows = zip(*(long[name].to_pylist() for name in (*KEY, "value", "row")), strict=True)
    values = {(area, item, group): (value, row) for area, item, group, value, row in rows}
    above: dict[str, list[int]] = {}
    for (area, item, group), (value, row) in values.items():
        parents = []
        if group == Group.U18:
            parents.append((item, Group.ALL.value))
        if (whole := request.nesting.get(item)) is not None:
            parents.append((whole, group))
        for parent in parents:
            limit = values.get((area, *parent), (None, 0))[0]
            if value is not None and limit is not None and value > limit:
                above.setdefault(f"{item}@{group} über {parent[0]}@{parent[1]}", []).append(row)
    findings: list[Finding] = []
    for pair, numbers in sorted(above.items()):
        hint = f"Teilmenge größer als das Ganze ({pair}). Register abgleichen."
        finding = find("nesting", Severity.WARNING, "", hint)
        findings.extend(find_rows(finding, np.array(numbers, np.int64)))
    return tuple(findings)


def _without(keys: Coded, totals: Sequence[str]) -> Coded:
    return Coded(tuple("" if text in totals else text for text in keys.texts), keys.codes)


def _empty_key(place: str) -> Finding:
    hint = "Gebietsschlüssel ist leer. Erwartet: ein Schlüssel. Lieferung berichtigen."
    return find("empty_cell", Severity.ERROR, place, hint)


def _is_empty(text: str) -> bool:
    return not text
