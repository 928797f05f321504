"""Groups of persons and how they lie in each other: age bands nest, overlap or are disjoint.

Knows names, ages and what is part of what; knows no measure and no count.
"""

from collections.abc import Collection, Mapping
from itertools import combinations

from atlas.config import Population
from atlas.config.groups import DEFAULT_GROUPS, populations_of
from atlas.terms import Group

OVER_18 = "over_18"
"""The remainder of group ``all`` without ``u18``."""

POPULATIONS = populations_of(DEFAULT_GROUPS)
"""The groups of a city that configures none."""

Triple = tuple[str, str, str]
"""Names of a whole, of a part, and of what remains."""

_OLDEST = 120


class Populations:
    """The relations of the groups of a city, by name."""

    def __init__(self, populations: Collection[Population]) -> None:
        self._by_name = {str(one.name): one for one in populations}

    def triples(self, names: Collection[str]) -> list[Triple]:
        """List whole, part and rest for all that a reader gets by subtracting groups."""
        triples: list[Triple] = []
        bands = self.bands(names)
        for own in (bands[base] for base in sorted(bands)):
            triples += _of_bands(own)
        for name in sorted(set(names) - set(bands.get(Group.ALL, {}))):
            holders = [one for one in self._holders(name) if one in names]
            nearest = [h for h in holders if not any(h in self._holders(o) for o in holders)]
            told = {(whole, part) for whole, part, _ in triples}
            triples += [(h, name, rest_name(h, name)) for h in nearest if (h, name) not in told]
        return triples

    def people(self, sets: Collection[frozenset[str]]) -> list[frozenset[str]]:
        """List kinds of person by the groups and remainders that each counts in.

        Every age that some group tells apart, with at most one group told by more than age
        and what holds it.

        Parameters
        ----------
        sets
            The groups that occur together for some measure.
        """
        names = frozenset[str]().union(*sets)
        triples = [triple for one in sets for triple in self.triples(one)]
        every = [years for own in self.bands(names).values() for years in own.values()]
        ages = {0, *map(min, every), *(max(years) + 1 for years in every)} - {_OLDEST + 1}
        bands = self.bands(names).get(Group.ALL, {})
        chains = [{name, *self._holders(name)} & names for name in sorted(names - set(bands))]
        kinds = []
        for age in sorted(ages):
            own = {name for name, years in bands.items() if age in years}
            fits = [chain for chain in chains if all(age in self._years(one) for one in chain)]
            kinds += [_with_rests(own | chain, triples) for chain in (set[str](), *fits)]
        return list(dict.fromkeys(kinds))

    def _above(self, name: str) -> list[str]:
        """List the groups that a group is part of, nearest first."""
        found: list[str] = []
        while name != Group.ALL and name not in found[:-1]:
            known = self._by_name.get(name)
            name = str((known and known.part_of) or Group.ALL)
            found.append(name)
        return found

    def _base(self, name: str) -> str:
        """Return the group within which age alone tells a group: itself where none does."""
        known = self._by_name.get(name)
        if name == Group.ALL or known is None or known.ages is None:
            return name
        return self._base(self._above(name)[0])

    def _years(self, name: str) -> frozenset[int]:
        known = self._by_name.get(name)
        first, last = (known and known.ages) or (0, _OLDEST)
        return frozenset(range(first, min(last, _OLDEST) + 1))

    def _holders(self, name: str) -> list[str]:
        """List the groups that certainly hold all of a group."""
        by_age = [
            other
            for other in self._by_name
            if self._base(other) == Group.ALL
            and self._years(name) <= self._years(other)
            and (self._base(name) != Group.ALL or self._years(name) != self._years(other))
        ]
        return [*self._above(name), *by_age]

    def bands(self, names: Collection[str]) -> dict[str, dict[str, frozenset[int]]]:
        """Gather groups that age tells apart: group told by more than age -> name -> years."""
        bands: dict[str, dict[str, frozenset[int]]] = {}
        for name in sorted(names):
            bands.setdefault(self._base(name), {})[name] = self._years(name)
        return bands


def related_ages(
    populations: Collection[Population], names: Collection[str]
) -> set[frozenset[int]]:
    """List the ages of all groups and remainders that protection relates to each other."""
    bands = Populations(populations).bands(names).get(Group.ALL, {})
    ages = dict(bands)
    for whole, part, rest in _of_bands(bands):
        ages[rest] = ages[whole] - ages[part]
    return set(ages.values())


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
