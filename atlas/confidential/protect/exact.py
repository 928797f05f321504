"""Exact search for other worlds: integer programmes over small components of hidden cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from atlas.confidential.protect.system import Flags, Ints, System
from atlas.confidential.protect.worlds import Delta, Pattern, Target, printed

NODE_LIMIT = 2_000

Entries = tuple[Ints, Ints, Ints]


@dataclass(frozen=True)
class Unknowns:
    """The cells that a reader does not see, and the relations that bind their changes.

    ``column`` numbers the unknown cells (−1 elsewhere); ``matrix`` has one row per relation,
    ``matrix @ delta = 0`` in every world; ``component`` labels the columns.
    """

    column: Ints
    matrix: csr_array
    low: Ints
    high: Ints
    component: Ints
    row_component: Ints


def unknowns_of(system: System, pattern: Pattern) -> Unknowns:
    """Set up all changes that leave the printed cells as they are."""
    free = system.exists & ~printed(system, pattern)
    column = np.full(free.shape, -1, dtype=np.int64)
    column[free] = np.arange(int(free.sum()))
    rows, columns, data = _relation_entries(system, column)
    height = int(rows.max()) + 1 if len(rows) else 0
    width = int(free.sum())
    matrix = coo_array((data, (rows, columns)), shape=(height, width)).tocsr()
    graph = (abs(matrix).T @ abs(matrix)).tocsr()
    component = connected_components(graph, directed=False)[1]
    first = matrix.indices[np.minimum(matrix.indptr[:-1], max(len(matrix.indices) - 1, 0))]
    value = system.value[free]
    return Unknowns(
        column=column,
        matrix=matrix,
        low=np.minimum(pattern.lower[free] - value, 0),
        high=system.upper[free] - value,
        component=component,
        row_component=component[first] if width else np.zeros(0, dtype=np.int64),
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
    """Relate the children of each place to its own cell."""
    for slot in np.flatnonzero(system.is_open.any(axis=0)):
        has_total = (system.parent >= 0) & system.exists[system.parent, slot]
        kids = np.flatnonzero(has_total & (column[:, slot] >= 0))
        above = np.unique(system.parent[has_total & system.exists[:, slot]])
        own = above[column[above, slot] >= 0]
        parents = np.union1d(system.parent[kids], own)
        yield (
            np.searchsorted(parents, np.concatenate([system.parent[kids], own])),
            np.concatenate([column[kids, slot], column[own, slot]]),
            np.concatenate([np.ones_like(kids), -np.ones_like(own)]),
        )


def find_world(
    system: System, pattern: Pattern, targets: Sequence[Target], frozen: Flags
) -> dict[Target, Delta]:
    """Find a world for each target by integer programmes; leave out where there is none."""
    if not targets:
        return {}
    unknowns = unknowns_of(system, pattern)
    rows, slots = np.nonzero(unknowns.column >= 0)
    found: dict[Target, Delta] = {}
    for target in targets:
        column = int(unknowns.column[target.row, target.slot])
        if column < 0:
            continue
        keep = frozen.copy()
        keep[target.row] &= ~system.frame.covers[:, target.slot]
        delta = _solve(unknowns, column, target.amount, keep[rows, slots])
        if delta is not None:
            found[target] = {
                (int(rows[at]), int(slots[at])): int(amount) for at, amount in delta.items()
            }
    return found


def _solve(unknowns: Unknowns, column: int, amount: int, fixed: Flags) -> dict[int, int] | None:
    """Ask for a world in which one unknown cell grows by ``amount``."""
    label = unknowns.component[column]
    columns = np.flatnonzero(unknowns.component == label)
    rows = np.flatnonzero(unknowns.row_component == label)
    low = np.where(fixed[columns], 0, unknowns.low[columns]).astype(float)
    high = np.where(fixed[columns], 0, unknowns.high[columns]).astype(float)
    at = int(np.searchsorted(columns, column))
    low[at] = amount
    if high[at] < amount:
        return None
    matrix = unknowns.matrix[rows][:, columns]
    answer = milp(
        np.zeros(len(columns)),
        constraints=LinearConstraint(matrix, 0, 0),
        bounds=Bounds(low, high),
        integrality=np.ones(len(columns)),
        options={"node_limit": NODE_LIMIT},
    )
    if answer.x is None:
        return None
    delta = np.rint(answer.x).astype(np.int64)
    if (matrix @ delta).any():
        return None
    return {int(columns[i]): int(delta[i]) for i in np.flatnonzero(delta)}
