"""Random numbers that anybody can draw again: a text names a series, its place a number.

The first eight bytes of the SHA-256 of a text start a series of SplitMix64. So a draw hangs on
the area and the indicator that it is for, never on the order of rows, and a second program in
any language has the same.

Source: G. L. Steele, D. Lea and C. H. Flood (2014), Fast Splittable Pseudorandom Number
Generators, OOPSLA.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_LAST = np.uint64(31)
_BYTES = 8


def orders_of(texts: Sequence[str], n: int) -> NDArray[np.intp]:
    """Places 0 … n − 1 of each series (a row), the one with the smallest number first."""
    return np.argsort(series_of(texts, n), axis=1)


def series_of(texts: Sequence[str], n: int) -> Numbers:
    """Draw the first n numbers of each series, texts × n."""
    return numbers_from(np.array([_start_of(text) for text in texts], dtype=np.uint64), n)


def numbers_from(starts: Numbers, n: int) -> Numbers:
    """Draw the first n numbers of SplitMix64 from each start, starts × n."""
    numbers: Numbers = starts[:, None] + _STEP * np.arange(1, n + 1, dtype=np.uint64)
    for shift, factor in _MIX:
        numbers ^= numbers >> shift
        numbers *= factor
    numbers ^= numbers >> _LAST
    return numbers


def _start_of(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:_BYTES], "big")
