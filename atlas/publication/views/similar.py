"""Quartiere like one another: those whose indicators lie nearest, each measured by its spread.

Published z-values of the group's indicators alone, or values and their spread where the method
has none; a Quartier that lacks one takes no part. The distance is said in words: it orders, and
is no score.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from atlas.classify import rule_of
from atlas.publication.seen import Area, Seen
from atlas.publication.views.items import item_of, level_text
from atlas.publication.views.table import Table, text
from atlas.terms import NEED_LEVEL, Kind

_MOST = 4
_Z = ".z"
# Upper bounds of the mean distance per indicator, in standard deviations.
_WORDS = ((0.25, "fast gleich"), (0.5, "sehr ähnlich"), (1.0, "ähnlich"))
_ELSE = "am ehesten ähnlich"


@dataclass(frozen=True)
class Similar:
    """A Quartier like another.

    Attributes
    ----------
    distance
        Root of the mean squared difference of z-values.
    differs_in
        Indicator in which both lie farthest apart.
    """

    area: Area
    distance: float
    differs_in: str

    @property
    def word(self) -> str:
        """How like the other it is."""
        return next((word for most, word in _WORDS if self.distance < most), _ELSE)


def similar_to(seen: Seen, area_id: str) -> tuple[Similar, ...]:
    """Find the Quartiere most like one; none where it has no level.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    area = seen.area(Kind.QUARTIER, area_id)
    if not seen.has_levels:
        return ()
    items = rule_of(seen.config.levels, "need", seen.group).items
    own = _scores(seen, area, items)
    if own is None:
        return ()
    found = []
    for other in seen.areas(Kind.QUARTIER):
        scores = _scores(seen, other, items)
        if other.id != area_id and scores is not None:
            apart = [abs(a - b) for a, b in zip(own, scores, strict=True)]
            distance = math.sqrt(math.fsum(one * one for one in apart) / len(apart))
            found.append(Similar(other, distance, items[apart.index(max(apart))]))
    return tuple(sorted(found, key=lambda one: (one.distance, one.area.id))[:_MOST])


def similar_table(seen: Seen, area_id: str, found: Sequence[Similar]) -> Table:
    """List similar Quartiere: how similar, and where the largest difference is."""
    area = seen.area(Kind.QUARTIER, area_id)
    fields = (
        text("area_id", "Nummer"),
        text("name", seen.singular(Kind.QUARTIER)),
        text("word", "Ähnlichkeit"),
        text("level", "Stufe"),
        text("apart", "Größter Unterschied"),
    )
    rows = tuple(
        (
            one.area.id,
            one.area.name,
            one.word,
            level_text(seen.config, NEED_LEVEL, seen.value(one.area, NEED_LEVEL)),
            _apart(seen, area, one),
        )
        for one in found
    )
    title = f"{seen.plural(Kind.QUARTIER)} wie {area.title}, {seen.group_label}, {seen.day}"
    return Table(title, fields, rows)


def _scores(seen: Seen, area: Area, items: Sequence[str]) -> list[float] | None:
    scores = [_score(seen, area, item) for item in items]
    known = [score for score in scores if score is not None]
    return known if known and len(known) == len(scores) else None


def _score(seen: Seen, area: Area, item: str) -> float | None:
    """Score of an indicator in units of its spread, whatever the method makes of it."""
    if seen.config.levels.need[seen.group].record.is_standardising:
        return seen.value(area, item + _Z)
    value, spread = seen.value(area, item), seen.value(seen.city, f"{item}.sd")
    if value is None or spread is None:
        return None
    return value / spread if spread > 0 else 0.0


def _apart(seen: Seen, area: Area, one: Similar) -> str:
    item = item_of(seen.config, one.differs_in)
    here, there = seen.value(area, item.id), seen.value(one.area, item.id)
    if here is None or there is None:
        return item.label
    return f"{item.label}: {item.value_text(there)}, hier {item.value_text(here)}"
