"""Tables as readers see them: display texts, and the order of rows for sorting.

Hidden cells sort last and by name, so no order says anything about them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atlas.publication.views.cells import (
    Area,
    Cell,
    Columns,
    areas,
    cell_of,
    columns_of,
    kind_above,
)
from atlas.publication.views.items import (
    Item,
    cell_text,
    group_label,
    indicators,
    level_items,
    measures,
    plural,
    singular,
)
from atlas.release import Release
from atlas.terms import (
    DYNAMIC_LEVEL,
    NEED_LEVEL,
    UNIT_LABELS,
    Group,
    Kind,
    Status,
)
from atlas.words import day_text, sort_key

LEVELS = (NEED_LEVEL, DYNAMIC_LEVEL)


@dataclass(frozen=True)
class Column:
    """One column of a display table."""

    id: str
    label: str
    unit: str
    is_number: bool


@dataclass(frozen=True)
class Table:
    """A table of display texts.

    Attributes
    ----------
    rows
        One tuple of texts per row; for tables of areas the first column is the area key.
    order
        Column id to row positions when sorted by it: numbers from high to low, texts
        alphabetically, hidden cells last and by name.
    level_rows
        Positions of rows whose cells are levels of need.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    order: dict[str, tuple[int, ...]]
    level_rows: tuple[int, ...] = ()


def area_table(release: Release, kind: Kind, group: Group) -> Table:
    """All areas of a kind with level, indicators and measures of one group."""
    return table_of_areas(release, kind, group, areas(release, kind))


def table_of_areas(
    release: Release, kind: Kind, group: Group, chosen: tuple[Area, ...]
) -> Table:
    """Tabulate some areas of a kind, without columns that no source delivers for it."""
    columns = columns_of(release, kind, group)
    items = _present(_items(release, group), columns)
    heads = _area_columns(release, kind)
    fields = [*heads, *(_field(item) for item in items)]
    rows = tuple(
        (
            *_area_texts(heads, area),
            *(_text(release, group, item, columns, area.id) for item in items),
        )
        for area in chosen
    )
    order = {
        head.id: text_order([row[place] for row in rows]) for place, head in enumerate(heads)
    }
    order |= {item.id: value_order(columns.get(item.id, {}), chosen) for item in items}
    caption = ", ".join(
        (
            plural(release, kind),
            group_label(release, group),
            day_text(release.info.reference_date),
        )
    )
    return Table(caption, tuple(fields), rows, order)


def without_column(table: Table, column_id: str) -> Table:
    """Leave out a column that says the same in every row."""
    kept = [at for at, column in enumerate(table.columns) if column.id != column_id]
    return Table(
        table.caption,
        tuple(table.columns[at] for at in kept),
        tuple(tuple(row[at] for at in kept) for row in table.rows),
        {key: order for key, order in table.order.items() if key != column_id},
    )


def level_text(release: Release, item: str, value: float) -> str:
    """Write number and name of a level, e.g. ``4 hoher Handlungsbedarf``."""
    levels = release.info.config.levels
    names: Mapping[int, str] = levels.dynamic_labels if item == DYNAMIC_LEVEL else levels.labels
    return f"{int(value)} {names[int(value)]}"


def _items(release: Release, group: Group) -> tuple[Item, ...]:
    config = release.info.config
    levels = tuple(item for item in level_items(config, group) if item.id in LEVELS)
    return (*levels, *indicators(config, group), *measures(config))


def _present(items: Iterable[Item], columns: Columns) -> tuple[Item, ...]:
    def is_delivered(item: Item) -> bool:
        statuses = {cell.status for cell in columns.get(item.id, {}).values()}
        is_gap = Status.UNAVAILABLE in statuses or not statuses
        return not (is_gap and statuses <= {Status.UNAVAILABLE, Status.UNINHABITED})

    return tuple(filter(is_delivered, items))


def _area_columns(release: Release, kind: Kind) -> list[Column]:
    heads = [Column("area_id", "Nummer", "", is_number=False)]
    if any(area.name != area.id for area in areas(release, kind)):
        heads.append(Column("name", singular(release, kind), "", is_number=False))
    above = kind_above(release, kind)
    if above not in (None, Kind.CITY):
        heads.append(Column("parent", singular(release, above), "", is_number=False))
    return heads


def _area_texts(heads: list[Column], area: Area) -> tuple[str, ...]:
    texts = {
        "area_id": area.id,
        "name": area.name,
        "parent": area.parent_name or area.parent_id,
    }
    return tuple(texts[head.id] for head in heads)


def _field(item: Item) -> Column:
    return Column(item.id, item.label, UNIT_LABELS[item.unit], item.id not in LEVELS)


def _text(release: Release, group: Group, item: Item, columns: Columns, area_id: str) -> str:
    cell = cell_of(columns, item.id, area_id)
    if item.id in LEVELS and cell.value is not None:
        return level_text(release, item.id, cell.value)
    return cell_text(release.info.config, item, cell)


def value_order(cells: Mapping[str, Cell], chosen: tuple[Area, ...]) -> tuple[int, ...]:
    """Positions from the highest value to the lowest, then what shows none, by name."""

    def key(place: int) -> tuple[bool, float, str, str]:
        area = chosen[place]
        value = cells[area.id].value if area.id in cells else None
        return (value is None, -(value or 0.0), sort_key(area.name), area.id)

    return tuple(sorted(range(len(chosen)), key=key))


def text_order(texts: list[str]) -> tuple[int, ...]:
    """Positions in alphabetical order; equal texts stay as they are."""
    return tuple(sorted(range(len(texts)), key=lambda place: (sort_key(texts[place]), place)))
