"""Suppression by cell: tree step, attack, repairs where needed, pruning.

Knows systems and patterns; nothing of files, measures or kinds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from atlas.confidential.protect.exact import find_world
from atlas.confidential.protect.frame import Floats
from atlas.confidential.protect.insiders import against_insiders
from atlas.confidential.protect.overlays import protect_below
from atlas.confidential.protect.prove import prove, prove_quickly
from atlas.confidential.protect.prune import prune, secondaries
from atlas.confidential.protect.repair import repair, repair_groups
from atlas.confidential.protect.system import System
from atlas.confidential.protect.tables import (
    Outcome,
    protect_above,
    withhold_until_safe,
)
from atlas.confidential.protect.tree import smallest_secondaries, smallest_within
from atlas.confidential.protect.worlds import (
    Delta,
    Pattern,
    Target,
    free_here,
    free_raises,
    frozen_cells,
    initial_pattern,
    is_cut,
    targets_of,
)

Proofs = dict[Target, Delta]

STIFF = 1e-4
TRIES_INSTANCE = 6_000
TRIES_CITY = 40
"""Integer programmes that pruning may ask for; a city is protected at every date."""

TRIED_PLACES = 200_000
"""Small cities may ask for more: as many as this over their places."""


@dataclass(frozen=True)
class Solution:
    """A pattern, the worlds that prove it, and the cells that stay without one."""

    pattern: Pattern
    proofs: Proofs
    unsafe: tuple[Target, ...]


def solve(system: System) -> Solution:
    """Hide the fewest cells of a system in which any cell may be hidden."""
    pattern = initial_pattern(system)
    for slot in range(len(system.frame.slots)):
        rows = smallest_secondaries(system, slot, _weights(system, pattern, slot))
        pattern = pattern.hide(np.array(rows, dtype=np.int64), np.full(len(rows), slot))
    fewest = pattern
    pattern, proofs, unsafe = repair_all(system, pattern, targets_of(system))
    if (pattern.hidden != fewest.hidden).any():
        everywhere = np.arange(len(system.parent))
        candidates = secondaries(system, pattern, everywhere)
        pattern, proofs = prune(system, (pattern, proofs), candidates, TRIES_INSTANCE)
    return Solution(pattern, proofs, unsafe)


def _weights(system: System, pattern: Pattern, slot: int) -> Floats:
    """Prefer among equal losses the cells that can become smaller beside other slots."""
    system = system.through(slot)
    nobody = frozen_cells(system, insider=False)
    hidden = pattern.hidden.copy()
    hidden[:, slot] = True
    amount = max(int(system.need[:, slot].max()) - 1, 1)
    free = free_here(system, replace(pattern, hidden=hidden), amount, nobody)
    stiff = [
        ~gives[:, layer.moves[:, slot] < 0].any(axis=1)
        for layer, gives in zip(system.layers, free, strict=True)
    ]
    weights: Floats = system.weight[:, slot].copy()
    weights[: system.layers[-1].stop] += STIFF * np.concatenate(stiff)
    return weights


def repair_all(
    system: System, pattern: Pattern, targets: Sequence[Target]
) -> tuple[Pattern, Proofs, tuple[Target, ...]]:
    """Prove what can be proved and hide what the rest needs: among siblings, then anywhere."""
    nobody = frozen_cells(system, insider=False)
    proofs = prove_quickly(system, pattern, targets, nobody)
    movable = [t for t in left(targets, proofs) if _can_move(system, pattern, t)]
    proofs.update(find_world(system, pattern, movable, nobody))
    pattern, more = repair_groups(system, pattern, left(targets, proofs), nobody)
    proofs.update(more)
    for target in left(targets, proofs):
        repaired = repair(system, pattern, target, nobody)
        if repaired is not None:
            pattern, proofs[target] = repaired
    proofs.update(prove(system, pattern, left(targets, proofs), nobody))
    return pattern, proofs, tuple(left(targets, proofs))


def left(targets: Iterable[Target], proofs: Proofs) -> list[Target]:
    """Return the targets without a proof."""
    return [target for target in targets if target not in proofs]


def _can_move(system: System, pattern: Pattern, target: Target) -> bool:
    """Say whether somebody could come to the target's own place unseen."""
    nobody = frozen_cells(system, insider=False)
    place = (np.array([target.row]), target.slot)
    return bool(free_raises(system, pattern, (1, nobody), place).any())


def protect_cells(system: System, block_depth: int, insider: bool) -> Outcome:
    """Hide as few block cells as possible; withhold a block table where nothing else helps.

    What lies above the blocks is settled first, for its own sake alone; from then on only
    block cells may be hidden.
    """
    targets = targets_of(system)
    pattern, tables = protect_above(
        system,
        initial_pattern(system),
        [target for target in targets if system.level[target.row] != block_depth],
        (block_depth, set(system.frame.withheld)),
    )
    is_block = system.level == block_depth
    inner = replace(system, can_hide=system.can_hide & is_block[:, None])
    nobody = frozen_cells(inner, insider=False)
    if is_cut(system):
        proofs = prove_quickly(system, pattern, targets, nobody)
        rest = left(targets, proofs)
        pattern, more, tables = protect_below(system, pattern, rest, tables)
        inner = system
    else:
        pattern = _hide_within(inner, pattern)
        proofs = prove_quickly(inner, pattern, targets, nobody)
        if inner.frame.memory is not None and inner.stays_hidden.any():
            proofs.update(find_world(inner, pattern, left(targets, proofs), nobody))
        pattern, more = repair_groups(inner, pattern, left(targets, proofs), nobody)
    proofs.update(more)
    climbed = withhold_until_safe(inner, pattern, (targets, proofs), tables)
    inner, pattern = climbed.standing.system, climbed.standing.pattern
    may_return = is_block
    if system.frame.memory is None:  # else what readers doubt rests on hidden totals
        may_return = is_block | (system.level > system.depth)
    candidates = [
        (row, slot)
        for row, slot in secondaries(inner, pattern, np.flatnonzero(may_return))
        if (int(system.parent[row]), slot) not in climbed.standing.tables
        and pattern.lower[row, slot] == inner.lower[row, slot]
    ]
    tries = max(TRIES_CITY, TRIED_PLACES // len(system.parent))
    if not system.frame.persons.is_complete:
        tries = 0  # many measures make programmes long; simple worlds settle nearly all
    pattern, proofs = prune(inner, (pattern, climbed.proofs), candidates, tries)
    further, unmet = against_insiders(inner, pattern, proofs, insider)
    return Outcome(
        pattern,
        proofs,
        climbed.standing.tables,
        further,
        known_to_insiders=unmet,
        steps=climbed.steps,
        system=inner,
    )


def _hide_within(system: System, pattern: Pattern) -> Pattern:
    """Hide in each slot what the blocks of a Quartier need under their total."""
    parents = np.unique(system.parent[system.layers[-1].rows])
    for slot in system.own_slots:
        weights = _weights(system, pattern, slot)
        rows = smallest_within(system, slot, weights, parents)
        pattern = pattern.hide(np.array(rows, dtype=np.int64), np.full(len(rows), slot))
    return pattern
