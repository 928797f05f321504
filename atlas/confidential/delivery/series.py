"""Number columns of a table as series: one for each item, group and part of a cube."""

import re
from collections.abc import Iterator, Sequence
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
from atlas.confidential.delivery.parse import PUBLISHED, Coded, encode, read_numbers
from atlas.confidential.delivery.tables import TextTable
from atlas.config import Column, Layout, split_item
from atlas.terms import Group


@dataclass(frozen=True)
class Series:
    """A column of a wide table, or the rows of one text of the item column.

    ``positions`` are the rows of the text table, aligned with ``values`` and ``status``;
    ``texts`` what they have in the item column and in the dimensions.
    """

    column: str
    place: str
    item: str
    group: Group
    is_count: bool
    positions: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64] = field(repr=False)
    status: npt.NDArray[np.int8] = field(repr=False)
    texts: tuple[str, ...] = field(repr=False)


Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Slice:
    """Rows that agree in the item column and in every dimension.

    ``label`` is made of texts that the layout names alone: others are values of the delivery.
    """

    label: str
    text: str
    texts: tuple[str, ...] = field(repr=False)
    groups: tuple[Group, ...]
    positions: npt.NDArray[np.int64]


def read_series(
    table: TextTable, layout: Layout
) -> tuple[tuple[Series, ...], tuple[Finding, ...]]:
    """Read all number columns; rows whose text no column maps are not read."""
    slices = _slices(table, layout)
    series: list[Series] = []
    findings: list[Finding] = []
    for name, column in layout.columns.items():
        if column.role not in ("count", "value"):
            continue
        for one in slices:
            if targets := _targets(column, layout, one):
                numbers = read_numbers(table.take(one.positions), name, layout)
                findings.extend(numbers.findings)
                place = column_place(name) + (f", Merkmal „{one.label}“" if one.label else "")
                is_count = column.role == "count"
                series += [
                    Series(
                        name,
                        place,
                        item,
                        group,
                        is_count,
                        one.positions,
                        numbers.values,
                        numbers.status,
                        one.texts,
                    )
                    for item, group in targets
                ]
    findings += _check_texts(table, layout)
    findings += _check_dimensions(table, layout, series)
    return tuple(series), tuple(findings)


def _slices(table: TextTable, layout: Layout) -> list[_Slice]:
    item = layout.column_of("item")
    dimensions = [name for name, one in layout.columns.items() if one.role == "dimension"]
    names = [*([item] if item else []), *dimensions]
    if not names:
        return [_Slice("", "", (), (), np.arange(len(table.rows)))]
    coded = [encode(table.column(name)) for name in names]
    codes = np.stack([one.codes for one in coded])
    parts, inverse = np.unique(codes, axis=1, return_inverse=True)
    order = np.argsort(inverse.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(inverse.ravel(), minlength=parts.shape[1]))[:-1]
    slices = []
    for part, positions in zip(parts.T, np.split(order, ends), strict=True):
        texts = [one.texts[code] for one, code in zip(coded, part, strict=True)]
        told = dict(zip(names, texts, strict=True))
        if not any(told[name] in layout.columns[name].ignore for name in dimensions):
            found = (layout.columns[name].groups.get(told[name]) for name in dimensions)
            groups = tuple(Group(group) for group in found if group is not None)
            text = told[item] if item else ""
            named = (t for n, t in told.items() if n == item or t in layout.columns[n].groups)
            slices.append(_Slice(" / ".join(named), text, tuple(texts), groups, positions))
    return slices


def _targets(column: Column, layout: Layout, one: _Slice) -> list[tuple[str, Group]]:
    """Items and groups that a slice of a number column counts for, each once."""
    if layout.column_of("item") is None:
        own = [(column.item or "", column.group)]
    else:
        pairs = mapping_of(column, layout)
        own = [split_item(target) for text, target in pairs if text == one.text]
    parts = [(item, part) for item, group in own if group == Group.ALL for part in one.groups]
    return list(dict.fromkeys([*own, *parts]))


def mapping_of(column: Column, layout: Layout) -> Pairs:
    """Texts that a number column maps: its own, else those of the item column."""
    if column.items:
        return column.targets()
    return next((c.targets() for c in layout.columns.values() if c.role == "item"), ())


def _check_texts(table: TextTable, layout: Layout) -> Iterator[Finding]:
    """Report empty and unmapped texts, and sums of which a part is missing at this date."""
    name = layout.column_of("item")
    if name is None:
        return
    texts, place = encode(table.column(name)), column_place(name)
    columns = [c for c in layout.columns.values() if c.role in ("count", "value")]
    mappings = [mapping_of(column, layout) for column in columns]
    mapped = {text for mapping in mappings for text, _ in mapping}
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
        present = {target for text, target in mapping if text in texts.texts}
        for text in dict.fromkeys(text for text, target in mapping if target in present):
            if text not in texts.texts:
                yield _missing_part(place, text)


def _missing_part(place: str, text: str) -> Finding:
    hint = (
        f"Merkmal „{text}“ fehlt an einem Stichtag, an dem andere Teile derselben Summe da "
        "sind. Erwartet: alle Teile oder keiner. Lieferung oder items in deliveries.toml "
        "prüfen."
    )
    return find("missing_part", Severity.ERROR, place, hint)


_TOTAL = re.compile(
    r"\b(ins)?gesamt\b|\bzusammen\b|\balle\b|\bsumme\b|\btotal\b", re.IGNORECASE
)
_FEWEST_TEXTS = 3


def _check_dimensions(
    table: TextTable, layout: Layout, series: Sequence[Series]
) -> Iterator[Finding]:
    """Report texts of a dimension that are the sum of the others: they would count twice."""
    for name, column in layout.columns.items():
        if column.role != "dimension":
            continue
        texts = encode(table.column(name))
        yield from _missing_groups(column, texts, layout, column_place(name))
        sums = {
            text for text in texts.texts if text not in column.ignore and _TOTAL.search(text)
        }
        sums |= _sums_of_others(texts, series) | _sums_of_neighbours(
            table, layout, name, series
        )
        hint = (
            "Zeilen sehen aus wie die Summe der übrigen und würden doppelt gezählt. Erwartet: "
            "nur Teile. Den Text in deliveries.toml unter ignore der Spalte nennen."
        )
        finding = find("dimension_total", Severity.ERROR, column_place(name), hint)
        yield from find_rows(finding, table.rows[texts.where(sums.__contains__)])


def _sums_of_others(texts: Coded, series: Sequence[Series]) -> set[str]:
    """Texts whose cells add up, item by item, to those of all others."""
    by_item: dict[tuple[str, Group], npt.NDArray[np.float64]] = {}
    for one in series:
        if one.is_count:
            cells = np.where(one.status == PUBLISHED, np.nan_to_num(one.values), 0)
            added = np.bincount(texts.codes[one.positions], cells, len(texts.texts))
            known = by_item.get((one.item, one.group), np.zeros(len(texts.texts)))
            by_item[one.item, one.group] = known + added
    filled = [one for one in by_item.values() if np.count_nonzero(one) >= _FEWEST_TEXTS]
    if not filled:
        return set()
    is_sum = np.all([2 * one == one.sum() for one in filled], axis=0)
    return {text for text, found in zip(texts.texts, is_sum, strict=True) if found}


def _missing_groups(
    column: Column, texts: Coded, layout: Layout, place: str
) -> Iterator[Finding]:
    """Report parts of a group that no row has: the group would be too small unseen."""
    hint = (
        "Text „{}“ aus groups kommt an einem Stichtag nicht vor. Erwartet: alle, sonst zählt "
        "die Bezugsgruppe zu wenige. Lieferung oder groups in deliveries.toml prüfen."
    )
    for text in column.groups if layout.absent != "zero" else ():
        if text not in texts.texts:
            yield find("missing_part", Severity.ERROR, place, hint.format(text))


_MOST_TEXTS = 150
_FEWEST_CELLS, _FEWEST_PERSONS = 5, 30


def _sums_of_neighbours(
    table: TextTable, layout: Layout, name: str, series: Sequence[Series]
) -> set[str]:
    """Texts whose cells are, area by area, the sum of some that stand beside each other."""
    area = layout.column_of("area")
    texts = encode(table.column(name))
    if area is None or not _FEWEST_TEXTS < len(texts.texts) <= _MOST_TEXTS:
        return set()
    cells = _cells(texts, encode(table.column(area)), series)
    before = np.vstack([np.zeros(cells.shape[1]), np.cumsum(cells, axis=0)])
    sums = before.sum(axis=1)
    runs = sums[np.newaxis, :] - sums[:, np.newaxis]
    found = set()
    for i, own in enumerate(cells):
        # Few persons, or the same in every area, add up by chance.
        if own.sum() < _FEWEST_PERSONS or len(np.unique(own[own > 0])) < _FEWEST_CELLS:
            continue
        for start, end in np.argwhere(runs == own.sum()):
            parts = cells[start:end]
            has_parts = np.count_nonzero(parts.any(axis=1)) > 1
            if has_parts and not start <= i < end and (parts.sum(axis=0) == own).all():
                found.add(texts.texts[i])
    return found


def _cells(texts: Coded, areas: Coded, series: Sequence[Series]) -> npt.NDArray[np.float64]:
    """Shown counts of all persons by text and by area, one item after the other."""
    size = len(areas.texts)
    items = sorted({one.item for one in series})
    cells = np.zeros((len(texts.texts), size * max(len(items), 1)))
    for one in series:
        if one.is_count and one.group == Group.ALL:
            shown = np.where(one.status == PUBLISHED, np.nan_to_num(one.values), 0)
            columns = size * items.index(one.item) + areas.codes[one.positions]
            np.add.at(cells, (texts.codes[one.positions], columns), shown)
    return cells
