"""Prove sensitive cells: find for each a world with a large enough count, or say there is none.

One partner per world first (all cells at once); what is left over is asked of ``exact``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from atlas.confidential.protect.exact import find_world
from atlas.confidential.protect.system import Flags, System
from atlas.confidential.protect.worlds import (
    NO_COST,
    Delta,
    Pattern,
    Reach,
    Target,
    raising_prices,
    reach,
    steps_of,
)


def prove_simply(
    system: System, pattern: Pattern, targets: Sequence[Target], frozen: Flags
) -> dict[Target, Delta]:
    """Find worlds that need one partner only."""
    proofs: dict[Target, Delta] = {}
    for amount in sorted({target.amount for target in targets}):
        chosen = [target for target in targets if target.amount == amount]
        state = reach(system, pattern, amount, frozen)
        for batch in _batches(system, chosen):
            proofs.update(_prove_batch(system, pattern, state, batch))
    return proofs


def _batches(system: System, targets: Iterable[Target]) -> list[list[Target]]:
    """Gather targets of the same slot and layer."""
    batches: dict[tuple[int, int], list[Target]] = {}
    for target in targets:
        batches.setdefault((target.slot, int(system.level[target.row])), []).append(target)
    return list(batches.values())


def _prove_batch(
    system: System, pattern: Pattern, state: Reach, batch: list[Target]
) -> dict[Target, Delta]:
    """Prove targets of one slot and layer where a free move exists."""
    rows = np.array([target.row for target in batch], dtype=np.int64)
    prices = raising_prices(system, pattern, state, (rows, batch[0].slot))
    moves = prices.argmin(axis=1)
    free = prices[np.arange(len(rows)), moves] < NO_COST
    return {
        target: delta_of(system, state, target.row, int(move))
        for target, move, is_free in zip(batch, moves, free, strict=True)
        if is_free
    }


def delta_of(system: System, state: Reach, row: int, move: int) -> Delta:
    """Return the change of every existing cell in the world of a move."""
    delta: dict[tuple[int, int], int] = {}
    for step in steps_of(system, state, row, move):
        change = system.layers[int(system.level[step.row])].moves[step.move]
        for slot in np.flatnonzero(change * system.exists[step.row]):
            at = (step.row, int(slot))
            delta[at] = delta.get(at, 0) + int(change[slot]) * step.amount
    return {at: amount for at, amount in delta.items() if amount}


def prove_by_persons(
    system: System, pattern: Pattern, target: Target, frozen: Flags
) -> Delta | None:
    """Find a world person by person among siblings, each from another partner if need be."""
    if system.level[target.row] < max(1, len(system.layers) - 1):
        return None
    parent = int(system.parent[target.row])
    rows = np.concatenate([[parent], system.children[parent]])
    part, kept = system.take(rows), pattern.take(rows)
    own = int(np.flatnonzero(rows == target.row)[-1])
    world = part.value.copy()
    for _ in range(target.amount):
        moved = replace(part, value=world)
        state = reach(moved, kept, 1, frozen[rows])
        prices = raising_prices(moved, kept, state, (np.array([own]), target.slot))[0]
        if not len(prices) or prices.min() >= NO_COST:
            return None
        world = world.copy()
        for (row, slot), more in delta_of(moved, state, own, int(prices.argmin())).items():
            world[row, slot] += more
    at, slots = np.nonzero((world - part.value) * system.exists[rows])
    change = world - part.value
    return {
        (int(rows[i]), int(slot)): int(change[i, slot])
        for i, slot in zip(at, slots, strict=True)
    }


def prove_for_insiders(
    system: System, pattern: Pattern, targets: Sequence[Target], frozen: Flags
) -> dict[Target, Delta]:
    """Find worlds that leave the frozen cells as they are, without integer programmes."""
    proofs = prove_simply(system, pattern, targets, frozen)
    for target in targets:
        if target not in proofs:
            delta = prove_by_persons(system, pattern, target, frozen)
            proofs.update({target: delta} if delta else {})
    return proofs


def prove(
    system: System, pattern: Pattern, targets: Sequence[Target], frozen: Flags
) -> dict[Target, Delta]:
    """Find a world for every target that has one; targets without are left out."""
    proofs = prove_for_insiders(system, pattern, targets, frozen)
    rest = [target for target in targets if target not in proofs]
    proofs.update(find_world(system, pattern, rest, frozen))
    return proofs
