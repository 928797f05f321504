"""Where the generated persons can live: weights of blocks and shelters; knows no person."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

_M2_PER_HA = 10_000.0
# Area of a block in hectares and the chance that nobody lives there: commerce, park, forest.
_EMPTY_AREAS = np.array([0.0, 1.0, 5.0, 15.0, 40.0])
_EMPTY_SHARES = np.array([0.05, 0.08, 0.30, 0.70, 0.85])
_BUILT_LIMIT_HA = 3.0
_TILT = 0.35
_OPEN_SHARE = 0.3
_MAX_TAIL = 2.2


@dataclass(frozen=True)
class Town:
    """Blocks by row number, sorted by Quartier."""

    weights: NDArray[np.float64]  # no origin, origin, refugees × block; 1 in each Quartier
    pulls: NDArray[np.float64]  # how readily refugees find a home in a block; mostly 0
    starts: NDArray[np.int64]  # first block of each Quartier
    ends: NDArray[np.int64]  # last block of each Quartier
    shelters: tuple[NDArray[np.int64], ...]  # per Quartier the blocks with a shelter


def make_town(blocks: gpd.GeoDataFrame, profile: pd.DataFrame, seed: int) -> Town:
    """Decide how attractive each block is and where shelters stand.

    Sizes of blocks have heavy tails (high-rises), wide blocks are mostly empty, and origin is
    mixed unevenly inside a Quartier.
    """
    rng = np.random.default_rng([seed, 3])
    owners = np.searchsorted(profile["quartier"].to_numpy(), blocks["QUARTIER"].to_numpy())
    starts = np.searchsorted(owners, np.arange(len(profile)))
    ends = np.append(starts[1:], len(blocks)) - 1
    hectares = blocks.geometry.area.to_numpy() / _M2_PER_HA
    tails = profile["tail"].to_numpy()[owners]
    luck = np.minimum(rng.normal(size=len(blocks)), _MAX_TAIL)
    size = np.exp(luck * tails) * np.minimum(hectares, _BUILT_LIMIT_HA) ** 0.5
    is_empty = rng.random(len(blocks)) < np.interp(hectares, _EMPTY_AREAS, _EMPTY_SHARES)
    is_empty[_first_of_each(owners, rng)] = False
    tilt = rng.normal(scale=_TILT, size=len(blocks))
    pulls = np.where(rng.random(len(blocks)) < _OPEN_SHARE, 0.5 + rng.random(len(blocks)), 0.0)
    circles = np.exp(np.array([-tilt, tilt, tilt + 3.0 * pulls]))
    weights = np.where(is_empty, 0.0, size * circles)
    for row in weights:
        row /= np.bincount(owners, row)[owners]
    numbers = profile["shelters"].to_numpy()
    shelters = tuple(
        start + rng.choice(end - start + 1, size=number, replace=False)
        for start, end, number in zip(starts, ends, numbers, strict=True)
    )
    return Town(weights, pulls, starts, ends, shelters)


def _first_of_each(owners: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """One random block of each Quartier, which is then never empty."""
    order = np.lexsort((rng.random(len(owners)), owners))
    _, first = np.unique(owners[order], return_index=True)
    result: NDArray[np.int64] = order[first]
    return result
