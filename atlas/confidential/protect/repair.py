"""Find the cheapest cells to hide so that one sensitive cell gains a world."""

import numpy as np

from atlas.confidential.protect.prove import delta_of
from atlas.confidential.protect.system import Flags, System
from atlas.confidential.protect.worlds import (
    Delta,
    Pattern,
    Target,
    printed,
    raising_prices,
    reach,
)


def repair(
    system: System, pattern: Pattern, target: Target, frozen: Flags
) -> tuple[Pattern, Delta] | None:
    """Hide the fewest cells that leave the target a world with one partner; None if none do."""
    state = reach(system, pattern, target.amount, frozen)
    prices = raising_prices(system, pattern, state, (np.array([target.row]), target.slot))[0]
    if not len(prices) or not np.isfinite(prices.min()):
        return None
    delta = delta_of(system, state, target.row, int(prices.argmin()))
    seen = printed(system, pattern)
    changed = [at for at in delta if seen[at]]
    rows = np.array([row for row, _ in changed], dtype=np.int64)
    slots = np.array([slot for _, slot in changed], dtype=np.int64)
    return pattern.hide(rows, slots), delta
