"""One area: its level and why, its values beside others, its ranks."""

from dataclasses import dataclass

from atlas.publication.views.cells import (
    Area,
    Column,
    Columns,
    area_of,
    cell_of,
    column,
    columns_of,
    parents_of,
    ranks_of,
)
from atlas.publication.views.items import (
    cell_text,
    indicators,
    item_of,
    plural,
    shown_text,
    singular,
)
from atlas.publication.views.reasons import main_reason, unclassified_reason
from atlas.publication.views.tables import level_text
from atlas.release import Release
from atlas.terms import (
    DYNAMIC_LEVEL,
    NEED_LEVEL,
    RESIDENTS,
    STATUS_LABELS,
    Group,
    Kind,
    Status,
)
from atlas.words import day_text

_UP, _DOWN, _SAME = "▲", "▼", "="


@dataclass(frozen=True)
class Fact:
    """A value with its rank among all areas of its kind that show one."""

    label: str
    value: str
    rank: str


@dataclass(frozen=True)
class Card:
    """Short profile of one area; ``level`` is ``None`` where there is none."""

    title: str
    place: str
    level: int | None
    level_text: str
    trend: str
    why: str
    facts: tuple[Fact, ...]


def card(
    release: Release, kind: Kind, area_id: str, group: Group, previous: Release | None = None
) -> Card:
    """Short profile of an area of any kind.

    Parameters
    ----------
    previous
        Release of an earlier reference date, for the trend.

    Raises
    ------
    KeyError
        If the release has no such area.
    """
    area = area_of(release, kind, area_id)
    if area is None:
        raise KeyError(area_id)
    parents = parents_of(release, kind, area)
    names = [one.name for above, one in parents.items() if above != Kind.CITY]
    level, level_text = level_of_area(release, kind, area, group)
    return Card(
        title=area.title,
        place=" · ".join(names),
        level=level,
        level_text=level_text,
        trend=trend(release, previous, kind, area_id, group),
        why=main_reason(release, area_id, group) if kind == Kind.QUARTIER else "",
        facts=facts(release, kind, area_id, group),
    )


def level_of_area(
    release: Release, kind: Kind, area: Area, group: Group
) -> tuple[int | None, str]:
    """Level of an area and what to say about it."""
    config = release.info.config
    if kind == Kind.BLOCK:
        return None, _level_of_block(release, area, group)
    if kind != Kind.QUARTIER:
        return None, f"{plural(release, kind)} werden nicht eingestuft"
    if group not in config.levels.need:
        return None, "Für diese Bezugsgruppe wird nicht eingestuft"
    cell = cell_of({NEED_LEVEL: column(release, kind, group, NEED_LEVEL)}, NEED_LEVEL, area.id)
    if cell.value is None:
        reason = unclassified_reason(release, area.id, group)
        return None, f"{STATUS_LABELS[Status.NOT_CLASSIFIED]}: {reason}"
    return int(cell.value), config.levels.labels[int(cell.value)]


def facts(release: Release, kind: Kind, area_id: str, group: Group) -> tuple[Fact, ...]:
    """List dynamics, indicators of the group and residents, with ranks.

    A district or city leaves out what nobody publishes for it.
    """
    config = release.info.config
    columns = columns_of(release, kind, group)
    items = (*indicators(config, group), item_of(config, RESIDENTS))
    found = [] if kind != Kind.QUARTIER else _dynamic_facts(release, columns, area_id, group)
    for item in items:
        cell = cell_of(columns, item.id, area_id)
        if cell.status is Status.UNAVAILABLE and kind in (Kind.DISTRICT, Kind.CITY):
            continue
        if cell.value is None:
            found.append(Fact(item.label, cell_text(config, item, cell), ""))
        else:
            rank = "" if item.id == RESIDENTS else rank_text(columns[item.id], area_id)
            text = shown_text(item, cell.value, cell.status)
            found.append(Fact(item.label, text, rank))
    return tuple(found)


def _dynamic_facts(
    release: Release, columns: Columns, area_id: str, group: Group
) -> list[Fact]:
    config = release.info.config
    if group not in config.levels.dynamic:
        return []
    item = item_of(config, DYNAMIC_LEVEL)
    cell = cell_of(columns, DYNAMIC_LEVEL, area_id)
    if cell.value is None:
        return [Fact(item.label, cell_text(config, item, cell), "")]
    return [Fact(item.label, level_text(release, DYNAMIC_LEVEL, cell.value), "")]


def rank_text(cells: Column, area_id: str) -> str:
    """Rank among the shown values of a column: ``Rang 2 von 67``; empty without a value."""
    ranks = ranks_of(cells)
    rank = ranks.get(area_id)
    return "" if rank is None else f"Rang {rank} von {len(ranks)}"


def trend(
    release: Release, previous: Release | None, kind: Kind, area_id: str, group: Group
) -> str:
    """How the level moved since an earlier reference date; empty where nobody can say."""
    if previous is None or kind != Kind.QUARTIER:
        return ""
    now = _level(release, area_id, group)
    before = _level(previous, area_id, group)
    if now is None or before is None:
        return ""
    since = day_text(previous.info.reference_date)
    if now == before:
        return f"{_SAME} unverändert seit {since}"
    arrow = _UP if now > before else _DOWN
    name = previous.info.config.levels.labels[before]
    return f"{arrow} seit {since}: vorher Stufe {before}, {name}"


def _level(release: Release, area_id: str, group: Group) -> int | None:
    cells = column(release, Kind.QUARTIER, group, NEED_LEVEL)
    value = cell_of({NEED_LEVEL: cells}, NEED_LEVEL, area_id).value
    return None if value is None else int(value)


def _level_of_block(release: Release, area: Area, group: Group) -> str:
    own = f"{plural(release, Kind.BLOCK)} tragen keine eigene Stufe"
    level = _level(release, area.parent_id, group)
    if level is None:
        return own
    name = release.info.config.levels.labels[level]
    where = f"{singular(release, Kind.QUARTIER)} {area.parent_id} {area.parent_name}"
    return f"{own}; {where}: Stufe {level}, {name}"
