"""What of earlier releases binds a system: known cells, sums, siblings told apart.

Knows matrices of places and slots; knows neither ledger nor areas.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from atlas.confidential.protect.frame import Flags, Ints
from atlas.confidential.protect.near import labels_of
from atlas.confidential.protect.system import System
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
    holders = system.frame.holders
    frame = replace(system.frame, sums=sums, label=labels_of(holders, sums, len(system.parent)))
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

    A cell with parts stays known while none of them can have changed; one in several families
    while one of these was not corrected.
    """
    above = [np.maximum(system.parent, 0)]
    above += [np.where(one >= 0, one, above[0]) for one in system.frame.holders]
    has_parts = np.zeros_like(system.exists)
    for holder in (system.parent, *system.frame.holders):
        below = holder >= 0
        np.logical_or.at(has_parts, holder[below], system.exists[below])
    known = np.zeros_like(system.exists)
    for told in memory.told:
        open_to_doubt = _doubted(system, told, gone)
        for holder in above:
            known |= told.same & ~(open_to_doubt[holder] & (open_to_doubt | ~has_parts))
    return known & system.is_open


def _doubted(system: System, told: Told, gone: Flags) -> Flags:
    """Mark the families that may have been corrected since a release."""
    doubted, gone = told.corrected.copy(), gone | told.gone
    for layer in system.layers[1:]:
        rows = np.arange(layer.start, layer.stop)
        doubted[rows] |= gone[rows] & doubted[system.parent[rows]]
    rows = np.flatnonzero(system.level > system.depth)
    doubted[rows] |= gone[rows] & doubted[0]
    return doubted


def _own_sums(system: System, memory: Memory, gone: Flags) -> Iterator[Sum]:
    """List what a total says of the cells hidden beside it then, where today's counts keep it.

    Elsewhere the printed cells are known, and today's totals say the same.
    """
    for told in memory.told:
        doubted = _doubted(system, told, gone) & ~np.isnan(told.n) & ~told.outdated
        for parent, kids in _families(system):
            slots = np.flatnonzero(doubted[parent])
            if not len(slots):
                continue
            then = told.n[np.ix_(kids, slots)]
            exists = system.exists[np.ix_(kids, slots)]
            hidden = np.isnan(then) & exists
            left = told.n[parent, slots] - np.nansum(then, axis=0)
            now = np.where(hidden, system.value[np.ix_(kids, slots)], 0).sum(axis=0)
            for i in np.flatnonzero(hidden.any(axis=0) & (left == now)):
                yield kids[hidden[:, i]], int(slots[i])


def _families(system: System) -> Iterator[tuple[int, Ints]]:
    """List every total with the places that add up to it."""
    for parent, kids in enumerate(system.children):
        if len(kids):
            yield parent, kids
    yield from system.frame.members.items()
    for holder in system.frame.holders:
        yield 0, np.unique(holder[holder >= 0])


def _other_sums(memory: Memory, known: Flags) -> Iterator[Sum]:
    """List what totals of other editions say of cells that readers do not know."""
    for one in memory.sums:
        printed = one.printed[known[one.printed, one.slot]]
        yield np.sort(np.concatenate([one.hidden, printed])), one.slot
