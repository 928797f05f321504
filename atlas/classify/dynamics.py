"""Change between two reference dates: as values that a dynamic rule takes, and as tables."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.classify.items import CITY_ID
from atlas.classify.rule import CHANGE, Rule
from atlas.classify.validity import USABLE, Grid, make_grid
from atlas.terms import DYNAMIC_LEVEL, DynamicLevel, Level, Reason, Status


def change_values(
    before: pd.DataFrame,
    after: pd.DataFrame,
    rule: Rule,
    same_areas: Collection[str],
    small_before: Collection[str] = (),
) -> pd.DataFrame:
    """Subtract the indicators of a dynamic rule between two reference dates.

    Parameters
    ----------
    before, after
        Values as for ``level_items``; ``before`` on the areas of ``after``, carried over by a
        crosswalk of counts where boundaries changed.
    rule
        Dynamic rule with a span of years.
    same_areas
        Keys of the areas that are the same at both dates, or were carried over. All others
        are not comparable.
    small_before
        Keys of the areas that had too few residents at the earlier date: a rule that does not
        classify them then has no use for their change.

    Returns
    -------
        One row per area_id of ``after`` and change; columns area_id, item (``X.change``),
        value (percentage points for percent), status, reason. A gap at either date is a gap,
        that of the later date first.
    """
    indicators = [item.removesuffix(CHANGE) for item in rule.items]
    area_ids = after["area_id"].drop_duplicates().tolist()
    old, new = (make_grid(values, area_ids, indicators) for values in (before, after))
    is_same = np.isin(new.area_ids, list(same_areas))
    is_small = np.isin(new.area_ids, list(small_before))
    rows = [_change_rows(item, (old, new), is_same, is_small) for item in indicators]
    return pd.concat(rows, ignore_index=True)


def level_table(
    rows: pd.DataFrame, columns: pd.DataFrame, row_item: str, column_item: str
) -> pd.DataFrame:
    """Count areas by two classifications: need × dynamics, before × after, official × trial.

    Parameters
    ----------
    rows, columns
        Items of the two classifications; may be the same frame.

    Returns
    -------
        Counts; index and columns are the classes from 1, then 0 for areas not classified.
    """
    first, second = _classes(rows, row_item), _classes(columns, column_item)
    area_ids = first.index.union(second.index)
    counts = pd.crosstab(
        first.reindex(area_ids, fill_value=0), second.reindex(area_ids, fill_value=0)
    )
    table = counts.reindex(
        index=_class_numbers(row_item), columns=_class_numbers(column_item), fill_value=0
    )
    return table.rename_axis(index=row_item, columns=column_item)


def _change_rows(
    item: str, grids: tuple[Grid, Grid], is_same: NDArray[np.bool_], is_small: NDArray[np.bool_]
) -> pd.DataFrame:
    old, new = grids
    has_old, has_new = (grid.value[item].notna().to_numpy() for grid in grids)
    has_both = has_old & has_new
    cases = [~is_same, has_both & is_small, has_both, ~has_new]
    (old_status, old_reason), (new_status, new_reason) = (_gap(grid, item) for grid in grids)
    refused = Status.NOT_CLASSIFIED.value
    statuses = (refused, refused, Status.PUBLISHED.value, new_status)
    refusals = (Reason.BOUNDARY_CHANGED.value, Reason.FEW_RESIDENTS_BEFORE.value)
    reasons = (*refusals, Reason.NONE.value, new_reason)
    return pd.DataFrame(
        {
            "area_id": new.area_ids,
            "item": item + CHANGE,
            "value": (new.value[item] - old.value[item]).where(is_same & ~is_small).to_numpy(),
            "status": _select(cases, statuses, old_status),
            "reason": _select(cases, reasons, old_reason),
        }
    )


def _gap(grid: Grid, item: str) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Status and reason of gaps; a value that is lost without a status is unavailable."""
    status = grid.status[item]
    is_gap = ~status.isin(USABLE)
    return (
        status.where(is_gap, Status.UNAVAILABLE.value).to_numpy(dtype=object),
        grid.reason[item].where(is_gap, Reason.NOT_DELIVERED.value).to_numpy(dtype=object),
    )


def _select(
    cases: list[NDArray[np.bool_]], texts: Sequence[object], default: NDArray[np.object_]
) -> NDArray[np.object_]:
    return np.select(cases, [np.asarray(text, dtype=object) for text in texts], default)


def _classes(items: pd.DataFrame, item: str) -> pd.Series:
    chosen = items[(items["item"] == item) & (items["area_id"] != CITY_ID)]
    return chosen.set_index("area_id")["value"].fillna(0).astype(int)


def _class_numbers(item: str) -> list[int]:
    classes = DynamicLevel if item == DYNAMIC_LEVEL else Level
    return [*(int(number) for number in classes), 0]
