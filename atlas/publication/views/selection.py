"""Which Quartiere a reader asked to see: those of high need, in every group, of one district.

Knows published levels alone: an area without a level is in no selection by level.
"""

from collections.abc import Callable
from dataclasses import dataclass

from atlas.publication.seen import Area, Seen
from atlas.terms import NEED_LEVEL, Kind

EVERY = ""


@dataclass(frozen=True)
class Selection:
    """A named choice of Quartiere; ``id`` stands in the address."""

    id: str
    label: str
    area_ids: frozenset[str]


def selections(seen: Seen) -> tuple[Selection, ...]:
    """List what can be asked for, all Quartiere first."""
    every = _selected(seen, (EVERY, f"alle {seen.plural(Kind.QUARTIER)}"), lambda _: True)
    return (every, *_by_level(seen), *_by_place(seen))


def _by_level(seen: Seen) -> list[Selection]:
    least = max(seen.config.levels.labels) - 1
    word = f"Stufe {least} oder höher"
    sides = [side for group in seen.groups if (side := seen.through(group)).has_levels]
    found = []
    if seen.has_levels:
        name = (f"stufe{least}", f"{word}, {seen.group_short}")
        found.append(_selected(seen, name, lambda area: _reaches(seen, area, least)))
    if len(sides) > 1:
        groups = "beiden" if len(sides) == 2 else "allen"
        name = (f"stufe{least}-{groups}", f"{word} in {groups} Bezugsgruppen")
        found.append(
            _selected(seen, name, lambda area: all(_reaches(one, area, least) for one in sides))
        )
    return found


def _by_place(seen: Seen) -> list[Selection]:
    above = seen.kind_above(Kind.QUARTIER)
    if above is None or above == Kind.CITY:
        return []
    return [
        Selection(
            f"{above}-{place.id}",
            f"{seen.singular(above)} {place.title}",
            frozenset(area.id for area in seen.inside(Kind.QUARTIER, place)),
        )
        for place in seen.areas(above)
    ]


def _selected(seen: Seen, name: tuple[str, str], is_meant: Callable[[Area], bool]) -> Selection:
    ids = frozenset(area.id for area in seen.areas(Kind.QUARTIER) if is_meant(area))
    return Selection(*name, ids)


def _reaches(seen: Seen, area: Area, least: int) -> bool:
    level = seen.value(area, NEED_LEVEL)
    return level is not None and level >= least
