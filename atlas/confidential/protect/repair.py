"""Find the cheapest cells to hide so that one sensitive cell gains a world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from atlas.confidential.protect.frame import Flags
from atlas.confidential.protect.prove import delta_of
from atlas.confidential.protect.system import System
from atlas.confidential.protect.worlds import (
    NO_COST,
    Delta,
    Pattern,
    Reach,
    Target,
    printed,
    raising_prices,
    reach,
    steps_of,
)


def repair(
    system: System, pattern: Pattern, target: Target, frozen: Flags
) -> tuple[Pattern, Delta] | None:
    """Hide the fewest cells that leave the target a world with one partner; None if none do."""
    system = system.through(target.slot)
    return _cheapest(
        system, pattern, target, (reach(system, pattern, target.amount, frozen), np.inf)
    )


def _cheapest(
    system: System, pattern: Pattern, target: Target, priced: tuple[Reach, float]
) -> tuple[Pattern, Delta] | None:
    """Hide what the cheapest world of the target changes, if it costs less than a limit."""
    state, limit = priced
    prices = raising_prices(system, pattern, state, (np.array([target.row]), target.slot))[0]
    if not prices.min(initial=np.inf) < limit:
        return None
    delta = delta_of(system, steps_of(system, state, target.row, int(prices.argmin())))
    seen = printed(system, pattern)
    changed = [at for at in delta if seen[at]]
    rows = np.array([row for row, _ in changed], dtype=np.int64)
    slots = np.array([slot for _, slot in changed], dtype=np.int64)
    return pattern.hide(rows, slots), delta


def repair_groups(
    system: System, pattern: Pattern, targets: Sequence[Target], frozen: Flags
) -> tuple[Pattern, dict[Target, Delta]]:
    """Repair targets among their siblings, group by group; leave out those that need more."""
    groups: dict[int, list[Target]] = {}
    for target in targets:
        parent = int(system.parent[target.row])
        if parent >= 0 and not len(system.children[target.row]):
            groups.setdefault(parent, []).append(target)
    hidden = pattern.hidden.copy()
    proofs: dict[Target, Delta] = {}
    for parent, members in sorted(groups.items()):
        rows = system.frame.families[parent][0]
        family = _Family(
            {
                slot: system.through(slot).family(parent)[1]
                for slot in {t.slot for t in members}
            },
            Pattern(hidden, pattern.lower).family(rows),
            frozen[rows],
        )
        row_of = {int(row): i for i, row in enumerate(rows)}
        for target in members:
            delta = family.repaired(replace(target, row=row_of[target.row]))
            if delta is not None:
                proofs[target] = {
                    (int(rows[row]), slot): change for (row, slot), change in delta.items()
                }
        hidden[rows[1:]] |= family.pattern.hidden[1:]
    return replace(pattern, hidden=hidden), proofs


@dataclass
class _Family:
    """Siblings whose targets are repaired in turn, with the prices last asked for.

    What was free stays free when more is hidden: only where it was not are prices asked anew.
    """

    systems: Mapping[int, System]
    pattern: Pattern
    frozen: Flags
    reaches: dict[tuple[int, int], Reach] = field(default_factory=dict)

    def repaired(self, target: Target) -> Delta | None:
        """Hide what a target needs; return its world, None if there is none among siblings."""
        system, key = self.systems[target.slot], (target.slot, target.amount)
        found = None
        if key in self.reaches:
            known = self.reaches[key], NO_COST
            found = _cheapest(system, self.pattern, target, known)
        if found is None:
            self.reaches[key] = reach(system, self.pattern, target.amount, self.frozen)
            found = _cheapest(system, self.pattern, target, (self.reaches[key], np.inf))
        found = found or _repair_by_persons(system, self.pattern, target, self.frozen)
        if found is None:
            return None
        self.pattern, delta = found
        return delta


def _repair_by_persons(
    system: System, pattern: Pattern, target: Target, frozen: Flags
) -> tuple[Pattern, Delta] | None:
    """Hide what the target needs person by person, each from another partner if need be."""
    after = system.value
    for _ in range(target.amount):
        moved = replace(system, value=after)
        repaired = repair(moved, pattern, replace(target, amount=1), frozen)
        if repaired is None:
            return None
        pattern, delta = repaired
        after = after.copy()
        for (row, slot), more in delta.items():
            after[row, slot] += more
    change = (after - system.value) * system.exists
    return pattern, {
        (int(row), int(slot)): int(change[row, slot])
        for row, slot in zip(*np.nonzero(change), strict=True)
    }
