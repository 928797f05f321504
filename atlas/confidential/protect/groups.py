"""Groups of persons and how they lie in each other: age bands nest, overlap or are disjoint.

Knows names, ages and what is part of what; knows no measure and no count.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from atlas.terms import Group

OVER_18 = "over_18"
"""The remainder of group ``all`` without ``u18``."""

_EVERY_AGE = (0, 120)
"""A band that reaches so far has no upper end."""


@dataclass(frozen=True)
class Population:
    """A group as protection sees it.

    ages
        From and to, where age alone tells who of ``part_of`` belongs to it; else None.
    part_of
        The group that holds all of it; None means everybody.
    """

    name: str
    ages: tuple[int, int] | None = None
    part_of: str | None = None


POPULATIONS = (Population(Group.ALL), Population(Group.U18, (0, 17), Group.ALL))
"""The groups that every city has."""

Triple = tuple[str, str, str]
"""Names of a whole, of a part, and of what remains."""


class Populations:
    """The relations of the groups of a city, by name."""

    def __init__(self, populations: Collection[Population]) -> None:
        self._by_name = {one.name: one for one in populations}

    def wholes_of(self, name: str) -> Iterator[str]:
        """Name the groups that hold a group, the smallest first; ``all`` comes last."""
        seen = {name}
        while (name := self._above(name)) and name not in seen:
            seen.add(name)
            yield name

    def _above(self, name: str) -> str:
        own = self._by_name.get(name, Population(name))
        return "" if name == Group.ALL else own.part_of or Group.ALL

    def bands(self, names: Collection[str]) -> dict[str, dict[str, frozenset[int]]]:
        """Gather groups that age alone tells apart: base -> group -> years of age."""
        found: dict[str, dict[str, frozenset[int]]] = {}
        for name in sorted(names):
            base, ages = self._band(name)
            found.setdefault(base, {})[name] = frozenset(range(ages[0], ages[1] + 1))
        return found

    def _band(self, name: str) -> tuple[str, tuple[int, int]]:
        """Return the group within which age tells a group, and its ages."""
        own = self._by_name.get(name)
        if name == Group.ALL or own is None or own.ages is None:
            return name, _EVERY_AGE
        base = own.part_of or Group.ALL
        while (above := self._by_name.get(base)) and above.ages and base != Group.ALL:
            base = above.part_of or Group.ALL
        return base, (own.ages[0], min(own.ages[1], _EVERY_AGE[1]))

    def triples(self, names: Collection[str]) -> list[Triple]:
        """List whole, part and rest for all that a reader gets by subtracting groups."""
        triples: list[Triple] = []
        for base, bands in self.bands(names).items():
            triples += _of_bands(bands)
            whole = next((name for name in self.wholes_of(base) if name in names), None)
            if whole is not None and base in names:
                triples.append((whole, base, rest_name(whole, base)))
        return triples

    def people(self, sets: Collection[frozenset[str]]) -> list[frozenset[str]]:
        """List kinds of person by the groups and remainders that each counts in.

        Every age that some group tells apart, with at most one group told by more than age.

        Parameters
        ----------
        sets
            The groups that occur together for some measure.
        """
        names = frozenset[str]().union(*sets)
        triples = [triple for one in sets for triple in self.triples(one)]
        bands = self.bands(names)
        ages = {0, *(min(years) for by in bands.values() for years in by.values())}
        ages |= {max(years) + 1 for by in bands.values() for years in by.values()}
        other = [name for name in sorted(bands) if name != Group.ALL]
        kinds = [
            _with_rests({name for name in names if self._is_in(name, age, inside)}, triples)
            for age in sorted(ages - {_EVERY_AGE[1] + 1})
            for inside in [frozenset[str](), *(self._chain(name, bands) for name in other)]
            if all(self._holds(name, age, inside) for name in inside)
        ]
        return list(dict.fromkeys(kinds))

    def _chain(self, name: str, bands: Collection[str]) -> frozenset[str]:
        return frozenset({name, *(set(self.wholes_of(name)) & set(bands))} - {Group.ALL})

    def _holds(self, name: str, age: int, inside: frozenset[str]) -> bool:
        """Say whether somebody of this age may be in a group told by more than age."""
        return all(self._is_in(above, age, inside) for above in self.wholes_of(name))

    def _is_in(self, name: str, age: int, inside: frozenset[str]) -> bool:
        base, (first, last) = self._band(name)
        return first <= age <= last and (base == Group.ALL or base in inside)


def _with_rests(groups: set[str], triples: Collection[Triple]) -> frozenset[str]:
    """Add the remainders that somebody of these groups counts in."""
    for whole, part, rest in triples:
        if whole in groups and part not in groups:
            groups.add(rest)
    return frozenset(groups)


def rest_name(whole: str, part: str) -> str:
    """Name what remains of a whole without a part."""
    return OVER_18 if (whole, part) == (Group.ALL, Group.U18) else f"{whole}-{part}"


class _Bands:
    """Age bands and what is left when one is subtracted from another; same ages, one name."""

    def __init__(self, bands: Mapping[str, frozenset[int]]) -> None:
        self.ages = dict(bands)
        self.names = {ages: name for name, ages in reversed(list(bands.items()))}
        self.triples: list[Triple] = []

    def subtract(self, whole: str, part: str) -> str:
        """Name what is left of a whole, and note the relation."""
        left = self.ages[whole] - self.ages[part]
        rest = self.names.setdefault(left, rest_name(whole, part))
        self.ages[rest] = left
        if not {(whole, part, rest), (whole, rest, part)} & set(self.triples):
            self.triples.append((whole, part, rest))
        return rest

    def inside(self, whole: str, names: Collection[str]) -> list[str]:
        """List the bands in another, the largest first."""
        found = [name for name in names if self.ages[name] < self.ages[whole]]
        return sorted(found, key=lambda name: (-len(self.ages[name]), name))


def _of_bands(bands: Mapping[str, frozenset[int]]) -> list[Triple]:
    """Subtract every band, and disjoint bands one after another."""
    made = _Bands(bands)
    for whole in sorted(bands, key=lambda name: (-len(bands[name]), name)):
        inside = made.inside(whole, bands)
        left = whole
        for part in inside:
            made.subtract(whole, part)
            if made.ages[part] < made.ages[left]:
                left = made.subtract(left, part)
        largest = [a for a in inside if not any(bands[a] < bands[b] for b in inside)]
        for one, other in combinations(largest, 2):
            if not bands[one] & bands[other] and bands[one] | bands[other] != bands[whole]:
                made.subtract(made.subtract(whole, one), other)
    _share(made, bands)
    return made.triples


def _share(made: _Bands, bands: Mapping[str, frozenset[int]]) -> None:
    """Find what overlapping bands share, where a remainder tells it."""
    for rest in sorted(set(made.ages) - set(bands)):
        for whole in [name for name in bands if made.ages[rest] < bands[name]]:
            shared = bands[whole] - made.ages[rest]
            others = [ages for ages in bands.values() if not bands[whole] <= ages]
            if any(shared < ages for ages in others):
                made.subtract(whole, rest)
