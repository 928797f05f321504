"""The shape of a system of cells: what holds between slots and places, whatever is counted.

A *frame* knows which relations hold, which kinds of person they tell apart and which moves
keep them; a *layer* is one depth of it, a *strand* the measures that hold one another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from atlas.confidential.protect.moves import Persons, index_of, moves_of_layers
from atlas.confidential.protect.told import Memory

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]


@dataclass(frozen=True)
class Layer:
    """The places of one depth and the moves that change them.

    ``moves`` has one row per move and one column per slot (−1, 0, 1); ``opposite`` is the row
    of the reverse move; ``below`` the row of the same move seen one layer deeper, −1 where the
    deeper layer does not notice it.
    """

    start: int
    stop: int
    moves: Floats
    opposite: Ints
    below: Ints

    @cached_property
    def changed(self) -> Floats:
        """Slots that each move changes, as a matrix to multiply with (slot × move)."""
        return np.ascontiguousarray(np.abs(self.moves).T)

    @cached_property
    def lowered(self) -> Words:
        """Slots that each move lowers, as bits."""
        return bits(self.moves < 0)

    @cached_property
    def raised(self) -> Words:
        """Slots that each move raises, as bits."""
        return bits(self.moves > 0)

    @property
    def rows(self) -> slice:
        """Rows of the system that lie in this layer."""
        return slice(self.start, self.stop)


@dataclass(frozen=True)
class Strand:
    """A measure with those that hold it; see ``strands``.

    columns
        The slots of these measures, in the order of the frame.
    is_own
        Which of these columns are protected here: the others are, where they come last.
    persons
        The kinds of person that these columns tell apart.
    """

    columns: Ints
    is_own: Flags
    persons: Persons


@dataclass(frozen=True)
class Frame:
    """Places and slots without their numbers; shared by all systems of a city.

    ids, parent, level
        One entry per place: name, row of the parent (−1 for the root), depth.
    slots, relations, persons
        Names of the columns; coefficients that sum to nought at every place; kinds of person.
    seen
        Which slots exist at which depth.
    kin
        ``kin[a, b]``: quick bounds of slot a look at slot b.
    label
        Places exchange persons only with siblings of the same label; above 0 where areas of
        another edition bind the place.
    sums
        Rows and slot of cells whose sum another edition printed.
    holders
        One array per kind of overlay: row of the area that holds each place, −1 where none
        does. Areas of overlays come last, below every layer: no move changes them, they are
        the sums of what they hold.
    withheld
        Row of the parent and slot of block tables that an earlier release withheld whole.
    memory
        What earlier releases told, None where there are none.
    strands
        Parts that are protected one after another, wholes first; empty where one system does.
    is_own
        The slots whose cells are asked for, None where all are; the others belong to strands
        that were protected before.
    is_cut
        Whether only the moves through one slot are left (``through``).
    is_excusing
        Whether somebody who counts in a cell may see it change for a target inside of it.
    """

    ids: tuple[str, ...]
    parent: Ints
    level: Ints
    slots: tuple[str, ...]
    relations: Ints
    persons: Persons
    seen: Flags
    kin: Flags
    label: Ints
    sums: tuple[tuple[Ints, int], ...] = ()
    holders: tuple[Ints, ...] = ()
    withheld: frozenset[tuple[int, int]] = frozenset()
    memory: Memory | None = None
    strands: tuple[Strand, ...] = ()
    is_own: Flags | None = None
    is_cut: bool = False
    is_excusing: bool = True

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """One layer per depth, root first."""
        depth = len(self.seen)
        edges = np.searchsorted(self.level, np.arange(depth + 1))
        moves, below = moves_of_layers(self.persons, tuple(self.seen))
        return tuple(
            Layer(
                start=int(edges[i]),
                stop=int(edges[i + 1]),
                moves=moves[i].astype(np.float64),
                opposite=index_of(-moves[i], moves[i]),
                below=below[i],
            )
            for i in range(depth)
        )

    @cached_property
    def children(self) -> tuple[Ints, ...]:
        """Rows of the children of each place."""
        order = np.argsort(self.parent, kind="stable")
        edges = np.searchsorted(self.parent[order], np.arange(len(self.parent) + 1))
        return tuple(order[edges[i] : edges[i + 1]] for i in range(len(self.parent)))

    @cached_property
    def members(self) -> dict[int, Ints]:
        """Rows of the places that each area of an overlay holds."""
        return {
            int(area): np.flatnonzero(holder == area)
            for holder in self.holders
            for area in np.unique(holder[holder >= 0])
        }

    @cached_property
    def covers(self) -> Flags:
        """``covers[a, b]``: whoever counts in slot b counts in slot a too."""
        if not self.is_excusing:
            return np.zeros((len(self.slots), len(self.slots)), dtype=bool)
        inside = self.persons.classes.astype(bool)
        covers: Flags = (~inside[:, None, :] | inside[:, :, None]).all(axis=0)
        return covers if self.persons.is_complete else _wholes(self.relations)

    @cached_property
    def groups(self) -> tuple[Ints, ...]:
        """Number for each layer the sets of siblings that exchange persons freely."""
        pairs = np.stack([self.parent, self.label], axis=1)
        return tuple(
            np.unique(pairs[layer.rows], axis=0, return_inverse=True)[1].reshape(-1)
            for layer in self.layers
        )

    @cached_property
    def triples(self) -> Ints:
        """Whole, part and rest of every relation with two parts, one row per relation."""
        pairs = [
            (np.flatnonzero(row == -1), np.flatnonzero(row == 1)) for row in self.relations
        ]
        return np.array(
            [
                (whole[0], *parts)
                for whole, parts in pairs
                if len(whole) == 1 and len(parts) == 2
            ],
            dtype=np.int64,
        ).reshape(-1, 3)

    @cached_property
    def _through(self) -> dict[int, "Frame"]:
        """Frames already cut down to the moves through one slot."""
        return {}

    def through(self, slot: int) -> "Frame":
        """Return the frame with only those moves that change one slot, where there are many."""
        if self.persons.is_complete or self.is_cut:
            return self
        if slot not in self._through:
            frame = replace(self, is_cut=True)
            kept = self._moves_through(slot)
            near = self.kin[slot][self.triples].all(axis=1)
            frame.__dict__.update(
                layers=tuple(self._cut(depth, kept) for depth in range(len(self.seen))),
                children=self.children,
                covers=self.covers,
                groups=self.groups,
                triples=self.triples[near],
            )
            self._through[slot] = frame
        return self._through[slot]

    def _moves_through(self, slot: int) -> list[Flags]:
        """Mark in every layer the moves that change a slot, and how other layers see them."""
        kept = [layer.moves[:, slot] != 0 for layer in self.layers]
        for depth in range(len(kept) - 2, -1, -1):
            below = self.layers[depth].below
            kept[depth] |= (below >= 0) & kept[depth + 1][below]
        for depth, layer in enumerate(self.layers[:-1]):
            kept[depth + 1][layer.below[kept[depth] & (layer.below >= 0)]] = True
        return kept

    def _cut(self, depth: int, kept: Sequence[Flags]) -> Layer:
        """Keep some moves of a layer and number them anew."""
        layer, own = self.layers[depth], kept[depth]
        number = np.cumsum(own) - 1
        below = layer.below[own]
        if depth + 1 < len(kept):
            below = np.where(below >= 0, (np.cumsum(kept[depth + 1]) - 1)[below], -1)
        return Layer(
            layer.start, layer.stop, layer.moves[own], number[layer.opposite[own]], below
        )

    @cached_property
    def families(self) -> dict[int, tuple[Ints, "Frame"]]:
        """Each place with its children: their rows, and a frame whose parent never changes."""
        return {
            row: self._family(np.concatenate([[row], kids]))
            for row, kids in enumerate(self.children)
            if len(kids)
        }

    def _overlaid(self, rows: Ints) -> Iterator[tuple[Ints, int]]:
        """Keep in a family the sums over places that one area of an overlay holds."""
        for holder in self.holders:
            for area in np.unique(holder[rows][holder[rows] >= 0]):
                inside = np.flatnonzero(holder[rows] == area)
                yield from ((inside, slot) for slot in range(len(self.slots)))

    def _family(self, rows: Ints) -> tuple[Ints, "Frame"]:
        """Cut a parent (first) and its children out of the frame."""
        depth = int(self.level[rows[0]])
        part = replace(
            self,
            ids=tuple(self.ids[row] for row in rows),
            parent=np.array([-1] + [0] * (len(rows) - 1)),
            level=self.level[rows] - depth,
            seen=self.seen[depth : depth + 2],
            label=self.label[rows],
            sums=(*_within(rows, self.sums), *self._overlaid(rows)),
            holders=(),
            memory=None,
        )
        nothing = np.zeros(0, dtype=np.int64)
        still = Layer(0, 1, np.zeros((0, len(self.slots))), nothing, nothing)
        kids = replace(self.layers[depth + 1], start=1, stop=len(rows))
        part.__dict__.update(layers=(still, kids), covers=self.covers, triples=self.triples)
        return rows, part


def _within(rows: Ints, sums: tuple[tuple[Ints, int], ...]) -> Iterator[tuple[Ints, int]]:
    """Keep of each sum what lies within a family; cells outside do not change there."""
    position = {int(row): i for i, row in enumerate(rows)}
    for members, slot in sums:
        inside = [position[row] for row in members.tolist() if row in position]
        if inside:
            yield np.array(inside, dtype=np.int64), slot


def _wholes(relations: Ints) -> Flags:
    """Say which slot is, by the relations, a whole that another is part of."""
    width = relations.shape[1]
    covers = np.eye(width, dtype=bool)
    for row in relations:
        covers[np.ix_(row < 0, row > 0)] = True
    for through in range(width):
        covers |= covers[:, [through]] & covers[[through], :]
    return covers


def bits(flags: Flags) -> Words:
    """Pack flags (rows × slots) into words, so that sets of slots compare at once."""
    packed = np.packbits(flags, axis=1)
    wide = np.zeros((len(packed), -(-max(packed.shape[1], 1) // 8) * 8), dtype=np.uint8)
    wide[:, : packed.shape[1]] = packed
    return wide.view(np.uint64)


def meet(one: Words, other: Words) -> Flags:
    """Say for each row of one and each row of other whether they share a slot."""
    found = np.zeros((len(one), len(other)), dtype=bool)
    for word in range(one.shape[1]):
        found |= (one[:, None, word] & other[None, :, word]) != 0
    return found
