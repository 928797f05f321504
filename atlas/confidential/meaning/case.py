"""A delivery beside those of other dates, and the sentence that holds it back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from atlas.confidential.delivery import Finding, Severity
from atlas.confidential.meaning.portrait import EMPTY, Portrait
from atlas.config import Layout
from atlas.words import day_text, first_few

_NAMED_AREAS = 5
_DAYS_PER_YEAR = 365.25
_WAY_OUT = (
    "Stimmt die Lieferung doch, mit Begründung annehmen; sonst aus dem Eingang nehmen und neu "
    "anfordern."
)


class Dated(NamedTuple):
    """Portrait of a delivery that is in force at one date."""

    day: date
    portrait: Portrait


class Linked(NamedTuple):
    """How many persons of a linked register are known: now, and at each date before."""

    label: str
    now: tuple[int, int]
    past: tuple[tuple[int, int], ...]


Areas = Mapping[str, Mapping[str, float]]
Published = Callable[[str, Sequence[str]], str]


def _nothing_published(series: str, areas: Sequence[str]) -> str:
    return ""


@dataclass(frozen=True)
class Case:
    """A delivery of one date to be judged.

    Attributes
    ----------
    others
        Deliveries of the same layout in force at other dates, the one to compare with first.
    labels, names
        Measure and area to what readers call them.
    residents
        Series of residents to area to count (as in ``Portrait.areas``) at this date and at
        the date to compare with; empty where nobody knows them.
    linked
        Registers linked with this one, by whichever of both arrives.
    parts
        Measures that are part of the residents.
    published
        Series and areas to a clause with the figures that readers already have.
    """

    layout: Layout
    day: date
    new: Portrait
    others: tuple[Dated, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    residents: tuple[Areas, Areas] = ({}, {})
    linked: tuple[Linked, ...] = ()
    parts: frozenset[str] = frozenset()
    published: Published = _nothing_published

    @property
    def last(self) -> Dated | None:
        """Delivery that this one is compared with."""
        return self.others[0] if self.others else None

    def past_pairs(self) -> Iterator[tuple[Dated, Dated]]:
        """Deliveries of other dates, oldest first, each with one before it.

        The latest that lies back at least half as long as the one to compare with now: what
        moves in a month does not tell how far a year goes.
        """
        ordered = sorted(self.others)
        least = self.years_since_last() / 2
        for position, new in enumerate(ordered):
            far = [o for o in ordered[:position] if years_between(o.day, new.day) >= least]
            if far:
                yield far[-1], new

    def years_since_last(self) -> float:
        """Time between this delivery and the one to compare with."""
        return years_between(self.last.day, self.day) if self.last else 0.0

    def is_same_edition(self, other: Portrait) -> bool:
        """Whether areas of both may be compared by key."""
        return self.new.edition == other.edition

    def name_of(self, series: str) -> str:
        """Give the name by which readers know a series."""
        measure, _, group = series.partition("@")
        label = self.labels.get(measure, measure)
        return f"„{label}“ ({group})" if group else f"„{label}“"

    def places(self, areas: Sequence[str]) -> str:
        """Write the first of some areas with their names."""
        named = [f"{key} {self.names.get(key, '')}".strip() for key in areas]
        return first_few(named, _NAMED_AREAS)


def years_between(one: date, other: date) -> float:
    """Years from one date to another, whichever is the older."""
    return abs((other - one).days) / _DAYS_PER_YEAR


def held(check: str, what: str, where: str = "") -> Finding:
    """Hold a delivery back until somebody has looked at it."""
    return Finding(check, Severity.WARNING, where, (), f"{what} {_WAY_OUT}")


def told(last: Dated) -> str:
    """Write which delivery this one is compared with."""
    return f"der Lieferung zum {day_text(last.day)}"


def column(name: str) -> str:
    """Write which column a finding is about."""
    return f"Spalte „{name}“"


def key_column(layout: Layout) -> str:
    """Write the column of the keys of persons."""
    name = layout.column_of("person")
    return column(name) if name else ""


def configured_codes(layout: Layout, name: str) -> set[str]:
    """Codes of a column that the configuration names, and none at all."""
    known = {EMPTY, *layout.columns[name].codes}
    for rule in layout.measures.values():
        for alternative in () if rule == "every_row" else rule:
            condition = alternative.get(name)
            if condition is not None:
                known |= {*(condition.is_in or ()), *(condition.not_in or ())}
    return known
