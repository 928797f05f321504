"""Number columns of a wide or long table as series: one number per area, item and group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    column_place,
    find,
    find_rows,
)
from atlas.confidential.delivery.numbers import read_numbers
from atlas.confidential.delivery.parse import Coded, encode
from atlas.confidential.delivery.tables import TextTable
from atlas.config import Column, Layout, split_item
from atlas.terms import Group


@dataclass(frozen=True)
class Series:
    """A column of a wide table, or the rows of one text of the item column.

    ``positions`` are the rows of the text table, aligned with ``values`` and ``status``.
    """

    place: str
    item: str
    group: Group
    is_count: bool
    positions: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64] = field(repr=False)
    status: npt.NDArray[np.int8] = field(repr=False)


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
