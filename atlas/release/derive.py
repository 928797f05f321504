"""Published counts to all cells of a release: pure arithmetic, so it can be done again."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from atlas.classify import CITY_ID, Rule, level_items, references_of, rule_of
from atlas.config import PublishedConfig
from atlas.indicators import base_items, indicator_cells
from atlas.terms import CELL_COLUMNS, CELL_KEY, KINDS, RESIDENTS, Group, Kind

Earlier = Mapping[date, pd.DataFrame]


def derive_cells(
    base: pd.DataFrame, config: PublishedConfig, reference_date: date, earlier: Earlier
) -> pd.DataFrame:
    """Compute indicators, indices and levels from the cells that are not computed.

    Parameters
    ----------
    base
        Protected counts, ``area_ha`` and ready-made indicators of one reference date: one row
        per kind, area_id, group and item; rows of other items are dropped and computed anew.
    earlier
        Cells of the releases that the method refers to, by reference date.

    Returns
    -------
    pandas.DataFrame
        cells, sorted from small to large kind, then by area, group and item.
    """
    given = base[base["item"].isin(base_items(config.indicators))]
    rates = indicator_cells(given, config.indicators, config.protection.min_denominator)
    is_ready = given["item"].isin(config.indicators.indicators)
    cells = pd.concat([given[~is_ready], rates], ignore_index=True)
    levels = [
        _level_cells(cells, rule, group, _references(cells, rule, group, earlier))
        for group, rule in _rules(config)
    ]
    placed = [
        items.assign(
            kind=(items["area_id"] == CITY_ID).map(
                {True: str(Kind.CITY), False: str(Kind.QUARTIER)}
            ),
            area_id=items["area_id"].replace(CITY_ID, config.city.key),
            reference_date=reference_date.isoformat(),
        )[list(CELL_COLUMNS)]
        for items in levels
    ]
    return sort_cells(pd.concat([cells, *placed], ignore_index=True))


def referred_dates(config: PublishedConfig) -> list[date]:
    """List the reference dates whose releases the method needs."""
    return sorted({rule.base_date for _, rule in _rules(config) if rule.base_date is not None})


def sort_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Bring cells into the one order in which they are written."""
    order: Mapping[str, int] = {str(kind): place for place, kind in enumerate(KINDS)}
    ranked = cells.assign(_order=cells["kind"].map(order))
    ranked = ranked.sort_values(["_order", *CELL_KEY[1:]], ignore_index=True)
    return ranked[list(CELL_COLUMNS)]


def _rules(config: PublishedConfig) -> list[tuple[Group, Rule]]:
    levels = config.levels
    return [
        *((group, rule_of(levels, "need", group)) for group in levels.need),
        *((group, rule_of(levels, "dynamic", group)) for group in levels.dynamic),
    ]


def _references(
    cells: pd.DataFrame, rule: Rule, group: Group, earlier: Earlier
) -> dict[str, float]:
    source = cells if rule.base_date is None else earlier.get(rule.base_date, cells[:0])
    is_city = (source["kind"] == str(Kind.CITY)) & (source["group"] == str(group))
    wanted = source[is_city & source["item"].isin(references_of(rule))].dropna(subset="value")
    return dict(zip(wanted["item"], wanted["value"], strict=True))


def _level_cells(
    cells: pd.DataFrame, rule: Rule, group: Group, city: Mapping[str, float]
) -> pd.DataFrame:
    quartiere = cells[cells["kind"] == str(Kind.QUARTIER)]
    is_residents = (quartiere["group"] == str(Group.ALL)) & (quartiere["item"] == RESIDENTS)
    items = level_items(
        quartiere[(quartiere["group"] == str(group)) & quartiere["item"].isin(rule.items)],
        quartiere[is_residents],
        rule,
        date.fromisoformat(cells["reference_date"].iloc[0]),
        city,
    )
    return items.assign(group=str(group))
