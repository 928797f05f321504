"""Prove sensitive cells: find for each a world with a large enough count, or say there is none.

All cells at once with moves of one kind first, then person by person; what is left over is
asked of ``exact``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from atlas.confidential.protect.exact import find_world
from atlas.confidential.protect.flow import flow, world
from atlas.confidential.protect.system import Flags, System
from atlas.confidential.protect.worlds import (
    NO_COST,
    Delta,
    Pattern,
    Target,
    World,
    free_raises,
    raising_prices,
    reach,
    steps_of,
)

MOST_PROGRAMMES = 40
"""Programmes over the whole of a system with many measures, at a time."""


def prove_together(
    system: System, pattern: Pattern, targets: Sequence[Target], frozen: Flags
) -> dict[Target, Delta]:
    """Find worlds of one kind of move, undone by one place or shared among several."""
    proofs: dict[Target, Delta] = {}
    targets = [target for target in targets if system.in_chain(target.row)]
    if not targets:
        return proofs
    flows = flow(system, pattern, max(target.amount for target in targets), frozen)
    for batch in _batches(system, targets):
        rows = np.array([target.row for target in batch], dtype=np.int64)
        task = (batch[0].amount, frozen)
        depth = int(system.level[rows[0]])
        local = rows - system.layers[depth].start
        free = free_raises(system, pattern, task, (rows, batch[0].slot))
        free &= flows.below[depth][local] >= batch[0].amount
        free &= flows.outside[depth][local] >= batch[0].amount
        for target, moves in zip(batch, free, strict=True):
            if moves.any():
                start = (target.row, int(moves.argmax()))
                proofs[target] = world(system, flows, start, target.amount)
    return proofs


def _batches(system: System, targets: Iterable[Target]) -> list[list[Target]]:
    """Gather targets of the same slot, layer and amount."""
    batches: dict[tuple[int, int, int], list[Target]] = {}
    for target in targets:
        kind = (target.slot, int(system.level[target.row]), target.amount)
        batches.setdefault(kind, []).append(target)
    return list(batches.values())


def delta_of(system: System, steps: World) -> Delta:
    """Return the change of every existing cell in a world."""
    delta: dict[tuple[int, int], int] = {}
    for step in steps:
        change = system.layers[int(system.level[step.row])].moves[step.move]
        for slot in np.flatnonzero(change * system.exists[step.row]):
            at = (step.row, int(slot))
            delta[at] = delta.get(at, 0) + int(change[slot]) * step.amount
    return {at: amount for at, amount in delta.items() if amount}


def prove_quickly(
    system: System, pattern: Pattern, targets: Sequence[Target], frozen: Flags
) -> dict[Target, Delta]:
    """Find worlds without integer programmes."""
    proofs = prove_together(system, pattern, targets, frozen)
    rest = [target for target in targets if target not in proofs]
    for target in _with_a_first_person(system, pattern, rest, frozen):
        delta = prove_by_persons(system, pattern, target, frozen)
        proofs.update({target: delta} if delta else {})
    return proofs


def _with_a_first_person(
    system: System, pattern: Pattern, targets: Sequence[Target], frozen: Flags
) -> Iterator[Target]:
    """Keep the targets to whose place one person could come unseen; siblings at once."""
    groups: dict[tuple[int, int], list[Target]] = {}
    for target in targets:
        if system.level[target.row] == max(1, system.depth):
            groups.setdefault((int(system.parent[target.row]), target.slot), []).append(target)
    for (parent, slot), members in groups.items():
        rows, part = system.through(slot).family(parent)
        kept = pattern.family(rows)
        state = reach(part, kept, 1, frozen[rows])
        own = np.array([np.flatnonzero(rows == target.row)[-1] for target in members])
        prices = raising_prices(part, kept, state, (own, slot))
        cheapest = prices.min(axis=1, initial=np.inf)
        yield from (members[i] for i in np.flatnonzero(cheapest < NO_COST))


def prove_by_persons(
    system: System, pattern: Pattern, target: Target, frozen: Flags
) -> Delta | None:
    """Find a world person by person among siblings, each by another move if need be."""
    if system.level[target.row] != max(1, system.depth):
        return None
    parent = int(system.parent[target.row])
    rows, part = system.through(target.slot).family(parent)
    kept = pattern.family(rows)
    own = int(np.flatnonzero(rows == target.row)[-1])
    after = part.value
    for _ in range(target.amount):
        moved = replace(part, value=after)
        state = reach(moved, kept, 1, frozen[rows])
        prices = raising_prices(moved, kept, state, (np.array([own]), target.slot))[0]
        if not len(prices) or prices.min() >= NO_COST:
            return None
        after = after.copy()
        for (row, slot), more in delta_of(
            moved, steps_of(moved, state, own, int(prices.argmin()))
        ).items():
            after[row, slot] += more
    change = (after - part.value) * part.exists
    return {
        (int(rows[i]), int(slot)): int(change[i, slot])
        for i, slot in zip(*np.nonzero(change), strict=True)
    }


def prove_near(
    system: System, pattern: Pattern, targets: Sequence[Target], frozen: Flags
) -> dict[Target, Delta]:
    """Find worlds without programmes, then with small ones: siblings and near slots alone.

    What is left is asked of the whole system, as far as its programmes go.
    """
    proofs = prove_quickly(system, pattern, targets, frozen)
    proofs.update(_among_siblings(system, pattern, targets, (frozen, proofs)))
    rest = [target for target in targets if target not in proofs]
    return proofs | find_world(system, pattern, rest[:MOST_PROGRAMMES], frozen)


def _among_siblings(
    system: System,
    pattern: Pattern,
    targets: Sequence[Target],
    known: tuple[Flags, Mapping[Target, Delta]],
) -> dict[Target, Delta]:
    """Ask small programmes: the siblings of each target, and the slots near to its own."""
    frozen, proofs = known
    found: dict[Target, Delta] = {}
    groups: dict[tuple[int, int], list[Target]] = {}
    for target in targets:
        parent = int(system.parent[target.row])
        if target not in proofs and parent >= 0 and not len(system.children[target.row]):
            groups.setdefault((parent, target.slot), []).append(target)
    for (parent, slot), members in groups.items():
        rows, part = system.through(slot).family(parent)
        row_of = {int(row): i for i, row in enumerate(rows)}
        inside = {replace(target, row=row_of[target.row]): target for target in members}
        far = frozen[rows] | ~system.frame.kin[slot]
        worlds = find_world(part, pattern.family(rows), list(inside), far)
        for own, delta in worlds.items():
            found[inside[own]] = {
                (int(rows[row]), column): more for (row, column), more in delta.items()
            }
    return found


def prove(
    system: System, pattern: Pattern, targets: Sequence[Target], frozen: Flags
) -> dict[Target, Delta]:
    """Find a world for every target that has one; targets without are left out."""
    proofs = prove_quickly(system, pattern, targets, frozen)
    rest = [target for target in targets if target not in proofs]
    proofs.update(find_world(system, pattern, rest, frozen))
    return proofs
