"""Levels and classes that were published before the atlas: they stand alone, as they were."""

import pandas as pd

from atlas.classify import CITY_ID, Rule
from atlas.terms import CELL_KEY, DYNAMIC_LEVEL, NEED_LEVEL, Group, Kind, Reason, Status

_SHOWN = (str(Status.PUBLISHED), str(Status.ESTIMATED))


def levels_before(base: pd.DataFrame) -> pd.DataFrame:
    """Cells of the levels and dynamic classes that were delivered as published before."""
    is_level = base["item"].isin([NEED_LEVEL, DYNAMIC_LEVEL])
    return base[is_level & (base["reason"] == str(Reason.PUBLISHED_BEFORE))]


def told_before(before: pd.DataFrame) -> frozenset[tuple[str, Group]]:
    """Levels and groups of which something was delivered: no rule of the atlas is theirs."""
    return frozenset(
        (str(item), Group(str(group)))
        for item, group in zip(before["item"], before["group"], strict=True)
    )


def without_rule(
    items: pd.DataFrame, before: pd.DataFrame, rule: Rule, group: Group
) -> pd.DataFrame:
    """Take out of the items of an index whatever a rule says beside delivered levels.

    Parameters
    ----------
    items
        Items of one index of one group, as ``level_items``.
    before
        Result of ``levels_before``.

    Returns
    -------
        The same rows where no area has a delivered level of this index and group. Else values,
        their ranks and the parameters of the city stay; areas with a delivered level show no
        figure of the rule, others that it would classify are not classified: nothing was
        delivered for them.
    """
    is_own = (before["item"] == rule.level) & (before["group"] == str(group))
    told = before.loc[is_own & (before["kind"] == str(Kind.QUARTIER)), "area_id"]
    if told.empty:
        return items
    kept = {*rule.items, *(f"{item}.rank" for item in rule.items)}
    is_of_rule = (items["area_id"] != CITY_ID) & ~items["item"].isin(kept)
    is_told = is_of_rule & items["area_id"].isin(told)
    is_lost = is_of_rule & ~is_told & items["status"].isin(_SHOWN)
    status = items["status"].mask(is_told, str(Status.UNAVAILABLE))
    reason = items["reason"].mask(is_told, str(Reason.PUBLISHED_BEFORE))
    return items.assign(
        value=items["value"].mask(is_told | is_lost),
        status=status.mask(is_lost, str(Status.NOT_CLASSIFIED)),
        reason=reason.mask(is_lost, str(Reason.NOT_DELIVERED)),
    )


def with_levels_before(cells: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Put delivered levels in place of computed ones."""
    if before.empty:
        return cells
    key = list(CELL_KEY)
    is_replaced = cells.set_index(key).index.isin(before.set_index(key).index)
    return pd.concat([cells[~is_replaced], before], ignore_index=True)
