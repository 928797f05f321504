"""Levels of the last final date beside a provisional one, which has its own only later."""

from dataclasses import replace

from atlas.publication.seen import Area, Cell, Seen
from atlas.publication.views.items import item_of, level_text
from atlas.publication.views.map import MapView
from atlas.publication.views.table import Table, cells
from atlas.terms import NEED_LEVEL, Kind, Reason, Status

LAST_LEVEL = "need_level.final"
_ABSENT = Cell(None, Status.UNAVAILABLE, Reason.NOT_DELIVERED)


def beside_levels(table: Table, seen: Seen, final: Seen) -> Table:
    """Put the level of the last final date behind the first level of a table of Quartiere.

    Parameters
    ----------
    table
        One row per Quartier, in the order of the release.
    """
    levels = [at for at, one in enumerate(table.fields) if one.item and one.item.names]
    if not levels:
        return table
    item = item_of(final.config, NEED_LEVEL)
    field = cells(replace(item, label=f"{item.label} am {final.day}"))
    at = levels[0] + 1
    rows = tuple(
        (*row[:at], _level(final, area), *row[at:])
        for area, row in zip(seen.areas(Kind.QUARTIER), table.rows, strict=True)
    )
    return replace(
        table,
        fields=(*table.fields[:at], replace(field, id=LAST_LEVEL), *table.fields[at:]),
        rows=rows,
    )


def with_last_levels(view: MapView, seen: Seen, final: Seen) -> MapView:
    """Let each Quartier without a level say on the map which it had at the last final date."""
    texts = dict(view.texts)
    for area in seen.areas(Kind.QUARTIER):
        level = _level(final, area)
        if level.value is not None and seen.value(area, NEED_LEVEL) is None:
            told = level_text(final.config, NEED_LEVEL, int(level.value))
            texts[area.id] = f"{texts[area.id]}; am {final.day}: Stufe {told}"
    return replace(view, texts=texts)


def _level(final: Seen, area: Area) -> Cell:
    there = final.find(Kind.QUARTIER, area.id)
    return _ABSENT if there is None else final.cell(there, NEED_LEVEL)
