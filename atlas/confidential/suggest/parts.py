"""Rows that nobody's boundaries know, told by their numbers: sums of the areas beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from atlas.confidential.suggest.table import Table

_FEWEST = 2
_Span = tuple[int, int]


@dataclass(frozen=True)
class Parts:
    """Texts of rows that are the sum of all areas, and of rows that are it together."""

    totals: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Columns:
    """Numbers of the columns of counts, row by row; and the positions of the areas."""

    rows: list[tuple[float, ...]] = field(repr=False)
    areas: list[int]

    def spans(self, at: int) -> tuple[_Span | None, _Span | None]:
        """Find the runs of areas right above and right below whose sum a row is."""
        above = [place for place, row in enumerate(self.areas) if row < at]
        below = [place for place, row in enumerate(self.areas) if row > at]
        return self._run(above[::-1], self.rows[at]), self._run(below, self.rows[at])

    def _run(self, run: Sequence[int], wanted: tuple[float, ...]) -> _Span | None:
        """Find the longest run that adds up: areas without anybody belong to it."""
        sums, found = [0.0] * len(wanted), None
        for count, place in enumerate(run, start=1):
            sums = [a + b for a, b in zip(sums, self.rows[self.areas[place]], strict=True)]
            if count >= _FEWEST and tuple(sums) == wanted:
                found = min(run[0], place), max(run[0], place)
        return found


def find_parts(table: Table, texts: Sequence[str], positions: Sequence[int]) -> Parts:
    """Tell rows that are sums of the areas right above or below them, or of all together.

    Only in a table with one row per area and whole numbers in every column of counts.
    """
    areas = [i for i, key in enumerate(table.keys) if key]
    if not positions or len(set(table.keys)) < len(areas):
        return Parts()
    columns = _Columns(list(zip(*map(table.numbers, positions), strict=True)), areas)
    above: dict[str, _Span] = {}
    below: dict[str, _Span] = {}
    for text in texts:
        rows = [i for i, place in enumerate(table.places) if place == text]
        if len(rows) == 1 and any(columns.rows[rows[0]]):
            found = columns.spans(rows[0])
            above |= {text: found[0]} if found[0] else {}
            below |= {text: found[1]} if found[1] else {}
    whole = (0, len(areas) - 1)
    totals = tuple(text for text in texts if whole in (above.get(text), below.get(text)))
    sides = ({t: s for t, s in side.items() if t not in totals} for side in (above, below))
    groups = [_covering(side, len(areas)) for side in sides]
    left = tuple(text for text in texts if text not in totals)
    groups += [left] if _adds_up(table, left, columns) else []
    return Parts(totals, next((one for one in groups if one), ()))


def _adds_up(table: Table, texts: Sequence[str], columns: _Columns) -> bool:
    """Whether rows that stand anywhere are together the sum of all areas."""
    rows = [i for i, place in enumerate(table.places) if place in texts]
    if not _FEWEST <= len(texts) == len(rows):
        return False
    sides = ([columns.rows[i] for i in side] for side in (rows, columns.areas))
    theirs, areas = (tuple(map(sum, zip(*side, strict=True))) for side in sides)
    return theirs == areas and any(areas)


def _covering(spans: dict[str, _Span], count: int) -> tuple[str, ...]:
    """Texts whose spans, the longest first, lie side by side and leave no area out."""
    chosen: list[str] = []
    taken: set[int] = set()
    for text, (first, last) in sorted(spans.items(), key=lambda one: one[1][0] - one[1][1]):
        areas = set(range(first, last + 1))
        if not areas & taken:
            chosen.append(text)
            taken |= areas
    return tuple(text for text in spans if text in chosen) if len(taken) == count else ()
