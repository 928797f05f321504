"""Tables of areas: all of a kind with everything of a group, and how each came to its level.

Every area is there, whatever it shows; a page leaves out what no source delivers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from atlas.classify import CHANGE, rule_of
from atlas.config import PublishedConfig
from atlas.publication.seen import Area, Cell, Seen
from atlas.publication.views.items import (
    FIXED_ITEMS,
    LEVELS,
    Item,
    fixed_items,
    indicators,
    item_of,
    level_items,
    measures,
    sub_indices,
)
from atlas.publication.views.special_areas import LABEL, has_special, is_special
from atlas.publication.views.table import Entry, Field, Place, Table, cells, stamped, text
from atlas.terms import AREA_HA, DYNAMIC_INDEX, NEED_INDEX, Kind, Status, Unit

_PARTS = (("z", "z-Wert"), ("contribution", "Beitrag zum Index"), ("rank", "Rang"))
_FILE_ITEMS = (NEED_INDEX, DYNAMIC_INDEX, AREA_HA, *FIXED_ITEMS)
_NAME = ".label"
_HEADS = {
    "area_id": "Nummer",
    "name": "Name",
    "parent_id": "liegt in: Nummer",
    "parent_name": "liegt in: Name",
}
_SPECIAL = "attention"
_SPECIAL_WORDS = {True: "ja", False: "nein", None: "–"}


def area_table(seen: Seen, kind: Kind) -> Table:
    """All areas of a kind with levels, indicators and measures of the group."""
    return _table_of(seen, kind, seen.areas(kind))


def block_table(seen: Seen, area_id: str) -> Table:
    """List the blocks of a Quartier, hidden cells as hidden."""
    table = _table_of(seen, Kind.BLOCK, seen.children(Kind.BLOCK, area_id))
    return table.without("parent")


def machine_table(seen: Seen, kind: Kind) -> Table:
    """All areas of a kind with all groups, under machine-readable names.

    ``<item>_<group>`` is the name of a field, ``area_ha`` belongs to no group.
    """
    heads = [text(name, label) for name, label in _HEADS.items()]
    fields, parts = [cells(item_of(seen.config, AREA_HA))], [(seen, [AREA_HA])]
    for group in seen.groups:
        items = [item for item in items_of(seen.through(group), kind) if item.id != AREA_HA]
        short = seen.through(group).group_label
        fields += [
            replace(cells(item), id=f"{item.id}_{group}", label=f"{item.label}, {short}")
            for item in items
        ]
        parts.append((seen.through(group), [item.id for item in items]))
    rows: tuple[tuple[Entry, ...], ...] = tuple(
        (
            *_area_texts(heads, area),
            *(one.cell(area, item) for one, items in parts for item in items),
        )
        for area in seen.areas(kind)
    )
    table = Table(seen.plural(kind), (*heads, *fields), rows, seen.plural(kind))
    return stamped(table, seen, {"kind": str(kind)})


def level_table(seen: Seen) -> Table:
    """How each Quartier came to its level: z-values, contributions, index, level."""
    config = seen.config
    items = [*level_items(config, seen.group)]
    if seen.has_levels:
        items += _parts(config, rule_of(config.levels, "need", seen.group).items)
        items += _sub_parts(seen)
    if seen.has_dynamics:
        names = rule_of(config.levels, "dynamic", seen.group).items
        items += [item_of(config, name) for name in names if name.endswith(CHANGE)]
        items += _parts(config, names)
    heads = [text("area_id", "Nummer"), text("name", seen.singular(Kind.QUARTIER))]
    fields = item_fields(items)
    rows = tuple(
        (*_area_texts(heads, area), *entries_of(seen, fields, area))
        for area in seen.areas(Kind.QUARTIER)
    )
    name = f"Einstufung {seen.group_short}"
    return Table(name, (*heads, *fields), rows, name, seen.symbols)


def items_of(seen: Seen, kind: Kind) -> tuple[Item, ...]:
    """Everything that a file says of an area: levels, indicators, measures, the area."""
    config, group = seen.config, seen.group
    levels = level_items(config, group) if kind == Kind.QUARTIER else ()
    area = item_of(config, AREA_HA)
    levels += fixed_items(config, group) if kind == Kind.QUARTIER else ()
    return (*levels, *indicators(config, group), *measures(config), area)


def item_fields(items: Iterable[Item]) -> list[Field]:
    """Fields of items; in files the name of a level has a field of its own."""
    fields = []
    for item in items:
        place = Place.FILE if item.id in _FILE_ITEMS else Place.EVERYWHERE
        fields.append(cells(item, place))
        if item.id in LEVELS:
            fields.append(text(item.id + _NAME, f"{item.label}: Bezeichnung", Place.FILE))
    return fields


def entries_of(seen: Seen, fields: Iterable[Field], area: Area) -> tuple[str | Cell, ...]:
    """Entries of one area for the fields of items."""
    return tuple(
        seen.cell(area, field.item.id) if field.item else _level_name(seen, field.id, area)
        for field in fields
    )


def _table_of(seen: Seen, kind: Kind, chosen: Sequence[Area]) -> Table:
    heads = _head_fields(seen, kind)
    fields = [
        one if one.item is None or _is_delivered(seen, kind, one.item) else _for_files(one)
        for one in item_fields(items_of(seen, kind))
    ]
    more = [text(_SPECIAL, LABEL)] if kind == Kind.QUARTIER and has_special(seen) else []
    rows: tuple[tuple[Entry, ...], ...] = tuple(
        (
            *_area_texts(heads, area),
            *entries_of(seen, fields, area),
            *(_SPECIAL_WORDS[is_special(seen, area)] for _ in more),
        )
        for area in chosen
    )
    title = ", ".join((seen.plural(kind), seen.group_label, seen.day))
    name = f"{seen.plural(kind)} {seen.group_short}"
    return Table(title, (*heads, *fields, *more), rows, name, seen.symbols)


def _is_delivered(seen: Seen, kind: Kind, item: Item) -> bool:
    statuses = seen.statuses(kind, item.id)
    is_gap = Status.UNAVAILABLE in statuses or not statuses
    return not (is_gap and statuses <= {Status.UNAVAILABLE, Status.UNINHABITED})


def _for_files(field: Field) -> Field:
    return replace(field, place=Place.FILE)


def _head_fields(seen: Seen, kind: Kind) -> list[Field]:
    is_named = any(area.name != area.id for area in seen.areas(kind))
    heads = [text("area_id", "Nummer"), text("name", seen.singular(kind))]
    if kind == Kind.QUARTIER:
        heads[is_named] = replace(heads[is_named], is_link=True)
    if not is_named:
        heads[1] = _for_files(heads[1])
    above = seen.kind_above(kind)
    if above in (None, Kind.CITY):
        return heads
    label = seen.singular(above)
    return [
        *heads,
        text("parent_id", f"{label}: Nummer", Place.FILE),
        text("parent_name", label, Place.FILE),
        text("parent", label, Place.PAGE),
    ]


def _area_texts(heads: Iterable[Field], area: Area) -> tuple[str, ...]:
    texts = {
        "area_id": area.id,
        "name": area.name,
        "parent_id": area.parent_id,
        "parent_name": area.parent_name,
        "parent": area.parent_name or area.parent_id,
    }
    return tuple(texts[head.id] for head in heads)


def _parts(config: PublishedConfig, names: Iterable[str]) -> list[Item]:
    return [_part(item_of(config, name), *part) for name in names for part in _PARTS]


def _sub_parts(seen: Seen) -> list[Item]:
    """Rank and contribution of each sub-index."""
    items = sub_indices(seen.config, seen.group)
    return [_part(item, *part) for item in items for part in _PARTS if part[0] != "z"]


def _part(item: Item, name: str, label: str) -> Item:
    return replace(
        item,
        id=f"{item.id}.{name}",
        label=f"{item.label}: {label}",
        unit=Unit.INDEX,
        digits=0 if name == "rank" else 2,
    )


def _level_name(seen: Seen, field_id: str, area: Area) -> str:
    item = field_id.removesuffix(_NAME)
    value = seen.value(area, item)
    return "" if value is None else item_of(seen.config, item).names[int(value)]
