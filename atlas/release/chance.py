"""Chance variation of published rates as cells, for cities that ask for it."""

from datetime import date

import pandas as pd

from atlas.classify import Rule, interval_items, level_range_items
from atlas.config import PublishedConfig
from atlas.indicators import fraction_rows
from atlas.terms import CELL_COLUMNS, NEED_LEVEL


def interval_cells(
    given: pd.DataFrame, config: PublishedConfig, reference_date: date
) -> pd.DataFrame:
    """Bounds of every share and density of every area, from the published counts behind it.

    Parameters
    ----------
    given
        Counts and ``area_ha`` of one reference date.

    Returns
    -------
    pandas.DataFrame
        cells of the items ``X.low`` and ``X.high``; none without ``confidence``.
    """
    confidence = config.levels.confidence
    if confidence is None:
        return pd.DataFrame(columns=list(CELL_COLUMNS))
    rates = config.indicators
    units = {name: one.unit for name, one in rates.indicators.items()}
    fractions = fraction_rows(given, rates, config.protection)
    frames = [
        interval_items(rows, units, confidence).assign(
            kind=str(kind), group=str(group), reference_date=reference_date.isoformat()
        )
        for (kind, group), rows in fractions.groupby(["kind", "group"], sort=True)
    ]
    if not frames:
        return pd.DataFrame(columns=list(CELL_COLUMNS))
    return pd.concat(frames, ignore_index=True)[list(CELL_COLUMNS)]


def with_level_ranges(
    items: pd.DataFrame, values: pd.DataFrame, cells: pd.DataFrame, rule: Rule
) -> pd.DataFrame:
    """Add the lowest and highest level at the bounds of one rate, where there are bounds.

    Parameters
    ----------
    items, values
        Out of and into ``level_items``.
    cells
        Cells of the same kind and group, the bounds among them.
    """
    bounds = [f"{item}.{bound}" for item in rule.items for bound in ("low", "high")]
    is_bound = cells["item"].isin(bounds)
    # Only in a standardised sum of values can one value move while the others are held.
    is_movable = rule.level == NEED_LEVEL and rule.record.is_standardising
    if not is_movable or not is_bound.any():
        return items
    ranges = level_range_items(values, items, cells[is_bound], rule)
    return pd.concat([items, ranges], ignore_index=True)
