"""The way out where no pattern among the blocks is safe: withhold more, the least first.

What is withheld around a cell grows step by step: the area with its block tables and those of
one neighbour, everything below the next larger area, at last the measure in the whole city.
Where nothing of a measure is shown, what earlier releases showed is all that a reader has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from atlas.confidential.protect.exact import find_world
from atlas.confidential.protect.frame import Flags
from atlas.confidential.protect.memory import recall
from atlas.confidential.protect.prove import prove_quickly
from atlas.confidential.protect.system import System
from atlas.confidential.protect.worlds import (
    Delta,
    Pattern,
    Target,
    frozen_cells,
    printed,
    targets_of,
    withhold,
)

Table = tuple[int, int]
"""Row of the parent, and slot."""

MOST_NEIGHBOURS = 4


@dataclass(frozen=True)
class Standing:
    """What is hidden so far, and the system as readers see it then."""

    system: System
    pattern: Pattern
    tables: frozenset[Table]


@dataclass(frozen=True)
class Step:
    """Places whose cells are withheld with all below them, in some slots.

    ``with_own`` withholds the cells of the places themselves as well.
    """

    places: tuple[int, ...]
    slots: tuple[int, ...]
    with_own: bool


@dataclass(frozen=True)
class Climbed:
    """Where the climb ended, all proofs, and what was withheld beyond block tables."""

    standing: Standing
    proofs: dict[Target, Delta]
    steps: dict[str, int]


def climb(
    standing: Standing,
    task: tuple[Sequence[Target], dict[Target, Delta]],
    orders: Sequence[Sequence[int]],
) -> Climbed:
    """Withhold around each target until it has a world.

    Targets that earlier releases alone tell are left out: no release can mend that.

    Parameters
    ----------
    task
        Targets without a world yet, and the proofs of all others.
    orders
        For every slot the printable slots that bear on it, nearest first.
    """
    targets, known = task
    proofs = dict(known)
    before = standing
    for target in targets:
        delta = _world(standing, target)
        if delta is None and not told_before(standing.system, target):
            standing, delta = _up(standing, target, orders[target.slot])
        if delta is not None:
            proofs[target] = delta
    return Climbed(standing, proofs, _losses(before, standing))


def _up(
    standing: Standing, target: Target, order: Sequence[int]
) -> tuple[Standing, Delta | None]:
    """Take the first step that leaves the target a world."""
    for step in _steps(standing, target, order):
        trial = _take(standing, step)
        delta = _world(trial, target)
        if delta is not None:
            return trial, delta
    return standing, None


def told_before(system: System, target: Target) -> bool:
    """Say whether earlier releases alone tell the count, whatever is hidden now."""
    if not (system.is_known.any() or system.frame.sums):
        return False
    nobody = frozen_cells(system, insider=False)
    return target not in worlds_of_nothing(system, [target], nobody)


def without_told(system: System) -> System:
    """Ask nothing for what earlier releases alone tell: whatever is hidden for it is lost."""
    if not system.is_known.any():
        return system
    nobody = frozen_cells(system, insider=False)
    targets = targets_of(system)
    safe = worlds_of_nothing(system, targets, nobody)
    need = system.need.copy()
    for target in targets:
        if target not in safe and not system.is_open[target.row, target.slot]:
            need[target.row, target.slot] = 0
    return replace(system, need=need)


def worlds_of_nothing(
    system: System, targets: Sequence[Target], frozen: Flags
) -> dict[Target, Delta]:
    """Find worlds of a release that shows nothing of what could be printed, not even zeros.

    First while larger areas are shown: a world in one of them is one of the city as well, and
    far smaller to search.
    """
    everything = system.is_open & system.exists
    lower = np.maximum(system.lower - 1, 0)
    rest = list(targets)
    found = prove_quickly(system, Pattern(everything, lower), rest, frozen)
    for depth in range(int(system.level.max()), -1, -1):
        rest = [target for target in rest if target not in found]
        pattern = Pattern(everything & (system.level >= depth)[:, None], lower)
        found |= find_world(system, pattern, rest, frozen)
    return found


def _world(standing: Standing, target: Target) -> Delta | None:
    nobody = frozen_cells(standing.system, insider=False)
    return find_world(standing.system, standing.pattern, [target], nobody).get(target)


def _steps(standing: Standing, target: Target, order: Sequence[int]) -> Iterator[Step]:
    """List what may be withheld around a target, the least first."""
    system = standing.system
    widths = _widths(system, order)
    place, root = target.row, int(np.flatnonzero(system.parent < 0)[0])
    if not system.in_chain(place):
        yield from _beside(standing, place, widths)
        yield from (Step((root,), slots, with_own=False) for slots in widths)
        place = root
    while place != root:
        above = int(system.parent[place])
        if len(system.children[place]) or above == root:
            yield from _beside(standing, place, widths)
        yield from (Step((above,), slots, with_own=False) for slots in widths)
        place = above
    everything = tuple(int(slot) for slot in np.flatnonzero(system.is_open.any(axis=0)))
    for slots in (*widths, everything):
        yield Step((root,), slots, with_own=True)


def _beside(
    standing: Standing, place: int, widths: Sequence[tuple[int, ...]]
) -> Iterator[Step]:
    """List what goes with the cell of an area itself and of one beside it."""
    for slots in widths:
        for neighbour in _neighbours(standing, place, slots):
            yield Step((place, neighbour), slots, with_own=True)


def _widths(system: System, order: Sequence[int]) -> list[tuple[int, ...]]:
    """List the nearest slot, those of its measure, all that bear on the target."""
    measure = system.frame.slots[order[0]].partition("|")[0]
    same = [slot for slot in order if system.frame.slots[slot].partition("|")[0] == measure]
    return list(dict.fromkeys([tuple(order[:1]), tuple(same), tuple(order)]))


def _neighbours(standing: Standing, place: int, slots: tuple[int, ...]) -> list[int]:
    """Siblings of a place: those where something was corrected first, then by loss."""
    system, slot = standing.system, slots[0]
    memory = system.frame.memory
    seen = printed(system, standing.pattern)[:, slots]
    ranked = [
        (
            not any(told.corrected[row, slot] for told in memory.told) if memory else False,
            int(seen[_below(system, int(row))].sum()),
            float(system.weight[row, slot]),
            int(row),
        )
        for row in _siblings(system, place)
        if row != place and _can_go(system)[row, slot]
    ]
    return [row for *_, row in sorted(ranked)][:MOST_NEIGHBOURS]


def _siblings(system: System, place: int) -> list[int]:
    """List the areas beside a place, of the chain or of its overlay."""
    if system.in_chain(place):
        return [int(row) for row in system.children[int(system.parent[place])]]
    (holder,) = (one for one in system.frame.holders if (one == place).any())
    return [int(row) for row in np.unique(holder[holder >= 0])]


def _can_go(system: System) -> Flags:
    """Cells that may be hidden alone: where zeros are printed, a hidden zero is a lie."""
    return system.is_open & system.exists & (system.value >= system.lower)


def _below(system: System, place: int) -> list[int]:
    """List a place and all places in it; for an overlay whole Quartiere, zeros go with them."""
    found = [place]
    if not system.in_chain(place):
        found += np.unique(system.parent[system.frame.members[place]]).tolist()
    for row in found:
        found.extend(int(kid) for kid in system.children[row])
    return found


def _take(standing: Standing, step: Step) -> Standing:
    """Withhold what a step names, and let readers doubt what is gone whole."""
    system = standing.system
    families = [
        row
        for place in step.places
        for row in _below(system, place)
        if len(system.children[row])
    ]
    wider = {(row, slot) for row in families for slot in step.slots}
    pattern = withhold(system, standing.pattern, wider - standing.tables)
    if step.with_own:
        own = np.ix_(step.places, step.slots)
        hidden = pattern.hidden.copy()
        is_root = system.parent[list(step.places)] < 0
        hidden[own] |= _can_go(system)[own] | (
            is_root[:, None] & (system.is_open & system.exists)[own]
        )
        pattern = replace(pattern, hidden=hidden)
    if system.frame.holders:
        pattern = _take_overlays(system, pattern, step)
    blank = pattern.hidden | ~system.exists | ~system.is_open
    return Standing(
        recall(system, _gone(system, blank)), pattern, standing.tables | frozenset(wider)
    )


def _take_overlays(system: System, pattern: Pattern, step: Step) -> Pattern:
    """Withhold the areas of overlays that hold anything withheld, and all where nothing stays.

    Where none of an overlay is shown, zeros are not either.
    """
    places = np.array(sorted({row for place in step.places for row in _below(system, place)}))
    slots = np.array(step.slots)
    hidden, lower = pattern.hidden.copy(), pattern.lower.copy()
    is_all = step.with_own and bool((system.parent[list(step.places)] < 0).any())
    for holder in system.frame.holders:
        held = np.unique(holder[places][holder[places] >= 0])
        kind = np.unique(holder[holder >= 0])
        hidden[np.ix_(held, slots)] |= _can_go(system)[np.ix_(held, slots)]
        if is_all or len(held) == len(kind):
            hidden[np.ix_(kind, slots)] |= (system.is_open & system.exists)[np.ix_(kind, slots)]
            lower[np.ix_(kind, slots)] = np.maximum(lower[np.ix_(kind, slots)] - 1, 0)
    return Pattern(hidden, lower)


def _gone(system: System, blank: Flags) -> Flags:
    """Mark the places of which nothing is shown, neither their cell nor one that they hold."""
    shown_below = np.zeros_like(blank)
    for holder in (system.parent, *system.frame.holders):
        below = holder >= 0
        np.logical_or.at(shown_below, holder[below], ~blank[below])
    return blank & ~shown_below


def _losses(before: Standing, after: Standing) -> dict[str, int]:
    """Count what was withheld above the blocks, and measures withheld in the whole city."""
    system = after.system
    new = after.pattern.hidden & ~before.pattern.hidden & system.is_open & system.exists
    is_block = system.level == system.depth
    cells = system.is_open & system.exists
    whole = (after.pattern.hidden | ~cells).all(axis=0) & cells.any(axis=0)
    partly = (before.pattern.hidden | ~cells).all(axis=0)
    return {
        "withheld_values": int(new[~is_block].sum()),
        "withheld_measures": int((whole & ~partly).sum()),
    }
