"""Where the table begins and ends on the sheet: title, head, rows, notes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from atlas.confidential.delivery.grid import Grid
from atlas.confidential.suggest.numbers import MARKS, looks_like_year, looks_numeric
from atlas.confidential.suggest.places import AreaColumn

_LONGEST_NAME = 80
_FOOTER_LETTERS = 30


@dataclass(frozen=True)
class Frame:
    """The parts of a sheet.

    Attributes
    ----------
    names
        Name of each column as the reader joins it.
    rows
        Physical row number and cells of the rows of the table.
    footer
        How the row begins at which the table is over; empty where the reader sees it itself.
    titles
        Texts above the head.
    """

    skip_rows: int
    header_rows: int
    names: tuple[str, ...]
    rows: tuple[tuple[int, Sequence[str]], ...] = field(repr=False)
    footer: str = ""
    titles: tuple[str, ...] = ()

    def column(self, position: int) -> list[str]:
        """Cells of one column."""
        return [row[position] if position < len(row) else "" for _, row in self.rows]


def find_frame(grid: Grid, area: AreaColumn | None) -> Frame:
    """Part a sheet into title, head, rows and notes."""
    first, last = _body(grid, area)
    start = _head_start(grid, first)
    end = _end(grid, last)
    names = grid.head(start, first)
    numbers = [number for number, _ in grid.rows]
    titles = tuple(cell for _, row in grid.rows[:start] for cell in row if cell)
    return Frame(
        skip_rows=max(numbers[start] - 1 - grid.begin, 0) if numbers else 0,
        header_rows=max(first - start, 1),
        names=tuple(names),
        rows=grid.rows[first:end],
        footer=_footer(grid, first, end),
        titles=titles,
    )


def _body(grid: Grid, area: AreaColumn | None) -> tuple[int, int]:
    """Positions of the first and of the last row that names an area."""
    if area is None:
        found = [i for i, (_, row) in enumerate(grid.rows) if _is_data(row)]
    else:
        at = area.position
        found = [
            i
            for i, (_, row) in enumerate(grid.rows)
            if at < len(row) and row[at] in area.keys and _has_values(row, at)
        ]
    if not found:
        return min(1, len(grid.rows)), len(grid.rows) - 1
    first = found[0]
    while first > 1 and area is not None and _is_sum(grid.rows[first - 1][1], area.position):
        first -= 1
    return first, found[-1]


def _has_values(row: Sequence[str], at: int) -> bool:
    return any(cell for i, cell in enumerate(row) if i != at)


def _is_data(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    numbers = [cell for cell in filled if looks_numeric(cell) and not looks_like_year(cell)]
    return len(filled) > 1 and bool(numbers)


def _is_sum(row: Sequence[str], at: int) -> bool:
    """Whether a row above the first area is one of a larger area: a text and numbers."""
    others = [cell for i, cell in enumerate(row) if i != at and cell]
    numbers = [cell for cell in others if looks_numeric(cell) or cell in MARKS]
    are_years = all(looks_like_year(cell) for cell in numbers)
    has_text = bool(row[at : at + 1] and row[at]) or any(
        cell and not looks_numeric(cell) for cell in row
    )
    return has_text and bool(numbers) and 2 * len(numbers) >= len(others) and not are_years


def _head_start(grid: Grid, first: int) -> int:
    """Position of the first row of the head: the fewest rows that name every column."""
    start = first - 1
    while start > 0 and _goes_on(grid, start, first):
        start -= 1
    return max(start, 0)


def _goes_on(grid: Grid, start: int, first: int) -> bool:
    """Whether the row above still belongs to the head."""
    number, above = grid.rows[start - 1]
    filled = [i for i, cell in enumerate(above) if cell]
    spans = [
        (left, right)
        for (top, left), (bottom, right) in grid.merged
        if top <= number - 1 <= bottom and (right > left or bottom > top)
    ]
    if any(right - left + 1 >= _used(grid, first) > 1 for left, right in spans):
        return False  # a title over the whole table
    if len(filled) == 1 and filled[0] == 0 and not spans:
        return False
    names = grid.head(start, first)[: _used(grid, first)]
    is_whole = all(names) and len(set(names)) == len(names)
    return not is_whole or _is_merged_in(spans) or _spreads(above, grid.rows[start][1])


def _used(grid: Grid, first: int) -> int:
    """Columns that the rows of the table fill."""
    widths = Counter(
        max((i for i, cell in enumerate(row, start=1) if cell), default=0)
        for _, row in grid.rows[first:]
    )
    return widths.most_common(1)[0][0] if widths else 0


def _is_merged_in(spans: Sequence[tuple[int, int]]) -> bool:
    return any(right > left for left, right in spans)


def _spreads(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether texts of a row stand over several columns each, as heads of groups do."""
    filled = sum(1 for cell in above if cell)
    return 1 < filled < sum(1 for cell in below if cell)


def _end(grid: Grid, last: int) -> int:
    """Position after the last row of the table: sums may follow the last area."""
    end = last + 1
    while end < len(grid.rows) and _is_row(grid.rows[end][1]):
        end += 1
    return end


def _is_row(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    numbers = [cell for cell in filled[1:] if looks_numeric(cell) or cell in MARKS]
    return len(filled) > 1 and 2 * len(numbers) >= len(filled) - 1


def _footer(grid: Grid, first: int, end: int) -> str:
    """Beginning of the first note, where one of them has more than a single text."""
    notes = [[cell for cell in row if cell] for _, row in grid.rows[end:]]
    if all(len(note) == 1 and not note[0].isdigit() for note in notes):
        return ""
    mark = notes[0][0][:_FOOTER_LETTERS].rstrip()
    rows = (next((cell for cell in row if cell), "") for _, row in grid.rows[first:end])
    return "" if any(text.startswith(mark) for text in rows) else mark


def column_name(names: Sequence[str], position: int) -> str:
    """Name by which a layout asks for a column: the last parts where the whole is long."""
    whole = names[position]
    parts = whole.split(" / ")
    if len(whole) <= _LONGEST_NAME:
        return whole
    for count in range(1, len(parts)):
        short = " / ".join(parts[-count:])
        fitting = [name for name in names if name == short or name.endswith(f" / {short}")]
        if len(fitting) == 1:
            return short
    return whole
