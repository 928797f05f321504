"""What each row of a counts table stands for: an area, a total, or nowhere."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from atlas.confidential.delivery.parse import Coded
from atlas.config import Layout


@dataclass(frozen=True)
class Places:
    """Keys of the rows and what they stand for; ``rows`` are physical row numbers."""

    keys: Coded
    rows: npt.NDArray[np.int64]
    is_area: npt.NDArray[np.bool_]
    is_total: npt.NDArray[np.bool_]
    is_unplaced: npt.NDArray[np.bool_]
    is_empty: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, keys: Coded, rows: npt.NDArray[np.int64], layout: Layout) -> "Places":
        """Tell areas from the totals and unplaced rows that the layout names."""
        is_total = keys.where(frozenset(layout.totals).__contains__)
        is_unplaced = keys.where(frozenset(layout.unplaced).__contains__)
        is_empty = keys.where(lambda text: not text) & ~is_total & ~is_unplaced
        is_area = ~is_total & ~is_unplaced & ~is_empty
        return cls(keys, rows, is_area, is_total, is_unplaced, is_empty)

    def area_keys(self) -> Coded:
        """Keys with an empty text where a row stands for no area."""
        areas = set(np.unique(self.keys.codes[self.is_area]))
        texts = (text if i in areas else "" for i, text in enumerate(self.keys.texts))
        return Coded(tuple(texts), self.keys.codes)

    def seen(self, positions: npt.NDArray[np.int64]) -> set[str]:
        """Keys that occur in these rows."""
        return {self.keys.texts[code] for code in np.unique(self.keys.codes[positions])}
