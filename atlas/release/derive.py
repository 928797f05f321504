"""Published counts to all cells of a release: pure arithmetic, so it can be done again."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from atlas.classify import level_items, rule_of
from atlas.config import PublishedConfig
from atlas.indicators import base_items, indicator_cells
from atlas.terms import CELL_COLUMNS, CELL_KEY, KINDS, RESIDENTS, Group, Kind


def derive_cells(
    base: pd.DataFrame, config: PublishedConfig, reference_date: date
) -> pd.DataFrame:
    """Compute indicators, indices and levels from the cells that are not computed.

    Parameters
    ----------
    base
        Protected counts, ``area_ha`` and ready-made indicators of one reference date: one row
        per kind, area_id, group and item; rows of other items are dropped and computed anew.

    Returns
    -------
    pandas.DataFrame
        cells, sorted from small to large kind, then by area, group and item.
    """
    given = base[base["item"].isin(base_items(config.indicators))]
    rates = indicator_cells(given, config.indicators, config.protection.min_denominator)
    ready = given["item"].isin(config.indicators.indicators)
    levels = [
        _level_cells(pd.concat([given, rates]), config, reference_date, name, group)
        for name, scales in (("need", config.levels.need), ("dynamic", config.levels.dynamic))
        for group in scales
    ]
    return sort_cells(pd.concat([given[~ready], rates, *levels], ignore_index=True))


def sort_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Bring cells into the one order in which they are written."""
    order: Mapping[str, int] = {str(kind): place for place, kind in enumerate(KINDS)}
    ranked = cells.assign(_order=cells["kind"].map(order))
    ranked = ranked.sort_values(["_order", *CELL_KEY[1:]], ignore_index=True)
    return ranked[list(CELL_COLUMNS)]


def _level_cells(
    cells: pd.DataFrame, config: PublishedConfig, reference_date: date, name: str, group: Group
) -> pd.DataFrame:
    rule = rule_of(config.levels, name, group)
    quartiere = cells[cells["kind"] == str(Kind.QUARTIER)]
    values = quartiere[quartiere["group"] == str(group)]
    residents = quartiere[
        (quartiere["group"] == str(Group.ALL)) & (quartiere["item"] == RESIDENTS)
    ]
    items = level_items(
        values[["area_id", "item", "value", "status", "reason"]],
        residents[["area_id", "value", "status"]],
        rule,
        reference_date,
    )
    is_city = items["area_id"] == ""
    return items.assign(
        kind=is_city.map({True: str(Kind.CITY), False: str(Kind.QUARTIER)}),
        area_id=items["area_id"].where(~is_city, config.city.key),
        reference_date=reference_date.isoformat(),
        group=str(group),
    )[list(CELL_COLUMNS)]
