"""Classes of an indicator map, made of the displayed values alone.

Breaks come from the values as the reader sees them (rounded), so that map, legend and table
agree to the last digit, and a hidden value has no part in them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from atlas.publication.seen import Seen
from atlas.publication.views.items import Item
from atlas.terms import Kind
from atlas.words import number_text, rounded

CLASSES = 5


@dataclass(frozen=True)
class Classes:
    """Half-open classes: each reaches from its lower bound to below the next one.

    ``lowers`` ascending, in display digits; ``highest`` is the largest value of the last class.
    """

    lowers: tuple[float, ...]
    highest: float
    digits: int

    def step_of(self, value: float) -> int:
        """Class of a value, 1 for the lowest."""
        return bisect_right(self.lowers, rounded(value, self.digits))

    def texts(self) -> tuple[str, ...]:
        """Text of each class, e.g. ``18,0 bis unter 24,5``."""
        lowers = [number_text(value, self.digits) for value in self.lowers]
        inner = [f"{a} bis unter {b}" for a, b in zip(lowers, lowers[1:], strict=False)]
        return (*inner, *self._last(lowers))

    def _last(self, lowers: list[str]) -> tuple[str, ...]:
        if not lowers:
            return ()
        highest = number_text(self.highest, self.digits)
        return (lowers[-1] if lowers[-1] == highest else f"{lowers[-1]} bis {highest}",)


@dataclass(frozen=True)
class OwnClasses:
    """Classes that the city named by where they part: no value lies outside of all."""

    breaks: tuple[float, ...]
    digits: int

    def step_of(self, value: float) -> int:
        """Class of a value; one equal to a break belongs to the upper class."""
        return bisect_right(self.breaks, rounded(value, self.digits)) + 1

    def texts(self) -> tuple[str, ...]:
        """Text of each class, e.g. ``unter 10,0`` and ``40,0 und mehr``."""
        ends = [number_text(value, self.digits) for value in self.breaks]
        inner = [f"{a} bis unter {b}" for a, b in zip(ends, ends[1:], strict=False)]
        return (f"unter {ends[0]}", *inner, f"{ends[-1]} und mehr")


def own_classes(breaks: Sequence[float], digits: int) -> OwnClasses | None:
    """Classes of a city's own breaks; ``None`` where it names none."""
    return OwnClasses(tuple(breaks), digits) if breaks else None


def classes_of(values: Iterable[float], digits: int) -> Classes:
    """Up to five classes with about equally many areas; equal values are never parted.

    Fewer distinct values make fewer classes, a constant makes one, no value none.
    """
    ordered = sorted(rounded(value, digits) for value in values)
    if not ordered:
        return Classes((), 0.0, digits)
    distinct = sorted(set(ordered))
    if len(distinct) <= CLASSES:
        return Classes(tuple(distinct), ordered[-1], digits)
    lowers, start = [ordered[0]], 0
    for left in range(CLASSES, 1, -1):
        begin = _next_begin(ordered, start, left)
        if begin is None:
            break
        lowers.append(ordered[begin])
        start = begin
    return Classes(tuple(lowers), ordered[-1], digits)


def classes_over(past: Iterable[Seen], item: Item, kind: Kind) -> Classes:
    """Classes of one indicator over several dates: a colour means the same at each of them."""
    values = (value for seen in past for value in seen.values(kind, item.id).values())
    return classes_of(values, item.digits)


def _next_begin(ordered: list[float], start: int, left: int) -> int | None:
    """Where the next class begins, as near as ties allow to an equal share of the rest."""
    target = start + (len(ordered) - start) / left
    value = ordered[min(int(target), len(ordered) - 1)]
    choices = [
        place
        for place in (bisect_left(ordered, value), bisect_right(ordered, value))
        if start < place < len(ordered)
    ]
    return min(choices, key=lambda place: (abs(place - target), place), default=None)
