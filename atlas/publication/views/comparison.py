"""One Quartier beside others: its district, the city, the children, other Quartiere."""

from collections.abc import Sequence

from atlas.publication.views.cells import (
    Columns,
    areas,
    cell_of,
    children_of,
    columns_of,
    known_area,
    parents_of,
    ranks_of,
)
from atlas.publication.views.items import (
    Item,
    cell_text,
    group_label,
    group_short_label,
    groups,
    indicators,
    level_items,
    measures,
    place_name,
    singular,
)
from atlas.publication.views.tables import (
    LEVELS,
    Column,
    Table,
    level_text,
    table_of_areas,
    without_column,
)
from atlas.release import Release
from atlas.terms import (
    NEED_LEVEL,
    UNIT_LABELS,
    Group,
    Kind,
    Status,
)
from atlas.words import day_text, sort_key

_ITEM = Column("item", "Kennzahl", "", is_number=False)
_NO_RANK = ""


def beside_parents(release: Release, area_id: str, group: Group) -> Table:
    """Values of a Quartier against its district and the city, with its rank.

    A district or city for which nothing is published has no column.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    area = known_area(release, Kind.QUARTIER, area_id)
    items = _items(release, group)
    own = columns_of(release, Kind.QUARTIER, group)
    places = [(Kind.QUARTIER, area, own)]
    for kind, one in parents_of(release, Kind.QUARTIER, area).items():
        columns = columns_of(release, kind, group)
        if _shows_any(columns, items, one.id):
            places.append((kind, one, columns))
    heads = [
        Column(str(kind), place_name(release, kind, one.name), "", is_number=True)
        for kind, one, _ in places
    ]
    rank = Column("rank", "Rang", "", is_number=True)
    rows = []
    for item in items:
        cells = [_text(release, item, columns, one.id) for _, one, columns in places]
        rows.append((_label(item), *cells, _rank(own, item, area_id)))
    caption = f"{area.title} im Vergleich, {group_label(release, group)}, {_day(release)}"
    return _table(caption, [_ITEM, *heads, rank], items, rows)


def beside_groups(release: Release, area_id: str) -> Table:
    """Values of a Quartier for every group beside each other, each with its rank."""
    area = known_area(release, Kind.QUARTIER, area_id)
    every = groups(release)
    columns = {group: columns_of(release, Kind.QUARTIER, group) for group in every}
    heads = [_ITEM]
    for group in every:
        name = group_short_label(release, group)
        heads.append(Column(str(group), name, "", is_number=True))
        heads.append(Column(f"{group}.rank", f"Rang {name}", "", is_number=True))
    items: dict[str, Item] = {}
    for group in every:
        items |= {item.id: item for item in _items(release, group)}
    rows = []
    for item in items.values():
        row = [_label(item)]
        for group in every:
            if item.id in columns[group]:
                row.append(_text(release, item, columns[group], area_id))
                row.append(_rank(columns[group], item, area_id))
            else:
                row += ["nicht berechnet", _NO_RANK]
        rows.append(tuple(row))
    caption = f"{area.title}: {_joined(release, every)}, {_day(release)}"
    return _table(caption, heads, [*items.values()], rows)


def beside_each_other(release: Release, area_ids: Sequence[str], group: Group) -> Table:
    """Values of some Quartiere side by side, and the city; each value with its rank."""
    columns = columns_of(release, Kind.QUARTIER, group)
    city = columns_of(release, Kind.CITY, group)
    config = release.info.config
    titles = {area.id: area.title for area in areas(release, Kind.QUARTIER)}
    heads = [Column(key, titles[key], "", is_number=True) for key in area_ids]
    last = Column(str(Kind.CITY), config.city.name, "", is_number=True)
    items = _items(release, group)
    rows = []
    for item in items:
        texts = [_ranked_text(release, item, columns, key) for key in area_ids]
        rows.append((_label(item), *texts, _text(release, item, city, config.city.key)))
    caption = f"{singular(release, Kind.QUARTIER)} im Vergleich, {group_label(release, group)}"
    return _table(f"{caption}, {_day(release)}", [_ITEM, *heads, last], items, rows)


def block_table(release: Release, area_id: str, group: Group) -> Table:
    """List the blocks of a Quartier, hidden cells as hidden."""
    inside = set(children_of(release, Kind.BLOCK, area_id))
    chosen = tuple(area for area in areas(release, Kind.BLOCK) if area.id in inside)
    return without_column(table_of_areas(release, Kind.BLOCK, group, chosen), "parent")


def rank_of_many(columns: Columns, item: str, area_id: str) -> str:
    """Rank among all shown values: ``12. von 69``; empty without a value."""
    ranks = ranks_of(columns.get(item, {}))
    return f"{ranks[area_id]}. von {len(ranks)}" if area_id in ranks else _NO_RANK


def _items(release: Release, group: Group) -> tuple[Item, ...]:
    config = release.info.config
    levels = tuple(item for item in level_items(config, group) if item.id in LEVELS)
    return (*levels, *indicators(config, group), *measures(config))


def _shows_any(columns: Columns, items: Sequence[Item], area_id: str) -> bool:
    gap = Status.UNAVAILABLE
    return any(cell_of(columns, item.id, area_id).status is not gap for item in items)


def _label(item: Item) -> str:
    return f"{item.label} ({UNIT_LABELS[item.unit]})" if UNIT_LABELS[item.unit] else item.label


def _text(release: Release, item: Item, columns: Columns, area_id: str) -> str:
    if item.id in LEVELS:
        cell = cell_of(columns, item.id, area_id)
        if item.id not in columns:
            return "wird nicht eingestuft"
        if cell.value is not None:
            return level_text(release, item.id, cell.value)
    return cell_text(release.info.config, item, cell_of(columns, item.id, area_id))


def _ranked_text(release: Release, item: Item, columns: Columns, area_id: str) -> str:
    text = _text(release, item, columns, area_id)
    rank = _rank(columns, item, area_id)
    return f"{text} ({rank})" if rank else text


def _rank(columns: Columns, item: Item, area_id: str) -> str:
    return _NO_RANK if item.id in LEVELS else rank_of_many(columns, item.id, area_id)


def _table(
    caption: str, heads: list[Column], items: Sequence[Item], rows: list[tuple[str, ...]]
) -> Table:
    by_name = sorted(range(len(rows)), key=lambda place: sort_key(rows[place][0]))
    levels = tuple(at for at, item in enumerate(items) if item.id == NEED_LEVEL)
    return Table(caption, tuple(heads), tuple(rows), {_ITEM.id: tuple(by_name)}, levels)


def _day(release: Release) -> str:
    return day_text(release.info.reference_date)


def _joined(release: Release, every: Sequence[Group]) -> str:
    return " und ".join(group_label(release, group) for group in every)
