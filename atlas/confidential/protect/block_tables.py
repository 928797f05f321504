"""Block tables: which bear on a cell, and how a pattern of cells becomes one of tables."""

import numpy as np

from atlas.confidential.protect.ladder import Table
from atlas.confidential.protect.system import System
from atlas.confidential.protect.worlds import Pattern, withhold


def table_orders(system: System) -> list[list[int]]:
    """List for every slot the printable slots that bear on it."""
    return [_table_order(system, slot) for slot in range(len(system.frame.slots))]


def _table_order(system: System, slot: int) -> list[int]:
    """List the printable slots that bear on one slot, nearest first, parts before wholes."""
    order: list[int] = []
    queue = [slot]
    seen = {slot}
    while queue:
        here = queue.pop(0)
        if system.is_open[:, here].any():
            order.append(here)
        mates: list[int] = []
        for relation in system.frame.relations[system.frame.relations[:, here] != 0]:
            members = [int(i) for i in np.flatnonzero(relation)]
            mates += [i for i in members if relation[i] > 0]
            mates += [i for i in members if relation[i] < 0]
        for mate in mates:
            if mate not in seen:
                seen.add(mate)
                queue.append(mate)
    return order


def withhold_zeros(
    system: System, pattern: Pattern, tables: set[Table]
) -> tuple[Pattern, set[Table]]:
    """Withhold the table around every hidden zero."""
    rows, slots = np.nonzero(pattern.hidden & system.is_open & (system.value < system.lower))
    found = {
        (int(system.parent[row]), int(slot)) for row, slot in zip(rows, slots, strict=True)
    }
    return withhold(system, pattern, found - tables), tables | found


def as_tables(
    system: System, pattern: Pattern, context: tuple[int, set[Table]]
) -> tuple[Pattern, set[Table]]:
    """Widen hidden block cells, and blocks below hidden Quartier values, to whole tables."""
    block_depth, tables = context
    rows, slots = np.nonzero(pattern.hidden & system.is_open)
    depth = system.level[rows]
    at_block, at_parent = depth == block_depth, depth == block_depth - 1
    parents = np.concatenate([system.parent[rows[at_block]], rows[at_parent]])
    found = set(zip(parents.tolist(), [*slots[at_block], *slots[at_parent]], strict=True))
    wider = tables | {(int(parent), int(slot)) for parent, slot in found}
    return withhold(system, pattern, wider - tables), wider
