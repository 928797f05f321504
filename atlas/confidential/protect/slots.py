"""Which cells a place may have: measures in groups, and what remains of each.

Knows nesting of measures and relations of groups; knows no count.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from math import prod

import numpy as np
import pandas as pd

from atlas.confidential.protect.frame import Flags, Ints, Strand
from atlas.confidential.protect.groups import Populations
from atlas.confidential.protect.moves import Persons, classes_of
from atlas.errors import ProtectionError
from atlas.terms import Status

Triple = tuple[int, int, int]
"""Columns of a whole, one part of it, and the remainder."""

Named = tuple[str, str]
"""A measure in a group."""

MOST_CLASSES = 12
"""Above this many kinds of person only those of one measure and one group are listed."""


@dataclass(frozen=True)
class Slot:
    """A measure in a group, or what remains of ``whole`` outside ``measure``."""

    measure: str
    group: str
    whole: str | None = None

    @property
    def name(self) -> str:
        """Text that tells the slot apart and never changes with other slots."""
        return f"{self.whole or ''}-{self.measure}|{self.group}"


@dataclass(frozen=True)
class Layout:
    """The slots of a city and how they hang together.

    rests
        Groups that are never printed: what remains of one group without another.
    """

    slots: tuple[Slot, ...]
    triples: tuple[Triple, ...]
    rests: frozenset[str]
    nesting: Mapping[str, str | None]
    populations: Populations

    @cached_property
    def is_open(self) -> Flags:
        """Slots that could be printed."""
        return np.array([s.whole is None and s.group not in self.rests for s in self.slots])

    def holding(self, value: Ints, exists: Flags) -> list[Triple]:
        """Leave out relations between slots that the counts contradict where all exist."""
        return [
            (whole, part, rest)
            for whole, part, rest in self.triples
            if not self.is_open[rest]
            or (
                (value[:, whole] == value[:, part] + value[:, rest])
                | ~exists[:, [whole, part, rest]].all(axis=1)
            ).all()
        ]

    @cached_property
    def _above(self) -> dict[str, tuple[str, ...]]:
        """Every measure with those that hold it, nearest first."""
        present = {slot.measure for slot in self.slots}
        above = {}
        for measure in sorted(present):
            chain: list[str] = []
            whole = self.nesting.get(measure)
            while whole is not None and whole not in (measure, *chain):
                chain.append(whole)
                whole = self.nesting.get(whole)
            above[measure] = tuple(name for name in chain if name in present)
        return above

    def kin(self) -> Flags:
        """``kin[a, b]``: slot b belongs to the measure of slot a or to one that holds it."""
        names = [slot.measure for slot in self.slots]
        return np.array([[b == a or b in self._above[a] for b in names] for a in names])

    def persons(self, relations: Ints) -> Persons:
        """List the kinds of person; all of them where they are few."""
        people = self._people()
        if self._number_of_classes() * len(people) <= MOST_CLASSES:
            return Persons(classes_of(relations))
        measures = list(self._above)
        row_of = {pair: i for i, pair in enumerate((m, p) for m in measures for p in people)}
        classes = [self._class(measure, groups) for measure, groups in row_of]
        nobody = np.zeros_like(classes[0])
        pairs = [(m, whole) for m in measures for whole in (*self._above[m], None)]
        pairs = [(m, whole) for m, whole in pairs if whole or not self._above[m]]
        turns = [
            (row_of[m, p], self._row(row_of, whole, p)) for m, whole in pairs for p in people
        ]
        roots = [m for m in measures if not self._above[m]]
        turns += [
            (row_of[m, p], row_of[m, q]) for m in roots for p, q in combinations(people, 2)
        ]
        swaps = [
            (row_of[m, p], row_of[whole, p], row_of[whole, q], row_of[m, q])
            for m, whole in pairs
            if whole
            for p, q in combinations(people, 2)
        ]
        return Persons(
            np.array([*classes, nobody]),
            np.array(turns, dtype=np.int64).reshape(-1, 2),
            np.array(swaps, dtype=np.int64).reshape(-1, 4),
        )

    def strands(self, relations: Ints) -> tuple[Strand, ...]:
        """Take measures apart where too many kinds of person come together, wholes first.

        Remainders that look past the nearest whole belong to the smaller measure.
        """
        if self.persons(relations).is_complete:
            return ()
        found = []
        for measure in sorted(self._above, key=lambda name: (len(self._above[name]), name)):
            inside = {measure, *self._above[measure]}
            columns = [i for i, slot in enumerate(self.slots) if slot.measure in inside]
            own = replace(self, slots=tuple(self.slots[i] for i in columns))
            outside = np.isin(np.arange(len(self.slots)), columns, invert=True)
            kept = relations[~(relations[:, outside] != 0).any(axis=1)]
            is_own = np.array([slot.measure == measure for slot in own.slots])
            persons = own.persons(kept[:, columns])
            found.append(Strand(np.array(columns), is_own, persons))
        return tuple(found)

    def _row(
        self,
        row_of: Mapping[tuple[str, frozenset[str]], int],
        measure: str | None,
        people: frozenset[str],
    ) -> int:
        return len(row_of) if measure is None else row_of[measure, people]

    def _people(self) -> list[frozenset[str]]:
        sets: dict[str, set[str]] = {}
        for slot in self.slots:
            if slot.whole is None and slot.group not in self.rests:
                sets.setdefault(slot.measure, set()).add(slot.group)
        return self.populations.people(list({frozenset(one) for one in sets.values()}))

    def _number_of_classes(self) -> int:
        """Count the sets of measures that one person may belong to."""
        direct = {m: (above[0] if above else None) for m, above in self._above.items()}

        def below(measure: str | None) -> int:
            return prod(1 + below(m) for m, whole in direct.items() if whole == measure)

        return below(None) - 1

    def _class(self, measure: str, groups: frozenset[str]) -> Ints:
        """Say in which slots somebody of a measure, and of those that hold it, counts."""
        inside = {measure, *self._above[measure]}
        return np.array(
            [
                slot.group in groups
                and (slot.whole or slot.measure) in inside
                and (slot.whole is None or slot.measure not in inside)
                for slot in self.slots
            ],
            dtype=np.int64,
        )


def lay_out(
    counts: pd.DataFrame,
    nesting: Mapping[str, str | None],
    populations: Populations,
    of_all: Collection[str] = (),
) -> Layout:
    """List the slots of a place and the relations between them.

    Parameters
    ----------
    of_all
        Measures that are looked at as a part of the largest one that holds them, too.
    """
    present = _present(counts, nesting)
    groups: dict[str, list[str]] = {}
    for measure, group in sorted(present):
        groups.setdefault(measure, []).append(group)
    parts = [
        (Slot(measure, whole), Slot(measure, part), Slot(measure, rest))
        for measure, names in groups.items()
        for whole, part, rest in populations.triples(names)
    ]
    named = sorted(present | {(rest.measure, rest.group) for _, _, rest in parts})
    slots = [Slot(measure, group) for measure, group in named]
    for measure, group in named:
        wholes = _wholes_of((measure, group), nesting, set(named))
        for whole in dict.fromkeys(wholes[:1] + wholes[-1:] * (measure in of_all)):
            rest = Slot(measure, group, whole)
            slots.append(rest)
            parts.append((Slot(whole, group), Slot(measure, group), rest))
    index = {slot: i for i, slot in enumerate(slots)}
    return Layout(
        slots=tuple(slots),
        triples=tuple((index[a], index[b], index[c]) for a, b, c in parts),
        rests=frozenset(group for pair in named if pair not in present for group in pair[1:]),
        nesting=nesting,
        populations=populations,
    )


def _present(counts: pd.DataFrame, nesting: Mapping[str, str | None]) -> set[Named]:
    """List the measures and groups of which there is a count."""
    has_value = counts["status"].isin([Status.PUBLISHED, Status.WITHHELD])
    pairs = counts.loc[has_value, ["measure", "group"]].drop_duplicates().astype(str)
    present = set(pairs.itertuples(index=False, name=None))
    for measure, _ in sorted(present):
        if measure not in nesting:
            raise ProtectionError(
                f"Merkmal „{measure}“: Angabe fehlt, worin es enthalten ist. "
                "Schachtelung in indicators.toml ergänzen."
            )
    return present


def _wholes_of(
    named: Named, nesting: Mapping[str, str | None], present: set[Named]
) -> list[str]:
    """List the larger measures that exist in this group, the nearest first."""
    measure, group = named
    seen = [measure]
    whole = nesting.get(measure)
    while whole is not None and whole not in seen:
        seen.append(whole)
        whole = nesting.get(whole)
    return [one for one in seen[1:] if (one, group) in present]
