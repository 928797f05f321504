"""Exact smallest secondary suppression of one slot on the tree of places.

Source: a hidden group under a printed total is safe for a reader with lower bound 1 iff the
hidden counts exceed 1 by ``need − 1`` in sum; the excess, capped, and whether somebody
sensitive is among the hidden cells are all that a place must tell its parent.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from atlas.confidential.protect.frame import Flags, Floats, Ints
from atlas.confidential.protect.system import System

State = tuple[int, bool, bool]
"""Capped excess, whether a sensitive cell is hidden, whether any cell is hidden."""

Chosen = tuple[int, ...]
Plans = dict[State, tuple[float, Chosen]]
"""Cheapest way to reach each state: loss, and rows to hide besides the sensitive ones."""

_CLOSED = (0, False, False)


@dataclass(frozen=True)
class Column:
    """One slot of all places: what the tree step needs to know."""

    value: Ints
    is_sensitive: Flags
    can_hide: Flags
    weight: Floats
    lowest: int
    cap: int


def smallest_secondaries(system: System, slot: int, weight: Floats) -> Chosen:
    """Return rows to hide in one slot so that it is safe on its own with the smallest loss.

    Parameters
    ----------
    weight
        Loss of hiding each place's cell; equal losses are told apart by its keyed part.

    A place that cannot be saved keeps its sensitive children and nothing else is hidden for
    it; the caller withholds its table.
    """
    column = _column(system, slot, weight)
    if not column.is_sensitive.any():
        return ()
    plans: dict[int, Plans] = {}
    roots: list[int] = []
    for row in range(len(system.parent) - 1, -1, -1):
        if len(system.children[row]):
            plans[row] = _plan_group(system, column, row, plans)
            roots += [row] if system.parent[row] < 0 else []
    return tuple(hidden for root in roots for hidden in _finish(column, root, plans[root]))


def smallest_within(system: System, slot: int, weight: Floats, parents: Ints) -> Chosen:
    """Return rows to hide so that the children of each parent are safe under its total.

    Parents whose children cannot be saved among themselves get nothing.
    """
    column = _column(system, slot, weight)
    chosen: list[int] = []
    for parent in parents.tolist():
        kids = system.children[parent]
        if column.is_sensitive[kids].any():
            plan = _printed(column.cap, _plan_leaves(column, kids))
            chosen += plan[1] if plan else ()
    return tuple(chosen)


def _column(system: System, slot: int, weight: Floats) -> Column:
    """Take one slot out of the system."""
    open_here = system.is_open[:, slot] & system.exists[:, slot]
    lowest = int(system.lower[open_here, slot].min(initial=1))
    return Column(
        value=system.value[:, slot],
        is_sensitive=open_here & (system.need[:, slot] > 0),
        can_hide=open_here & system.can_hide[:, slot],
        weight=weight,
        lowest=lowest,
        cap=max(int(system.need[open_here, slot].max(initial=1)) - lowest, 0),
    )


def _plan_group(system: System, column: Column, row: int, plans: dict[int, Plans]) -> Plans:
    """Combine the children of one place."""
    kids = system.children[row]
    leaves = np.array([kid for kid in kids if int(kid) not in plans], dtype=np.int64)
    states = _plan_leaves(column, leaves)
    for kid in kids:
        if int(kid) in plans:
            options = list(_options(column, int(kid), plans[int(kid)]))
            states = _combine(column.cap, states, options)
    return states


def _plan_leaves(column: Column, leaves: Ints) -> Plans:
    """Hide the sensitive leaves, and perhaps the cheapest leaves that bring excess."""
    sensitive = leaves[column.is_sensitive[leaves]]
    excess = min(int((column.value[sensitive] - column.lowest).sum()), column.cap)
    has_any = bool(len(sensitive))
    states: Plans = {(excess, has_any, has_any): (0.0, ())}
    free = leaves[column.can_hide[leaves] & ~column.is_sensitive[leaves]]
    gain = np.minimum(column.value[free] - column.lowest, column.cap)
    for amount in range(1, column.cap + 1):
        same = free[gain == amount]
        cheapest = same[np.argsort(column.weight[same], kind="stable")]
        for leaf in cheapest[: -(-column.cap // amount)]:
            option = (amount, False, True), (float(column.weight[leaf]), (int(leaf),))
            states = _combine(column.cap, states, [(_CLOSED, (0.0, ())), option])
    return states


def _options(
    column: Column, row: int, plans: Plans
) -> Iterator[tuple[State, tuple[float, Chosen]]]:
    """List what a place with children may be to its parent: printed, or hidden."""
    printed = _printed(column.cap, plans)
    sensitive = bool(column.is_sensitive[row])
    if printed is not None and not sensitive:
        yield _CLOSED, printed
    if sensitive or column.can_hide[row]:
        loss = 0.0 if sensitive else float(column.weight[row])
        own = () if sensitive else (row,)
        for (excess, below, has_any), (cost, chosen) in plans.items():
            if has_any:
                yield (excess, below or sensitive, True), (cost + loss, chosen + own)
    if printed is None and not sensitive and not column.can_hide[row]:
        yield _CLOSED, (0.0, ())


def _printed(cap: int, plans: Plans) -> tuple[float, Chosen] | None:
    """Return the cheapest plan that is safe under a printed total."""
    fit = [
        plan for (excess, sensitive, _), plan in plans.items() if not sensitive or excess >= cap
    ]
    return min(fit) if fit else None


def _combine(
    cap: int, states: Plans, options: list[tuple[State, tuple[float, Chosen]]]
) -> Plans:
    """Add one child to the states of its siblings."""
    combined: Plans = {}
    for (excess, sensitive, has_any), (cost, chosen) in states.items():
        for (more, also, any_more), (extra, rows) in options:
            state = (min(excess + more, cap), sensitive or also, has_any or any_more)
            if state not in combined or cost + extra < combined[state][0]:
                combined[state] = (cost + extra, chosen + rows)
    return combined


def _finish(column: Column, root: int, plans: Plans) -> Chosen:
    """Choose the cheapest plan of a root: printed, or hidden with no total above."""
    options = list(_options(column, root, plans))
    return min(plan for _, plan in options)[1] if options else ()
