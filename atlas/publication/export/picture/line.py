"""A series as a line: what a chart of a page says, as a picture for papers and files.

No scale stands beside it: marked are published values, the first, the last, the highest and the
lowest, each as it is written everywhere else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from atlas.publication.export.picture.page import (
    INK,
    PAPER,
    SOFT,
    Layer,
    Picture,
    Point,
    Ring,
    Stroke,
    Words,
    width_of,
)
from atlas.publication.views.development import Point as Value
from atlas.publication.views.development import Series
from atlas.words import day_text

_SIZE = (665, 186)
_LEFT, _TOP, _RIGHT, _BOTTOM = 4.0, 40.0, 585.0, 150.0
_TEXT, _NOTE = 12.0, 11.0
_COLOUR, _GUIDE = "#124b5a", "#d8d3c8"
_LINE_PX, _GUIDE_PX, _DOT_PX = 1.8, 0.8, 2.6
# Beyond so many values dots would run into each other.
_MANY = 60


@dataclass(frozen=True)
class _Plain:
    fill: str = _COLOUR
    ink: str = PAPER
    hatch: str = ""


@dataclass(frozen=True)
class _Room:
    """Where days and values lie on the picture."""

    days: tuple[date, date]
    values: tuple[float, float]

    def at(self, value: Value) -> Point:
        first, last = self.days
        low, high = self.values
        over = (value.day - first).days / max((last - first).days, 1)
        up = (value.value - low) / (high - low) if high > low else 0.5
        x, y = _LEFT + over * (_RIGHT - _LEFT), _BOTTOM - up * (_BOTTOM - _TOP)
        return round(x, 1), round(y, 1)


def line_picture(series: Series) -> Picture:
    """Draw the values of one place over its dates; where one shows none, the line is open.

    Raises
    ------
    ValueError
        If no date shows a value.
    """
    points = series.points
    if not points:
        raise ValueError("a line needs a value")
    values = [one.value for one in points]
    room = _Room((series.days[0], series.days[-1]), (min(values), max(values)))
    marked = _marked(points)
    dots = points if len(points) <= _MANY else marked
    return Picture(
        title=series.label,
        description=told(series),
        looks=(_Plain(),),
        layers=(Layer(series.label, tuple(((_dot(room.at(one)),),) for one in dots), ""),),
        strokes=(
            *(Stroke((_guide(room.at(one)[1]),), _GUIDE, _GUIDE_PX) for one in marked[:2]),
            *(Stroke((one,), _COLOUR, _LINE_PX) for one in _lines(series, room)),
        ),
        boxes=(),
        words=tuple(_words(series, room)),
        size=_SIZE,
    )


def told(series: Series) -> str:
    """Say in words what the line shows."""
    low, high = _extremes(series.points)
    gaps = f" Ohne Wert: {', '.join(series.gaps)}." if series.gaps else ""
    if low.value == high.value:
        return f"{series.summary}{gaps}"
    most = f"Am höchsten: {high.text} am {high.day_text}; am niedrigsten: {low.text} am "
    return f"{series.summary} {most}{low.day_text}.{gaps}"


def _extremes(points: Sequence[Value]) -> tuple[Value, Value]:
    """Lowest and highest value, each where it was first."""
    return (
        min(points, key=lambda one: (one.value, one.day)),
        max(points, key=lambda one: (one.value, -one.day.toordinal())),
    )


def _marked(points: Sequence[Value]) -> tuple[Value, ...]:
    low, high = _extremes(points)
    return tuple(dict.fromkeys((high, low, points[0], points[-1])))


def _lines(series: Series, room: _Room) -> Iterator[Ring]:
    """Lines between gaps and breaks; as closed rings they go there and back."""
    of_day = {one.day: one for one in series.points}
    parts: list[list[Point]] = [[]]
    for day in sorted({*series.days, *series.breaks}):
        if day in of_day:
            parts[-1].append(room.at(of_day[day]))
        else:
            parts.append([])
    return ((*part, *reversed(part[1:-1])) for part in parts if len(part) > 1)


def _guide(y: float) -> Ring:
    return ((_LEFT, y), (_RIGHT, y))


def _dot(at: Point) -> Ring:
    x, y = at
    far, near = _DOT_PX, round(_DOT_PX * 0.7, 1)
    sides = ((0, -far), (near, -near), (far, 0), (near, near), (0, far))
    left = ((-near, near), (-far, 0), (-near, -near))
    return tuple((round(x + dx, 1), round(y + dy, 1)) for dx, dy in (*sides, *left))


def _words(series: Series, room: _Room) -> Iterator[Words]:
    unit = f" ({series.unit})" if series.unit else ""
    yield Words(_LEFT, _TEXT + 2, f"{series.label}{unit}", _TEXT, INK, is_bold=True)
    last = series.points[-1]
    x, y = room.at(last)
    yield Words(x + 8, y + 4, last.text, _TEXT, _COLOUR, is_bold=True)
    for one in _marked(series.points):
        if one is last:
            continue
        x, y = room.at(one)
        is_low = one is _extremes(series.points)[0]
        yield _beside(one.text, (x, y + (14 if is_low else -6)))
    yield from _days(series)


def _beside(text: str, at: Point) -> Words:
    """Write a value over or under its dot, inside of the picture."""
    width = width_of(text, _NOTE)
    x = min(max(at[0], _LEFT + width / 2), _RIGHT - width / 2)
    return Words(round(x, 1), at[1], text, _NOTE, SOFT, is_centred=True, halo=PAPER)


def _days(series: Series) -> Iterator[Words]:
    y = _BOTTOM + 32
    first, last = day_text(series.days[0]), day_text(series.days[-1])
    yield Words(_LEFT, y, first, _NOTE, SOFT)
    if last != first:
        yield Words(round(_RIGHT - width_of(last, _NOTE) + 8, 1), y, last, _NOTE, SOFT)
