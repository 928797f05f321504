"""By how much every Quartier changed between two releases.

A difference is there where both releases show the value; else the status says what is hidden.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from atlas.classify import CHANGE
from atlas.publication.seen import ABSENT, Area, Cell, Seen
from atlas.publication.views.items import Item, indicators, level_items, measures
from atlas.publication.views.own_areas import OwnArea, beside_name, own_cell
from atlas.publication.views.table import Change, Entry, Field, Place, Table, cells, text
from atlas.sentences import change_unit
from atlas.terms import Kind, Reason, Status
from atlas.words import rounded


@dataclass(frozen=True)
class _Difference:
    """One item at two releases; a page shows what changed, a file both values beside it."""

    item: Item
    before: Seen
    after: Seen
    is_on_page: bool

    def fields(self) -> Iterator[Field]:
        unit = change_unit(self.item.unit)
        changed = replace(self.item, unit=unit)
        if self.is_on_page:
            yield cells(changed, Place.PAGE)
        for part, mark in (("vorher", ".before"), ("nachher", ".after")):
            yield self._field(self.item, part, mark)
        yield self._field(changed, "Veränderung", CHANGE)

    def _field(self, item: Item, part: str, mark: str) -> Field:
        named = replace(item, id=item.id + mark, label=f"{item.label} {part}")
        return cells(named, Place.FILE)

    def of_area(self, area: Area) -> Iterator[Entry]:
        old = self.before.find(Kind.QUARTIER, area.id)
        before = ABSENT if old is None else self.before.cell(old, self.item.id)
        return self._entries(before, self.after.cell(area, self.item.id))

    def of_own(self, own: OwnArea) -> Iterator[Entry]:
        sides = (own_cell(seen, own, self.item.id) for seen in (self.before, self.after))
        return self._entries(*sides)

    def _entries(self, before: Cell, after: Cell) -> Iterator[Entry]:
        by = cell_change(before, after)
        if self.is_on_page:
            yield Change(before, after, shown_change(self.item, before, after))
        yield from (before, after, by)


def difference_table(before: Seen, after: Seen, owns: Sequence[OwnArea] = ()) -> Table:
    """List what changed of every Quartier of the later release, then of own areas."""
    found = _differences(before, after)
    fields = (
        text("area_id", "Nummer"),
        replace(text("name", after.singular(Kind.QUARTIER)), is_link=True),
        *(field for one in found for field in one.fields()),
    )
    rows: tuple[tuple[Entry, ...], ...] = tuple(
        (area.id, area.name, *(entry for one in found for entry in one.of_area(area)))
        for area in after.areas(Kind.QUARTIER)
    )
    rows += tuple(
        ("", beside_name(own), *(entry for one in found for entry in one.of_own(own)))
        for own in owns
    )
    title = (
        f"{after.plural(Kind.QUARTIER)}: Veränderung von {_name(before)} zu {_name(after)}, "
        f"{after.group_label}"
    )
    name = f"Veränderung {after.group_short}"
    return Table(title, fields, rows, name, after.symbols)


def _differences(before: Seen, after: Seen) -> tuple[_Difference, ...]:
    """Items of the later release; one that neither shows anywhere is left out."""
    config, group = after.config, after.group
    on_page = (*level_items(config, group), *indicators(config, group))
    return tuple(
        _Difference(item, before, after, item in on_page)
        for item in (*on_page, *measures(config))
        if any(one.values(Kind.QUARTIER, item.id) for one in (before, after))
    )


def cell_change(before: Cell, after: Cell) -> Cell:
    """Later minus earlier where both are shown; else the status of what is not."""
    if before.value is None or after.value is None:
        return replace(after if after.value is None else before, value=None)
    statuses = (before.status, after.status)
    status = Status.ESTIMATED if Status.ESTIMATED in statuses else Status.PUBLISHED
    return Cell(after.value - before.value, status, Reason.NONE)


def shown_change(item: Item, before: Cell, after: Cell) -> Cell:
    """Give the change as a reader finds it from both values as they are shown."""
    by = cell_change(before, after)
    if before.value is None or after.value is None:
        return by
    first, second = (rounded(one, item.digits) for one in (before.value, after.value))
    return replace(by, value=rounded(second - first, item.digits))


def _name(seen: Seen) -> str:
    return f"{seen.day} Nr. {seen.info.number}"
