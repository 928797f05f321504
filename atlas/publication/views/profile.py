"""One area: its level and trend, its values with their ranks, where it lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely

from atlas.publication.seen import Area, Seen
from atlas.publication.views.items import (
    Item,
    cause_of,
    cell_text,
    indicators,
    item_of,
    mark_of,
    shown_text,
    sub_indices,
)
from atlas.publication.views.notes import counts_of, why_hidden
from atlas.publication.views.reasons import main_reason, unclassified_reason
from atlas.publication.views.rule_change import rule_change
from atlas.release import Release, read_boundaries
from atlas.terms import (
    DYNAMIC_LEVEL,
    NEED_LEVEL,
    RESIDENTS,
    STATUS_LABELS,
    Group,
    Kind,
    Status,
)
from atlas.words import enumeration

# A border that was drawn twice may lie a little apart; around a corner so little is common.
_APART_M = 0.5
_CORNER_M = 4 * _APART_M
# Metres of common border by the keys of both areas.
Borders = Mapping[str, Mapping[str, float]]
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


def card(seen: Seen, kind: Kind, area_id: str, previous: Seen | None = None) -> Card:
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
    area = seen.area(kind, area_id)
    names = [one.name for one in seen.parents(area) if one.kind != Kind.CITY]
    level, level_text = _level_of_area(seen, area)
    return Card(
        title=area.title,
        place=" · ".join(names),
        level=level,
        level_text=level_text,
        trend=_trend(seen, previous, area),
        why=_why(seen, area),
        facts=_facts(seen, area),
    )


def borders_of(seen: Seen) -> Borders:
    """Measure the common borders of all Quartiere on the published boundaries, once.

    Returns
    -------
        Every Quartier with its neighbours; the one with the longest common border comes first.
    """
    whole = seen.through(Group.ALL)
    return whole.once("borders", lambda: _measure_borders(seen.release))


def neighbours_of(seen: Seen, chosen: Sequence[str]) -> tuple[Area, ...]:
    """Quartiere beside any of the chosen ones, the longest common border first.

    A common border line makes a neighbour, a common corner does not.
    """
    borders = borders_of(seen) if chosen else {}
    metres: dict[str, float] = {}
    for key in chosen:
        for other, length in borders.get(key, {}).items():
            metres[other] = metres.get(other, 0.0) + length
    beside = [key for key in _longest_first(metres) if key not in chosen]
    return tuple(area for key in beside if (area := seen.find(Kind.QUARTIER, key)))


def location_text(seen: Seen, area_id: str) -> str:
    """Say where a Quartier lies: its district, the city, its neighbours.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    area = seen.area(Kind.QUARTIER, area_id)
    places = [seen.place_name(one) for one in seen.parents(area)]
    beside = [one.title for one in neighbours_of(seen, (area_id,))]
    near = f" Grenzt an {enumeration(beside)}." if beside else ""
    return f"Lage von {area.title}: {', '.join(places)}.{near}"


def _why(seen: Seen, area: Area) -> str:
    """Say what pushes the index of a Quartier, or why a block has secrets."""
    if area.kind == Kind.QUARTIER:
        return main_reason(seen, area.id)
    items = indicators(seen.config, seen.group)
    hidden = [one.id for one in items if _is_secret(seen, area, one.id)]
    if area.kind != Kind.BLOCK or not hidden:
        return ""
    counts = {count for one in hidden for count in counts_of(seen.config, one)}
    return f"Geheim: {why_hidden(seen, counts)}."


def _is_secret(seen: Seen, area: Area, item: str) -> bool:
    return seen.cell(area, item).status is Status.SUPPRESSED


def _level_of_area(seen: Seen, area: Area) -> tuple[int | None, str]:
    """Level of an area and what to say about it."""
    if area.kind == Kind.BLOCK:
        return None, _level_of_block(seen, area)
    if area.kind != Kind.QUARTIER:
        return None, f"{seen.plural(area.kind)} werden nicht eingestuft"
    if not seen.has_levels:
        return None, "Für diese Bezugsgruppe wird nicht eingestuft"
    level = _level(seen, area)
    if level is None:
        return None, _unclassified(seen, area)
    return level, _level_name(seen, area, level)


def _level_name(seen: Seen, area: Area, level: int) -> str:
    """Name the level of an area; an estimated one says so."""
    return f"{seen.config.levels.labels[level]}{mark_of(seen.cell(area, NEED_LEVEL))}"


def _unclassified(seen: Seen, area: Area) -> str:
    """Say why there is no level, in the word that map and tables have for it."""
    cause = cause_of(seen.cell(area, NEED_LEVEL))
    reason = unclassified_reason(seen, area.id)
    if cause is Status.MISSING:
        return reason
    return f"{STATUS_LABELS[Status.NOT_CLASSIFIED]}: {reason}"


def _level_of_block(seen: Seen, area: Area) -> str:
    own = f"{seen.plural(Kind.BLOCK)} tragen keine eigene Stufe"
    parent = seen.find(Kind.QUARTIER, area.parent_id)
    level = None if parent is None else _level(seen, parent)
    if parent is None or level is None:
        return own
    name = _level_name(seen, parent, level)
    where = f"{seen.singular(Kind.QUARTIER)} {area.parent_id} {area.parent_name}"
    return f"{own}; {where}: Stufe {level}, {name}"


def _level(seen: Seen, area: Area) -> int | None:
    value = seen.value(area, NEED_LEVEL)
    return None if value is None else int(value)


def _facts(seen: Seen, area: Area) -> tuple[Fact, ...]:
    """List dynamics, sub-indices, indicators of the group and residents, with ranks.

    A district or city leaves out what nobody publishes for it.
    """
    config = seen.config
    has_dynamics = area.kind == Kind.QUARTIER and seen.has_dynamics
    items = [item_of(config, DYNAMIC_LEVEL)] if has_dynamics else []
    items += sub_indices(config, seen.group) if area.kind == Kind.QUARTIER else ()
    items += [*indicators(config, seen.group), item_of(config, RESIDENTS)]
    is_large = area.kind not in (Kind.BLOCK, Kind.QUARTIER)
    return tuple(
        _fact(seen, area, item)
        for item in items
        if not (is_large and seen.cell(area, item.id).status is Status.UNAVAILABLE)
    )


def _fact(seen: Seen, area: Area, item: Item) -> Fact:
    cell = seen.cell(area, item.id)
    if cell.value is None or item.names:
        return Fact(item.label, cell_text(seen.symbols, item, cell), "")
    rank = None if item.id == RESIDENTS else seen.rank(area, item.id)
    ranked = "" if rank is None else f"Rang {rank.place} von {rank.of}"
    return Fact(item.label, shown_text(item, cell.value, cell.status), ranked)


def _trend(seen: Seen, previous: Seen | None, area: Area) -> str:
    """How the level moved since an earlier reference date; empty where nobody can say."""
    earlier = None if previous is None else previous.find(Kind.QUARTIER, area.id)
    if previous is None or earlier is None or area.kind != Kind.QUARTIER:
        return ""
    now, before = _level(seen, area), _level(previous, earlier)
    if before is None:
        return ""
    name = _level_name(previous, earlier, before)
    if now is None:
        return f"Zuletzt am {previous.day}: Stufe {before}, {name}"
    if now == before:
        return f"{_SAME} unverändert seit {previous.day}"
    arrow = _UP if now > before else _DOWN
    rules = rule_change(previous, seen)
    cause = f" (Anlass: {rules.causes[area.id]})" if rules else ""
    return f"{arrow} seit {previous.day}: vorher Stufe {before}, {name}{cause}"


def _measure_borders(release: Release) -> Borders:
    bounds = read_boundaries(release.path, Kind.QUARTIER)
    shapes = bounds.geometry.to_numpy()
    keys = bounds["area_id"].tolist()
    found: dict[str, dict[str, float]] = {key: {} for key in keys}
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="dwithin", distance=_APART_M)
    wide = shapely.buffer(shapes, _APART_M)
    lengths = shapely.length(
        shapely.intersection(shapely.boundary(shapes)[first], wide[second])
    )
    for one, other, length in zip(first, second, lengths, strict=True):
        if one != other and length > _CORNER_M:
            found[keys[one]][keys[other]] = float(length)
    return {key: _longest_first(beside) for key, beside in found.items()}


def _longest_first(metres: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(metres.items(), key=lambda one: (-one[1], one[0])))
