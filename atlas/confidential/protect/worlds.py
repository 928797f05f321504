"""Other worlds that agree with everything printed: the certificates of sensitive cells.

A world differs from the truth by moves: ``need − value`` persons of one class come to a place
and leave a sibling, so that every total above stays. Looking for one partner proves nearly all
cells; what is left goes to ``exact``.

Knows the system and a pattern; decides nothing about what is hidden.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from atlas.confidential.protect.frame import Flags, Floats, Ints, Layer, bits, meet
from atlas.confidential.protect.system import UNBOUNDED, System

NO_COST = 1e-9

FloatsOrInts = TypeVar("FloatsOrInts", Floats, Ints)

Delta = Mapping[tuple[int, int], int]
"""Change of hidden cells: (row, slot) -> persons more or fewer than in truth."""


@dataclass(frozen=True)
class Pattern:
    """Which cells are hidden, and the reader's lower bound of each hidden cell."""

    hidden: Flags
    lower: Ints

    def family(self, rows: Ints) -> "Pattern":
        """Return the pattern of a parent, all of it printed, and its children."""
        first = np.arange(len(rows))[:, None] == 0
        return Pattern(hidden=self.hidden[rows] & ~first, lower=self.lower[rows])

    def hide(self, rows: Ints, columns: Ints) -> "Pattern":
        """Return the pattern with further cells hidden."""
        hidden = self.hidden.copy()
        hidden[rows, columns] = True
        return replace(self, hidden=hidden)


@dataclass(frozen=True)
class Target:
    """A sensitive cell: its row, its slot and by how much its world must exceed the truth."""

    row: int
    slot: int
    amount: int


@dataclass(frozen=True)
class Step:
    """``amount`` persons moved at one place by one move of its layer."""

    row: int
    move: int
    amount: int


World = tuple[Step, ...]


@dataclass(frozen=True)
class Reach:
    """What each move of ``amount`` persons costs, one matrix per layer (place × move).

    here
        Cells to hide at the place itself; infinite where the move is impossible.
    below
        Cells to hide at the cheapest child that takes part, and at its children.
    down
        The sum of both.
    partner
        The cheapest way to undo the move elsewhere: at a sibling, or beside the parent.
    """

    amount: int
    frozen: Flags
    here: tuple[Floats, ...]
    below: tuple[Floats, ...]
    down: tuple[Floats, ...]
    partner: tuple[Floats, ...]


def initial_pattern(system: System) -> Pattern:
    """Hide exactly the sensitive cells that could be printed."""
    hidden = system.is_open & ((system.need > 0) | system.stays_hidden)
    return withhold(system, Pattern(hidden, system.lower), system.frame.withheld)


def withhold(system: System, pattern: Pattern, tables: Iterable[tuple[int, int]]) -> Pattern:
    """Hide all children of each parent in one slot, zeros included."""
    hidden, lower = pattern.hidden.copy(), pattern.lower.copy()
    for parent, slot in tables:
        kids = system.children[parent]
        kids = kids[system.is_open[kids, slot] & system.exists[kids, slot]]
        hidden[kids, slot] = True
        free = kids[system.upper[kids, slot] == UNBOUNDED]
        lower[free, slot] = np.maximum(system.lower[free, slot] - 1, 0)
    return Pattern(hidden, lower)


def printed(system: System, pattern: Pattern) -> Flags:
    """Return the cells that a reader sees, or has seen before."""
    return system.is_open & system.exists & (~pattern.hidden | system.is_known)


def is_cut(system: System) -> bool:
    """Whether areas cut through each other: of overlays, or of another edition."""
    memory = system.frame.memory
    return bool(system.frame.holders) or (memory is not None and bool(memory.sums))


def frozen_cells(system: System, insider: bool) -> Flags:
    """Return the cells that their sole contributor knows; no world may change them."""
    sole = system.exists & (system.need > 0) & (system.value == 1)
    return sole if insider else np.zeros_like(sole)


def reach(system: System, pattern: Pattern, amount: int, frozen: Flags) -> Reach:
    """Price every move of ``amount`` persons at every place."""
    here = prices_here(system, pattern, amount, frozen)
    below = _below(system, here)
    down = tuple(own + under for own, under in zip(here, below, strict=True))
    return Reach(amount, frozen, here, below, down, _partners(system, here, down))


def prices_here(
    system: System, pattern: Pattern, amount: int, frozen: Flags
) -> tuple[Floats, ...]:
    """Price every move of ``amount`` persons at its place alone, one matrix per layer."""
    state = (pattern.lower, printed(system, pattern), frozen)
    return tuple(_price(system, state, (layer.rows, layer), amount) for layer in system.layers)


def _price(
    system: System,
    state: tuple[Ints, Flags, Flags],
    where: tuple[slice | Ints, Layer],
    amount: int,
) -> Floats:
    """Cells to hide at each place for each move of its layer; infinite where impossible."""
    rows, layer = where
    lower, seen, frozen = state
    seen = seen[rows]
    stuck = (seen & ~system.can_hide[rows]) | frozen[rows]
    blocked = _blocked(system, (lower[rows], stuck), where, amount)
    cost = np.where(seen, system.weight[rows], 0.0) @ layer.changed
    cost[blocked] = np.inf
    return cost


def _blocked(
    system: System, state: tuple[Ints, Flags], where: tuple[slice | Ints, Layer], amount: int
) -> Flags:
    """Say which moves a cell forbids: it is stuck, or a bound would be passed."""
    rows, layer = where
    lower, stuck = state
    exists, value = system.exists[rows], system.value[rows]
    lower = lower if system.least is None else np.maximum(lower, system.least[rows])
    floor = exists & (stuck | (value - amount < lower))
    ceiling = exists & (stuck | (value + amount > system.upper[rows]))
    return meet(bits(floor), layer.lowered) | meet(bits(ceiling), layer.raised)


def free_here(
    system: System, pattern: Pattern, amount: int, frozen: Flags
) -> tuple[Flags, ...]:
    """Say which moves touch nothing printed or frozen at their place, one matrix per layer."""
    stuck = printed(system, pattern) | frozen
    return tuple(
        ~_blocked(
            system, (pattern.lower[layer.rows], stuck[layer.rows]), (layer.rows, layer), amount
        )
        for layer in system.layers
    )


def _below(system: System, here: tuple[Floats, ...]) -> tuple[Floats, ...]:
    """Price the cheapest child for every move that children notice."""
    result = [np.zeros_like(here[-1])]
    for depth in range(len(here) - 2, -1, -1):
        layer, deeper = system.layers[depth], system.layers[depth + 1]
        parents = system.parent[deeper.rows] - layer.start
        notices = np.flatnonzero(layer.below >= 0)
        price = (here[depth + 1] + result[0])[:, layer.below[notices]]
        price[system.frame.label[deeper.rows] > 0] = np.inf
        with_kids, cheapest = by_group(np.minimum, price, parents)
        extra = np.zeros_like(here[depth])
        extra[np.ix_(with_kids, notices)] = cheapest
        result.insert(0, extra)
    return tuple(result)


def _partners(
    system: System, here: tuple[Floats, ...], down: tuple[Floats, ...]
) -> tuple[Floats, ...]:
    """Price the undoing of each move outside the place."""
    result = [np.zeros_like(here[0])]
    for depth in range(1, len(here)):
        layer = system.layers[depth]
        undo = down[depth][:, layer.opposite]
        beside = _best_other(undo, system.frame.groups[depth])
        result.append(np.minimum(beside, _upward(system, depth, here[depth - 1] + result[-1])))
    return tuple(result)


def _upward(system: System, depth: int, through: Floats) -> Floats:
    """Price a move that changes the parent too and is undone beside the parent."""
    layer, above = system.layers[depth], system.layers[depth - 1]
    best = np.full((len(through), len(layer.moves)), np.inf)
    noticed = above.below >= 0
    np.minimum.at(best.T, above.below[noticed], through[:, noticed].T)
    prices = best[system.parent[layer.rows] - above.start]
    prices[system.frame.label[layer.rows] > 0] = np.inf
    return prices


def by_group(combine: np.ufunc, values: FloatsOrInts, group: Ints) -> tuple[Ints, FloatsOrInts]:
    """Combine the rows of each group; return the groups that occur and their results."""
    order = np.argsort(group, kind="stable")
    groups, starts = np.unique(group[order], return_index=True)
    return groups, combine.reduceat(values[order], starts, axis=0)


def _best_other(cost: Floats, group: Ints) -> Floats:
    """Return the smallest cost among the other members of each row's group."""
    best = np.empty_like(cost)
    for number in range(int(group.max(initial=-1)) + 1):
        rows = group == number
        own = cost[rows]
        first = own.min(axis=0)
        is_first = own == first
        second = np.where(is_first, np.inf, own).min(axis=0)
        best[rows] = np.where(is_first & (is_first.sum(axis=0) == 1), second, first)
    return best


def targets_of(system: System) -> list[Target]:
    """List every sensitive cell and remainder that is asked for."""
    is_asked = system.exists & (system.need > system.value)
    if system.frame.is_own is not None:
        is_asked &= system.frame.is_own
    rows, slots = np.nonzero(is_asked)
    return [
        Target(int(row), int(slot), int(system.need[row, slot] - system.value[row, slot]))
        for row, slot in zip(rows, slots, strict=True)
    ]


def own_prices(
    system: System,
    pattern: Pattern,
    task: tuple[int, Flags],
    targets: tuple[Ints, int],
) -> Floats:
    """Price every move that raises one slot at the places themselves, all of one layer.

    A sole contributor to the cell, or to one that covers it, gains nothing from it: such
    cells may change at the place itself.
    """
    (amount, frozen), (rows, slot) = task, targets
    layer = system.layers[int(system.level[rows[0]])]
    others = frozen & ~system.frame.covers[:, slot]
    state = (pattern.lower, printed(system, pattern), others)
    here = _price(system, state, (rows, layer), amount)
    return np.where(layer.moves[:, slot] > 0, here, np.inf)


def free_moves(system: System, pattern: Pattern, task: tuple[int, Flags], rows: Ints) -> Flags:
    """Say which moves touch nothing printed or frozen at some places, all of one layer."""
    amount, frozen = task
    layer = system.layers[int(system.level[rows[0]])]
    stuck = printed(system, pattern)[rows] | frozen[rows]
    return ~_blocked(system, (pattern.lower[rows], stuck), (rows, layer), amount)


def free_raises(
    system: System, pattern: Pattern, task: tuple[int, Flags], targets: tuple[Ints, int]
) -> Flags:
    """Say which moves raise one slot and touch nothing printed at the places themselves."""
    (amount, frozen), (rows, slot) = task, targets
    layer = system.layers[int(system.level[rows[0]])]
    stuck = printed(system, pattern) | (frozen & ~system.frame.covers[:, slot])
    state = (pattern.lower[rows], stuck[rows])
    return ~_blocked(system, state, (rows, layer), amount) & (layer.moves[:, slot] > 0)


def raising_prices(
    system: System, pattern: Pattern, state: Reach, targets: tuple[Ints, int]
) -> Floats:
    """Price every move that raises one slot, with all that takes part in it."""
    rows = targets[0]
    depth = int(system.level[rows[0]])
    local = rows - system.layers[depth].start
    own = own_prices(system, pattern, (state.amount, state.frozen), targets)
    return own + state.below[depth][local] + state.partner[depth][local]


def steps_of(system: System, state: Reach, row: int, move: int) -> World:
    """Spell out the cheapest world that makes a move at a place."""
    return (*_steps_down(system, state, row, move), *_undo(system, state, row, move))


def _steps_down(system: System, state: Reach, row: int, move: int) -> World:
    """Spell out a move at a place and at what takes part below it."""
    return (Step(row, move, state.amount), *_steps_below(system, state, row, move))


def _steps_below(system: System, state: Reach, row: int, move: int) -> World:
    """Follow a move down to the child that takes part."""
    depth = int(system.level[row])
    column = int(system.layers[depth].below[move])
    kids = system.children[row]
    if column < 0 or not len(kids):
        return ()
    start = system.layers[depth + 1].start
    kids = kids[system.frame.label[kids] == 0]
    child = int(kids[np.argmin(state.down[depth + 1][kids - start, column])])
    return _steps_down(system, state, child, column)


def _undo(system: System, state: Reach, row: int, move: int) -> World:
    """Follow the undoing of a move to a sibling, or up and beside the parent."""
    depth = int(system.level[row])
    if depth == 0:
        return ()
    layer = system.layers[depth]
    parent = int(system.parent[row])
    mates = system.children[parent]
    mates = mates[(mates != row) & (system.frame.label[mates] == system.frame.label[row])]
    opposite = int(layer.opposite[move])
    costs = state.down[depth][mates - layer.start, opposite]
    if len(mates) and costs.min() <= state.partner[depth][row - layer.start, move] + NO_COST:
        return _steps_down(system, state, int(mates[np.argmin(costs)]), opposite)
    above = system.layers[depth - 1]
    ways = np.flatnonzero(above.below == move)
    local = parent - above.start
    price = state.here[depth - 1][local, ways] + state.partner[depth - 1][local, ways]
    way = int(ways[np.argmin(price)])
    return (Step(parent, way, state.amount), *_undo(system, state, parent, way))
