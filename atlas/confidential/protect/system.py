"""The system of cells that a reader reasons in: places, slots, relations and moves.

A *slot* is one cell that every place of a kind may have: a measure in a group, or a remainder
that is never printed but follows by subtraction. A *class* is a kind of person, told by the
slots in which that person counts (the smallest disjoint classes). A *move* is a change of one
place by one person: somebody of a class comes, leaves, or is exchanged for another class.
Whatever is moved, all relations between the slots of a place keep holding.

Knows nothing of files, measures or rules; ``city`` and ``instance`` build systems.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from atlas.confidential.protect.frame import Flags, Floats, Frame, Ints, Layer

UNBOUNDED = 1 << 40


@dataclass(frozen=True)
class System:
    """Cells as a matrix: a row per place (parents first, siblings together), a column per slot.

    value
        The true count, or the assumed one where the supplier withheld it.
    exists
        Whether the place has the slot at all (a remainder only where nesting holds).
    is_open
        Whether the cell could be printed; remainders never are.
    need
        0 where the count may be known, else the count that a reader must hold possible.
    lower, upper
        The reader's bounds of a hidden cell.
    can_hide
        Whether the pattern may hide the cell; known and forbidden cells may not be hidden.
    weight
        Loss of hiding the cell: 1 and a keyed fraction that breaks ties.
    is_known, stays_hidden
        Told by an earlier release; hidden there, or in a strand before, and therefore again.
    least, is_watched
        Where measures are left out of the system (``strands``): below this count a remainder
        of theirs would be too small; and cells that change a remainder which one person knows.
        None where nothing is left out.
    """

    frame: Frame
    value: Ints
    exists: Flags
    is_open: Flags
    need: Ints
    lower: Ints
    upper: Ints
    can_hide: Flags
    weight: Floats
    is_known: Flags
    stays_hidden: Flags
    least: Ints | None = None
    is_watched: Flags | None = None

    @property
    def parent(self) -> Ints:
        """Row of each place's parent, −1 for the root."""
        return self.frame.parent

    @property
    def level(self) -> Ints:
        """Depth of each place."""
        return self.frame.level

    @property
    def layers(self) -> tuple[Layer, ...]:
        """One layer per depth."""
        return self.frame.layers

    @property
    def children(self) -> tuple[Ints, ...]:
        """Rows of the children of each place."""
        return self.frame.children

    @property
    def depth(self) -> int:
        """Depth of the smallest places; areas of overlays have a greater one."""
        return len(self.frame.seen) - 1

    @property
    def own_slots(self) -> list[int]:
        """Slots whose cells are asked for."""
        if self.frame.is_own is None:
            return list(range(len(self.frame.slots)))
        return [int(slot) for slot in np.flatnonzero(self.frame.is_own)]

    def floor(self, lower: Ints) -> Ints:
        """Raise a pattern's lower bounds to what measures outside of the system need."""
        return lower if self.least is None else np.maximum(lower, self.least)

    def in_chain(self, row: int) -> bool:
        """Say whether a place is part of the tree, not an area of an overlay."""
        return bool(self.level[row] <= self.depth)

    def through(self, slot: int) -> "System":
        """Return the system with only the moves that change one slot, where there are many."""
        frame = self.frame.through(slot)
        return self if frame is self.frame else replace(self, frame=frame)

    def family(self, parent: int) -> tuple[Ints, "System"]:
        """Return a place with its children: their rows, and a system of their own."""
        if parent not in self._families:
            self._families[parent] = self._family(*self.frame.families[parent])
        return self._families[parent]

    @cached_property
    def _families(self) -> dict[int, tuple[Ints, "System"]]:
        """Families already cut out."""
        return {}

    def _family(self, rows: Ints, frame: Frame) -> tuple[Ints, "System"]:
        first = np.arange(len(rows))[:, None] == 0
        return rows, System(
            frame=frame,
            value=self.value[rows],
            exists=self.exists[rows] | first,
            is_open=self.is_open[rows] | first,
            need=self.need[rows],
            lower=self.lower[rows],
            upper=self.upper[rows],
            can_hide=self.can_hide[rows] & ~first,
            weight=self.weight[rows],
            is_known=self.is_known[rows],
            stays_hidden=self.stays_hidden[rows],
            least=None if self.least is None else self.least[rows],
            is_watched=None if self.is_watched is None else self.is_watched[rows],
        )


def depth_order(parent_of: Sequence[int]) -> tuple[Ints, Ints]:
    """Return an order of places with parents first and siblings together, and their depth."""
    parents = np.asarray(parent_of, dtype=np.int64)
    depth = np.zeros(len(parents), dtype=np.int64)
    above = parents.copy()
    while (above >= 0).any():
        depth[above >= 0] += 1
        above = np.where(above >= 0, parents[np.maximum(above, 0)], -1)
    rank = np.zeros(len(parents), dtype=np.int64)
    order: list[int] = []
    for level in range(int(depth.max()) + 1 if len(depth) else 0):
        here = np.flatnonzero(depth == level)
        key = rank[parents[here]] if level else np.zeros(len(here), dtype=np.int64)
        here = here[np.argsort(key, kind="stable")]
        rank[here] = np.arange(len(order), len(order) + len(here))
        order.extend(int(row) for row in here)
    return np.array(order, dtype=np.int64), depth
