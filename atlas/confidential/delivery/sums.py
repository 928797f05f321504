"""Rows of larger areas in the table of small ones: compared with their parts, never counted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from atlas.confidential.delivery.count_checks import Places
from atlas.confidential.delivery.findings import Finding, Severity, find, find_rows
from atlas.confidential.delivery.keys import area_place
from atlas.confidential.delivery.parse import PUBLISHED, encode
from atlas.confidential.delivery.request import KnownAreas
from atlas.confidential.delivery.series import Series, read_series
from atlas.confidential.delivery.tables import TextTable
from atlas.config import Layout
from atlas.terms import Kind


@dataclass(frozen=True)
class Sums:
    """Rows of one larger kind with the key that each of them names."""

    kind: Kind
    table: TextTable = field(repr=False)
    keys: tuple[str, ...] = field(repr=False)


def leave_out_ignored(
    table: TextTable, layout: Layout
) -> tuple[TextTable, tuple[Finding, ...]]:
    """Leave out rows that the layout neither counts nor checks, and say so."""
    name = layout.column_of("area")
    if name is None or not layout.columns[name].ignore:
        return table, ()
    is_ignored = encode(table.column(name)).where(layout.columns[name].ignore.__contains__)
    hint = "Zeile steht in ignore: sie wird nicht gezählt und nicht geprüft."
    finding = find("ignored_row", Severity.INFO, area_place(layout), hint)
    kept = table.take(np.flatnonzero(~is_ignored))
    return kept, find_rows(finding, table.rows[is_ignored])


def part_sums(table: TextTable, layout: Layout) -> tuple[TextTable, tuple[Sums, ...]]:
    """Part the rows of areas from those of larger kinds, told by how their keys are written."""
    name = layout.column_of("area")
    if not layout.sums or name is None:
        return table, ()
    coded = encode(table.column(name))
    is_left = np.ones(len(table.rows), dtype=bool)
    sums = []
    for kind, pattern in layout.sums.items():
        found = {
            text: (match[1] if match.re.groups else text)
            for text in coded.texts
            if (match := re.fullmatch(pattern, text)) is not None
        }
        positions = np.flatnonzero(coded.where(found.__contains__) & is_left)
        is_left[positions] = False
        keys = tuple(found[text] for text in coded.texts_at(positions))
        sums.append(Sums(kind, table.take(positions), keys))
    return table.take(np.flatnonzero(is_left)), tuple(sums)


def check_sums(
    sums: Sequence[Sums],
    series: Sequence[Series],
    places: Places,
    layout: Layout,
    known: KnownAreas | None,
) -> Iterator[Finding]:
    """Compare every row of a larger area with the sum of its own areas.

    Where the edition does not know what lies in it, all rows of the kind together have to be
    the sum of all areas.
    """
    for one in sums:
        whole, findings = read_series(one.table, layout)
        yield from findings
        held = known.above.get(one.kind) if known is not None else None
        if held is not None and one.kind != Kind.CITY:
            unknown = np.array([key not in held for key in one.keys], dtype=bool)
            hint = (
                "Schlüssel der größeren Gebietsart fehlt im Gebietsstand. sums in "
                "deliveries.toml prüfen."
            )
            finding = find("unknown_area", Severity.ERROR, area_place(layout), hint)
            yield from find_rows(finding, one.table.rows[unknown])
        parts = {_column(part): part for part in series}
        for large in whole:
            small = parts.get(_column(large))
            if large.is_count and small is not None:
                yield from _compare(one, large, small, places, held)


def _column(one: Series) -> tuple[object, ...]:
    return one.column, one.texts, one.item, one.group


def _compare(
    sums: Sums,
    large: Series,
    small: Series,
    places: Places,
    held: Mapping[str, frozenset[str]] | None,
) -> Iterator[Finding]:
    keys = [sums.keys[position] for position in large.positions]
    is_part = places.is_area[small.positions] | places.is_unplaced[small.positions]
    if sums.kind == Kind.CITY:
        is_wrong = [_differs(large, [i], small, is_part) for i in range(len(keys))]
    elif held is None:
        every = list(range(len(keys)))
        is_wrong = [_differs(large, every, small, is_part)] * len(keys)
    else:
        texts = np.array(places.keys.texts_at(small.positions), dtype=object)
        is_wrong = [
            key in held and _differs(large, [i], small, np.isin(texts, list(held[key])))
            for i, key in enumerate(keys)
        ]
    hint = (
        "Zeile einer größeren Gebietsart stimmt nicht mit der Summe ihrer Gebiete überein. "
        "Erwartet: gleich. Vollständigkeit der Lieferung prüfen."
    )
    finding = find("total_differs", Severity.ERROR, large.place, hint)
    rows = sums.table.rows[large.positions]
    yield from find_rows(finding, rows[np.array(is_wrong, dtype=bool)])


def _differs(
    large: Series, at: list[int], small: Series, is_part: npt.NDArray[np.bool_]
) -> bool:
    """Whether shown sums and parts disagree; hidden parts leave a remainder."""
    if not at or (large.status[at] != PUBLISHED).any():
        return False
    is_shown = is_part & (small.status == PUBLISHED)
    rest = np.nan_to_num(large.values[at].sum() - small.values[is_shown].sum())
    return bool(rest < 0 if (is_part & ~is_shown).any() else rest != 0)
