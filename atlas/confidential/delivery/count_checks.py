"""Checks of counts: areas twice or missing, totals, nesting of groups and measures."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    find,
    find_rows,
)
from atlas.confidential.delivery.keys import area_place
from atlas.confidential.delivery.numbers import PUBLISHED
from atlas.confidential.delivery.places import Places
from atlas.confidential.delivery.request import Holders, KnownAreas, Request
from atlas.confidential.delivery.series import Series
from atlas.terms import Kind

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
    for one in series:
        yield from _check_duplicates(one, places)
        yield from _check_total(one, places)
        if known is not None and request.layout.absent != "zero":
            yield from _check_missing(one, places, request.layout.kind, known)


def _check_duplicates(one: Series, places: Places) -> Iterator[Finding]:
    codes = places.keys.codes[one.positions]
    is_double = (np.bincount(codes, minlength=len(places.keys.texts)) > 1)[codes]
    positions = one.positions[is_double & places.is_area[one.positions]]
    hint = (
        "Gebiet steht mehrmals. Erwartet: eine Zeile je Gebiet, Stichtag und Merkmal. "
        "Lieferung berichtigen."
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
    more = len(absent) - _NAMED_AREAS
    names = ", ".join(absent[:_NAMED_AREAS]) + (f" und {more} weitere" if more > 0 else "")
    hint = (
        f"von {len(known.keys)} Gebieten des Gebietsstands {known.edition.isoformat()} ohne "
        f"Zeile: {len(absent)} ({names}). Erwartet: eine Zeile je Gebiet. Vollständigkeit "
        "prüfen; heißt keine Zeile null, absent in deliveries.toml setzen."
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
    for whole in holders.get(group, ()):
        yield area_id, item, whole
    if (measure := nesting.get(item)) is not None:
        yield area_id, measure, group
