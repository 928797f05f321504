"""The table of all Quartiere as a reader wants it: some rows, some columns, all groups.

Columns beside the usual ones: what changed since the date before, and the other groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from atlas.classify import CHANGE
from atlas.publication.seen import Seen
from atlas.publication.views.areas import area_table
from atlas.publication.views.items import Item, indicators, item_of, level_items, measures
from atlas.publication.views.last_levels import beside_levels
from atlas.publication.views.selection import Bound, Condition, Selection, Span, select
from atlas.publication.views.table import Field, Place, Table, cells
from atlas.terms import Kind, Unit

# What tells the areas apart stands in every table.
HEADS = ("area_id", "name")
_EVERY_GROUP = "alle Bezugsgruppen"
PLACES = (*HEADS, "parent_id", "parent_name", "parent")


@dataclass(frozen=True)
class Wish:
    """What a reader wants to see.

    Attributes
    ----------
    columns
        Ids of fields; none for the usual ones.
    is_beside
        Whether every group has its columns in one row.
    """

    conditions: tuple[Condition, ...] = ()
    columns: tuple[str, ...] = ()
    is_beside: bool = False


@dataclass(frozen=True)
class Chosen:
    """The table that a wish leads to; ``rows`` are all Quartiere, ``selection`` says which."""

    table: Table
    selection: Selection

    def keep(self, order: Sequence[int]) -> tuple[int, ...]:
        """Keep the positions of the rows that were selected."""
        ids, rows = self.selection.area_ids, self.table.rows
        return tuple(at for at in order if rows[at][0] in ids)


def offered_table(span: Span, *, is_beside: bool) -> Table:
    """All columns that a reader can choose from; the usual ones are those for pages.

    Others stand behind them with ``Place.FILE``, as in the table of all areas.
    """
    table = area_table(span.seen, Kind.QUARTIER)
    fields: list[tuple[Field, Span, str]] = []
    if is_beside:
        table = table.only([one for one in table.fields if one.id in PLACES])
        title = ", ".join((span.seen.plural(Kind.QUARTIER), _EVERY_GROUP, span.seen.day))
        table = replace(table, title=title)
        fields += [part for side in _sides(span) for part in _group_fields(side)]
    fields += _change_fields(span)
    rows = tuple(
        (*row, *(one.cell(area, item) for _, one, item in fields))
        for area, row in zip(span.seen.areas(Kind.QUARTIER), table.rows, strict=True)
    )
    whole = replace(table, fields=(*table.fields, *(one for one, _, _ in fields)), rows=rows)
    return beside_levels(whole, span.seen, span.final) if span.final else whole


def chosen(span: Span, offered: Table, wish: Wish) -> Chosen:
    """Choose rows and columns of an offered table; a change that is asked for is shown."""
    asked = {c.item for c in wish.conditions if isinstance(c, Bound)}
    known = {one.id for one in offered.fields}
    columns = [one for one in wish.columns if one in known]
    wanted = {*HEADS, *columns, *asked}
    fields = [
        replace(one, place=Place.EVERYWHERE) if one.item and one.id in wanted else one
        for one in offered.fields
        if not columns or one.id in wanted
    ]
    return Chosen(_with_fields(offered, fields), select(span, wish.conditions))


def columns_of(offered: Table) -> dict[str, str]:
    """Name the columns that can be chosen, by their ids."""
    hidden = {one.id for one in offered.fields if one.place is Place.FILE and not one.item}
    return {one.id: one.label for one in offered.fields if one.id not in hidden.union(HEADS)}


def usual_columns(offered: Table) -> tuple[str, ...]:
    """Ids of the columns that are shown while nobody chooses any."""
    return tuple(one.id for one in offered.on_page().fields if one.id not in HEADS)


def _with_fields(table: Table, fields: Sequence[Field]) -> Table:
    by_id = {one.id: one for one in fields}
    kept = table.only([one for one in table.fields if one.id in by_id])
    return replace(kept, fields=tuple(by_id[one.id] for one in kept.fields))


def _sides(span: Span) -> list[Span]:
    return [
        replace(span, seen=span.seen.through(group), previous=None, final=None)
        for group in span.seen.groups
    ]


def _group_fields(side: Span) -> list[tuple[Field, Span, str]]:
    """Columns of one group, its name behind each; of the counts the first, the residents."""
    seen = side.seen
    items = (
        *level_items(seen.config, seen.group),
        *indicators(seen.config, seen.group),
        measures(seen.config)[0],
    )
    found = []
    for item in items:
        label = f"{item.label} ({seen.group_short})"
        place = Place.FILE if item.unit is Unit.INDEX else Place.EVERYWHERE
        field = cells(replace(item, label=label), place)
        found.append((replace(field, id=f"{item.id}_{seen.group}"), side, item.id))
    return found


def _change_fields(span: Span) -> list[tuple[Field, Span, str]]:
    if span.previous is None:
        return []
    return [
        (
            cells(_change_item(span.seen, item, span.previous.day), Place.FILE),
            span,
            item.id + CHANGE,
        )
        for item in indicators(span.seen.config, span.seen.group)
    ]


def _change_item(seen: Seen, item: Item, day: str) -> Item:
    return replace(item_of(seen.config, item.id + CHANGE), label=f"{item.label} seit {day}")
