"""How many persons every place can give for a move: a flow on the tree of places.

Knows which moves are free under a pattern; builds worlds that share persons among places.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from atlas.confidential.protect.frame import Flags, Ints
from atlas.confidential.protect.system import System
from atlas.confidential.protect.worlds import (
    Delta,
    Pattern,
    by_group,
    free_here,
)


@dataclass(frozen=True)
class Flow:
    """Persons that may be moved without touching anything printed, per layer (place × move).

    here
        At the place itself.
    below
        What the children of the place can give together.
    down
        At the place and the places below it together.
    outside
        Undone outside the place: by siblings, and beside the parent.
    """

    here: tuple[Ints, ...]
    below: tuple[Ints, ...]
    down: tuple[Ints, ...]
    outside: tuple[Ints, ...]


def flow(system: System, pattern: Pattern, most: int, frozen: Flags) -> Flow:
    """Count free persons for every move, up to ``most``."""
    here = [
        np.zeros((layer.stop - layer.start, len(layer.moves)), int) for layer in system.layers
    ]
    for amount in range(1, most + 1):
        for own, free in zip(here, free_here(system, pattern, amount, frozen), strict=True):
            own += free
    below: list[Ints] = []
    down: list[Ints] = []
    for depth in range(len(here) - 1, -1, -1):
        below.insert(0, _children_give(system, depth, down[0] if down else None))
        down.insert(0, np.minimum(here[depth], below[0]))
    outside = _outside(system, here, down)
    return Flow(tuple(here), tuple(below), tuple(down), outside)


def _children_give(system: System, depth: int, down: Ints | None) -> Ints:
    """Sum for each place of a layer what its children can give for its moves.

    Where a move is not noticed below, or nothing lies below, there is no limit.
    """
    layer = system.layers[depth]
    total = np.full((layer.stop - layer.start, len(layer.moves)), 1 << 30)
    if down is None:
        return total
    deeper = system.layers[depth + 1]
    parents = system.parent[deeper.rows] - layer.start
    free = np.where((system.frame.label[deeper.rows] > 0)[:, None], 0, down)
    has_kids, given = by_group(np.add, free, parents)
    notices = np.flatnonzero(layer.below >= 0)
    total[np.ix_(has_kids, notices)] = given[:, layer.below[notices]]
    return total


def _outside(system: System, here: list[Ints], down: list[Ints]) -> tuple[Ints, ...]:
    """Sum what siblings can undo, and what can be undone beside the parent."""
    outside = [np.full_like(here[0], 1 << 30)]
    for depth in range(1, len(here)):
        layer, above = system.layers[depth], system.layers[depth - 1]
        undo = down[depth][:, layer.opposite]
        group = system.frame.groups[depth]
        total = by_group(np.add, undo, group)[1]
        through = np.minimum(here[depth - 1], outside[-1])
        best = np.zeros((len(through), undo.shape[1]), dtype=np.int64)
        noticed = above.below >= 0
        np.maximum.at(best.T, above.below[noticed], through[:, noticed].T)
        upward = best[system.parent[layer.rows] - above.start]
        upward[system.frame.label[layer.rows] > 0] = 0
        outside.append(total[group] - undo + upward)
    return tuple(outside)


class _World:
    """A world under construction: changes of cells, added up step by step."""

    def __init__(self, system: System, flows: Flow) -> None:
        self.system = system
        self.flows = flows
        self.delta: dict[tuple[int, int], int] = {}

    def step(self, row: int, move: int, amount: int) -> None:
        """Move persons at one place."""
        layer = self.system.layers[int(self.system.level[row])]
        change = layer.moves[move] * self.system.exists[row]
        for slot in np.flatnonzero(change):
            at = (row, int(slot))
            self.delta[at] = self.delta.get(at, 0) + int(change[slot]) * amount

    def down(self, row: int, move: int, amount: int) -> None:
        """Move persons at a place and share them among its children."""
        self.step(row, move, amount)
        depth = int(self.system.level[row])
        column = int(self.system.layers[depth].below[move])
        kids = self.system.children[row]
        if column >= 0 and len(kids):
            self._share(kids[self.system.frame.label[kids] == 0], column, amount)

    def undo(self, row: int, move: int, amount: int) -> None:
        """Undo a move at siblings, and the rest beside the parent."""
        depth = int(self.system.level[row])
        if depth == 0:
            return
        label = self.system.frame.label
        mates = self.system.children[int(self.system.parent[row])]
        mates = mates[(mates != row) & (label[mates] == label[row])]
        opposite = int(self.system.layers[depth].opposite[move])
        left = self._share(mates, opposite, amount)
        if left:
            self._undo_above(row, move, left)

    def _undo_above(self, row: int, move: int, amount: int) -> None:
        """Let the parent take part too and undo the move beside it."""
        parent, depth = int(self.system.parent[row]), int(self.system.level[row]) - 1
        above, local = self.system.layers[depth], int(self.system.parent[row])
        local -= above.start
        ways = np.flatnonzero(above.below == move)
        room = np.minimum(
            self.flows.here[depth][local, ways], self.flows.outside[depth][local, ways]
        )
        way = int(ways[np.argmax(room)])
        self.step(parent, way, amount)
        self.undo(parent, way, amount)

    def _share(self, places: Ints, move: int, amount: int) -> int:
        """Take persons from several places; return how many could not be taken."""
        if not len(places):
            return amount
        depth = int(self.system.level[places[0]])
        room = self.flows.down[depth][places - self.system.layers[depth].start, move]
        able = np.flatnonzero(room)
        given = np.diff(np.minimum(np.cumsum(room[able]), amount), prepend=0)
        for place, more in zip(places[able].tolist(), given.tolist(), strict=True):
            if not more:
                break
            self.down(place, move, more)
        return amount - int(given.sum())


def world(system: System, flows: Flow, start: tuple[int, int], amount: int) -> Delta:
    """Spell out the world in which ``amount`` persons make a move at one place.

    Parameters
    ----------
    start
        Row of the place, and the move.
    """
    made = _World(system, flows)
    made.down(*start, amount)
    made.undo(*start, amount)
    delta: Mapping[tuple[int, int], int] = made.delta
    return {at: change for at, change in delta.items() if change}
