"""Equations over unknown whole numbers, and how large or small a sum of them can be."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

Sum = dict[int, int]
"""Unknown -> coefficient."""

_MOST = 1e6


class System:
    """The equations as matrices; remembers worlds that it met."""

    def __init__(
        self, size: int, equal: list[tuple[Sum, int]], at_most: list[tuple[Sum, int]]
    ) -> None:
        self.size = size
        self.left, self.right = _matrix(equal, size)
        self.upper, self.bound = _matrix(at_most, size)
        self.worlds: list[NDArray[np.float64]] = []

    def can_reach(self, total: Sum, wanted: int) -> bool:
        """Whether some world has at least so many there."""
        signs = self._signs(total)
        if any(world @ signs >= wanted - 1e-6 for world in self.worlds):
            return True
        solved = linprog(
            -signs,
            A_ub=self.upper,
            b_ub=self.bound,
            A_eq=self.left,
            b_eq=self.right,
            bounds=(0, _MOST),
        )
        if solved.x is None:
            raise ArithmeticError(f"no world at all: {solved.message}")
        whole = np.rint(solved.x)
        if np.abs(whole - solved.x).max() < 1e-6:
            self.worlds.append(whole)
        elif -solved.fun >= wanted - 1e-6:
            return self.limits(total)[1] >= wanted
        return bool(-solved.fun >= wanted - 1e-6)

    def limits(self, total: Sum) -> tuple[int, int]:
        """Smallest and largest number that any world of whole persons has there."""
        signs = self._signs(total)
        ends = []
        for sign in (1, -1):
            solved = milp(
                sign * signs,
                constraints=[
                    LinearConstraint(self.left, self.right, self.right),
                    LinearConstraint(self.upper, -np.inf, self.bound),
                ],
                bounds=Bounds(0, _MOST),
                integrality=np.ones(self.size),
            )
            if solved.x is None:
                raise ArithmeticError(f"no whole world: {solved.message}")
            ends.append(round(float(np.rint(solved.x) @ signs)))
        return ends[0], ends[1]

    def _signs(self, total: Sum) -> NDArray[np.float64]:
        signs = np.zeros(self.size)
        for at, sign in total.items():
            signs[at] = sign
        return signs


def _matrix(rows: list[tuple[Sum, int]], width: int) -> tuple[csr_array, NDArray[np.float64]]:
    number = [i for i, (row, _) in enumerate(rows) for _ in row]
    column = [at for row, _ in rows for at in row]
    sign = [float(one) for row, _ in rows for one in row.values()]
    return (
        csr_array((sign, (number, column)), shape=(len(rows), width)),
        np.array([float(value) for _, value in rows]),
    )
