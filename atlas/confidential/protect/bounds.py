"""Quick bounds of hidden cells: what follows from single relations, applied a few times.

Says only when a cell is surely too small; silence proves nothing.
"""

import numpy as np

from atlas.confidential.protect.system import UNBOUNDED, Ints, System
from atlas.confidential.protect.worlds import Pattern, Target, printed

_ROUNDS = 3


def surely_below(system: System, pattern: Pattern, target: Target) -> bool:
    """Say whether single relations already keep a cell below its need.

    The system is a parent, all of it printed, and its children (``System.take``).
    """
    seen = printed(system, pattern) | ~system.exists
    low = np.where(seen, system.value, pattern.lower)
    high = np.where(seen, system.value, np.minimum(system.upper, UNBOUNDED))
    wanted = system.value[target.row, target.slot] + target.amount
    for _ in range(_ROUNDS):
        low, high = _sums(system, low, high)
        low, high = _places(system, low, high)
        if high[target.row, target.slot] < wanted:
            return True
    return False


def _sums(system: System, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Children add up to their parent as in truth."""
    low, high = low.copy(), high.copy()
    total = np.where(system.exists[1:], system.value[1:], 0).sum(axis=0)
    lows = np.where(system.exists[1:], low[1:], 0)
    highs = np.where(system.exists[1:], high[1:], 0)
    high[1:] = np.minimum(high[1:], total - (lows.sum(axis=0) - lows))
    low[1:] = np.maximum(low[1:], total - (highs.sum(axis=0) - highs))
    return low, high


def _places(system: System, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Wholes are the sum of their parts at every place."""
    low, high = low.copy(), high.copy()
    for relation in system.frame.relations:
        members = np.flatnonzero(relation)
        holds = system.exists[:, members].all(axis=1)
        for member in members:
            others = members[members != member]
            signs = -relation[others] * relation[member]
            most = np.where(signs > 0, high[:, others], -low[:, others]).sum(axis=1)
            least = np.where(signs > 0, low[:, others], -high[:, others]).sum(axis=1)
            high[:, member] = np.where(
                holds, np.minimum(high[:, member], most), high[:, member]
            )
            low[:, member] = np.where(holds, np.maximum(low[:, member], least), low[:, member])
    return low, high
