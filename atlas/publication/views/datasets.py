"""Tables for files: cells with value and status side by side, before any format.

A row holds a text or date for a plain field and a cell for a field with an item; a format
decides how a cell looks. Every area is there, whatever it shows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from atlas.classify import CHANGE, rule_of
from atlas.config import PublishedConfig
from atlas.publication.views.cells import (
    Area,
    Cell,
    Columns,
    area_of,
    areas,
    cell_of,
    children_of,
    columns_of,
    kind_above,
)
from atlas.publication.views.items import (
    Item,
    group_short_label,
    groups,
    indicators,
    item_of,
    level_items,
    measures,
    plural,
    singular,
)
from atlas.publication.views.notes import release_notes
from atlas.publication.views.tables import LEVELS
from atlas.release import Release
from atlas.terms import (
    AREA_HA,
    DYNAMIC_LEVEL,
    STATE_LABELS,
    Group,
    Kind,
    Unit,
)
from atlas.words import day_text

_PARTS = (("z", "z-Wert"), ("contribution", "Beitrag zum Index"), ("rank", "Rang"))


Entry = str | date | Cell


@dataclass(frozen=True)
class Field:
    """One field; ``id`` for machines, ``label`` for people; with an item it holds cells."""

    id: str
    label: str
    item: Item | None = None


@dataclass(frozen=True)
class Dataset:
    """One table; each row has one entry per field."""

    name: str
    title: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Entry, ...], ...]


def group_dataset(release: Release, kind: Kind, group: Group) -> Dataset:
    """All areas of a kind with everything of one group, under German labels."""
    items = _items(release, kind, group)
    heads = [
        Field("area_id", "Nummer"),
        Field("name", singular(release, kind)),
        *_parent_fields(release, kind),
    ]
    columns = columns_of(release, kind, group)
    fields = [*heads, *_item_fields(items)]
    rows = tuple(
        (*_area_texts(heads, area), *_entries(release, fields[len(heads) :], columns, area.id))
        for area in areas(release, kind)
    )
    name = f"{plural(release, kind)} {group_short_label(release, group)}"
    title = f"{name}, {day_text(release.info.reference_date)}"
    return Dataset(name, title, tuple(fields), rows)


def machine_dataset(release: Release, kind: Kind) -> Dataset:
    """All areas of a kind with all groups, under machine-readable names.

    ``<item>_<group>`` is the name of a field, ``area_ha`` belongs to no group.
    """
    notes = release_notes(release)
    fixed = (
        ("reference_date", release.info.reference_date.isoformat()),
        ("release", release.info.name),
        ("state", str(release.info.state)),
        ("remark", "; ".join(notes.badges)),
        ("kind", str(kind)),
    )
    heads = [Field(name, name) for name in ("area_id", "name", "parent_id", "parent_name")]
    fields = [Field(name, name) for name, _ in fixed] + heads
    parts: list[tuple[list[Field], Columns]] = [
        ([Field(AREA_HA, AREA_HA, item_of(release.info.config, AREA_HA))], {})
    ]
    for group in groups(release):
        items = [item for item in _items(release, kind, group) if item.id != AREA_HA]
        named = [Field(f"{item.id}_{group}", item.id, item) for item in items]
        parts.append((named, columns_of(release, kind, group)))
    parts[0] = (parts[0][0], columns_of(release, kind, Group.ALL))
    rows = tuple(
        (
            *(text for _, text in fixed),
            *_area_texts(heads, area),
            *(
                entry
                for named, columns in parts
                for entry in _entries(release, named, columns, area.id)
            ),
        )
        for area in areas(release, kind)
    )
    every = (*fields, *(field for named, _ in parts for field in named))
    return Dataset(plural(release, kind), plural(release, kind), every, rows)


def reason_dataset(release: Release, group: Group) -> Dataset:
    """How each Quartier came to its level: z-values, contributions, index, level."""
    config = release.info.config
    items = [*level_items(config, group)]
    levels = config.levels
    if group in levels.need:
        items += _parts(config, rule_of(levels, "need", group).items)
    if group in levels.dynamic:
        names = rule_of(levels, "dynamic", group).items
        items += [item_of(config, name) for name in names if name.endswith(CHANGE)]
        items += _parts(config, names)
    heads = [Field("area_id", "Nummer"), Field("name", singular(release, Kind.QUARTIER))]
    columns = columns_of(release, Kind.QUARTIER, group)
    fields = _item_fields(items)
    rows = tuple(
        (*_area_texts(heads, area), *_entries(release, fields, columns, area.id))
        for area in areas(release, Kind.QUARTIER)
    )
    name = f"Einstufung {group_short_label(release, group)}"
    return Dataset(name, name, (*heads, *fields), rows)


def history_dataset(releases: Sequence[Release], area_id: str, group: Group) -> Dataset:
    """One Quartier over all reference dates, one row per release given."""
    newest = releases[-1]
    items = _items(newest, Kind.QUARTIER, group)
    heads = _date_fields()
    fields = _item_fields(items)
    rows = tuple(
        (
            *_date_entries(release),
            *_entries(release, fields, columns_of(release, Kind.QUARTIER, group), area_id),
        )
        for release in releases
    )
    name = f"Entwicklung {group_short_label(newest, group)}"
    return Dataset(name, name, (*heads, *fields), rows)


def block_history_dataset(releases: Sequence[Release], area_id: str, group: Group) -> Dataset:
    """List the blocks of one Quartier over all reference dates."""
    newest = releases[-1]
    fields = _item_fields(_items(newest, Kind.BLOCK, group))
    heads = [*_date_fields(), Field("area_id", singular(newest, Kind.BLOCK))]
    rows = []
    for release in releases:
        columns = columns_of(release, Kind.BLOCK, group)
        for key in children_of(release, Kind.BLOCK, area_id):
            entries = _entries(release, fields, columns, key)
            rows.append((*_date_entries(release), key, *entries))
    name = f"{plural(newest, Kind.BLOCK)} {group_short_label(newest, group)}"
    return Dataset(name, name, (*heads, *fields), tuple(rows))


def quartier_title(release: Release, area_id: str) -> str:
    """Find number and name of a Quartier."""
    area = area_of(release, Kind.QUARTIER, area_id)
    return area_id if area is None else area.title


def _items(release: Release, kind: Kind, group: Group) -> tuple[Item, ...]:
    config = release.info.config
    levels = level_items(config, group) if kind == Kind.QUARTIER else ()
    area = item_of(config, AREA_HA)
    return (*levels, *indicators(config, group), *measures(config), area)


def _parts(config: PublishedConfig, names: Iterable[str]) -> list[Item]:
    return [_part(item_of(config, name), *part) for name in names for part in _PARTS]


def _part(item: Item, name: str, label: str) -> Item:
    digits = 0 if name == "rank" else 2
    return replace(
        item,
        id=f"{item.id}.{name}",
        label=f"{item.label}: {label}",
        unit=Unit.INDEX,
        digits=digits,
    )


def _item_fields(items: Iterable[Item]) -> list[Field]:
    fields = []
    for item in items:
        fields.append(Field(item.id, item.label_with_unit, item))
        if item.id in LEVELS:
            fields.append(Field(f"{item.id}.label", f"{item.label}: Bezeichnung"))
    return fields


def _parent_fields(release: Release, kind: Kind) -> list[Field]:
    above = kind_above(release, kind)
    if above in (None, Kind.CITY):
        return []
    label = singular(release, above)
    return [Field("parent_id", f"{label}: Nummer"), Field("parent_name", label)]


def _area_texts(heads: Iterable[Field], area: Area) -> tuple[str, ...]:
    texts = {
        "area_id": area.id,
        "name": area.name,
        "parent_id": area.parent_id,
        "parent_name": area.parent_name,
    }
    return tuple(texts[head.id] for head in heads)


def _entries(
    release: Release, fields: Iterable[Field], columns: Columns, area_id: str
) -> tuple[str | Cell, ...]:
    return tuple(
        _level_name(release, field.id, columns, area_id)
        if field.item is None
        else cell_of(columns, field.item.id, area_id)
        for field in fields
    )


def _level_name(release: Release, field_id: str, columns: Columns, area_id: str) -> str:
    item = field_id.removesuffix(".label")
    levels = release.info.config.levels
    names = levels.dynamic_labels if item == DYNAMIC_LEVEL else levels.labels
    value = cell_of(columns, item, area_id).value
    return "" if value is None else names[int(value)]


def _date_fields() -> list[Field]:
    return [
        Field("reference_date", "Stichtag"),
        Field("state", "Stand"),
        Field("release", "Veröffentlichung"),
    ]


def _date_entries(release: Release) -> tuple[date, str, str]:
    info = release.info
    return info.reference_date, STATE_LABELS[info.state], info.name
