"""Hiding where areas cut through each other: overlays and the chain, or two editions, at once.

Totals of the chain and of overlays are hidden for their own sake alone; for blocks only blocks
are hidden, as long as that helps, then totals of overlays. What blocks that moved to another
Quartier gained there is what its total says beside that of the earlier edition: there a total
may have to go for its blocks, the fewest that do.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from atlas.confidential.protect.block_tables import table_orders, withhold_zeros
from atlas.confidential.protect.cheapest import hide_cheapest
from atlas.confidential.protect.frame import Flags
from atlas.confidential.protect.ladder import Table
from atlas.confidential.protect.prove import prove_quickly
from atlas.confidential.protect.system import System
from atlas.confidential.protect.worlds import Delta, Pattern, Target, frozen_cells

Hidden = tuple[Pattern, dict[Target, Delta], set[Table]]

_BLOCK_BESIDE_TOTAL, _ZERO_BESIDE_BLOCK, _OVERLAY_BESIDE_TOTAL = 1e-3, 10.0, 0.5
_OVERLAY_BESIDE_BLOCK, _TOTAL_BESIDE_BLOCK = 30.0, 100.0
_PROGRAMMES = 50


def protect_totals(
    system: System, pattern: Pattern, targets: Sequence[Target], tables: set[Table]
) -> Hidden:
    """Hide what sensitive totals need: other totals, and as many blocks below as it takes."""
    is_block, is_overlay = _sizes(system)
    weight = np.where(is_block, _BLOCK_BESIDE_TOTAL, 1.0) * system.weight
    weight = np.where(is_overlay, _OVERLAY_BESIDE_TOTAL, 1.0) * weight
    own = replace(system, weight=weight)
    return _hide(own, pattern, targets, (tables, (own, _with_zeros(own))))


def protect_below(
    system: System, pattern: Pattern, targets: Sequence[Target], tables: set[Table]
) -> Hidden:
    """Hide what blocks need: blocks, then whole block tables, then totals.

    Totals of overlays; of the chain beside another edition alone.
    """
    is_block, is_overlay = _sizes(system)
    blocks = replace(system, can_hide=system.can_hide & is_block)
    zeros = _with_zeros(blocks)
    wider = replace(
        zeros,
        can_hide=zeros.can_hide | (system.can_hide & is_overlay),
        weight=np.where(is_overlay, _OVERLAY_BESIDE_BLOCK, 1.0) * zeros.weight,
    )
    is_total = (system.level < system.depth)[:, None]
    totals = replace(
        wider,
        can_hide=wider.can_hide | (system.can_hide & is_total),
        weight=np.where(is_total, _TOTAL_BESIDE_BLOCK, 1.0) * wider.weight,
    )
    means = (blocks, zeros, wider, totals) if _is_recut(system) else (blocks, zeros, wider)
    return _hide(system, pattern, targets, (tables, means))


def _hide(
    system: System,
    pattern: Pattern,
    targets: Sequence[Target],
    means: tuple[set[Table], Sequence[System]],
) -> Hidden:
    """Take for each target the first means that gives it a world."""
    tables, systems = means
    orders, nobody = table_orders(system), frozen_cells(system, insider=False)
    proofs: dict[Target, Delta] = {}
    asked = 0
    for target in targets:
        if target in proofs:
            continue
        asked += 1
        if asked % _PROGRAMMES == 0:  # what is hidden by now proves others without programmes
            rest = [one for one in targets if one not in proofs]
            proofs.update(prove_quickly(system, pattern, rest, nobody))
        for own in systems if target not in proofs else ():
            loose = replace(pattern, lower=np.minimum(pattern.lower, own.lower))
            found = hide_cheapest(own, loose, target, orders[target.slot])
            if found is not None and not _costs_totals(system, pattern, target, found[0]):
                pattern = replace(pattern, hidden=found[0].hidden)
                pattern, tables = withhold_zeros(system, pattern, tables)
                proofs |= dict.fromkeys(_served(targets, found[1]), found[1])
                break
    return pattern, proofs, tables


def _served(targets: Sequence[Target], delta: Delta) -> list[Target]:
    """List the targets that one world raises enough."""
    return [one for one in targets if delta.get((one.row, one.slot), 0) >= one.amount]


def _costs_totals(system: System, before: Pattern, target: Target, after: Pattern) -> bool:
    """Say whether larger areas would be hidden beside earlier releases: see ``ladder``."""
    least = int(system.level[target.row]) if system.in_chain(target.row) else 1
    hides = (after.hidden & ~before.hidden)[system.level < least].any()
    return bool(hides) and system.frame.memory is not None and not _is_recut(system)


def _is_recut(system: System) -> bool:
    """Whether an earlier release had other areas: only totals can hide what moved."""
    return system.frame.memory is not None and bool(system.frame.memory.sums)


def _sizes(system: System) -> tuple[Flags, Flags]:
    """Mark the rows of blocks and those of areas of overlays, as columns."""
    return (
        (system.level == system.depth)[:, None],
        (system.level > system.depth)[:, None],
    )


def _with_zeros(system: System) -> System:
    """Let blocks without anybody be hidden too, with the whole block table around them."""
    is_zero = _sizes(system)[0] & system.is_open & system.exists & (system.value == 0)
    is_zero &= ~system.is_known
    return replace(
        system,
        can_hide=system.can_hide | is_zero,
        lower=np.where(is_zero, 0, system.lower),
        weight=np.where(is_zero, _ZERO_BESIDE_BLOCK, 1.0) * system.weight,
    )
