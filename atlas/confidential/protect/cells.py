"""Suppression by cell: tree step, attack, repairs where needed, pruning.

Knows systems and patterns; nothing of files, measures or kinds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from atlas.confidential.protect.exact import find_world
from atlas.confidential.protect.prove import prove, prove_quickly
from atlas.confidential.protect.prune import prune, secondaries
from atlas.confidential.protect.repair import repair, repair_groups
from atlas.confidential.protect.system import System
from atlas.confidential.protect.tree import smallest_secondaries
from atlas.confidential.protect.worlds import (
    NO_COST,
    Delta,
    Pattern,
    Target,
    frozen_cells,
    initial_pattern,
    own_prices,
    targets_of,
)

Proofs = dict[Target, Delta]


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
        rows = smallest_secondaries(system, slot, system.weight[:, slot])
        pattern = pattern.hide(np.array(rows, dtype=np.int64), np.full(len(rows), slot))
    fewest = pattern
    pattern, proofs, unsafe = repair_all(system, pattern, targets_of(system))
    if (pattern.hidden != fewest.hidden).any():
        everywhere = np.arange(len(system.parent))
        candidates = secondaries(system, pattern, everywhere)
        pattern, proofs = prune(system, pattern, proofs, candidates)
    return Solution(pattern, proofs, unsafe)


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
    return bool((own_prices(system, pattern, (1, nobody), place) < NO_COST).any())
