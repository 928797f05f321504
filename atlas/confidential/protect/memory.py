"""What of earlier releases binds a system: known cells, sums, siblings told apart.

Knows matrices of places and slots; knows neither ledger nor areas.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from atlas.confidential.protect.system import Flags, Ints, System
from atlas.confidential.protect.told import Memory, Told

Sum = tuple[NDArray[np.int64], int]
"""Rows and slot of cells whose sum an earlier release tells."""


def recall(system: System, gone: Flags) -> System:
    """Bind a system by its memory.

    Parameters
    ----------
    gone
        Place × slot: the new release shows neither the place nor any of its children.
    """
    memory = system.frame.memory
    if memory is None:
        return system
    nothing = np.zeros_like(gone)
    told = _known(system, memory, nothing)
    known = _known(system, memory, gone) if gone.any() else told
    sums = (*_own_sums(system, memory, gone), *_other_sums(memory, known))
    frame = replace(system.frame, sums=sums, label=_labels(len(system.parent), sums))
    kept = ("layers", "children", "covers", "triples")
    frame.__dict__.update({name: getattr(system.frame, name) for name in kept})
    return replace(
        system,
        frame=frame,
        is_known=known,
        stays_hidden=system.stays_hidden & ~told,
        need=np.where(told & system.is_open, 0, memory.need),
        can_hide=memory.can_hide & ~known,
    )


def _known(system: System, memory: Memory, gone: Flags) -> Flags:
    """Mark what readers hold for true: printed before, in a family that was not corrected.

    A cell with children stays known while none of them can have changed.
    """
    parent = np.maximum(system.parent, 0)
    has_children = np.zeros_like(system.exists)
    below = system.parent >= 0
    np.logical_or.at(has_children, system.parent[below], system.exists[below])
    known = np.zeros_like(system.exists)
    for told in memory.told:
        open_to_doubt = _doubted(system, told, gone)
        known |= told.same & ~(open_to_doubt[parent] & (open_to_doubt | ~has_children))
    return known & system.is_open


def _doubted(system: System, told: Told, gone: Flags) -> Flags:
    """Mark the families that may have been corrected since a release."""
    doubted, gone = told.corrected.copy(), gone | told.gone
    for layer in system.layers[1:]:
        rows = np.arange(layer.start, layer.stop)
        doubted[rows] |= gone[rows] & doubted[system.parent[rows]]
    return doubted


def _own_sums(system: System, memory: Memory, gone: Flags) -> Iterator[Sum]:
    """List what a total says of the cells hidden beside it then, where today's counts keep it.

    Elsewhere the printed cells are known, and today's totals say the same.
    """
    for told in memory.told:
        doubted = _doubted(system, told, gone) & ~np.isnan(told.n) & ~told.outdated
        for parent in np.flatnonzero(doubted.any(axis=1)):
            kids = system.children[parent]
            slots = np.flatnonzero(doubted[parent])
            if not len(kids):
                continue
            then = told.n[np.ix_(kids, slots)]
            exists = system.exists[np.ix_(kids, slots)]
            hidden = np.isnan(then) & exists
            left = told.n[parent, slots] - np.nansum(then, axis=0)
            now = np.where(hidden, system.value[np.ix_(kids, slots)], 0).sum(axis=0)
            for i in np.flatnonzero(hidden.any(axis=0) & (left == now)):
                yield kids[hidden[:, i]], int(slots[i])


def _other_sums(memory: Memory, known: Flags) -> Iterator[Sum]:
    """List what totals of other editions say of cells that readers do not know."""
    for one in memory.sums:
        printed = one.printed[known[one.printed, one.slot]]
        yield np.sort(np.concatenate([one.hidden, printed])), one.slot


def _labels(places: int, sums: Sequence[Sum]) -> Ints:
    """Tell places apart that do not lie in the same sums."""
    areas = sorted({tuple(rows.tolist()) for rows, _ in sums})
    names: list[tuple[int, ...]] = [() for _ in range(places)]
    for number, rows in enumerate(areas):
        for row in rows:
            names[row] = (*names[row], number)
    order = {name: i for i, name in enumerate(sorted(set(names) | {()}))}
    return np.array([order[name] for name in names], dtype=np.int64)
