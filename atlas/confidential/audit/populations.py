"""How groups of persons lie in each other, as a reader knows it.

Part of the audit; written without any code of the suppression. Age bands of the same base nest,
overlap or are disjoint; a group told by more than age lies in the one it is part of.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

from atlas.terms import Group

OVER_18 = "over_18"
OLDEST = 120

Ages = range
Subtraction = tuple[str, str, str]
"""Names of a whole, of a part of it, and of what is left."""


class Population(Protocol):
    """A group: its name, its ages where these alone tell it, and what it is part of."""

    @property
    def name(self) -> str:
        """Name of the group."""

    @property
    def ages(self) -> tuple[int, int] | None:
        """From and to."""

    @property
    def part_of(self) -> str | None:
        """Name of the group that holds it."""


@dataclass(frozen=True)
class _Known:
    """A group that every city has."""

    name: str
    ages: tuple[int, int] | None = None
    part_of: str | None = None


POPULATIONS = (_Known(Group.ALL), _Known(Group.U18, (0, 17), Group.ALL))


def subtractions(
    present: Collection[str], populations: Sequence[Population]
) -> Iterator[Subtraction]:
    """Name every whole, its part, and what a reader gets by subtracting."""
    known = {one.name: one for one in populations}
    members: dict[str, dict[str, set[int]]] = {}
    for name in sorted(present):
        base, ages = _place(name, known)
        members.setdefault(base, {})[name] = set(ages)
    for base, bands in sorted(members.items()):
        yield from _Subtracting(bands).all()
        for whole in _above(base, known):
            if whole in present and base in present:
                yield whole, base, _left(whole, base)
                break


def _above(name: str, known: dict[str, Population]) -> list[str]:
    chain: list[str] = []
    while name != Group.ALL and name not in chain[:-1]:
        own = known.get(name)
        name = (own.part_of if own else None) or str(Group.ALL)
        chain.append(name)
    return chain


def _place(name: str, known: dict[str, Population]) -> tuple[str, Ages]:
    """Return the group whose persons age divides, and the ages."""
    own = known.get(name)
    if name == Group.ALL or own is None or own.ages is None:
        return name, range(OLDEST + 1)
    base = next(
        above
        for above in _above(name, known)
        if above == Group.ALL or above not in known or known[above].ages is None
    )
    return base, range(own.ages[0], min(own.ages[1], OLDEST) + 1)


def _left(whole: str, part: str) -> str:
    return OVER_18 if (whole, part) == (Group.ALL, Group.U18) else f"{whole}-{part}"


class _Subtracting:
    """A reader who subtracts age bands and gives the same persons the same name."""

    def __init__(self, bands: dict[str, set[int]]) -> None:
        self.bands = bands
        self.persons = dict(bands)
        self.found: list[Subtraction] = []

    def all(self) -> list[Subtraction]:
        """Subtract every band, disjoint bands one after another, and what bands share."""
        by_size = sorted(self.bands, key=lambda name: (-len(self.bands[name]), name))
        for whole in by_size:
            parts = [name for name in by_size if self.bands[name] < self.bands[whole]]
            rest = whole
            for part in parts:
                self.take(whole, part)
                if self.persons[part] < self.persons[rest]:
                    rest = self.take(rest, part)
            self._two(whole, parts)
        for rest in sorted(set(self.persons) - set(self.bands)):
            self._shared(rest)
        return self.found

    def take(self, whole: str, part: str) -> str:
        """Name what is left of a whole and note it."""
        left = self.persons[whole] - self.persons[part]
        named = sorted(name for name, ages in self.bands.items() if ages == left)
        named += [name for name, ages in self.persons.items() if ages == left]
        rest = named[0] if named else _left(whole, part)
        self.persons[rest] = left
        if not {(whole, part, rest), (whole, rest, part)} & set(self.found):
            self.found.append((whole, part, rest))
        return rest

    def _two(self, whole: str, parts: list[str]) -> None:
        outer = [p for p in parts if not any(self.bands[p] < self.bands[q] for q in parts)]
        for one, other in combinations(outer, 2):
            both = self.bands[one] | self.bands[other]
            if not self.bands[one] & self.bands[other] and both != self.bands[whole]:
                self.take(self.take(whole, one), other)

    def _shared(self, rest: str) -> None:
        for whole, ages in list(self.bands.items()):
            shared = ages - self.persons[rest]
            is_inside = self.persons[rest] < ages
            if is_inside and any(
                shared < one and not ages <= one for one in self.bands.values()
            ):
                self.take(whole, rest)
