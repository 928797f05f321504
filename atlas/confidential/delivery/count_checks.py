"""Checks of counts: areas twice or missing, totals, nesting of groups and measures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    find,
    find_rows,
)
from atlas.confidential.delivery.keys import area_place
from atlas.confidential.delivery.parse import PUBLISHED, Coded
from atlas.confidential.delivery.request import Holders, KnownAreas, Request
from atlas.confidential.delivery.series import Series
from atlas.config import Layout
from atlas.terms import Group, Kind
from atlas.words import first_few


@dataclass(frozen=True)
class Places:
    """Keys of the rows and what they stand for; ``rows`` are physical row numbers."""

    keys: Coded
    rows: npt.NDArray[np.int64]
    is_area: npt.NDArray[np.bool_]
    is_total: npt.NDArray[np.bool_]
    is_unplaced: npt.NDArray[np.bool_]
    is_empty: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, keys: Coded, rows: npt.NDArray[np.int64], layout: Layout) -> "Places":
        """Tell areas from the totals and unplaced rows that the layout names."""
        is_total = keys.where(frozenset(layout.totals).__contains__)
        is_unplaced = keys.where(frozenset(layout.unplaced).__contains__)
        is_empty = keys.where(lambda text: not text) & ~is_total & ~is_unplaced
        is_area = ~is_total & ~is_unplaced & ~is_empty
        return cls(keys, rows, is_area, is_total, is_unplaced, is_empty)

    def area_keys(self) -> Coded:
        """Keys with an empty text where a row stands for no area."""
        areas = set(np.unique(self.keys.codes[self.is_area]))
        texts = (text if i in areas else "" for i, text in enumerate(self.keys.texts))
        return Coded(tuple(texts), self.keys.codes)

    def seen(self, positions: npt.NDArray[np.int64]) -> set[str]:
        """Keys that occur in these rows."""
        return {self.keys.texts[code] for code in np.unique(self.keys.codes[positions])}


_NAMED_AREAS = 3
_Cell = tuple[str, str, str]


def check_counts(
    series: Sequence[Series], places: Places, request: Request, known: KnownAreas | None
) -> Iterator[Finding]:
    """Check the rows of one reference date against each other and the edition."""
    place = area_place(request.layout)
    hint = "Gebietsschlüssel ist leer. Erwartet: ein Schlüssel. Lieferung berichtigen."
    empty = find("empty_cell", Severity.ERROR, place, hint)
    yield from find_rows(empty, places.rows[places.is_empty])
    hint = "nicht zuordenbar; zählt in keinem Gebiet."
    unplaced = find("no_area", Severity.INFO, place, hint)
    yield from find_rows(unplaced, places.rows[places.is_unplaced])
    yield from _check_promised_total(places, request.layout, place)
    for one in series:
        yield from _check_duplicates(one, places)
        yield from _check_total(one, places)
        if known is not None and request.layout.absent != "zero":
            yield from _check_missing(one, places, request.layout.kind, known)


def _check_promised_total(places: Places, layout: Layout, place: str) -> Iterator[Finding]:
    """Ask for the total where areas without a row are zero: a cut file shows nowhere else."""
    hint = (
        "keine Summenzeile aus totals. Erwartet: eine, weil Gebiete ohne Zeile als null gelten "
        "(absent). Vollständigkeit der Lieferung prüfen."
    )
    if layout.totals and layout.absent == "zero" and not places.is_total.any():
        yield find("missing_total", Severity.WARNING, place, hint)


def _check_duplicates(one: Series, places: Places) -> Iterator[Finding]:
    codes = places.keys.codes[one.positions]
    is_double = (np.bincount(codes, minlength=len(places.keys.texts)) > 1)[codes]
    positions = one.positions[is_double & places.is_area[one.positions]]
    hint = (
        "Gebiet steht mehrmals. Erwartet: eine Zeile je Gebiet, Stichtag und Merkmal. "
        "Lieferung berichtigen; unterscheidet eine weitere Spalte die Zeilen (etwa "
        'Geschlecht), sie im Layout mit role = "dimension" oder "item" nennen.'
    )
    finding = find("duplicate_area", Severity.ERROR, "", hint)
    yield from find_rows(finding, places.rows[positions])


def _check_total(one: Series, places: Places) -> Iterator[Finding]:
    """Compare the city's total with the sum of its parts; hidden parts leave a remainder."""
    is_shown = one.status == PUBLISHED
    is_total = places.is_total[one.positions]
    is_part = places.is_area[one.positions] | places.is_unplaced[one.positions]
    rest = one.values[is_total & is_shown] - one.values[is_part & is_shown].sum()
    is_complete = bool(is_shown[is_part].all())
    rest = np.nan_to_num(rest)  # a broken cell has its own finding
    is_wrong = rest != 0 if is_complete else rest < 0
    hint = (
        "Summenzeile stimmt nicht mit der Summe der Gebiete überein. Erwartet: gleich. "
        "Vollständigkeit der Lieferung prüfen."
    )
    finding = find("total_differs", Severity.ERROR, one.place, hint)
    positions = one.positions[is_total & is_shown][is_wrong]
    if one.is_count:
        yield from find_rows(finding, places.rows[positions])


def _check_missing(
    one: Series, places: Places, kind: Kind | None, known: KnownAreas
) -> Iterator[Finding]:
    """Report areas of the edition without a row: a few may be life, half of them is not."""
    absent = sorted(known.keys - places.seen(one.positions))
    if not absent:
        return
    severity = Severity.INFO if kind == Kind.BLOCK else Severity.WARNING
    if 2 * len(absent) > len(known.keys):
        severity = Severity.ERROR
    hint = (
        f"von {len(known.keys)} Gebieten des Gebietsstands {known.edition.isoformat()} ohne "
        f"Zeile: {len(absent)} ({first_few(absent, _NAMED_AREAS)}). Erwartet: eine Zeile je "
        "Gebiet. Vollständigkeit prüfen; heißt keine Zeile null, absent in deliveries.toml "
        "setzen."
    )
    yield find("missing_area", severity, "", hint)


def check_nesting(
    counts: pa.Table, nesting: Mapping[str, str | None], holders: Holders
) -> Iterator[Finding]:
    """Report children above all, or a subset above its whole: registers disagree.

    ``counts`` has one row per area_id, item and group with value and row.
    """
    names = ("area_id", "item", "group", "value", "row")
    records = zip(*(counts[name].to_pylist() for name in names), strict=True)
    values = {(area, item, group): (value, row) for area, item, group, value, row in records}
    above: dict[str, list[int]] = {}
    for (area, item, group), (value, row) in values.items():
        for whole in _wholes((area, item, group), nesting, holders):
            limit = values.get(whole, (None, 0))[0]
            if value is not None and limit is not None and value > limit:
                above.setdefault(f"{item}@{group} in {whole[1]}@{whole[2]}", []).append(row)
    for pair, rows in sorted(above.items()):
        hint = f"Teil größer als das Ganze ({pair}). Lieferung und Register abgleichen."
        finding = find("nesting", Severity.WARNING, "", hint)
        yield from find_rows(finding, np.array(rows, np.int64))


def _wholes(
    cell: _Cell, nesting: Mapping[str, str | None], holders: Holders
) -> Iterator[_Cell]:
    area_id, item, group = cell
    for whole in holders.get(Group(group), ()):
        yield area_id, item, whole
    if (measure := nesting.get(item)) is not None:
        yield area_id, measure, group
