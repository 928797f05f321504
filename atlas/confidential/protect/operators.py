"""Proofs against whoever knows one large hidden count: the operator of a shelter knows his own.

Every such cell is left as it is in turn; a target whose world changes it gets a further world,
or further hidden cells that give it one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from atlas.confidential.protect.block_tables import table_orders
from atlas.confidential.protect.exact import find_world
from atlas.confidential.protect.frame import Flags
from atlas.confidential.protect.ladder import Table, worlds_of_nothing
from atlas.confidential.protect.prove import prove_quickly
from atlas.confidential.protect.repair import repair_groups
from atlas.confidential.protect.system import UNBOUNDED, System
from atlas.confidential.protect.tables import Outcome, next_tables
from atlas.confidential.protect.worlds import Delta, Pattern, Target, withhold

Cell = tuple[int, int]


@dataclass
class _Search:
    """The pattern as it grows, with the worlds that prove each target to some reader.

    ``weak`` holds the cells that all worlds of a target change: who knows one learns something.
    """

    system: System
    pattern: Pattern
    tables: set[Table]
    orders: list[list[int]]
    weak: dict[Target, set[Cell]]
    further: list[tuple[Target, Delta]] = field(default_factory=list)
    unmet: set[Target] = field(default_factory=set)

    def meet(self, known: Sequence[Cell]) -> None:
        """Prove targets while some cells stay as they are; hide more where that is needed."""
        targets = [target for target, weak in self.weak.items() if not weak.isdisjoint(known)]
        if not targets:
            return
        frozen = np.zeros_like(self.pattern.hidden)
        frozen[tuple(np.transpose(known))] = True
        found = prove_quickly(self.system, self.pattern, targets, frozen)
        rest = _without(targets, found)
        self.pattern, more = repair_groups(self.system, self.pattern, rest, frozen)
        found |= more
        found |= find_world(self.system, self.pattern, _without(targets, found), frozen)
        told = self._told_before(_without(targets, found), frozen)
        rest = [target for target in _without(targets, found) if target not in told]
        for turn in range(len(self.orders) if rest else 0):
            self._withhold(rest, turn)
            found |= find_world(self.system, self.pattern, rest, frozen)
            rest = _without(rest, found)
        for target, delta in found.items():
            self.further.append((target, delta))
            self.weak[target].intersection_update(delta)
        self.unmet |= {*rest, *told}

    def _told_before(self, targets: Sequence[Target], frozen: Flags) -> set[Target]:
        """List targets of which earlier releases tell such a reader, whatever is hidden now."""
        system = self.system
        if not (system.is_known.any() or system.stays_hidden.any() or system.frame.sums):
            return set()
        return {*targets} - {*worlds_of_nothing(system, targets, frozen)}

    def _withhold(self, targets: Sequence[Target], turn: int) -> None:
        """Withhold the next block table around each target."""
        wanted = {
            table
            for target in targets
            for table in next_tables(self.system, target, self.orders[target.slot][turn:])
        }
        self.pattern = withhold(self.system, self.pattern, wanted - self.tables)
        self.tables |= wanted


def against_operators(system: System, outcome: Outcome, size: int, block_depth: int) -> Outcome:
    """Make a pattern hold against everybody who knows one hidden block count from ``size`` on.

    A cell that is hidden here needs nothing: the first proofs do not change it.
    """
    strict = replace(system, frame=replace(system.frame, is_excusing=False))
    weak = {target: {*delta} for target, delta in outcome.proofs.items()}
    search = _Search(strict, outcome.pattern, {*outcome.tables}, table_orders(strict), weak)
    for known in _turns(system, outcome.pattern, size, block_depth):
        search.meet(known)
    return replace(
        outcome,
        pattern=search.pattern,
        tables=frozenset(search.tables),
        further=(*outcome.further, *search.further),
        known_to_operators=len(search.unmet),
    )


def _turns(
    system: System, pattern: Pattern, size: int, block_depth: int
) -> Iterator[list[Cell]]:
    """Deal the large hidden cells out, at most one among siblings at a time."""
    is_large = pattern.hidden & system.is_open & system.exists & (system.value >= size)
    is_large &= (system.upper == UNBOUNDED) & (system.level == block_depth)[:, None]
    rows, slots = np.nonzero(is_large)
    dealt: dict[int, list[Cell]] = {}
    for row, slot in zip(rows.tolist(), slots.tolist(), strict=True):
        dealt.setdefault(int(system.parent[row]), []).append((row, slot))
    for turn in range(max(map(len, dealt.values()), default=0)):
        yield [cells[turn] for cells in dealt.values() if turn < len(cells)]


def _without(targets: Sequence[Target], found: Mapping[Target, Delta]) -> list[Target]:
    return [target for target in targets if target not in found]
