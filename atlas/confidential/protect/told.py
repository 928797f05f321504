"""What earlier releases told, as matrices of today's places and slots."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """What one earlier release printed, as matrices of today's places and slots.

    n
        The counts; nan where it printed nothing.
    same
        Printed with today's count.
    corrected
        The place and its children: some count printed then or since is another one today.
    gone
        Some later release showed neither the place nor any of its children.
    outdated
        The place and its children: a later release printed another count of one of them.
    """

    n: Floats
    same: Flags
    corrected: Flags
    gone: Flags
    outdated: Flags


@dataclass(frozen=True)
class OtherSum:
    """A total of another edition: what it hid, what it printed as today, and the slot."""

    hidden: Ints
    printed: Ints
    slot: int


@dataclass(frozen=True)
class Memory:
    """All that earlier releases told; ``can_hide`` and ``need`` as they were without them."""

    told: tuple[Told, ...]
    sums: tuple[OtherSum, ...]
    can_hide: Flags
    need: Ints
