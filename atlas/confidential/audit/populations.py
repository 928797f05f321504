"""How groups of persons lie in each other, as a reader knows it.

Part of the audit; written without any code of the suppression. Age bands of the same base nest,
overlap or are disjoint; a group told by more than age lies in the one it is part of.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from atlas.config import Population
from atlas.terms import Group

OVER_18 = "over_18"
OLDEST = 120

Subtraction = tuple[str, str, str]
"""Names of a whole, of a part of it, and of what is left."""


def subtractions(
    present: Collection[str], populations: Sequence[Population]
) -> Iterator[Subtraction]:
    """Name every whole, its part, and what a reader gets by subtracting."""
    ages = {str(one.name): one.ages for one in populations if one.ages}
    within = {str(one.name): {str(name) for name in one.part_of} for one in populations}
    bands = {}
    for name in sorted(present):
        if name in ages or name == Group.ALL:
            first, last = ages.get(name, (0, None))
            bands[name] = set(range(first, (last or OLDEST) + 1))
    yield from _Subtracting(bands).all()
    for name in sorted(set(present) - set(bands)):
        holders = within.get(name, {str(Group.ALL)}) & set(present)
        wider = set[str]().union(*(within.get(holder, set()) for holder in holders))
        for holder in sorted(holders - wider):
            yield holder, name, _left(holder, name)


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
