"""One Quartier over the reference dates, each as its newest release shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from atlas.publication.seen import ABSENT, Area, Cell, Seen
from atlas.publication.views.areas import entries_of, item_fields, items_of
from atlas.publication.views.items import (
    Item,
    indicators,
    item_of,
    measures,
    shown_text,
    status_word,
)
from atlas.publication.views.table import Entry, Field, Figure, Place, Table, text
from atlas.terms import DYNAMIC_LEVEL, NEED_LEVEL, STATE_LABELS, UNIT_LABELS, Kind, State, Unit

_FAR = 1.5


@dataclass(frozen=True)
class Point:
    """One shown value at one reference date; ``place`` names whose it is."""

    day: date
    day_text: str
    place: str
    value: float
    text: str
    is_provisional: bool


@dataclass(frozen=True)
class Series:
    """One item over the reference dates: the Quartier first, then its district and the city.

    A count stands alone, a city's would dwarf it.

    Attributes
    ----------
    days
        All reference dates.
    gaps
        Says which of them show no value for the Quartier, and why.
    breaks
        Days between far dates, where no line may pretend to know anything.
    """

    item: str
    label: str
    unit: str
    days: tuple[date, ...]
    places: tuple[str, ...]
    points: tuple[Point, ...]
    gaps: tuple[str, ...]
    summary: str
    breaks: tuple[date, ...] = ()


@dataclass(frozen=True)
class Shown:
    """One cell of a place, and in words why it shows no value."""

    place: str
    cell: Cell
    gap: str


def series_of(past: Sequence[Seen], area_id: str, item: str) -> Series | None:
    """Follow one item of a Quartier; ``None`` where no date shows a value.

    Parameters
    ----------
    past
        Newest number of each reference date, oldest date first.
    """
    return follow(past, item, lambda seen, one: _shown(seen, _places(seen, area_id, one), one))


def city_line_of(past: Sequence[Seen], item: str) -> Series | None:
    """Follow one item of the whole city; ``None`` where no date shows a value."""
    return follow(past, item, lambda seen, one: _shown(seen, seen.areas(Kind.CITY), one))


def long_gaps(days: Sequence[date]) -> tuple[tuple[date, date], ...]:
    """Find neighbouring dates that lie half as far again apart as dates here usually do."""
    pairs = tuple(zip(days, days[1:], strict=False))
    if len(pairs) < 2:
        return ()
    usual = median((later - earlier).days for earlier, later in pairs)
    return tuple(pair for pair in pairs if (pair[1] - pair[0]).days > _FAR * usual)


def follow(
    past: Sequence[Seen], item: str, shown_of: Callable[[Seen, Item], Sequence[Shown]]
) -> Series | None:
    """Follow one item of what ``shown_of`` gives at each date, the one it is about first.

    ``None`` where no date shows a value.
    """
    described = item_of(past[-1].config, item)
    places: list[str] = []
    points: list[Point] = []
    gaps: list[str] = []
    for seen in past:
        for one in shown_of(seen, described):
            if one.place not in places:
                places.append(one.place)
            if one.cell.value is not None:
                points.append(_point(seen, one.place, described, one.cell))
            elif one.place == places[0]:
                gaps.append(f"{seen.day} ({one.gap})")
    if not points:
        return None
    days = tuple(seen.info.reference_date for seen in past)
    return Series(
        item=item,
        label=described.label,
        unit=UNIT_LABELS[described.unit],
        days=days,
        places=tuple(places),
        points=tuple(points),
        gaps=tuple(gaps),
        summary=summary_of(described.label, [one for one in points if one.place == places[0]]),
        breaks=tuple(one + (other - one) / 2 for one, other in long_gaps(days)),
    )


def gap_text(day: str, cell: Cell) -> str:
    """Say which date shows no value, and why."""
    return f"{day} ({status_word(cell)})"


def development_items(seen: Seen) -> tuple[str, ...]:
    """Items whose development is shown: the indicators of the group, then residents."""
    items = [item.id for item in indicators(seen.config, seen.group)]
    return (*items, measures(seen.config)[0].id)


def development_table(past: Sequence[Seen], area_id: str) -> Table:
    """Tabulate all values of a Quartier, one row per release given, oldest first."""
    newest = past[-1]
    fields = [
        replace(field, place=Place.FILE) if field.id == DYNAMIC_LEVEL else field
        for field in item_fields(items_of(newest, Kind.QUARTIER))
    ]
    rows = tuple((*date_entries(seen), *_entries(seen, fields, area_id)) for seen in past)
    area = newest.find(Kind.QUARTIER, area_id)
    title = f"{area_id if area is None else area.title}: Entwicklung, {newest.group_label}"
    name = f"Entwicklung {newest.group_short}"
    return Table(title, (*date_fields(), *fields), rows, name, newest.symbols)


def block_development_table(past: Sequence[Seen], area_id: str) -> Table:
    """List the blocks of one Quartier over all reference dates."""
    newest = past[-1]
    fields = item_fields(items_of(newest, Kind.BLOCK))
    heads = [*date_fields(), text("area_id", newest.singular(Kind.BLOCK))]
    rows: tuple[tuple[Entry, ...], ...] = tuple(
        (*date_entries(seen), area.id, *entries_of(seen, fields, area))
        for seen in past
        for area in seen.children(Kind.BLOCK, area_id)
    )
    name = f"{newest.plural(Kind.BLOCK)} {newest.group_short}"
    return Table(name, (*heads, *fields), rows, name, newest.symbols)


def summary_of(label: str, own: Sequence[Point]) -> str:
    """Say in one sentence where a line begins and where it ends."""
    if not own:
        return f"{label}: kein Wert veröffentlicht."
    first, last = own[0], own[-1]
    if first is last:
        return f"{label}: {first.text} am {first.day_text}."
    return f"{label}: {first.text} am {first.day_text}, {last.text} am {last.day_text}."


def _places(seen: Seen, area_id: str, item: Item) -> tuple[Area, ...]:
    area = seen.find(Kind.QUARTIER, area_id)
    if area is None:
        return ()
    return (area,) if item.unit is Unit.COUNT else (area, *seen.parents(area))


def _shown(seen: Seen, areas: Sequence[Area], item: Item) -> list[Shown]:
    cells = [(area, seen.cell(area, item.id)) for area in areas]
    return [Shown(_place_name(seen, area), cell, status_word(cell)) for area, cell in cells]


def _place_name(seen: Seen, area: Area) -> str:
    return area.title if area.kind == Kind.QUARTIER else seen.place_name(area)


def _point(seen: Seen, place: str, item: Item, cell: Cell) -> Point:
    is_provisional = seen.info.state is State.PROVISIONAL
    mark = " (vorläufig)" if is_provisional else ""
    value = cell.value or 0.0
    told = f"{shown_text(item, value, cell.status)}{mark}"
    return Point(seen.info.reference_date, seen.day, place, value, told, is_provisional)


def date_fields() -> list[Field]:
    """Fields that say which release a row is from."""
    return [
        text("reference_date", "Stichtag"),
        text("state", "Stand"),
        text("release", "Veröffentlichung", Place.FILE),
    ]


def date_entries(seen: Seen) -> tuple[date, str, str]:
    """Entries of ``date_fields`` for one release."""
    info = seen.info
    return info.reference_date, STATE_LABELS[info.state], info.name


def _entries(seen: Seen, fields: Sequence[Field], area_id: str) -> tuple[Entry, ...]:
    """Entries of one Quartier; a level is called what it was called then."""
    area = seen.find(Kind.QUARTIER, area_id)
    if area is None:
        return tuple(ABSENT if field.item else "" for field in fields)
    entries: list[Entry] = []
    for field, entry in zip(fields, entries_of(seen, fields, area), strict=True):
        if field.id == NEED_LEVEL and isinstance(entry, Cell):
            entries.append(Figure(item_of(seen.config, NEED_LEVEL), entry))
        else:
            entries.append(entry)
    return tuple(entries)
