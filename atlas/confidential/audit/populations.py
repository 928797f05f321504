"""How groups of persons lie in each other, as a reader knows it.

Part of the audit; written without any code of the suppression. Age bands of the same base nest,
overlap or are disjoint; a group told by more than age lies in the one it is part of.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
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
    known = {str(one.name): one for one in populations}
    bands: dict[str, dict[str, set[int]]] = {}
    for name in sorted(present):
        base = next(one for one in (name, *_above(name, known)) if not _is_band(one, known))
        bands.setdefault(base, {})[name] = _ages(name, known)
    told = set()
    for _, own in sorted(bands.items()):
        for taken in _Subtracting(own).all():
            told.add(taken[:2])
            yield taken
    for name in sorted(set(present) - set(bands.get(Group.ALL, {}))):
        holders = _holders(name, known)
        here = [one for one in holders if one in present]
        wider = {one for holder in here for one in _holders(holder, known)}
        for holder in here:
            if holder not in wider and (holder, name) not in told:
                yield holder, name, _left(holder, name)


def _is_band(name: str, known: Mapping[str, Population]) -> bool:
    return name != Group.ALL and name in known and known[name].ages is not None


def _is_pure(name: str, known: Mapping[str, Population]) -> bool:
    """Say whether age alone tells a group from everybody."""
    return all(_is_band(one, known) for one in (name, *_above(name, known)[:-1]))


def _ages(name: str, known: Mapping[str, Population]) -> set[int]:
    ages = known[name].ages if name in known else None
    return set(range(ages[0], min(ages[1], OLDEST) + 1)) if ages else set(range(OLDEST + 1))


def _above(name: str, known: Mapping[str, Population]) -> list[str]:
    chain: list[str] = []
    while name != Group.ALL and name not in chain[:-1]:
        name = str((known[name].part_of if name in known else None) or Group.ALL)
        chain.append(name)
    return chain


def _holders(name: str, known: Mapping[str, Population]) -> list[str]:
    """Name the groups that hold all of a group: what it is part of, and wider age bands."""
    chain = _above(name, known)
    own, is_pure = _ages(name, known), _is_pure(name, known)
    wider = [
        other
        for other in known
        if _is_pure(other, known)
        and own <= _ages(other, known)
        and not (is_pure and own == _ages(other, known))
    ]
    return [*chain, *(other for other in wider if other not in chain)]


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
