"""Exact search for other worlds: the smallest change of hidden cells that proves a target.

Small worlds are few pivots away from the truth, and change few cells that others know.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csc_array, hstack
from scipy.sparse.csgraph import connected_components

from atlas.confidential.protect.frame import Flags, Floats, Ints
from atlas.confidential.protect.near import around
from atlas.confidential.protect.system import UNBOUNDED, System
from atlas.confidential.protect.worlds import Delta, Pattern, Target, printed

NODE_LIMIT = 2_000

Entries = tuple[Ints, Ints, Ints]


@dataclass(frozen=True)
class Unknowns:
    """The cells that a reader does not see, and the relations that bind their changes.

    ``row`` and ``slot`` name each of these cells, ``column`` numbers them (−1 elsewhere);
    ``matrix`` has one row per relation, ``matrix @ delta = 0`` in every world; ``low`` and
    ``high`` bound the change of each cell.
    """

    row: Ints
    slot: Ints
    column: Ints
    matrix: csc_array
    low: Ints
    high: Ints

    @cached_property
    def component(self) -> Ints:
        """Label of each cell: those with the same one are bound by relations."""
        height, width = self.matrix.shape
        entries = self.matrix.tocoo()
        ends = entries.row, entries.col + height
        graph = coo_array((np.ones_like(ends[0]), ends), shape=(height + width,) * 2)
        label: Ints = connected_components(graph, directed=False)[1][height:]
        return label


def unknowns_of(system: System, pattern: Pattern) -> Unknowns:
    """Set up all changes that leave the printed cells as they are."""
    free = system.exists & ~printed(system, pattern)
    row, slot = np.nonzero(free)
    column = np.full(free.shape, -1, dtype=np.int64)
    column[free] = np.arange(len(row))
    number, members, sign = _relation_entries(system, column)
    shape = (int(number.max(initial=-1)) + 1, len(row))
    value = system.value[free]
    return Unknowns(
        row=row,
        slot=slot,
        column=column,
        matrix=coo_array((sign, (number, members)), shape=shape).tocsc(),
        low=np.minimum(system.floor(pattern.lower)[free] - value, 0),
        high=system.upper[free] - value,
    )


def _relation_entries(system: System, column: Ints) -> Entries:
    """List all relations on unknown cells: number, column, coefficient."""
    parts = [*_at_places(system, column), *_over_places(system, column)]
    parts += [
        (np.zeros(len(inside), dtype=np.int64), column[inside, slot], np.ones_like(inside))
        for members, slot in system.frame.sums
        if len(inside := members[column[members, slot] >= 0])
    ]
    height = 0
    rows = []
    for number, _, _ in parts:
        rows.append(number + height)
        height += int(number.max()) + 1 if len(number) else 0
    return (
        np.concatenate(rows),
        np.concatenate([columns for _, columns, _ in parts]),
        np.concatenate([data for _, _, data in parts]),
    )


def _at_places(system: System, column: Ints) -> Iterator[Entries]:
    """Relate the slots of each place."""
    for relation in system.frame.relations:
        members = np.flatnonzero(relation)
        unknown = column[:, members] >= 0
        at = np.flatnonzero(system.exists[:, members].all(axis=1) & unknown.any(axis=1))
        number, member = np.nonzero(unknown[at])
        yield number, column[at[number], members[member]], relation[members[member]]


def _over_places(system: System, column: Ints) -> Iterator[Entries]:
    """Relate the places that each place or area of an overlay holds to its own cell."""
    slots = np.flatnonzero(system.is_open.any(axis=0))
    for slot, holder in product(slots, (system.parent, *system.frame.holders)):
        has_total = (holder >= 0) & system.exists[holder, slot]
        kids = np.flatnonzero(has_total & (column[:, slot] >= 0))
        above = np.unique(holder[has_total & system.exists[:, slot]])
        own = above[column[above, slot] >= 0]
        totals = np.union1d(holder[kids], own)
        yield (
            np.searchsorted(totals, np.concatenate([holder[kids], own])),
            np.concatenate([column[kids, slot], column[own, slot]]),
            np.concatenate([np.ones_like(kids), -np.ones_like(own)]),
        )


def find_world(
    system: System, pattern: Pattern, targets: Sequence[Target], frozen: Flags
) -> dict[Target, Delta]:
    """Find a world for each target that has one: its smallest, or another target's."""
    found: dict[Target, Delta] = {}
    if not targets:
        return found
    unknowns = unknowns_of(system, pattern)
    row, slot = unknowns.row, unknowns.slot
    known = frozen[row, slot]
    for target in targets:
        column = int(unknowns.column[target.row, target.slot])
        if target in found or column < 0 or unknowns.high[column] < target.amount:
            continue
        fixed = known & ~((row == target.row) & system.frame.covers[slot, target.slot])
        fixed |= unknowns.component != unknowns.component[column]
        change = None
        for near in around(system, target.row):
            if change is None:
                far = fixed | ~near[row]
                change = least_change(unknowns, (column, target.amount), far)
        if change is not None:
            at = np.flatnonzero(change)
            cells = zip(row[at].tolist(), slot[at].tolist(), strict=True)
            delta = dict(zip(cells, change[at].tolist(), strict=True))
            served = (one for one in targets if one not in found)
            found |= {one: delta for one in served if _serves(system, delta, one, frozen)}
    return found


def _serves(system: System, delta: Delta, target: Target, frozen: Flags) -> bool:
    """Say whether a world proves a target and leaves alone what others know."""
    covers = system.frame.covers[:, target.slot]
    return delta.get((target.row, target.slot), 0) >= target.amount and all(
        not frozen[row, slot] or (row == target.row and covers[slot]) for row, slot in delta
    )


def least_change(
    unknowns: Unknowns,
    wanted: tuple[int, int],
    fixed: Flags,
    prices: Floats | None = None,
) -> Ints | None:
    """Ask for the cheapest persons to move so that one unknown cell grows by so many.

    Every person moved costs the price of the cell, without prices 1. The programme starts
    from the truth and ends in whole numbers as a rule; where it does not, an integer programme
    is asked.
    """
    column, amount = wanted
    low, high = np.where(fixed, 0, unknowns.low), np.where(fixed, 0, unknowns.high)
    low[column], high[column] = amount, unknowns.high[column]
    more, less = np.flatnonzero(high > 0), np.flatnonzero(low < 0)
    both = hstack([unknowns.matrix[:, more], -unknowns.matrix[:, less]], format="csc")
    relations, number = np.unique(both.indices, return_inverse=True)
    shape = (len(relations), len(more) + len(less))
    matrix = csc_array((both.data, number, both.indptr), shape=shape)
    most = np.concatenate([high[more], -low[less]]).astype(float)
    most[most > UNBOUNDED // 2] = np.inf
    least = np.concatenate([np.maximum(low[more], 0), np.zeros_like(less)])
    costs = np.ones(shape[1])
    if prices is not None:
        costs = np.concatenate([prices[more], prices[less]])
    for whole in (0, 1):
        answer = milp(
            costs,
            constraints=LinearConstraint(matrix, 0, 0),
            bounds=Bounds(least, most),
            integrality=np.full(shape[1], whole),
            options={"node_limit": NODE_LIMIT, "presolve": bool(whole), "mip_rel_gap": 1.0},
        )
        if answer.x is None:
            return None
        change = np.rint(answer.x).astype(np.int64)
        delta = np.zeros_like(low)
        delta[more] += change[: len(more)]
        delta[less] -= change[len(more) :]
        if not (matrix @ change).any() and ((low <= delta) & (delta <= high)).all():
            return delta
    return None
