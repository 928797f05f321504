"""Figures of a release that are likely wrong: they pass every rule and would mislead."""

import pandas as pd

from atlas.config import PublishedConfig
from atlas.terms import NEED_LEVEL, Group, Kind, Unit

_FEWEST_SHARES = 2


def zero_areas(cells: pd.DataFrame, config: PublishedConfig, group: Group) -> tuple[str, ...]:
    """Find classified Quartiere where every share of the need index is 0.

    People live there, yet nobody belongs to any of them: more often a figure is missing than
    true. One share alone may well be 0.

    Parameters
    ----------
    cells
        Cells of one reference date.

    Returns
    -------
        Keys of the areas, sorted; none for a group without levels.
    """
    scale = config.levels.need.get(group)
    parts = scale.parts if scale is not None else ()
    units = config.indicators.indicators
    shares = [part.id for part in parts if units[part.id].unit is Unit.PERCENT]
    if len(shares) < _FEWEST_SHARES:
        return ()
    is_own = (cells["kind"] == str(Kind.QUARTIER)) & (cells["group"] == str(group))
    own = cells[is_own & cells["item"].isin([*shares, NEED_LEVEL])]
    wide = own.pivot(index="area_id", columns="item", values="value")
    if not {*shares, NEED_LEVEL} <= {*wide.columns}:
        return ()
    is_zero = (wide[shares] == 0).all(axis=1) & wide[NEED_LEVEL].notna()
    return tuple(sorted(map(str, wide.index[is_zero])))
