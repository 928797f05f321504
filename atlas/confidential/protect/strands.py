"""Measures that share only what holds them, protected one after another: strands of one system.

A strand is a measure with all that hold it. A world of a strand changes none of the counts of
other measures: what moves in a whole moves in their remainders as well, as far as these reach
(``System.least``). So it is a world of the whole system, and a pattern that hides more beside
it leaves it one. The work grows with the measures, not with their combinations.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from atlas.confidential.protect.frame import Flags, Frame, Ints, Strand
from atlas.confidential.protect.near import labels_of
from atlas.confidential.protect.system import System
from atlas.confidential.protect.tables import Outcome
from atlas.confidential.protect.told import Memory, OtherSum, Told
from atlas.confidential.protect.worlds import Delta, Pattern, Target, initial_pattern

Cells = TypeVar("Cells", bound=np.generic)


def one_after_another(system: System, solve: Callable[[System], Outcome]) -> Outcome:
    """Find a safe pattern strand by strand, each beside what the strands before it hide."""
    if not system.frame.strands:
        return solve(system)
    pattern, tables = initial_pattern(system), system.frame.withheld
    outcome = Outcome(pattern, {}, tables, (), known_to_insiders=0)
    for strand in system.frame.strands:
        known = replace(system, frame=replace(system.frame, withheld=outcome.tables))
        own = solve(_cut(known, outcome.pattern, strand))
        outcome = _joined(system, outcome, strand, own)
    return outcome


def _joined(system: System, outcome: Outcome, strand: Strand, own: Outcome) -> Outcome:
    """Add what a strand hides and how that is proved."""
    hidden, lower = outcome.pattern.hidden.copy(), outcome.pattern.lower.copy()
    hidden[:, strand.columns] |= own.pattern.hidden
    lower[:, strand.columns] = np.minimum(lower[:, strand.columns], own.pattern.lower)
    tables = {(row, int(strand.columns[slot])) for row, slot in own.tables}
    return Outcome(
        pattern=Pattern(hidden, lower),
        proofs=outcome.proofs | dict(_named(system, strand, own.proofs.items())),
        tables=outcome.tables | tables,
        further=(*outcome.further, *_named(system, strand, own.further)),
        known_to_insiders=outcome.known_to_insiders + own.known_to_insiders,
        known_to_operators=outcome.known_to_operators + own.known_to_operators,
        steps=dict(Counter(outcome.steps) + Counter(own.steps)),
    )


def _named(
    system: System, strand: Strand, proofs: Iterable[tuple[Target, Delta]]
) -> Iterator[tuple[Target, Delta]]:
    """Name a strand's proofs as the whole system does; what printable cells tell is enough."""
    column, is_open = strand.columns.tolist(), system.is_open[:, strand.columns]
    for target, delta in proofs:
        world = {
            (row, column[slot]): n for (row, slot), n in delta.items() if is_open[row, slot]
        }
        yield replace(target, slot=column[target.slot]), world


def _cut(system: System, pattern: Pattern, strand: Strand) -> System:
    """Take a strand out of the system, beside a pattern that stays."""
    columns = strand.columns
    at_stake = pattern.hidden[:, columns] & ~strand.is_own
    return System(
        frame=_frame(system.frame, strand),
        value=system.value[:, columns],
        exists=system.exists[:, columns],
        is_open=system.is_open[:, columns],
        need=system.need[:, columns],
        lower=system.lower[:, columns],
        upper=system.upper[:, columns],
        can_hide=system.can_hide[:, columns],
        weight=system.weight[:, columns],
        is_known=system.is_known[:, columns],
        stays_hidden=system.stays_hidden[:, columns] | at_stake,
        least=_least(system, columns),
        is_watched=_watched(system, columns),
    )


def _left_out(frame: Frame, columns: Ints) -> list[tuple[int, int]]:
    """Pair the wholes in a strand with the remainders outside of it."""
    inside = np.zeros(len(frame.slots), dtype=bool)
    inside[columns] = True
    position = np.cumsum(inside) - 1
    return [
        (int(position[whole]), int(rest))
        for whole, part, rest in frame.triples
        if inside[whole] and not inside[part]
    ]


def _least(system: System, columns: Ints) -> Ints:
    """Say how far wholes may fall before a remainder outside falls below its bound."""
    least = np.zeros((len(system.parent), len(columns)), dtype=np.int64)
    for whole, rest in _left_out(system.frame, columns):
        room = system.value[:, rest] - system.lower[:, rest]
        floor = np.where(system.exists[:, rest], system.value[:, columns[whole]] - room, 0)
        least[:, whole] = np.maximum(least[:, whole], floor)
    return least


def _watched(system: System, columns: Ints) -> Flags:
    """Mark wholes whose change changes a remainder outside that one person alone knows."""
    watched = np.zeros((len(system.parent), len(columns)), dtype=bool)
    for whole, rest in _left_out(system.frame, columns):
        is_sole = (system.need[:, rest] > 0) & (system.value[:, rest] == 1)
        watched[:, whole] |= system.exists[:, rest] & is_sole
    return watched


def _frame(frame: Frame, strand: Strand) -> Frame:
    """Keep the columns of a strand."""
    columns = strand.columns
    position = {int(column): i for i, column in enumerate(columns)}
    inside = np.isin(np.arange(len(frame.slots)), columns)
    relations = frame.relations[~(frame.relations[:, ~inside] != 0).any(axis=1)]
    sums = tuple((rows, position[slot]) for rows, slot in frame.sums if slot in position)
    own = replace(
        frame,
        slots=tuple(frame.slots[column] for column in columns),
        relations=relations[:, columns],
        persons=strand.persons,
        seen=frame.seen[:, columns],
        kin=frame.kin[np.ix_(columns, columns)],
        label=labels_of(frame.holders, sums, len(frame.parent)),
        sums=sums,
        withheld=frozenset(
            (row, position[slot]) for row, slot in frame.withheld if slot in position
        ),
        memory=frame.memory and _memory(frame.memory, columns, position),
        strands=(),
        is_own=strand.is_own,
    )
    own.__dict__.update(children=frame.children, members=frame.members)
    return own


def _memory(memory: Memory, columns: Ints, position: dict[int, int]) -> Memory:
    """Remember the columns of a strand alone."""

    def cut(cells: NDArray[Cells]) -> NDArray[Cells]:
        return cells[:, columns]

    return Memory(
        told=tuple(
            Told(cut(t.n), cut(t.same), cut(t.corrected), cut(t.gone), cut(t.outdated))
            for t in memory.told
        ),
        sums=tuple(
            OtherSum(one.hidden, one.printed, position[one.slot])
            for one in memory.sums
            if one.slot in position
        ),
        can_hide=cut(memory.can_hide),
        need=cut(memory.need),
    )
