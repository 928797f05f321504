"""What lies near to a place where areas of several kinds cut through each other."""

from collections.abc import Iterator, Sequence

import numpy as np

from atlas.confidential.protect.system import Flags, Ints, System


def around(system: System, row: int) -> Iterator[Flags]:
    """Mark the places near to one: what shares an area with it, and with those; then all.

    Without overlays all at once: there what is near is found by other means.
    """
    everything = np.ones(len(system.parent), dtype=bool)
    if system.frame.holders:
        near = _near(system, row)
        yield near
        everything &= not near.all()
    if everything.any():
        yield everything


def _near(system: System, row: int) -> Flags:
    """Mark all larger areas, and the smallest places that are two steps away."""
    places = np.zeros(len(system.parent), dtype=bool)
    below = [row, *system.frame.members.get(row, ())]
    for place in below:
        below.extend(system.children[place].tolist())
    places[below] = True
    is_smallest = system.level == system.depth
    for _ in range(2):
        for holder in (system.parent, *system.frame.holders):
            is_held = is_smallest & (holder >= 0)
            places |= is_held & np.isin(holder, holder[places & is_held])
    near: Flags = places | ~is_smallest
    return near


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
