"""Print secondary cells again while every certificate renews.

Knows a pattern with proofs and its system; hides nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from atlas.confidential.protect.bounds import out_of_reach
from atlas.confidential.protect.exact import find_world
from atlas.confidential.protect.frame import Ints
from atlas.confidential.protect.prove import (
    in_city,
    own_rows,
    prove_by_persons,
    prove_quickly,
    prove_together,
    with_a_first_person,
)
from atlas.confidential.protect.system import System
from atlas.confidential.protect.worlds import Delta, Pattern, Target, frozen_cells

Proofs = dict[Target, Delta]
Cell = tuple[int, int]


WHOLE_SYSTEM = 10
"""A programme over the whole system counts for as many among siblings."""

_FAMILY_PLACES = 100
"""A programme among more siblings takes as much longer."""


class _Budget:
    """Integer programmes left."""

    def __init__(self, tries: int) -> None:
        self.tries = tries

    def take(self, wanted: int) -> bool:
        """Use up tries; False when there are none left."""
        self.tries -= wanted
        return self.tries >= 0


def prune(
    system: System, found: tuple[Pattern, Proofs], candidates: Sequence[Cell], tries: int
) -> tuple[Pattern, Proofs]:
    """Try each candidate in turn; keep it hidden where a sensitive cell needs it.

    Parameters
    ----------
    candidates
        Row and slot of hidden cells that are not sensitive; tried from the costliest on.
    tries
        Integer programmes allowed in all; afterwards only simple worlds count.
    """
    pattern, proofs = found[0], dict(found[1])
    used: dict[Cell, set[Target]] = {cell: set() for cell in candidates}
    _note(used, proofs)
    budget = _Budget(tries)
    order = sorted(candidates, key=lambda cell: (-system.weight[cell], cell))
    for cell in order:
        trial = _without(pattern, cell)
        users = [t for t in used[cell] if cell in proofs[t]]
        users.sort(key=lambda t: (t.row, t.slot))
        renewed = _renew(system, trial, users, budget)
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


def _renew(
    system: System, pattern: Pattern, targets: Sequence[Target], budget: _Budget
) -> Proofs | None:
    """Prove all targets under a pattern, or return None at the first that has no world."""
    proofs: Proofs = {}
    for parent in sorted({int(system.parent[target.row]) for target in targets}):
        members = [target for target in targets if system.parent[target.row] == parent]
        renewed = _renew_group(system, pattern, members, budget)
        if renewed is None:
            return None
        proofs.update(renewed)
    return proofs


def _renew_group(
    system: System, pattern: Pattern, targets: Sequence[Target], budget: _Budget
) -> Proofs | None:
    """Prove siblings among themselves if possible, else in the whole system."""
    parent = int(system.parent[targets[0].row])
    proofs: Proofs = {}
    if parent >= 0 and not len(system.children[targets[0].row]):
        for through, members in _by_frame(system, targets):
            found = _renew_family(through, pattern, members, budget)
            if found is None:
                return None
            proofs.update(found)
    rest = [target for target in targets if target not in proofs]
    if rest and budget.take(WHOLE_SYSTEM * len(rest)):
        nobody = frozen_cells(system, insider=False)
        proofs.update(prove_quickly(system, pattern, rest, nobody))
        rest = [target for target in rest if target not in proofs]
        proofs.update(find_world(system, pattern, rest, nobody))
    return None if any(target not in proofs for target in targets) else proofs


def _by_frame(
    system: System, targets: Sequence[Target]
) -> Iterator[tuple[System, list[Target]]]:
    """Gather targets that are proved with the same moves."""
    slots = list(dict.fromkeys(target.slot for target in targets))
    if system.through(slots[0]) is system:
        yield system, list(targets)
        return
    for slot in slots:
        yield system.through(slot), [target for target in targets if target.slot == slot]


def _renew_family(
    system: System, pattern: Pattern, targets: Sequence[Target], budget: _Budget
) -> Proofs | None:
    """Prove what can be proved among siblings; None where that settles it to be impossible."""
    parent = int(system.parent[targets[0].row])
    rows, part = system.family(parent)
    kept = pattern.family(rows)
    nobody = frozen_cells(part, insider=False)
    inside = own_rows(rows, targets)
    is_closed = not (pattern.hidden[parent].any() or system.frame.holders)
    if is_closed and out_of_reach(part, kept, list(inside), np.any).any():
        return None
    found = prove_together(part, kept, list(inside), nobody)
    left = [own for own in inside if own not in found]
    able = with_a_first_person(part, kept, left, nobody) if left else set()
    for own in left:
        delta = prove_by_persons(part, kept, own, nobody) if own in able else None
        if delta is None and is_closed:
            is_paid = budget.take(1 + len(rows) // _FAMILY_PLACES)
            exact = find_world(part, kept, [own], nobody) if is_paid else {}
            delta = exact.get(own)
            if delta is None:
                return None
        if delta is not None:
            found[own] = delta
    return {inside[own]: in_city(rows, delta) for own, delta in found.items()}


def secondaries(system: System, pattern: Pattern, rows: Ints) -> list[Cell]:
    """List hidden cells of the given places that are not sensitive themselves."""
    extra = pattern.hidden & system.is_open & (system.need == 0) & system.can_hide
    extra &= ~system.stays_hidden
    chosen = np.zeros(len(system.parent), dtype=bool)
    chosen[rows] = True
    return [
        (int(row), int(slot))
        for row, slot in zip(*np.nonzero(extra & chosen[:, None]), strict=True)
    ]
