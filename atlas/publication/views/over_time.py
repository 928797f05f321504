"""One theme of all Quartiere at all reference dates, each cell on its colour on the map."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from atlas.publication.seen import ABSENT, Area, Seen
from atlas.publication.views.classes import classes_over
from atlas.publication.views.development import long_gaps
from atlas.publication.views.items import DYNAMIC, LEVEL_ITEMS, Item, theme_item
from atlas.publication.views.own_areas import OwnArea, beside_name, has_sums, own_entry
from atlas.publication.views.persistence import stay_of
from atlas.publication.views.table import Entry, Field, Figure, Shade, Table, number, text
from atlas.terms import NEED_LEVEL, STATE_LABELS, Kind, State


@dataclass(frozen=True)
class OverTime:
    """A table of Quartiere by dates.

    Attributes
    ----------
    order
        Positions of the rows: the newest value first, what shows none last and by name.
    palette, steps
        Colours of the cells, and what each step means.
    """

    table: Table
    order: tuple[int, ...]
    palette: str
    steps: tuple[str, ...]


def over_time(past: Sequence[Seen], theme: str, owns: Sequence[OwnArea] = ()) -> OverTime:
    """Tabulate one theme: a row per Quartier of the newest date, a column per date.

    Own areas stand among them where they have figures: none has a level.

    Parameters
    ----------
    past
        Newest number of each reference date, oldest date first.
    """
    newest = past[-1]
    item = theme_item(newest.config, theme)
    shades = _levels(item) if theme in LEVEL_ITEMS else _classes(past, item)
    gaps = {later: _gap_head(before, later) for before, later in _long_gaps(past)}
    is_need = item.id == NEED_LEVEL
    rows: tuple[tuple[Entry, ...], ...] = tuple(
        (
            area.id,
            area.name,
            *_entries(past, gaps, partial(shades.of, area=area)),
            *((stay.dates if (stay := stay_of(past, area.id)) else None,) if is_need else ()),
        )
        for area in newest.areas(Kind.QUARTIER)
    )
    if has_sums(item):
        rows += tuple(
            (
                "",
                beside_name(own),
                *_entries(past, gaps, partial(shades.sum, own)),
            )
            for own in owns
        )
    fields = (
        text("area_id", "Nummer"),
        replace(text("name", newest.singular(Kind.QUARTIER)), is_link=True),
        *_date_fields(past, gaps),
        *((number("dates", "Stichtage in dieser Stufe"),) if is_need else ()),
    )
    title = f"{item.label_with_unit}, {newest.group_label}: alle Stichtage"
    table = Table(title, fields, rows, symbols=newest.symbols)
    return OverTime(table, table.order(_last_shown(past, item)), shades.palette, shades.steps)


def _long_gaps(past: Sequence[Seen]) -> tuple[tuple[date, date], ...]:
    return long_gaps([seen.info.reference_date for seen in past])


def _gap_head(before: date, later: date) -> str:
    """Head of a column that stands for years without a date."""
    first, last = before.year + 1, later.year - 1
    years = f"{first}" if first >= last else f"{first} bis {last}"
    return f"{years}: kein Stichtag"


def _date_fields(past: Sequence[Seen], gaps: Mapping[date, str]) -> Iterator[Field]:
    for seen in past:
        day = seen.info.reference_date
        if day in gaps:
            yield text(f"gap-{day.isoformat()}", gaps[day])
        yield number(day.isoformat(), _head(seen))


def _entries(
    past: Sequence[Seen], gaps: Mapping[date, str], shade_of: Callable[[Seen], Entry]
) -> Iterator[Entry]:
    for seen in past:
        if seen.info.reference_date in gaps:
            yield ""
        yield shade_of(seen)


@dataclass(frozen=True)
class _Shades:
    item: Item
    palette: str
    steps: tuple[str, ...]
    step_of: Callable[[float], int]

    def of(self, seen: Seen, area: Area) -> Shade:
        own = seen.find(Kind.QUARTIER, area.id)
        cell = ABSENT if own is None else seen.cell(own, self.item.id)
        step = 0 if cell.value is None else self.step_of(cell.value)
        return Shade(self.item, cell, self.palette, step)

    def sum(self, own: OwnArea, seen: Seen) -> Entry:
        entry = own_entry(seen, own, self.item)
        if not isinstance(entry, Figure) or entry.cell.value is None:
            return entry
        return Shade(self.item, entry.cell, self.palette, self.step_of(entry.cell.value))


def _levels(item: Item) -> _Shades:
    """Shades of levels; the number alone stands in a cell, the legend has the names."""
    steps = tuple(item.names[step] for step in sorted(item.names))
    palette = "dynamic" if item.id == LEVEL_ITEMS[DYNAMIC] else "level"
    return _Shades(replace(item, names={}), palette, steps, int)


def _classes(past: Sequence[Seen], item: Item) -> _Shades:
    classes = classes_over(past, item, Kind.QUARTIER)
    return _Shades(item, "class", classes.texts(), classes.step_of)


def _head(seen: Seen) -> str:
    is_final = seen.info.state is State.FINAL
    return seen.day if is_final else f"{seen.day} {STATE_LABELS[seen.info.state]}"


def _last_shown(past: Sequence[Seen], item: Item) -> str:
    """Field of the newest date that shows any value."""
    shown = [seen for seen in past if seen.values(Kind.QUARTIER, item.id)]
    return (shown or past)[-1].info.reference_date.isoformat()
