"""The index on the scale of one date, beside that of every date's own: what moved all areas."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from atlas.publication.seen import ABSENT, Area, Cell, Seen
from atlas.publication.views.development import Point, Series, gap_text, long_gaps, summary_of
from atlas.publication.views.items import FIXED_ITEMS, item_of, level_text, shown_text
from atlas.terms import NEED_INDEX, NEED_LEVEL, Kind, Reason, State, Status
from atlas.words import day_text, index_text

_OWN = "Maßstab jedes Stichtags"


def scale_day(seen: Seen) -> date | None:
    """Date whose scale the comparable index of a group keeps; its own at that date."""
    return seen.config.levels.fixed.get(seen.group)


def fixed_text(seen: Seen, area: Area) -> str:
    """Say what index and level would be on the scale of the earlier date; empty without one."""
    day = scale_day(seen)
    index, level = (seen.value(area, name) for name in FIXED_ITEMS)
    if day in (None, seen.info.reference_date) or index is None or level is None:
        return ""
    named = level_text(seen.config, NEED_LEVEL, level)
    return (
        f"Zum Vergleich über die Jahre: Mit Mittel und Streuung vom {day_text(day)} wäre der "
        f"Index {index_text(index)}, die Stufe {named}."
    )


def index_line(past: Sequence[Seen], area_id: str) -> Series | None:
    """Index of a Quartier over the dates, by each date's own scale and by that of one date.

    ``None`` where no date is told on another's scale.
    """
    day = _newest_scale(past)
    area = past[-1].find(Kind.QUARTIER, area_id)
    if day is None or area is None:
        return None
    places = (_OWN, f"Maßstab vom {day_text(day)}")
    own = _points(past, places[0], lambda seen: _cell(seen, area_id, NEED_INDEX))
    fixed = _points(past, places[1], lambda seen: _fixed_cell(seen, area_id, day))
    gaps = [gap_text(s.day, _cell(s, area_id, NEED_INDEX)) for s in past if s.day not in own]
    points = (*own.values(), *fixed.values())
    told = "".join(
        f"{place}: {summary_of('Index', list(some.values())).removeprefix('Index: ')} "
        for place, some in zip(places, (own, fixed), strict=True)
    )
    return _series(past, places, points, (told.rstrip(), tuple(gaps)))


def city_index_line(past: Sequence[Seen]) -> Series | None:
    """Mean of all areas' index over the dates on the scale of one date; ``None`` without one.

    By each date's own scale it would be 0 at every date.
    """
    day = _newest_scale(past)
    if day is None:
        return None
    place = f"Mittel der {past[-1].plural(Kind.QUARTIER)}"
    points = _points(past, place, lambda seen: _mean_cell(seen, day))
    summary = summary_of(place, list(points.values()))
    told = f"{summary} Maßstab vom {day_text(day)}."
    return _series(past, (place,), tuple(points.values()), (told, ()))


@dataclass(frozen=True)
class _Standing:
    """Indices and levels of the areas of one release on one scale, by key."""

    index: Mapping[str, float]
    level: Mapping[str, float]


def fixed_moves(before: Seen, after: Seen) -> str:
    """Say how all areas moved on one scale between two releases; empty where it is not told."""
    day = scale_day(after)
    if day is None or not (before.has_levels and after.has_levels):
        return ""
    old, new = _standing(before, day), _standing(after, day)
    both = old.index.keys() & new.index.keys()
    if not both or before.info.reference_date == after.info.reference_date:
        return ""
    up = sum(new.level[key] > old.level[key] for key in both)
    down = sum(new.level[key] < old.level[key] for key in both)
    means = [fmean(one.index[key] for key in sorted(both)) for one in (old, new)]
    return (
        f"Mit Mittel und Streuung vom {day_text(day)} gemessen liegt der Index im Mittel der "
        f"{after.plural(Kind.QUARTIER)}, die an beiden Ständen eingestuft sind, bei "
        f"{index_text(means[1])} statt bei {index_text(means[0])}; eine höhere Stufe hätten so "
        f"{up}, eine niedrigere {down}."
    )


def _standing(seen: Seen, day: date) -> _Standing:
    if scale_day(seen) != day:
        return _Standing({}, {})
    return _Standing(*(seen.values(Kind.QUARTIER, name) for name in FIXED_ITEMS))


def _newest_scale(past: Sequence[Seen]) -> date | None:
    """Date of the newest scale on which more than one date is told."""
    days = [day for seen in reversed(past) if (day := scale_day(seen))]
    return next((day for day in days if days.count(day) > 1), None)


def _cell(seen: Seen, area_id: str, item: str) -> Cell:
    area = seen.find(Kind.QUARTIER, area_id)
    return ABSENT if area is None else seen.cell(area, item)


def _fixed_cell(seen: Seen, area_id: str, day: date) -> Cell:
    return _cell(seen, area_id, FIXED_ITEMS[0]) if scale_day(seen) == day else ABSENT


def _mean_cell(seen: Seen, day: date) -> Cell:
    found = _standing(seen, day).index
    if not found:
        return ABSENT
    cells = seen.column(Kind.QUARTIER, FIXED_ITEMS[0])
    is_estimated = any(cells[key].status is Status.ESTIMATED for key in found)
    status = Status.ESTIMATED if is_estimated else Status.PUBLISHED
    return Cell(fmean(found[key] for key in sorted(found)), status, Reason.NONE)


def _points(
    past: Sequence[Seen], place: str, cell_of: Callable[[Seen], Cell]
) -> dict[str, Point]:
    """Points of one line by the text of their day, for the dates that show a value."""
    found = {}
    for seen in past:
        cell = cell_of(seen)
        if cell.value is not None:
            is_provisional = seen.info.state is State.PROVISIONAL
            item = item_of(seen.config, NEED_INDEX)
            told = shown_text(item, cell.value, cell.status)
            mark = " (vorläufig)" if is_provisional else ""
            day = seen.info.reference_date
            found[seen.day] = Point(
                day, seen.day, place, cell.value, told + mark, is_provisional
            )
    return found


def _series(
    past: Sequence[Seen],
    places: tuple[str, ...],
    points: tuple[Point, ...],
    told: tuple[str, tuple[str, ...]],
) -> Series | None:
    if not points:
        return None
    days = tuple(seen.info.reference_date for seen in past)
    summary, gaps = told
    return Series(
        item=FIXED_ITEMS[0],
        label=item_of(past[-1].config, NEED_INDEX).label,
        unit="",
        days=days,
        places=places,
        points=points,
        gaps=gaps,
        summary=summary,
        breaks=tuple(one + (other - one) / 2 for one, other in long_gaps(days)),
    )
