"""A reader's attack: linear programmes over everything printed, component by component.

Part of the audit; knows an equation system with bounds and nothing of how cells were hidden.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import block_array, csc_array, csr_array, eye_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

_EDGE = 1e-6


@dataclass(frozen=True)
class Equations:
    """``relations @ x = 0``, ``low <= x <= high``, ``x = value`` where known."""

    relations: csr_array
    value: Ints
    is_known: Flags
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Component:
    """Unknown cells that hang together: ``matrix @ x = right``."""

    cells: Ints
    matrix: csr_array
    right: Floats
    low: Floats
    high: Floats


def components(equations: Equations, wanted: Flags) -> Iterator[Component]:
    """Split the unknown cells into systems that do not bear on each other.

    Only systems with a wanted cell are made.
    """
    unknown = np.flatnonzero(~equations.is_known)
    matrix = csr_array(equations.relations[:, unknown])
    known_value = np.where(equations.is_known, equations.value, 0)
    right = -np.asarray(equations.relations @ known_value, dtype=np.float64)
    filled = np.flatnonzero(np.diff(matrix.indptr))
    matrix, right = csr_array(matrix[filled]), right[filled]
    label = connected_components(abs(matrix).T @ abs(matrix), directed=False)[1]
    row_label = label[matrix.indices[matrix.indptr[:-1]]] if len(filled) else np.zeros(0, int)
    column_order = np.argsort(label, kind="stable")
    row_order = np.argsort(row_label, kind="stable")
    count = int(label.max()) + 1 if len(label) else 0
    column_edges = np.searchsorted(label[column_order], np.arange(count + 1))
    row_edges = np.searchsorted(row_label[row_order], np.arange(count + 1))
    # In this order the systems stand beside each other along the diagonal.
    diagonal = csr_array(csr_array(matrix[row_order])[:, column_order])
    for i in np.unique(label[wanted[unknown]]):
        first, last = column_edges[i], column_edges[i + 1]
        rows = slice(row_edges[i], row_edges[i + 1])
        cells = unknown[column_order[first:last]]
        part = csr_array(diagonal[rows, first:last])
        bounds = equations.low[cells], equations.high[cells]
        yield Component(cells, part, right[row_order[rows]], *bounds)


@dataclass(frozen=True)
class Spared:
    """Cells that a checked world lifts to their need, so that no programme has to.

    They are asked all the same in systems of up to ``most`` cells together, drawn anew from a
    fixed seed: where a programme finds less than a world promises, something is wrong.
    """

    is_proved: Flags
    most: int


def unsafe_cells(equations: Equations, need: Ints, spared: Spared | None = None) -> Ints:
    """Return the cells of which a reader can be sure that they are below their need.

    A cell that is known counts as unsafe when its value is below the need.
    """
    unsafe = np.flatnonzero(equations.is_known & (need > equations.value)).tolist()
    found = components(equations, need > 0)
    for component, is_whole in _drawn(list(found), spared.most) if spared else _all(found):
        wanted = np.flatnonzero(need[component.cells] > 0)
        if spared and not is_whole:
            wanted = wanted[~spared.is_proved[component.cells[wanted]]]
        open_to_attack = _beyond(component, wanted, need[component.cells])
        unsafe += component.cells[open_to_attack].tolist()
    return np.array(sorted(unsafe), dtype=np.int64)


def _all(found: Iterable[Component]) -> Iterator[tuple[Component, bool]]:
    yield from ((component, True) for component in found)


def _drawn(found: Sequence[Component], most: int) -> Iterator[tuple[Component, bool]]:
    """Say of which systems, in an order drawn from a fixed seed, everything is asked."""
    left = most
    for i in np.random.default_rng(0).permutation(len(found)):
        left -= len(found[i].cells)
        yield found[i], left >= 0


@dataclass(frozen=True)
class Unproved:
    """Cells that no checked world proves, to nobody or to whoever knows some cell.

    nowhere
        Cells without any world.
    always
        One column per cell: the cells of which every world changes it.
    """

    nowhere: Flags
    always: csc_array

    def to_whoever_knows(self, cell: int) -> Flags:
        """Cells that are not proved to a reader who knows one cell."""
        found = self.nowhere.copy()
        found[self.always[:, [cell]].indices] = True
        return found


def telling_cells(equations: Equations, need: Ints, cells: Flags, unproved: Unproved) -> Ints:
    """Return those of some unknown cells whose number, known, tells of a smaller one.

    Whoever knows one of them (the operator of a shelter its own) is a reader of their own.
    """
    telling: list[int] = []
    for component in components(equations, (need > 0) & ~equations.is_known):
        value, asked = equations.value[component.cells], need[component.cells]
        for own in np.flatnonzero(cells[component.cells]).tolist():
            low, high = component.low.copy(), component.high.copy()
            low[own] = high[own] = value[own]
            is_left = unproved.to_whoever_knows(component.cells[own])[component.cells]
            is_left &= asked > value
            is_left[own] = False
            others = np.flatnonzero(is_left)
            if len(others) and len(
                _beyond(replace(component, low=low, high=high), others, asked)
            ):
                telling.append(int(component.cells[own]))
    return np.array(sorted(telling), dtype=np.int64)


def _beyond(component: Component, wanted: Ints, need: Ints) -> Ints:
    """Return the wanted cells that reach their need in no world.

    One programme lifts as many as it can at once; whoever it leaves below is asked alone.
    """
    left = wanted
    while len(left) > 1:
        world = _lift(component, left, need[left])
        if world is None:
            break
        reached = world[left] >= need[left] - _EDGE
        if not reached.any():
            break
        left = left[~reached]
    return np.array([i for i in left if _extreme(component, i, -1.0) < need[i] - _EDGE], int)


def _lift(component: Component, cells: Ints, need: Ints) -> Floats | None:
    """Find a world in which many of the cells reach their need together."""
    width, count = len(component.cells), len(cells)
    pick = csr_array((np.ones(count), (np.arange(count), cells)), shape=(count, width))
    below = block_array([[-pick, eye_array(count)]], format="csr")
    exact = block_array([[component.matrix, csr_array((component.matrix.shape[0], count))]])
    low = np.concatenate([component.low, np.zeros(count)])
    high = np.concatenate([component.high, need.astype(float)])
    answer = linprog(
        np.concatenate([np.zeros(width), -np.ones(count)]),
        A_ub=below,
        b_ub=np.zeros(count),
        A_eq=exact.tocsr(),
        b_eq=component.right,
        bounds=np.stack([low, high], axis=1),
    )
    return None if answer.x is None else np.asarray(answer.x[:width])


def _extreme(component: Component, cell: int, sign: float) -> float:
    """Return the largest (sign −1) or smallest (sign 1) value of one cell."""
    cost = np.zeros(len(component.cells))
    cost[cell] = sign
    answer = linprog(
        cost,
        A_eq=component.matrix if component.matrix.shape[0] else None,
        b_eq=component.right if component.matrix.shape[0] else None,
        bounds=np.stack([component.low, component.high], axis=1),
    )
    if answer.status == 3:
        return -sign * np.inf
    if answer.x is None:
        return float("nan")
    return float(answer.x[cell])


def intervals(equations: Equations, cells: Sequence[int]) -> Floats:
    """Return the smallest and largest value of each cell that a reader must hold possible.

    Bounds are rounded inwards to whole numbers; a system without any world gives NaN.
    """
    wanted = {int(cell): i for i, cell in enumerate(cells)}
    found = np.full((len(wanted), 2), np.nan)
    for cell, i in wanted.items():
        if equations.is_known[cell]:
            found[i] = equations.value[cell]
    is_wanted = np.zeros(len(equations.value), dtype=bool)
    is_wanted[list(wanted)] = True
    for component in components(equations, is_wanted):
        for local, cell in enumerate(component.cells):
            if int(cell) in wanted:
                low = _extreme(component, local, 1.0)
                high = _extreme(component, local, -1.0)
                found[wanted[int(cell)]] = np.ceil(low - _EDGE), np.floor(high + _EDGE)
    return found
