"""By how much every Quartier changed between two releases, as a table and for files.

A difference is there where both releases show the value; else the status says what is hidden.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from atlas.classify import CHANGE
from atlas.classify.german import change_unit
from atlas.publication.views import tables
from atlas.publication.views.cells import Cell, Column, areas, columns_of
from atlas.publication.views.datasets import Dataset, Entry, Field
from atlas.publication.views.items import (
    Item,
    cell_text,
    group_label,
    group_short_label,
    indicators,
    level_items,
    measures,
    plural,
    singular,
)
from atlas.release import Release
from atlas.terms import (
    UNIT_LABELS,
    Group,
    Kind,
    Reason,
    Status,
)
from atlas.words import day_text, signed_text

_ABSENT = Cell(None, Status.UNAVAILABLE, Reason.NOT_DELIVERED)


@dataclass(frozen=True)
class _Difference:
    """One item of all Quartiere at two releases; ``change`` is later minus earlier."""

    item: Item
    before: Column
    after: Column
    change: Column

    @property
    def is_level(self) -> bool:
        return self.item.id in tables.LEVELS

    def named(self, part: str, mark: str) -> Item:
        """Describe the item at one of the two releases."""
        return replace(
            self.item, id=f"{self.item.id}.{mark}", label=f"{self.item.label} {part}"
        )

    def changed(self) -> Item:
        """Describe the change of the item."""
        unit = change_unit(self.item.unit)
        return replace(self.item, id=self.item.id + CHANGE, unit=unit)


def difference_table(before: Release, after: Release, group: Group) -> tables.Table:
    """List level, index and indicators of all Quartiere of the later release."""
    chosen = areas(after, Kind.QUARTIER)
    config = after.info.config
    found = _differences(
        before, after, group, (*level_items(config, group), *indicators(config, group))
    )
    heads = (
        tables.Column("area_id", "Nummer", "", is_number=False),
        tables.Column("name", singular(after, Kind.QUARTIER), "", is_number=False),
        *(
            tables.Column(
                one.item.id,
                one.item.label,
                UNIT_LABELS[one.changed().unit],
                is_number=not one.is_level,
            )
            for one in found
        ),
    )
    rows = tuple(
        (area.id, area.name, *(_text(after, one, area.id) for one in found)) for area in chosen
    )
    order = {
        "area_id": tables.text_order([area.id for area in chosen]),
        "name": tables.text_order([area.name for area in chosen]),
    }
    order |= {one.item.id: tables.value_order(one.change, chosen) for one in found}
    caption = (
        f"{plural(after, Kind.QUARTIER)}: Veränderung von {_name(before)} zu {_name(after)}, "
        f"{group_label(after, group)}"
    )
    return tables.Table(caption, heads, rows, order)


def difference_dataset(before: Release, after: Release, group: Group) -> Dataset:
    """List value before, value after and difference of everything, one row per Quartier."""
    config = after.info.config
    items = (*level_items(config, group), *indicators(config, group), *measures(config))
    heads = [Field("area_id", "Nummer"), Field("name", singular(after, Kind.QUARTIER))]
    parts = [
        part
        for one in _differences(before, after, group, items)
        for part in (
            (one.named("vorher", "before"), one.before),
            (one.named("nachher", "after"), one.after),
            (replace(one.changed(), label=f"{one.item.label} Veränderung"), one.change),
        )
    ]
    fields = (Field(item.id, item.label_with_unit, item) for item, _ in parts)
    rows: tuple[tuple[Entry, ...], ...] = tuple(
        (area.id, area.name, *(cells.get(area.id, _ABSENT) for _, cells in parts))
        for area in areas(after, Kind.QUARTIER)
    )
    name = f"Veränderung {group_short_label(after, group)}"
    title = f"{name}, {_name(before)} zu {_name(after)}"
    return Dataset(name, title, (*heads, *fields), rows)


def _differences(
    before: Release, after: Release, group: Group, items: Sequence[Item]
) -> tuple[_Difference, ...]:
    """Pair the cells of two releases; an item that neither shows anywhere is left out."""
    old, new = (columns_of(one, Kind.QUARTIER, group) for one in (before, after))
    keys = [area.id for area in areas(after, Kind.QUARTIER)]
    found = []
    for item in items:
        first, second = old.get(item.id, {}), new.get(item.id, {})
        change = {
            key: _change(first.get(key, _ABSENT), second.get(key, _ABSENT)) for key in keys
        }
        if any(cell.value is not None for side in (first, second) for cell in side.values()):
            found.append(_Difference(item, first, second, change))
    return tuple(found)


def _change(before: Cell, after: Cell) -> Cell:
    if before.value is None or after.value is None:
        return replace(after if after.value is None else before, value=None)
    statuses = (before.status, after.status)
    status = Status.ESTIMATED if Status.ESTIMATED in statuses else Status.PUBLISHED
    return Cell(after.value - before.value, status, Reason.NONE)


def _text(release: Release, one: _Difference, area_id: str) -> str:
    cell = one.change[area_id]
    if cell.value is None:
        return cell_text(release.info.config, one.item, cell)
    if one.is_level:
        old, new = (side[area_id].value for side in (one.before, one.after))
        arrow = "▲" if cell.value > 0 else "▼"
        return f"{new:.0f} {arrow} vorher {old:.0f}" if cell.value else f"{new:.0f}"
    return signed_text(cell.value, one.item.digits)


def _name(release: Release) -> str:
    return f"{day_text(release.info.reference_date)} Nr. {release.info.number}"
