"""A trial: other weights, cuts or methods on published values; never part of a release."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from atlas.classify.dynamics import level_table
from atlas.classify.items import CITY_ID, level_items
from atlas.classify.rule import Rule


@dataclass(frozen=True)
class Trial:
    """Items of the trial rule and how they stand to the official ones.

    ``table``: official level (rows) by trial level (columns), 0 for not classified;
    ``moved``: keys of the areas whose level differs, sorted.
    """

    items: pd.DataFrame
    table: pd.DataFrame
    moved: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """What a release holds of one kind, group and reference date.

    ``values`` and ``residents`` as for ``level_items``, ``items`` with the official levels;
    ``city``: values at kind city by item, for rules that refer to them.
    """

    values: pd.DataFrame
    residents: pd.DataFrame
    items: pd.DataFrame
    reference_date: date
    city: Mapping[str, float]


def what_if(published: Published, trial: Rule) -> Trial:
    """Classify published values by another rule and compare with the official levels."""
    items = level_items(
        published.values, published.residents, trial, published.reference_date, published.city
    )
    official, tried = _levels(published.items, trial.level), _levels(items, trial.level)
    both = official.index.intersection(tried.index).sort_values()
    moved = both[(official[both] != tried[both]).to_numpy()]
    table = level_table(published.items, items, trial.level, trial.level)
    return Trial(items, table, tuple(moved))


def _levels(items: pd.DataFrame, item: str) -> pd.Series:
    """Level by area, 0 for not classified."""
    chosen = items[(items["item"] == item) & (items["area_id"] != CITY_ID)]
    return chosen.set_index("area_id")["value"].fillna(0)
