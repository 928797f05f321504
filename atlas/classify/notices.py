"""Warnings about a classification, read off its items."""

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from atlas.classify.items import CITY_ID
from atlas.classify.rule import Rule

# Below this number of areas mean and standard deviation hang on single areas.
FEW_AREAS = 20


class NoticeCode(StrEnum):
    """What a reader should know before trusting the levels."""

    FEW_AREAS = "wenige_gebiete"
    CONSTANT = "ohne_streuung"


@dataclass(frozen=True)
class Notice:
    """A warning; ``item`` is the index or the indicator that it concerns."""

    code: NoticeCode
    item: str


def notices_of(items: pd.DataFrame, rule: Rule) -> tuple[Notice, ...]:
    """Warn about few valid areas and about indicators that do not vary.

    Parameters
    ----------
    items
        Result of ``level_items``.
    """
    n_valid = int(items.loc[items["item"] == rule.index, "value"].notna().sum())
    spreads = items[items["area_id"] == CITY_ID].set_index("item")["value"]
    few = [Notice(NoticeCode.FEW_AREAS, rule.index)] if 0 < n_valid < FEW_AREAS else []
    constant = [
        Notice(NoticeCode.CONSTANT, item) for item in rule.items if spreads[f"{item}.sd"] == 0
    ]
    return (*few, *constant)
