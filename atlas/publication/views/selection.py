"""Which Quartiere a reader asked to see: by level, by place, by a figure or its change.

Knows published cells alone: a hidden cell meets no condition, so a filter never says more of
an area than its row does. Figures are compared as readers see them, rounded for display.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from atlas.classify import CHANGE
from atlas.publication.seen import ABSENT, Area, Cell, Seen
from atlas.publication.views.differences import cell_change
from atlas.publication.views.items import Item, indicators, item_of
from atlas.terms import NEED_LEVEL, UNIT_LABELS, Group, Kind
from atlas.words import dative_plural, enumeration, number_text, rounded

EVERY = ""
LEAST, MOST = "ab", "bis"
WAYS = {LEAST: "mindestens", MOST: "höchstens"}
_BETWEEN = "~"
_LEVEL = re.compile(r"stufe-(?P<group>[a-z][a-z0-9_]*)-(?P<least>\d)")
_BOUND = re.compile(
    r"(?P<item>[a-z][a-z0-9_]*)(?P<change>\.change)?-(?P<way>ab|bis)-"
    r"(?P<value>-?\d{1,9}(?:\.\d{1,6})?)"
)
# How selections stood in addresses before there were conditions.
_LEVEL_ONCE = re.compile(r"stufe(?P<least>\d)(?P<every>-beiden|-allen)?")


@dataclass(frozen=True)
class LevelFrom:
    """A level of a group from ``least`` up."""

    group: Group
    least: int


@dataclass(frozen=True)
class Inside:
    """Whatever lies in one area of a larger kind."""

    kind: Kind
    area_id: str


@dataclass(frozen=True)
class Bound:
    """An indicator, or its change, of at least or at most so much; ``way`` is a key of WAYS."""

    item: str
    way: str
    value: float


Condition = LevelFrom | Inside | Bound


@dataclass(frozen=True)
class Span:
    """A release through one group, and others of earlier dates beside it.

    Attributes
    ----------
    previous
        For what has changed since.
    final
        Of a provisional date: the last final one, for its levels.
    """

    seen: Seen
    previous: Seen | None = None
    final: Seen | None = None

    def cell(self, area: Area, item: str) -> Cell:
        """One cell; that of a change is later minus earlier."""
        if not item.endswith(CHANGE):
            return self.seen.cell(area, item)
        if self.previous is None:
            return ABSENT
        plain, old = item.removesuffix(CHANGE), self.previous.find(area.kind, area.id)
        before = ABSENT if old is None else self.previous.cell(old, plain)
        return cell_change(before, self.seen.cell(area, plain))


@dataclass(frozen=True)
class Selection:
    """A choice of Quartiere.

    Attributes
    ----------
    id
        The conditions as they stand in the address; empty for all Quartiere.
    told
        How many of all, and why these, e.g. ``7 von 69 Quartieren: SGB-II-Quote …``.
    """

    id: str
    told: str
    area_ids: frozenset[str]
    of: int


def select(span: Span, conditions: Iterable[Condition]) -> Selection:
    """Find the Quartiere that meet every condition."""
    seen, asked = span.seen, tuple(conditions)
    areas = seen.areas(Kind.QUARTIER)
    ids = frozenset(area.id for area in areas if all(_meets(span, area, c) for c in asked))
    words = enumeration([condition_text(seen, one) for one in asked])
    told = f"{len(ids)} von {len(areas)} {dative_plural(seen.plural(Kind.QUARTIER))}: {words}."
    return Selection(written(asked), told if asked else "", ids, len(areas))


def _meets(span: Span, area: Area, condition: Condition) -> bool:
    seen = span.seen
    if isinstance(condition, LevelFrom):
        level = seen.through(condition.group).value(area, NEED_LEVEL)
        return level is not None and level >= condition.least
    if isinstance(condition, Inside):
        return any(one.id == condition.area_id for one in _above(seen, condition.kind, area))
    value = span.cell(area, condition.item).value
    if value is None:
        return False
    shown = rounded(value, item_of(seen.config, condition.item).digits)
    return shown >= condition.value if condition.way == LEAST else shown <= condition.value


def _above(seen: Seen, kind: Kind, area: Area) -> Iterator[Area]:
    yield from (one for one in seen.parents(area) if one.kind == kind)


def condition_text(seen: Seen, condition: Condition) -> str:
    """Say a condition, e.g. ``Stufe 3 oder höher (Kinder)``."""
    if isinstance(condition, LevelFrom):
        highest = condition.least == max(seen.config.levels.labels)
        told = f"Stufe {condition.least}{'' if highest else ' oder höher'}"
        return f"{told} ({seen.through(condition.group).group_short})"
    if isinstance(condition, Inside):
        return f"{seen.singular(condition.kind)} {seen.area(*_key(condition)).title}"
    item = item_of(seen.config, condition.item)
    number = number_text(condition.value, _digits(condition.value))
    unit = UNIT_LABELS[item.unit]
    return f"{item.label} {WAYS[condition.way]} {number} {unit}".rstrip()


def _key(condition: Inside) -> tuple[Kind, str]:
    return condition.kind, condition.area_id


def _digits(value: float) -> int:
    return len(f"{value:.6f}".rstrip("0").partition(".")[2])


def bounded_items(span: Span) -> Mapping[str, Item]:
    """Find the indicators of the group, then their changes where there is an earlier date."""
    seen = span.seen
    items = {item.id: item for item in indicators(seen.config, seen.group)}
    if span.previous is None:
        return items
    changes = (item_of(seen.config, name + CHANGE) for name in items)
    return items | {item.id: item for item in changes}


def leveled_groups(seen: Seen) -> tuple[Group, ...]:
    """Find the groups whose levels can be asked for."""
    return tuple(group for group in seen.groups if seen.through(group).has_levels)


def holding_kind(seen: Seen) -> Kind | None:
    """Find the kind of areas between Quartier and city; ``None`` where there is none."""
    above = seen.kind_above(Kind.QUARTIER)
    return None if above == Kind.CITY else above


def written(conditions: Iterable[Condition]) -> str:
    """Write conditions for an address, without a sign that it would have to escape."""
    return _BETWEEN.join(map(_written, conditions))


def _written(condition: Condition) -> str:
    if isinstance(condition, LevelFrom):
        return f"stufe-{condition.group}-{condition.least}"
    if isinstance(condition, Inside):
        return f"{condition.kind}-{quote(condition.area_id, safe='').replace('~', '%7E')}"
    number = f"{condition.value:.6f}".rstrip("0").rstrip(".")
    return f"{condition.item}-{condition.way}-{number}"


def read(span: Span, text: str) -> tuple[tuple[Condition, ...], tuple[str, ...]]:
    """Read what ``written`` wrote: the conditions, and the parts that this release lacks."""
    found: list[Condition] = []
    unknown: list[str] = []
    for part in filter(None, text.split(_BETWEEN)):
        conditions = _read(span, part)
        found += [one for one in conditions if one not in found]
        unknown += [] if conditions else [part]
    return tuple(found), tuple(unknown)


def _read(span: Span, part: str) -> list[Condition]:
    seen = span.seen
    least = max(seen.config.levels.labels)
    if match := _LEVEL.fullmatch(part):
        group = Group(match["group"])
        is_there = group in leveled_groups(seen) and 1 < int(match["least"]) <= least
        return [LevelFrom(group, int(match["least"]))] if is_there else []
    if match := _LEVEL_ONCE.fullmatch(part):
        groups = leveled_groups(seen) if match["every"] else (seen.group,)
        one = int(match["least"])
        return [LevelFrom(group, one) for group in groups if seen.through(group).has_levels]
    if match := _BOUND.fullmatch(part):
        item = match["item"] + (match["change"] or "")
        is_there = item in bounded_items(span)
        return [Bound(item, match["way"], float(match["value"]))] if is_there else []
    kind = holding_kind(seen)
    area_id = unquote(part.removeprefix(f"{kind}-"))
    return [Inside(kind, area_id)] if kind and seen.find(kind, area_id) else []


def presets(span: Span) -> Mapping[str, str]:
    """Name the choices that are one step away, by what stands in the address; all first."""
    seen = span.seen
    found = {EVERY: f"alle {seen.plural(Kind.QUARTIER)}"}
    groups, least = leveled_groups(seen), max(seen.config.levels.labels) - 1
    word = f"Stufe {least} oder höher"
    for group in groups:
        found[written([LevelFrom(group, least)])] = f"{word}, {seen.through(group).group_short}"
    if len(groups) > 1:
        every = "beiden" if len(groups) == 2 else "allen"
        both = written(LevelFrom(group, least) for group in groups)
        found[both] = f"{word} in {every} Bezugsgruppen"
    kind = holding_kind(seen)
    for place in seen.areas(kind) if kind else ():
        name = f"{seen.singular(place.kind)} {place.title}"
        found[written([Inside(place.kind, place.id)])] = name
    return found
