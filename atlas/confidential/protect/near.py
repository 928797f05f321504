"""What lies near to a place where areas of several kinds cut through each other."""

from collections.abc import Iterator, Sequence

import numpy as np

from atlas.confidential.protect.frame import Flags, Ints
from atlas.confidential.protect.system import System
from atlas.confidential.protect.worlds import is_cut


def around(system: System, row: int) -> Iterator[Flags]:
    """Mark the places that a world of one may go round: ever more, at last all.

    Where all areas nest all at once: there what is near is found by other means.
    """
    everything = np.ones(len(system.parent), dtype=bool)
    if is_cut(system):
        yield _near(system, row, np.logical_and)
        near = _near(system, row, np.logical_or)
        yield near
        everything &= not near.all()
    if everything.any():
        yield everything


def _near(system: System, row: int, combine: np.ufunc) -> Flags:
    """Mark all larger areas, and the smallest places in areas that touch those of a place.

    Parameters
    ----------
    combine
        Whether all areas of such a place must touch, or any of them.
    """
    is_smallest = system.level == system.depth
    ways = (system.parent, *system.frame.holders, *_earlier(system))
    beside = np.zeros(len(system.parent), dtype=bool)
    below = [row, *system.frame.members.get(row, ())]
    for place in below:
        below.extend(system.children[place].tolist())
    beside[below] = True
    beside |= np.logical_or.reduce([_touching(beside, way, is_smallest) for way in ways])
    near: Flags = combine.reduce([_touching(beside, way, is_smallest) for way in ways])
    near |= ~is_smallest
    return near


def _earlier(system: System) -> Iterator[Ints]:
    """Say which total of another edition holds each place: of several the smallest."""
    memory = system.frame.memory
    if memory is not None and memory.sums:
        way = np.full(len(system.parent), -1, dtype=np.int64)
        areas = [np.concatenate([one.hidden, one.printed]) for one in memory.sums]
        for number, rows in enumerate(sorted(areas, key=len)):
            way[rows[way[rows] < 0]] = number
        yield way


def _touching(places: Flags, way: Ints, is_smallest: Flags) -> Flags:
    """Mark the smallest places in the areas, of one way of holding, that hold some places."""
    is_held = is_smallest & (way >= 0)
    touching: Flags = is_held & np.isin(way, way[places & is_held])
    return touching


def labels_of(holders: Sequence[Ints], sums: Sequence[tuple[Ints, int]], places: int) -> Ints:
    """Tell places apart that do not lie in the same areas of overlays and the same sums."""
    areas = sorted({tuple(rows.tolist()) for rows, _ in sums})
    names: list[tuple[int, ...]] = [() for _ in range(places)]
    for holder in holders:
        for row in np.flatnonzero(holder >= 0).tolist():
            names[row] = (*names[row], -int(holder[row]))
    for number, rows in enumerate(areas):
        for row in rows:
            names[row] = (*names[row], number)
    order = {name: i for i, name in enumerate(sorted(set(names) | {()}))}
    return np.array([order[name] for name in names], dtype=np.int64)
