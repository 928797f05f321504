"""Prove sensitive cells: find for each a world with a large enough count, or say there is none.

All cells at once with moves of one kind first, then person by person; what is left over is
asked of ``exact``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from atlas.confidential.protect.bounds import out_of_reach
from atlas.confidential.protect.exact import find_world
from atlas.confidential.protect.flow import flow, world
from atlas.confidential.protect.frame import Flags, Ints
from atlas.confidential.protect.system import System
from atlas.confidential.protect.worlds import (
    Delta,
    Pattern,
    Target,
    World,
    free_moves,
    free_raises,
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
    groups: dict[int, list[Target]] = {}
    for target in rest:
        if system.level[target.row] == max(1, system.depth):
            groups.setdefault(int(system.parent[target.row]), []).append(target)
    for parent, members in groups.items():
        rows, part = system.family(parent)
        inside = own_rows(rows, members)
        able = with_a_first_person(part, pattern.family(rows), list(inside), frozen[rows])
        for own in (one for one in inside if one in able):
            delta = prove_by_persons(part, pattern.family(rows), own, frozen[rows])
            proofs.update({inside[own]: in_city(rows, delta)} if delta else {})
    return proofs


def own_rows(rows: Ints, targets: Sequence[Target]) -> dict[Target, Target]:
    """Name targets by the rows of their family, and keep by which they are known."""
    row_of = {int(row): i for i, row in enumerate(rows)}
    return {replace(target, row=row_of[target.row]): target for target in targets}


def in_city(rows: Ints, delta: Delta) -> Delta:
    """Name the cells of a family's world as the city does."""
    return {(int(rows[row]), slot): more for (row, slot), more in delta.items()}


def with_a_first_person(
    family: System, pattern: Pattern, targets: Sequence[Target], frozen: Flags
) -> set[Target]:
    """Keep the targets among siblings to whose place one person could come unseen."""
    able: set[Target] = set()
    flows = flow(family, pattern, 1, frozen)
    by_slot: dict[int, list[Target]] = {}
    for target in targets:
        by_slot.setdefault(target.slot, []).append(target)
    for slot, members in by_slot.items():
        rows = np.array([target.row for target in members])
        free = free_raises(family, pattern, (1, frozen), (rows, slot))
        free &= flows.outside[1][rows - family.layers[1].start] > 0
        able.update(members[i] for i in np.flatnonzero(free.any(axis=1)))
    return able


def prove_by_persons(
    family: System, pattern: Pattern, target: Target, frozen: Flags
) -> Delta | None:
    """Find a world person by person among siblings, each by another move if need be."""
    layer, label = family.layers[1], family.frame.label
    raising = np.flatnonzero(layer.moves[:, target.slot] > 0)
    undoing = layer.opposite[raising]
    mates = np.flatnonzero((label == label[target.row]) & (family.level == 1))
    mates = mates[mates != target.row]
    if not len(mates):
        return None
    after = family.value.copy()
    for _ in range(target.amount):
        moved = replace(family, value=after)
        task = (1, frozen)
        own = free_raises(moved, pattern, task, (np.array([target.row]), target.slot))[0]
        given = free_moves(moved, pattern, task, mates)[:, undoing[own[raising]]]
        ways = np.flatnonzero(given.any(axis=0))
        if not len(ways):
            return None
        way = int(np.flatnonzero(own)[ways[0]])
        mate = int(mates[given[:, ways[0]].argmax()])
        change = layer.moves[way].astype(np.int64)
        after[target.row] += change
        after[mate] -= change
    change = (after - family.value) * family.exists
    return {
        (int(row), int(slot)): int(change[row, slot])
        for row, slot in zip(*np.nonzero(change), strict=True)
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
        inside = own_rows(rows, members)
        kept, far = pattern.family(rows), frozen[rows] | ~system.frame.kin[slot]
        is_out = out_of_reach(part, kept, list(inside))
        left = [own for own, out in zip(inside, is_out.tolist(), strict=True) if not out]
        worlds = find_world(part, kept, left, far)
        found |= {inside[own]: in_city(rows, delta) for own, delta in worlds.items()}
    return found


def prove(
    system: System, pattern: Pattern, targets: Sequence[Target], frozen: Flags
) -> dict[Target, Delta]:
    """Find a world for every target that has one; targets without are left out."""
    proofs = prove_quickly(system, pattern, targets, frozen)
    rest = [target for target in targets if target not in proofs]
    proofs.update(find_world(system, pattern, rest, frozen))
    return proofs
