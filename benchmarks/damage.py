"""What a damage is: its name, how to make it, and why it cannot be seen where that is so."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

LITTLE = "zu wenig: kleiner als das, was sich in einem Jahr ehrlich ändert"


@dataclass(frozen=True)
class Damage:
    """One damage: its name, how to make it, and why nobody can see it (if so)."""

    name: str
    change: Callable[[], pd.DataFrame]
    blind: str = ""

    def apply(self) -> pa.Table:
        """Make the damaged table."""
        return pa.Table.from_pandas(self.change().astype(str), preserve_index=False)


def rng_of(seed: int) -> np.random.Generator:
    """Make chance repeatable."""
    return np.random.default_rng([seed, 77])
