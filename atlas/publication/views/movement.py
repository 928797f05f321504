"""Figures of larger areas and of the whole city at reference dates, and how they moved."""

from collections.abc import Sequence
from dataclasses import replace

from atlas.publication.seen import ABSENT, Area, Seen
from atlas.publication.views.differences import shown_change
from atlas.publication.views.items import Item, item_of
from atlas.publication.views.table import (
    Change,
    Entry,
    Field,
    Figure,
    Table,
    cells,
    number,
    text,
)
from atlas.sentences import change_unit
from atlas.terms import STATE_LABELS, UNIT_LABELS, Group, Kind, State

_PAIR = 2


def areas_moved(past: Sequence[Seen], kind: Kind, item: str) -> Table | None:
    """Tabulate one item of every area of a kind, and of the city, at the last two dates.

    ``None`` where the newest release has no such areas.

    Parameters
    ----------
    past
        Releases of the dates through one group, oldest first; of one alone nothing moved.
    """
    newest = past[-1]
    if kind not in newest.kinds:
        return None
    described, pair = item_of(newest.config, item), past[-_PAIR:]
    fields = [text("name", newest.singular(kind)), *map(_date_field, pair)]
    fields += [moved_field(described)] if len(pair) == _PAIR else []
    rows = tuple(
        (
            newest.place_name(area) if area.kind == Kind.CITY else area.name,
            *_entries(pair, described, area),
        )
        for area in dict.fromkeys((*newest.areas(kind), *newest.areas(Kind.CITY)))
    )
    what = f"{described.label_with_unit}, {newest.group_label}: {newest.plural(kind)}"
    return Table(what, tuple(fields), rows, symbols=newest.symbols)


def city_at_dates(past: Sequence[Seen], items: Sequence[tuple[str, Group]]) -> Table:
    """Tabulate items of the whole city, a row per item and a column per date, oldest first."""
    newest = past[-1]
    rows: list[tuple[Entry, ...]] = []
    for name, group in items:
        item, side = item_of(newest.config, name), newest.through(group)
        unit = f" ({UNIT_LABELS[item.unit]})" if UNIT_LABELS[item.unit] else ""
        of = "" if group == Group.ALL else f", {side.group_label}"
        figures = (_figure(seen.through(group), item, newest.city) for seen in past)
        rows.append((f"{item.label}{of}{unit}", *figures))
    fields = (text("item", "Kennzahl"), *map(_date_field, past))
    title = f"{newest.city.name}: alle Stichtage"
    return Table(title, fields, tuple(rows), symbols=newest.symbols)


def moved_field(item: Item) -> Field:
    """Field of changes of an item, in the unit that a change has."""
    changed = replace(item, id=f"{item.id}.moved", unit=change_unit(item.unit))
    return cells(replace(changed, label="Veränderung", short_label="Veränderung"))


def _date_field(seen: Seen) -> Field:
    is_final = seen.info.state is State.FINAL
    state = "" if is_final else f" {STATE_LABELS[seen.info.state]}"
    return number(seen.info.reference_date.isoformat(), f"{seen.day}{state}")


def _entries(pair: Sequence[Seen], item: Item, area: Area) -> tuple[Entry, ...]:
    figures = tuple(_figure(seen, item, area) for seen in pair)
    if len(figures) < _PAIR:
        return figures
    before, after = (one.cell for one in figures)
    return *figures, Change(before, after, shown_change(item, before, after))


def _figure(seen: Seen, item: Item, area: Area) -> Figure:
    own = seen.find(area.kind, area.id)
    return Figure(item, ABSENT if own is None else seen.cell(own, item.id))
