"""Chance variation of rates and densities, and the levels it could reach.

Registers are complete counts: an interval does not describe an error of measurement but how
far the figure of a small area varies by chance. Off unless the city asks for it.
"""

import math
from collections.abc import Mapping
from statistics import NormalDist

import numpy as np
import pandas as pd

from atlas.classify.items import CITY_ID, ITEM_COLUMNS
from atlas.classify.methods.arithmetic import Floats, levels_of
from atlas.classify.rule import Rule, pull_of, spread_of
from atlas.terms import Reason, Status, Unit

_PERCENT = 100.0
_BOUNDS = ("low", "high")


def wilson_interval(
    numerators: Floats, denominators: Floats, confidence: float
) -> tuple[Floats, Floats]:
    """Bounds of shares, from 0 to 1; NaN where there is no share (nobody, or more than all).

    Source: E. B. Wilson (1927), Journal of the American Statistical Association 22.
    """
    z = _quantile(confidence)
    is_share = (denominators > 0) & (numerators >= 0) & (numerators <= denominators)
    n = np.where(is_share, denominators, np.nan)
    share = numerators / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # None and all are bounds themselves, which rounding would miss by its last bit.
    low = np.where(share == 0, 0.0, centre - half)
    return low, np.where(share == 1, 1.0, centre + half)


def byar_interval(counts: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Bounds of Poisson counts; the lower bound of 0 is 0.

    Source: Breslow and Day (1987), Statistical Methods in Cancer Research II, Byar's
    approximation.
    """
    z = _quantile(confidence)
    known = np.where(counts >= 0, counts, np.nan)
    positive = np.where(known > 0, known, 1.0)
    low = positive * (1 - 1 / (9 * positive) - z / (3 * np.sqrt(positive))) ** 3
    above = known + 1
    high = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    return np.where(known > 0, np.maximum(low, 0), known * 0), high


def interval_items(
    fractions: pd.DataFrame, units: Mapping[str, Unit], confidence: float
) -> pd.DataFrame:
    """Interval of every indicator that is a fraction of published counts.

    Parameters
    ----------
    fractions
        One row per area_id and item (indicator); columns numerator, denominator (counts or
        hectares, NaN in a gap), status, reason.
    units
        Unit of each indicator: percent is a share (Wilson), per hectare a count (Byar).

    Returns
    -------
        One row per area_id and item, ``X.low`` and ``X.high``, in the unit of the indicator;
        columns as ``level_items``. No share exists where the numerator is not a part of the
        denominator: not meaningful.
    """
    rows = [pd.DataFrame(columns=list(ITEM_COLUMNS))][: fractions.empty]
    for item, group in fractions.groupby("item", sort=True):
        numerators = group["numerator"].to_numpy(dtype=float)
        denominators = group["denominator"].to_numpy(dtype=float)
        if units[str(item)] is Unit.PERCENT:
            bounds = wilson_interval(numerators, denominators, confidence)
            factor: Floats | float = _PERCENT
        else:
            bounds = byar_interval(numerators, confidence)
            factor = 1 / np.where(denominators > 0, denominators, np.nan)
        for part, bound in zip(_BOUNDS, bounds, strict=True):
            rows.append(_bound_rows(group, f"{item}.{part}", factor * bound))
    items = pd.concat(rows, ignore_index=True)
    return items.sort_values(["area_id", "item"], ignore_index=True)


def level_range_items(
    values: pd.DataFrame, items: pd.DataFrame, intervals: pd.DataFrame, rule: Rule
) -> pd.DataFrame:
    """Lowest and highest level that an area reaches at the bounds of one of its rates.

    Each rate is put at its bounds in turn; the area's other rates and the parameters of the
    city are held.

    Parameters
    ----------
    values, items
        As in and out of ``level_items``; with a method that standardises.
    intervals
        Result of ``interval_items``; indicators without an interval do not vary.

    Returns
    -------
        ``need_level.low`` and ``need_level.high`` for every area; columns as ``level_items``.

    Raises
    ------
    ValueError
        If the method does not standardise: its index is no sum of the values.
    """
    if not rule.record.is_standardising:
        raise ValueError(f"no level range for method {rule.method}")
    city = items[items["area_id"] == CITY_ID].set_index("item")["value"]
    index = items[(items["item"] == rule.index) & (items["area_id"] != CITY_ID)]
    official = index.set_index("area_id")["value"].sort_index()
    reached = [official]
    for part in rule.parts:
        spread = spread_of(rule, part, city.get) or 0.0
        slope = part.sign * pull_of(rule, part) / spread if spread > 0 else 0.0
        own = _column(values, part.item, official.index)
        for bound in _BOUNDS:
            moved = _column(intervals, f"{part.item}.{bound}", official.index) - own
            reached.append(official + slope * moved.fillna(0.0))
    cuts = [float(city[f"{rule.index}.cut_{n}"]) for n in range(1, len(rule.cuts) + 1)]
    levels = np.array([levels_of(column.to_numpy(), cuts) for column in reached])
    ranges = zip(_BOUNDS, (levels.min(axis=0), levels.max(axis=0)), strict=True)
    states = index.sort_values("area_id")
    frames = [states.assign(item=f"{rule.level}.{part}", value=v) for part, v in ranges]
    return pd.concat(frames, ignore_index=True)[list(ITEM_COLUMNS)]


def _quantile(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _bound_rows(group: pd.DataFrame, item: str, bound: Floats) -> pd.DataFrame:
    is_known = ~np.isnan(bound)
    is_gap = group["status"].to_numpy() != Status.PUBLISHED
    lost = np.where(is_gap, group["status"], Status.NOT_MEANINGFUL.value)
    reason = np.where(is_gap, group["reason"], Reason.SMALL_DENOMINATOR.value)
    return pd.DataFrame(
        {
            "area_id": group["area_id"].to_numpy(),
            "item": item,
            "value": np.where(is_gap, math.nan, bound),
            "status": np.where(is_known & ~is_gap, Status.PUBLISHED.value, lost),
            "reason": np.where(is_known & ~is_gap, Reason.NONE.value, reason),
        }
    )


def _column(frame: pd.DataFrame, item: str, area_ids: pd.Index) -> pd.Series:
    return frame[frame["item"] == item].set_index("area_id")["value"].reindex(area_ids)
