"""Quick bounds of hidden cells: what follows from single relations, applied a few times.

Says only when a cell is surely too small; silence proves nothing.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from atlas.confidential.protect.frame import Flags, Ints
from atlas.confidential.protect.system import UNBOUNDED, System
from atlas.confidential.protect.worlds import Pattern, Target, printed

_ROUNDS = 2


def out_of_reach(
    family: System,
    pattern: Pattern,
    targets: Sequence[Target],
    enough: Callable[[Flags], np.bool_] = np.all,
) -> Flags:
    """Say which targets single relations keep below what they need, until that is enough."""
    rows = np.array([target.row for target in targets], dtype=np.int64)
    slots = np.array([target.slot for target in targets], dtype=np.int64)
    wanted = family.value[rows, slots] + [target.amount for target in targets]
    is_out = np.zeros(len(targets), dtype=bool)
    for high in upper_bounds(family, pattern):
        is_out |= high[rows, slots] < wanted
        if enough(is_out):
            break
    return is_out


def upper_bounds(system: System, pattern: Pattern) -> Iterator[Ints]:
    """Give what no count can exceed by single relations, ever closer.

    The system is a parent, all of it printed, and its children (``System.family``).
    """
    seen = printed(system, pattern) | ~system.exists
    low = np.where(seen, system.value, system.floor(pattern.lower))
    high = np.where(seen, system.value, np.minimum(system.upper, UNBOUNDED))
    for _ in range(_ROUNDS):
        low, high = _sums(system, low, high)
        yield high
        low, high = _places(system, low, high)
        yield high


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
    """Wholes are the sum of their two parts at every place."""
    low, high = low.copy(), high.copy()
    whole, part, rest = system.frame.triples.T
    holds = system.exists[:, whole] & system.exists[:, part] & system.exists[:, rest]
    far = np.where(holds, 0, UNBOUNDED)
    for one, other in ((part, rest), (rest, part)):
        np.minimum.at(high.T, one, (high[:, whole] - low[:, other] + far).T)
        np.maximum.at(low.T, one, (low[:, whole] - high[:, other] - far).T)
    np.minimum.at(high.T, whole, (high[:, part] + high[:, rest] + far).T)
    np.maximum.at(low.T, whole, (low[:, part] + low[:, rest] - far).T)
    return low, high
