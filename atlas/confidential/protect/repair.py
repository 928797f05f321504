"""Find the cheapest cells to hide so that one sensitive cell gains a world."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from atlas.confidential.protect.prove import delta_of
from atlas.confidential.protect.system import Flags, System
from atlas.confidential.protect.worlds import (
    Delta,
    Pattern,
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
    state = reach(system, pattern, target.amount, frozen)
    prices = raising_prices(system, pattern, state, (np.array([target.row]), target.slot))[0]
    if not len(prices) or not np.isfinite(prices.min()):
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
        kept = Pattern(hidden, pattern.lower).family(rows)
        row_of = {int(row): i for i, row in enumerate(rows)}
        for target in members:
            part = system.through(target.slot).family(parent)[1]
            inside = Target(row_of[target.row], target.slot, target.amount)
            repaired = repair(part, kept, inside, frozen[rows])
            repaired = repaired or _repair_by_persons(part, kept, inside, frozen[rows])
            if repaired is not None:
                kept = repaired[0]
                proofs[target] = {
                    (int(rows[row]), slot): change
                    for (row, slot), change in repaired[1].items()
                }
        hidden[rows[1:]] |= kept.hidden[1:]
    return replace(pattern, hidden=hidden), proofs


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
