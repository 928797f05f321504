"""Kinds of persons, and the moves that change a place by one person.

A *class* is a kind of person, told by the slots in which that person counts. A *move* is what
the slots of one place notice when somebody comes, leaves, or is exchanged for another class;
whatever is moved, all relations between the slots of a place keep holding. While the classes
are few, all of them are listed and all exchanges tried. With many measures and groups only
those are made that follow one measure and one group at a time: their number grows with the
relations, not with the combinations.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_MOVES = 250
"""Above this many single moves double exchanges are left to the integer programmes."""


@dataclass(frozen=True)
class Persons:
    """Classes and their exchanges.

    classes
        One row per class, 0 or 1 per slot.
    turns
        Rows of two classes that may be exchanged for each other; None where all may.
    swaps
        Rows of four classes: the first becomes the second while the third becomes the fourth;
        used beside ``turns``.
    """

    classes: Ints
    turns: Ints | None = None
    swaps: Ints | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every class that fits the relations is listed, with every exchange."""
        return self.turns is None

    def moves(self, mask: Flags) -> Ints:
        """List the moves as the slots of one layer see them: one row per move, −1, 0 or 1."""
        if self.turns is None or self.swaps is None:
            return _all_moves(self.classes, mask)
        seen = self.classes * mask
        exchanges = seen[self.turns[:, 0]] - seen[self.turns[:, 1]]
        first, second, third, fourth = (seen[column] for column in self.swaps.T)
        moves = np.vstack([seen, exchanges, second - first + fourth - third])
        found: Ints = np.unique(np.vstack([moves, -moves]), axis=0)
        kept: Ints = found[np.abs(found).max(axis=1, initial=0) == 1]
        return kept


def classes_of(relations: Ints) -> Ints:
    """List every kind of person that fits the relations: one row per class, 0 or 1 per slot.

    A relation has coefficient −1 for the whole and 1 for each of its disjoint parts.
    """
    found: list[Ints] = []
    _extend(np.full(relations.shape[1], -1), relations, found)
    classes = np.array([row for row in found if row.any()], dtype=np.int64)
    return np.unique(classes.reshape(-1, relations.shape[1]), axis=0)


def _extend(partial: Ints, relations: Ints, found: list[Ints]) -> None:
    """Fill the first open slot with 0 and 1 and keep what no relation contradicts."""
    open_slots = np.flatnonzero(partial < 0)
    if not len(open_slots):
        found.append(partial.copy())
        return
    for membership in (0, 1):
        trial = partial.copy()
        trial[open_slots[0]] = membership
        if _propagate(trial, relations):
            _extend(trial, relations, found)


def _propagate(partial: Ints, relations: Ints) -> bool:
    """Fill slots that follow from the relations; False on a contradiction."""
    changed = True
    while changed:
        changed = False
        for relation in relations:
            members = np.flatnonzero(relation)
            unknown = members[partial[members] < 0]
            known = members[partial[members] >= 0]
            total = int((relation[known] * partial[known]).sum())
            if not len(unknown) and total != 0:
                return False
            if len(unknown) == 1:
                filled = -total * int(relation[unknown[0]])
                if filled not in (0, 1):
                    return False
                partial[unknown[0]] = filled
                changed = True
    return True


def _all_moves(classes: Ints, mask: Flags) -> Ints:
    """Arrivals, departures and all exchanges of one person, as the slots of one layer see."""
    seen = np.unique(classes * mask, axis=0)
    seen = seen[seen.any(axis=1)]
    if not len(seen):
        return np.zeros((0, len(mask)), dtype=np.int64)
    exchanges = (seen[:, None, :] - seen[None, :, :]).reshape(-1, len(mask))
    moves = np.unique(np.vstack([seen, -seen, exchanges]), axis=0)
    moves = moves[moves.any(axis=1)]
    return (
        moves
        if len(moves) > MOST_MOVES
        else np.unique(np.vstack([moves, _double_exchanges(moves)]), axis=0)
    )


def _double_exchanges(moves: Ints) -> Ints:
    """Combine two moves where that leaves a slot as it was and changes no more slots."""
    support = (moves != 0).sum(axis=1)
    found = [np.zeros((0, moves.shape[1]), dtype=np.int64)]
    for i, move in enumerate(moves):
        both = moves[i + 1 :] + move
        undone = ((moves[i + 1 :] == -move) & (move != 0)).any(axis=1)
        simple = (both != 0).sum(axis=1) <= np.maximum(support[i + 1 :], support[i])
        fits = undone & simple & (np.abs(both).max(axis=1) == 1)
        found.append(both[fits])
    return np.vstack(found)


def index_of(wanted: Ints, moves: Ints) -> Ints:
    """Return the row of each wanted move, −1 where it changes nothing."""
    rows = {move.tobytes(): i for i, move in enumerate(np.ascontiguousarray(moves))}
    keys = np.ascontiguousarray(wanted.astype(np.int64))
    return np.array([rows.get(key.tobytes(), -1) for key in keys], dtype=np.int64)


def moves_of_layers(persons: Persons, seen: Sequence[Flags]) -> tuple[list[Ints], list[Ints]]:
    """Make the moves of every layer, root first, and the row of each seen one layer deeper."""
    moves: list[Ints] = []
    below: list[Ints] = []
    for mask, deeper in zip(seen[::-1], (None, *seen[:0:-1]), strict=True):
        own = persons.moves(mask)
        known = np.full(len(own), -1, dtype=np.int64)
        if deeper is not None:
            known = index_of(own * deeper, moves[0])
            fits = (known >= 0) | ~(own * deeper).any(axis=1)
            own, known = own[fits], known[fits]
        moves.insert(0, own)
        below.insert(0, known)
    return moves, below
