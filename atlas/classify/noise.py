"""How far values vary besides the method: by chance, and by being carried forward.

A count varies as a binomial (of a share) or a Poisson (of a density) around what is published;
a carried value by what the city's own past shows of such a span. Every series of draws takes
the quantiles of its distribution equally often, in an order of its own (a Latin hypercube).

Source: McKay, Beckman and Conover (1979), Technometrics 21 (2).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.classify.methods.arithmetic import Floats
from atlas.classify.series import orders_of
from atlas.config.levels import Robustness

_CARRIED = "fortschreibung"
# Further from the mean nothing is drawn: there is less than 10^-16 of a binomial or Poisson.
_FAR, _FURTHER = 9.0, 10
# Halves are rounded up, also where an error of rounding left them just below.
_HALF = 0.5 + 1e-9
# Series drawn at a time: 2,000 replications take 8 MB.
_BLOCK = 512

_Whole = NDArray[np.unsignedinteger]
_Places = NDArray[np.intp]


@dataclass(frozen=True)
class Noise:
    """What the values of one group rest on.

    Attributes
    ----------
    fractions
        One row per area_id, item and series (a word for what is drawn); columns numerator and
        denominator (published, NaN where there is none), is_share, factor (from the quotient
        to the indicator, negative where it is subtracted).
    carried
        Area_id and item of the values that are carried forward.
    pasts
        By such an item: changes of the areas over each earlier span as long as the one that is
        carried over, ascending; the oldest span first.
    limits
        Lowest and highest possible value of such an item.
    """

    fractions: pd.DataFrame
    carried: frozenset[tuple[str, str]] = frozenset()
    pasts: Mapping[str, tuple[Floats, ...]] = field(default_factory=dict)
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sample:
    """Values of the valid areas (n × k), whose they are, and how often they are drawn."""

    matrix: Floats
    area_ids: tuple[str, ...]
    items: tuple[str, ...]
    settings: Robustness


class Drawn(Protocol):
    """Deviations of some areas (``rows``) in one indicator, for every replication."""

    @property
    def column(self) -> int:
        """Place of the indicator in the rule."""

    @property
    def rows(self) -> _Places:
        """Places of the areas."""

    def deviations(self, chosen: slice) -> Floats:
        """Deviations in the unit of the indicator: some replications by the areas ``rows``."""


@dataclass(frozen=True)
class _Counts:
    """A deviation is ``slope`` · count + ``shift`` of its area."""

    column: int
    rows: _Places
    counts: _Whole
    slope: Floats
    shift: Floats

    def deviations(self, chosen: slice) -> Floats:
        drawn: Floats = self.counts[:, chosen].T * self.slope + self.shift
        return drawn


@dataclass(frozen=True)
class _Carried:
    """``places`` (areas × R) choose a change of the span (R) of their replication."""

    column: int
    rows: _Places
    places: _Whole
    spans: _Places
    pasts: tuple[Floats, ...]
    values: Floats
    limits: tuple[float, float]

    def deviations(self, chosen: slice) -> Floats:
        n_all = self.places.shape[1]
        places, spans = self.places[:, chosen].T.astype(np.int64), self.spans[chosen]
        changes = np.empty(places.shape)
        for number, past in enumerate(self.pasts):
            is_own = spans == number
            changes[is_own] = past[places[is_own] * past.size // n_all]
        drawn: Floats = np.clip(self.values + changes, *self.limits) - self.values
        return drawn


def draw_chance(noise: Noise, sample: Sample) -> list[Drawn]:
    """Draw the counts behind the values of the areas.

    A share varies where its numerator is a part of its denominator, a density by its count;
    the denominators are held. Nobody and all do not vary.
    """
    places = pd.Index(sample.area_ids)
    is_known = noise.fractions["area_id"].isin(places) & noise.fractions["numerator"].notna()
    found: list[Drawn] = []
    for (item, series), rows in noise.fractions[is_known].groupby(["item", "series"]):
        usable = rows[_varies(rows)]
        if item in sample.items and len(usable):
            column = sample.items.index(str(item))
            row_places = places.get_indexer(pd.Index(usable["area_id"]))
            counts = _drawn_counts(usable, f"{sample.settings.seed}|{series}", sample.settings)
            found.append(_Counts(column, row_places, counts, *_line(usable)))
    return found


def draw_carried(noise: Noise, sample: Sample) -> list[Drawn]:
    """Draw for each carried value a change of the past; none where there is no past.

    Each replication takes one span for all areas, so that what moved the whole city then moves
    it as a whole; each area takes the change of any area over it.
    """
    found: list[Drawn] = []
    n, seed = sample.settings.replications, f"{sample.settings.seed}|{_CARRIED}"
    for column, item in enumerate(sample.items):
        rows = [r for r, a in enumerate(sample.area_ids) if (a, item) in noise.carried]
        pasts = noise.pasts.get(item, ())
        if not rows or not pasts:
            continue
        texts = [f"{seed}|{sample.area_ids[row]}|{item}" for row in rows]
        spans = _ranks([f"{seed}|{item}"], n)[0].astype(np.intp) * len(pasts) // n
        places, values = np.array(rows), sample.matrix[rows, column]
        limits = noise.limits[item]
        ranks = _ranks(texts, n)
        found.append(_Carried(column, places, ranks, spans, pasts, values, limits))
    return found


def spread_counts(count: float, of: float | None, n: int) -> _Whole:
    """Spread n draws over the counts of a distribution, ascending.

    Parameters
    ----------
    count
        Published count: the mean.
    of
        Denominator of a share (binomial, rounded to persons); ``None``: a count (Poisson).

    Returns
    -------
        n counts. As many of them are at most c as the distribution says, to the nearest whole
        number, halves up.
    """
    people = math.inf if of is None else float(round(of))
    share = 0.0 if of is None else count / of
    mean = count if of is None else share * people
    far = _FAR * math.sqrt(mean * (1 - share)) + _FURTHER
    low, high = max(math.floor(mean - far), 0), min(math.ceil(mean + far), people)
    middle = min(math.floor(mean), int(high))
    above = np.arange(middle, high)
    below = np.arange(middle, low, -1.0)
    if of is None:
        up, down = count / (above + 1), below / count
    else:
        odds = share / (1 - share)
        up = (people - above) / (above + 1) * odds
        down = below / ((people - below + 1) * odds)
    weights = np.concatenate([np.cumprod(down)[::-1], [1.0], np.cumprod(up)])
    until = np.floor(np.cumsum(weights) / weights.sum() * n + _HALF).astype(np.int64)
    times = np.diff(until, prepend=0)
    return np.repeat(np.arange(low, int(high) + 1, dtype=np.uint32), times)


def _varies(rows: pd.DataFrame) -> pd.Series:
    is_part = (rows["numerator"] < rows["denominator"]) | ~rows["is_share"]
    return (rows["numerator"] > 0) & is_part


def _line(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """Slope and shift from a drawn count to the deviation of its indicator."""
    numerator, denominator = (rows[name].to_numpy() for name in ("numerator", "denominator"))
    factor, is_share = rows["factor"].to_numpy(), rows["is_share"].to_numpy(dtype=bool)
    drawn_of = np.where(is_share, np.rint(denominator), denominator)
    return factor / drawn_of, -factor * numerator / denominator


def _drawn_counts(rows: pd.DataFrame, seed: str, settings: Robustness) -> _Whole:
    n = settings.replications
    most = float(rows["numerator"].max())
    is_small = most + _FAR * math.sqrt(most) + _FURTHER < np.iinfo(np.uint16).max
    counts: _Whole = np.empty((len(rows), n), dtype=np.uint16 if is_small else np.uint32)
    texts = [
        f"{seed}|{area}|{item}"
        for area, item in zip(rows["area_id"], rows["item"], strict=True)
    ]
    given = zip(rows["numerator"], rows["denominator"], rows["is_share"], strict=True)
    spreads = (spread_counts(c, of if is_share else None, n) for c, of, is_share in given)
    for start in range(0, len(rows), _BLOCK):
        for row, order in enumerate(orders_of(texts[start : start + _BLOCK], n), start):
            counts[row, order] = next(spreads)
    return counts


def _ranks(texts: list[str], n: int) -> _Whole:
    ranks = np.empty((len(texts), n), dtype=np.uint32)
    for row, order in zip(ranks, orders_of(texts, n), strict=True):
        row[order] = np.arange(n, dtype=np.uint32)
    return ranks
