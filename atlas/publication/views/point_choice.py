"""Which Quartiere a reader marked among the points of two indicators: a range of each.

The ranges are conditions of the table of Quartiere, so that what is marked among the points is
what the table, its files and a link show.
"""

from collections.abc import Mapping, Sequence

from atlas.publication.views.items import item_of
from atlas.publication.views.selection import LEAST, MOST, Bound, Condition, Span, read, written
from atlas.words import rounded

Range = tuple[float | None, float | None]
OPEN: Range = (None, None)


def ranges_of(span: Span, said: str) -> Mapping[str, Range]:
    """Read the range of each indicator that a selection bounds; ``None``: no bound."""
    found: dict[str, Range] = {}
    for one in _conditions(span, said):
        if isinstance(one, Bound):
            least, most = found.get(one.item, OPEN)
            found[one.item] = (one.value, most) if one.way == LEAST else (least, one.value)
    return found


def with_ranges(span: Span, said: str, ranges: Mapping[str, Range]) -> str:
    """Put ranges into a selection, as it stands in the address; other conditions stay.

    Numbers are rounded as readers see them.
    """
    kept = [
        one
        for one in _conditions(span, said)
        if not (isinstance(one, Bound) and one.item in ranges)
    ]
    return written([*kept, *(one for item in ranges for one in _bounds(span, item, ranges))])


def _bounds(span: Span, item: str, ranges: Mapping[str, Range]) -> Sequence[Bound]:
    digits = item_of(span.seen.config, item).digits
    ends = zip((LEAST, MOST), ranges[item], strict=True)
    return [Bound(item, way, rounded(end, digits)) for way, end in ends if end is not None]


def _conditions(span: Span, said: str) -> tuple[Condition, ...]:
    return read(span, said)[0]
