"""The cheapest cells to hide so that a cell gains a world, over the whole system at once.

Asked where places lie in areas of several kinds that cut through each other: no partner beside
a place leaves all totals as they are, and a world goes round several of them.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from atlas.confidential.protect.exact import least_change, unknowns_of
from atlas.confidential.protect.frame import Flags
from atlas.confidential.protect.near import around
from atlas.confidential.protect.system import System
from atlas.confidential.protect.worlds import Delta, Pattern, Target, printed

_FREE = 1e-4
"""Price of a person moved at a cell that nobody sees: the shortest of equal worlds is taken."""


def hide_cheapest(
    system: System, pattern: Pattern, target: Target, slots: Sequence[int]
) -> tuple[Pattern, Delta] | None:
    """Hide the cells of least weight that leave the target a world; None if no cells do.

    First around the target and in its nearest slot, then everywhere.

    Parameters
    ----------
    slots
        Printable slots that bear on the target, nearest first.
    """
    for rows in around(system, target.row):
        for columns in dict.fromkeys([tuple(slots[:1]), tuple(slots)]):
            found = _cheapest(system, pattern, target, (rows, columns))
            if found is not None:
                return found
    return None


def _cheapest(
    system: System, pattern: Pattern, target: Target, where: tuple[Flags, tuple[int, ...]]
) -> tuple[Pattern, Delta] | None:
    """Ask one programme for the world that changes the cheapest printed cells."""
    rows, columns = where
    may_hide = np.zeros_like(pattern.hidden)
    may_hide[:, columns] = system.can_hide[:, columns] & rows[:, None]
    seen = printed(system, pattern)
    loose = replace(pattern, hidden=pattern.hidden | (may_hide & seen))
    unknowns = unknowns_of(system, loose)
    own = int(unknowns.column[target.row, target.slot])
    if own < 0 or unknowns.high[own] < target.amount:
        return None
    cells = (unknowns.row, unknowns.slot)
    prices = np.where(seen[cells], system.weight[cells], _FREE)
    change = least_change(unknowns, (own, target.amount), ~rows[unknowns.row], prices)
    if change is None:
        return None
    at = np.flatnonzero(change)
    places, slots = unknowns.row[at], unknowns.slot[at]
    newly = seen[places, slots]
    delta = {
        (int(row), int(slot)): int(more)
        for row, slot, more in zip(places, slots, change[at], strict=True)
    }
    return pattern.hide(places[newly], slots[newly]), delta
