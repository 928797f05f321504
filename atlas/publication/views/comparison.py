"""One Quartier beside others: its district, the city, the groups, other Quartiere."""

from collections.abc import Sequence
from dataclasses import replace

from atlas.publication.seen import Area, Seen
from atlas.publication.views.items import (
    LEVELS,
    Item,
    indicators,
    is_sub_index,
    level_items,
    measures,
    sub_indices,
)
from atlas.publication.views.own_areas import OwnArea, own_cell, own_entry
from atlas.publication.views.table import (
    Entry,
    Field,
    Figure,
    Table,
    number,
    text,
    value_of,
)
from atlas.terms import UNIT_LABELS, Kind, Status, Unit
from atlas.words import rounded, signed_text

_NOT_COMPUTED = "nicht berechnet"
_PAIR = 2
_NOT_YET = "noch kein Gebiet"
_GAP, _SAME, _UP, _DOWN = "–", "=", "▲", "▼"
_ITEM = text("item", "Kennzahl")


def beside_parents(seen: Seen, area_id: str, previous: Seen | None = None) -> Table:
    """Values of a Quartier against its district and the city, with its rank.

    A district or city for which nothing is published has no column.

    Parameters
    ----------
    previous
        Release of an earlier reference date, for what has changed since.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    area = seen.area(Kind.QUARTIER, area_id)
    items = items_beside(seen)
    places = [one for one in seen.parents(area) if _shows_any(seen, items, one)]
    earlier = None if previous is None else previous.find(Kind.QUARTIER, area_id)
    fields = [_value_field(str(area.kind), seen.place_name(area))]
    if previous is not None:
        fields.append(_value_field("since", f"seit {previous.day}"))
    fields += [_value_field(str(one.kind), seen.place_name(one)) for one in places]
    rows = [
        (
            _label(item),
            _figure(seen, item, area),
            *([] if previous is None else [_since((seen, area), (previous, earlier), item)]),
            *(_figure(seen, item, one) for one in places),
            _rank_text(seen, item, area),
        )
        for item in items
    ]
    title = f"{area.title} im Vergleich, {seen.group_label}, {seen.day}"
    return _table(seen, title, [*fields, _value_field("rank", "Rang")], rows)


def at_dates(past: Sequence[Seen], area_id: str) -> Table:
    """Values of a Quartier at reference dates side by side.

    Of two dates everything with its change; of more, where room is scarce, the number of the
    level, the indicators and residents.

    Parameters
    ----------
    past
        Releases of the dates, oldest first; what an earlier one does not know is a gap.

    Raises
    ------
    KeyError
        If the newest release has no such Quartier.
    """
    newest = past[-1]
    area = newest.area(Kind.QUARTIER, area_id)
    known = [(seen, seen.find(Kind.QUARTIER, area_id)) for seen in past]
    fields = [_value_field(seen.info.reference_date.isoformat(), seen.day) for seen in past]
    is_pair = len(past) == _PAIR
    fields += [_value_field("since", "Veränderung")] if is_pair else []
    rows = []
    for item in items_beside(newest) if is_pair else _short_items(newest):
        entries: list[Entry] = [
            _NOT_YET if one is None else _figure(seen, item, one) for seen, one in known
        ]
        since = [_since((newest, area), known[0], item)] if is_pair else []
        rows.append((_label(item), *entries, *since))
    return _table(newest, f"{area.title}, {newest.group_label}", fields, rows)


def _short_items(seen: Seen) -> tuple[Item, ...]:
    config, group = seen.config, seen.group
    levels = (item for item in level_items(config, group) if item.id in LEVELS)
    numbers = (replace(item, names={}) for item in levels)
    return (*numbers, *indicators(config, group), *measures(config)[:1])


def _since(now: tuple[Seen, Area], before: tuple[Seen, Area | None], item: Item) -> str:
    """Write by how much a value changed, with an arrow; a dash where one is not shown."""
    (seen, area), (previous, earlier) = now, before
    old = None if earlier is None else previous.value(earlier, item.id)
    return _change_text(old, seen.value(area, item.id), item)


def _change_text(old: float | None, new: float | None, item: Item) -> str:
    if old is None or new is None:
        return _GAP
    by = rounded(new, item.digits) - rounded(old, item.digits)
    if item.id in LEVELS:
        return f"{_arrow(by)} vorher {old:.0f}" if by else _SAME
    return f"{_arrow(by)} {signed_text(by, item.digits)}"


def _arrow(by: float) -> str:
    return _SAME if not by else _UP if by > 0 else _DOWN


def beside_groups(seen: Seen, area_id: str) -> Table:
    """Values of a Quartier for every group beside each other, each with its rank."""
    area = seen.area(Kind.QUARTIER, area_id)
    sides = [seen.through(group) for group in seen.groups]
    fields = []
    for side in sides:
        name = side.group_short
        fields.append(_value_field(str(side.group), name))
        fields.append(_value_field(f"{side.group}.rank", f"Rang {name}"))
    items = {item.id: item for side in sides for item in items_beside(side)}
    rows = [
        (_label(item), *(entry for side in sides for entry in _ranked(side, item, area)))
        for item in items.values()
    ]
    every = " und ".join(side.group_label for side in sides)
    return _table(seen, f"{area.title}: {every}, {seen.day}", fields, rows)


def beside_each_other(
    seen: Seen, area_ids: Sequence[str], owns: Sequence[OwnArea] = ()
) -> Table:
    """Values of some Quartiere and own areas side by side, and the city.

    Each value of a Quartier has its rank. Of two columns the difference stands beside them:
    the second less the first.
    """
    chosen = [seen.area(Kind.QUARTIER, key) for key in area_ids]
    whole = seen.city
    is_pair = len(chosen) + len(owns) == 2
    fields = [_value_field(area.id, area.title) for area in chosen]
    fields += [_value_field(f"own{own.number}", own.name) for own in owns]
    fields += [_value_field("difference", "Unterschied")] if is_pair else []
    rows = []
    for item in items_beside(seen):
        entries = [_figure(seen, item, area, _rank_text(seen, item, area)) for area in chosen]
        entries += [own_entry(seen, own, item) for own in owns]
        by = [_difference_text(item, entries)] if is_pair else []
        rows.append((_label(item), *entries, *by, _figure(seen, item, whole)))
    title = f"{seen.singular(Kind.QUARTIER)} im Vergleich, {seen.group_label}, {seen.day}"
    return _table(seen, title, [*fields, _value_field(str(Kind.CITY), whole.name)], rows)


def trends_of(
    seen: Seen, previous: Seen, area_ids: Sequence[str], owns: Sequence[OwnArea] = ()
) -> Table:
    """Say how what is compared changed since an earlier date, in the same columns."""
    whole = seen.city
    chosen = [*(seen.area(Kind.QUARTIER, key) for key in area_ids), whole]
    known = [(area, previous.find(area.kind, area.id)) for area in chosen]
    fields = [_value_field(area.id, area.title) for area in chosen[:-1]]
    fields += [_value_field(f"own{own.number}", own.name) for own in owns]
    fields.append(_value_field(str(Kind.CITY), whole.name))
    rows = []
    for item in items_beside(seen):
        *areas, city = [_since((seen, now), (previous, was), item) for now, was in known]
        sums = [
            _change_text(was.value, now.value, item)
            for own in owns
            for was, now in [(own_cell(previous, own, item.id), own_cell(seen, own, item.id))]
        ]
        rows.append((_label(item), *areas, *sums, city))
    title = f"Veränderung seit {previous.day}, {seen.group_label}, {seen.day}"
    return _table(seen, title, fields, rows)


def _difference_text(item: Item, pair: Sequence[Entry]) -> str:
    """Write the second less the first as shown; a dash where one is not, or for levels."""
    first, second = map(value_of, pair)
    if item.id in LEVELS or first is None or second is None:
        return _GAP
    by = rounded(second, item.digits) - rounded(first, item.digits)
    told = signed_text(by, item.digits)
    return f"{told} %-Punkte" if item.unit is Unit.PERCENT else told


def items_beside(seen: Seen) -> tuple[Item, ...]:
    """Levels, indicators and measures: what a page says of an area."""
    config, group = seen.config, seen.group
    levels = tuple(item for item in level_items(config, group) if item.id in LEVELS)
    return (*levels, *sub_indices(config, group), *indicators(config, group), *measures(config))


def _shows_any(seen: Seen, items: Sequence[Item], area: Area) -> bool:
    gap = Status.UNAVAILABLE
    return any(seen.cell(area, item.id).status is not gap for item in items)


def _value_field(field_id: str, label: str) -> Field:
    return number(field_id, label)


def _label(item: Item) -> str:
    return f"{item.label} ({UNIT_LABELS[item.unit]})" if UNIT_LABELS[item.unit] else item.label


def _figure(seen: Seen, item: Item, area: Area, rank: str = "") -> Entry:
    if item.id in LEVELS and not seen.holds(area.kind, item.id):
        return "wird nicht eingestuft"
    if is_sub_index(item.id) and not seen.holds(area.kind, item.id):
        return _NOT_COMPUTED
    return Figure(item, seen.cell(area, item.id), rank)


def _ranked(seen: Seen, item: Item, area: Area) -> tuple[Entry, Entry]:
    if not seen.holds(area.kind, item.id):
        return _NOT_COMPUTED, ""
    return _figure(seen, item, area), _rank_text(seen, item, area)


def _rank_text(seen: Seen, item: Item, area: Area) -> str:
    """Rank among all shown values: ``12 von 69``; empty without a value, and for levels."""
    rank = None if item.id in LEVELS else seen.rank(area, item.id)
    return "" if rank is None else f"{rank.place} von {rank.of}"


def _table(
    seen: Seen, title: str, fields: Sequence[Field], rows: Sequence[tuple[Entry, ...]]
) -> Table:
    return Table(title, (_ITEM, *fields), tuple(rows), symbols=seen.symbols)
