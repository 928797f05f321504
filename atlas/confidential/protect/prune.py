"""Print secondary cells again while every certificate renews.

Knows a pattern with proofs and its system; hides nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from atlas.confidential.protect.bounds import surely_below
from atlas.confidential.protect.exact import find_world
from atlas.confidential.protect.prove import prove_quickly
from atlas.confidential.protect.system import Flags, Ints, System
from atlas.confidential.protect.worlds import Delta, Pattern, Target, frozen_cells

Proofs = dict[Target, Delta]
Cell = tuple[int, int]


def prune(
    system: System, pattern: Pattern, proofs: Proofs, candidates: Sequence[Cell]
) -> tuple[Pattern, Proofs]:
    """Try each candidate in turn; keep it hidden where a sensitive cell needs it.

    Parameters
    ----------
    candidates
        Row and slot of hidden cells that are not sensitive; tried from the costliest on.
    """
    proofs = dict(proofs)
    used: dict[Cell, set[Target]] = {cell: set() for cell in candidates}
    _note(used, proofs)
    order = sorted(candidates, key=lambda cell: (-system.weight[cell], cell))
    for cell in order:
        trial = _without(pattern, cell)
        users = [t for t in used[cell] if cell in proofs[t]]
        renewed = _renew(system, trial, sorted(users, key=lambda t: (t.row, t.slot)))
        if renewed is None:
            continue
        pattern = trial
        proofs.update(renewed)
        _note(used, renewed)
    return pattern, proofs


def _note(used: dict[Cell, set[Target]], proofs: Proofs) -> None:
    """Remember which candidates a proof changes."""
    for target, delta in proofs.items():
        for cell in delta:
            if cell in used:
                used[cell].add(target)


def _without(pattern: Pattern, cell: Cell) -> Pattern:
    """Print one cell again."""
    hidden = pattern.hidden.copy()
    hidden[cell] = False
    return replace(pattern, hidden=hidden)


def _renew(system: System, pattern: Pattern, targets: Sequence[Target]) -> Proofs | None:
    """Prove all targets under a pattern, or return None at the first that has no world."""
    proofs: Proofs = {}
    for parent in sorted({int(system.parent[target.row]) for target in targets}):
        members = [target for target in targets if system.parent[target.row] == parent]
        renewed = _renew_group(system, pattern, parent, members)
        if renewed is None:
            return None
        proofs.update(renewed)
    return proofs


def _renew_group(
    system: System, pattern: Pattern, parent: int, targets: Sequence[Target]
) -> Proofs | None:
    """Prove siblings among themselves if possible, else in the whole system."""
    nobody = frozen_cells(system, insider=False)
    proofs: Proofs = {}
    closed = parent >= 0 and not len(system.children[targets[0].row])
    if closed:
        rows = np.concatenate([[parent], system.children[parent]])
        part, kept = system.take(rows), pattern.take(rows)
        alone = not pattern.hidden[parent].any()
        for target in targets:
            own = replace(target, row=int(np.flatnonzero(rows == target.row)[-1]))
            delta = _renew_inside(part, kept, own, (alone, nobody[rows]))
            if delta is not None:
                proofs[target] = {
                    (int(rows[row]), slot): more for (row, slot), more in delta.items()
                }
            elif alone:
                return None
    rest = [target for target in targets if target not in proofs]
    proofs.update(prove_quickly(system, pattern, rest, nobody))
    for target in rest:
        if target not in proofs:
            found = find_world(system, pattern, [target], nobody)
            if not found:
                return None
            proofs.update(found)
    return proofs


def _renew_inside(
    part: System, kept: Pattern, target: Target, context: tuple[bool, Flags]
) -> Delta | None:
    """Prove one target among its siblings."""
    alone, nobody = context
    if alone and surely_below(part, kept, target):
        return None
    found = prove_quickly(part, kept, [target], nobody)
    if not found and alone:
        found = find_world(part, kept, [target], nobody)
    return found.get(target)


def secondaries(system: System, pattern: Pattern, rows: Ints) -> list[Cell]:
    """List hidden cells of the given places that are not sensitive themselves."""
    extra = pattern.hidden & system.is_open & (system.need == 0) & system.can_hide
    chosen = np.zeros(len(system.parent), dtype=bool)
    chosen[rows] = True
    return [
        (int(row), int(slot))
        for row, slot in zip(*np.nonzero(extra & chosen[:, None]), strict=True)
    ]
