"""Tables of own areas: among themselves, beside Quartiere, among all Quartiere."""

from collections.abc import Callable, Sequence

from atlas.publication.seen import Area, Seen
from atlas.publication.views.areas import entries_of, item_fields
from atlas.publication.views.development import date_entries, date_fields
from atlas.publication.views.items import Item, indicators, item_of, level_items, measures
from atlas.publication.views.own_areas import (
    OwnArea,
    beside_name,
    members_text,
    own_cell,
    own_entry,
)
from atlas.publication.views.table import Entry, Field, Table, text
from atlas.terms import AREA_HA, Kind

OWN_NAME = "Eigene Gebiete"


def own_table(seen: Seen, owns: Sequence[OwnArea]) -> Table:
    """List own areas with everything that is said of them, for a page."""
    return _table(seen, owns, lambda own, item: own_entry(seen, own, item))


def own_file_table(seen: Seen, owns: Sequence[OwnArea]) -> Table:
    """List own areas for files: a gap is a status."""
    return _table(seen, owns, lambda own, item: own_cell(seen, own, item.id))


def own_dates_table(past: Sequence[Seen], owns: Sequence[OwnArea]) -> Table:
    """List own areas over the dates for files: a row per area and release, oldest first."""
    newest = past[-1]
    fields = item_fields(_figures_of(newest))
    rows: tuple[tuple[Entry, ...], ...] = tuple(
        (
            own.name,
            members_text(newest, own),
            *date_entries(seen),
            *(own_cell(seen, own, one.item.id) for one in fields if one.item is not None),
        )
        for own in owns
        for seen in past
    )
    heads = (text("name", "Eigenes Gebiet"), text("of", "besteht aus"), *date_fields())
    title = f"{OWN_NAME} über die Stichtage, {newest.group_label}"
    name = f"Verlauf {newest.group_short}"
    return Table(title, (*heads, *fields), rows, name, newest.symbols)


def member_table(seen: Seen, owns: Sequence[OwnArea]) -> Table:
    """List the members of own areas, one a row."""
    rows = tuple(
        (own.name, seen.singular(own.kind), key, "" if area is None else area.name)
        for own in owns
        for key in own.area_ids
        for area in [seen.find(own.kind, key)]
    )
    fields = (
        text("own_area", "Eigenes Gebiet"),
        text("kind", "Art"),
        text("area_id", "Nummer"),
        text("name", "Name"),
    )
    return Table("Mitglieder der eigenen Gebiete", fields, rows, "Mitglieder")


def own_rows(
    seen: Seen, table: Table, owns: Sequence[OwnArea]
) -> tuple[tuple[Entry, ...], ...]:
    """Write own areas as rows of a table of Quartiere, without a key to lead to a page."""
    return tuple(tuple(_under(seen, one, own) for one in table.fields) for own in owns)


def _under(seen: Seen, head: Field, own: OwnArea) -> Entry:
    """Give what stands under a head of a table of Quartiere."""
    if head.item is None:
        words = {"name": beside_name(own), "parent": members_text(seen, own)}
        return words.get(head.id, "")
    item = head.item.id
    sides = (one for one in seen.groups if head.id == f"{item}_{one}")
    return own_cell(seen.through(next(sides, seen.group)), own, item)


def compared_file_table(
    seen: Seen, area_ids: Sequence[str], owns: Sequence[OwnArea] = ()
) -> Table:
    """List what is compared for files: Quartiere, own areas, the city; one a row."""
    city = seen.config.city
    whole = Area(Kind.CITY, city.key, city.name, "", "")
    areas = [*(seen.area(Kind.QUARTIER, key) for key in area_ids), whole]
    heads = (text("area_id", "Nummer"), text("name", "Gebiet"), text("of", "Art"))
    fields = item_fields(_items(seen))
    rows: list[tuple[Entry, ...]] = [
        (area.id, area.name, seen.singular(area.kind), *entries_of(seen, fields, area))
        for area in areas
    ]
    rows[-1:-1] = [
        (
            "",
            own.name,
            f"eigenes Gebiet, {members_text(seen, own)}",
            *("" if one.item is None else own_cell(seen, own, one.item.id) for one in fields),
        )
        for own in owns
    ]
    title = f"{seen.singular(Kind.QUARTIER)} im Vergleich, {seen.group_label}, {seen.day}"
    return Table(title, (*heads, *fields), tuple(rows), "Vergleich", seen.symbols)


def _items(seen: Seen) -> list[Item]:
    return [*level_items(seen.config, seen.group), *_figures_of(seen)]


def _figures_of(seen: Seen) -> list[Item]:
    """Everything that an own area may have."""
    config, group = seen.config, seen.group
    return [*indicators(config, group), *measures(config), item_of(config, AREA_HA)]


def _table(
    seen: Seen, owns: Sequence[OwnArea], entry_of: Callable[[OwnArea, Item], Entry]
) -> Table:
    fields = item_fields(_figures_of(seen))
    heads = (text("name", "Eigenes Gebiet"), text("of", "besteht aus"))
    rows = tuple(
        (
            own.name,
            members_text(seen, own),
            *(entry_of(own, one.item) for one in fields if one.item is not None),
        )
        for own in owns
    )
    title = f"{OWN_NAME}, {seen.group_label}, {seen.day}"
    return Table(title, (*heads, *fields), rows, f"{OWN_NAME} {seen.group_short}", seen.symbols)
