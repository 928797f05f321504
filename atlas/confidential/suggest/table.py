"""A sample as a table: its parts, the area of each row, which columns hold numbers."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from atlas.confidential.delivery.grid import Grid
from atlas.confidential.delivery.tables import nameless
from atlas.confidential.suggest.frame import Frame, column_name, find_frame
from atlas.confidential.suggest.numbers import (
    MARKS,
    Marks,
    Spelling,
    find_marks,
    find_spelling,
    looks_numeric,
)
from atlas.confidential.suggest.places import AreaColumn, Gazetteer, find_area_column

_NAME = re.compile(r"[^\W\d_]{3}")
_BEHIND_KEY = re.compile(r"[0-9][0-9.]*[ .:_-]+([^\W\d_].*)")
_MOSTLY = 0.6  # share of filled cells of a column that have to be numbers
_NUMBERS_OF_THINGS = re.compile(
    r"(\b|_)(nr|nummer|schl(ü|ue)ssel|kennziffer|code|id|key|ags)(\b|_)|nummer$|schl(ü|ue)ssel$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Table:
    """A table of a sample before its columns have roles.

    Attributes
    ----------
    area
        The column of areas; None where the boundaries fit none.
    is_filled_down
        Whether an empty cell in that column means the area above.
    """

    grid: Grid
    frame: Frame
    area: AreaColumn | None
    is_filled_down: bool
    columns: tuple[Sequence[str], ...] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Joined heads."""
        return self.frame.names

    def name(self, position: int) -> str:
        """Name by which the layout asks for a column."""
        return column_name(self.names, position)

    @cached_property
    def _named(self) -> list[str]:
        """Text of every row in the column of areas."""
        if self.area is None:
            return [""] * len(self.frame.rows)
        texts = list(self.columns[self.area.position])
        if self.is_filled_down:
            for i in range(1, len(texts)):
                texts[i] = texts[i] or texts[i - 1]
        return texts

    @cached_property
    def places(self) -> list[str]:
        """Text of every row in the column of areas as the layout reads it."""
        return [
            text if self.area is None else self.area.reading.taken(text) for text in self._named
        ]

    @cached_property
    def keys(self) -> list[str]:
        """Key of the area of every row; empty where the row stands for no area."""
        found = {} if self.area is None else self.area.reading.keys(dict.fromkeys(self._named))
        return [found.get(text, "") for text in self._named]

    @cached_property
    def area_rows(self) -> list[int]:
        """Positions of rows that stand for an area; all where no areas are known."""
        rows = [i for i, key in enumerate(self.keys) if key]
        return rows or list(range(len(self.frame.rows)))

    def cells(self, position: int) -> list[str]:
        """Cells of a column in the rows of areas."""
        column = self.columns[position]
        return [column[i] for i in self.area_rows]

    def area_names(self) -> dict[str, str]:
        """Find the name of each area: behind its key in the cell, or in a column beside it."""
        if self.area is None or self.area.reading.by_name:
            return {}
        cells = self.columns[self.area.position]
        behind = {
            self.keys[i]: match[1]
            for i in self.area_rows
            if (match := _BEHIND_KEY.fullmatch(cells[i])) is not None
        }
        if behind or not self.area_rows:
            return behind
        for column in self.columns:
            pairs = {(self.keys[i], column[i]) for i in self.area_rows}
            names = dict(pairs)
            if len(pairs) == len(names) == len({name for _, name in pairs}) and all(
                _NAME.search(name) for name in names.values()
            ):
                return names
        return {}

    @cached_property
    def numeric(self) -> tuple[int, ...]:
        """Positions of columns of numbers, keys left out."""
        return tuple(
            position
            for position in range(len(self.columns))
            if (self.area is None or position != self.area.position)
            and self.names[position]
            and self._is_numeric(position)
        )

    def _is_numeric(self, position: int) -> bool:
        filled = [text for text in self.cells(position) if text]
        numbers = [text for text in filled if looks_numeric(text)]
        marks = [text for text in filled if text in MARKS and not looks_numeric(text)]
        if not numbers or len(numbers) + len(marks) < _MOSTLY * len(filled):
            return False
        return not _NUMBERS_OF_THINGS.search(self.names[position]) and not self._is_key(
            position
        )

    def _is_key(self, position: int) -> bool:
        """Whether a column names the same areas once more."""
        if self.area is None:
            return False
        texts = set(self.cells(position))
        known = self.area.reading.known.keys
        return len(texts) == len(set(filter(None, self.keys))) > 1 and texts <= known

    @cached_property
    def spelling(self) -> Spelling:
        """How its numbers are written."""
        return find_spelling([self.cells(position) for position in self.numeric])

    def marks(self, positions: Sequence[int]) -> Marks:
        """Find what stands in the place of numbers in some columns."""
        return find_marks([self.cells(position) for position in positions], self.spelling)

    def numbers(self, position: int) -> list[float]:
        """Every row of a column as a number; NaN where it is none."""
        return [self.spelling.number(text) for text in self.columns[position]]

    def is_whole(self, position: int) -> bool:
        """Whether a column holds whole numbers from zero on alone."""
        numbers = [n for n in map(self.spelling.number, self.cells(position)) if n == n]
        return all(n >= 0 and n.is_integer() and not math.isinf(n) for n in numbers)


def find_table(grid: Grid, places: Gazetteer) -> Table:
    """Find the table of a sheet with its column of areas."""
    cells = [
        [row[i] if i < len(row) else "" for _, row in grid.rows] for i in range(grid.width)
    ]
    area = find_area_column(cells, places)
    frame = find_frame(grid, area)
    columns = tuple(frame.column(i) for i in range(len(frame.names)))
    if area is not None and not frame.names[area.position]:
        names = list(frame.names)
        names[area.position] = nameless(area.position)
        frame = replace(frame, names=tuple(names))
    is_filled_down = _is_merged(grid, frame, area) or _is_filled_down(columns, area)
    return Table(grid, frame, area, is_filled_down, columns)


def _is_merged(grid: Grid, frame: Frame, area: AreaColumn | None) -> bool:
    """Whether a cell of the column of areas is merged over several rows of the table."""
    if area is None or not frame.rows:
        return False
    first = frame.rows[0][0] - 1
    return any(
        left == area.position and first <= top < bottom
        for (top, left), (bottom, _) in grid.merged
    )


def _is_filled_down(columns: Sequence[Sequence[str]], area: AreaColumn | None) -> bool:
    """Whether areas stand in the first of several rows only."""
    if area is None:
        return False
    cells = columns[area.position]
    named = [text for text in cells if text in area.keys]
    has_values = [
        i for i, text in enumerate(cells) if not text and any(column[i] for column in columns)
    ]
    return bool(cells) and bool(cells[0]) and len(has_values) >= len(named) > 1
