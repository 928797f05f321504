"""Which areas can be classified, and for those that cannot, why.

Knows statuses and the rule's conditions, no formulas.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from atlas.classify.rule import Rule
from atlas.terms import Reason, Status

USABLE = (Status.PUBLISHED.value, Status.ESTIMATED.value)
_HIDDEN = (Status.SUPPRESSED.value, Status.WITHHELD.value)


@dataclass(frozen=True)
class Grid:
    """Values as tables: one row per area, sorted, one column per indicator of a rule.

    A value that is not usable is NaN; what is absent is unavailable.
    """

    value: pd.DataFrame
    status: pd.DataFrame
    reason: pd.DataFrame

    @property
    def area_ids(self) -> pd.Index:
        """Keys of all areas, sorted."""
        return self.value.index


def make_grid(values: pd.DataFrame, area_ids: Sequence[str], items: Sequence[str]) -> Grid:
    """Spread long values over all areas and the indicators of a rule.

    Parameters
    ----------
    values
        One row per area_id and item; columns value, status, reason.

    Raises
    ------
    ValueError
        If an area has two values of one item.
    """
    chosen = values[values["item"].isin(items)]
    areas = sorted(area_ids)

    def table(column: str) -> pd.DataFrame:
        spread = chosen.pivot(index="area_id", columns="item", values=column)
        return spread.reindex(index=areas, columns=list(items))

    def words(column: str, absent: str) -> pd.DataFrame:
        return table(column).astype(object).fillna(absent).astype(str)

    status = words("status", Status.UNAVAILABLE.value)
    value = table("value").astype(float)
    is_number = status.isin(USABLE) & np.isfinite(value)
    return Grid(value.where(is_number), status, words("reason", Reason.NOT_DELIVERED.value))


def validity_of(
    grid: Grid,
    residents: pd.DataFrame,
    rule: Rule,
    reference_date: date,
    items: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Status and reason of every area: published where it belongs to the valid areas V.

    Parameters
    ----------
    residents
        One row per area_id; columns value (published count) and status.
    items
        Indicators that an area has to have; all of the rule if it is not given. Whether anybody
        lives there is asked of all of them.

    Returns
    -------
        Index area_id, columns status and reason. Where several reasons hold, the first of:
        uninhabited, excluded by hand, too few residents, not delivered, pending, confidential,
        the indicator's own reason.
    """
    people = residents.set_index("area_id").reindex(grid.area_ids)
    every = _required_statuses(grid, people, rule)
    lacking = [str(one) for one in grid.value if items is not None and one not in items]
    required = every.drop(columns=lacking)
    excluded = [e.area_id for e in rule.exclusions if e.holds_at(reference_date)]
    count = people["value"].where(people["status"].isin(USABLE))
    is_empty = _has(every, Status.UNINHABITED) | count.eq(0)
    is_empty |= people["status"].eq(Status.UNINHABITED)

    def same(reason: Reason) -> pd.Series:
        return pd.Series(reason.value, index=grid.area_ids, dtype=object)

    cases: list[tuple[pd.Series, Status, pd.Series]] = [
        (is_empty, Status.UNINHABITED, same(Reason.UNINHABITED)),
        (_is_in(grid, excluded), Status.NOT_CLASSIFIED, same(Reason.EXCLUDED)),
        (count < rule.min_residents, Status.NOT_CLASSIFIED, same(Reason.FEW_RESIDENTS)),
        (_has(required, Status.UNAVAILABLE), Status.NOT_CLASSIFIED, same(Reason.NOT_DELIVERED)),
        (_has(required, Status.MISSING), Status.NOT_CLASSIFIED, same(Reason.PENDING)),
        (_has(required, *_HIDDEN), Status.NOT_CLASSIFIED, same(Reason.CONFIDENTIAL)),
        (~_has_only(required, USABLE), Status.NOT_CLASSIFIED, _own_reasons(grid, lacking)),
    ]
    return _first_case(cases)


def _required_statuses(grid: Grid, people: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Statuses that decide; residents are among them only where a minimum is asked for."""
    lost = grid.status.isin(USABLE) & grid.value.isna()
    required = grid.status.mask(lost, Status.UNAVAILABLE.value)
    if rule.min_residents > 0:
        statuses = people["status"].astype(object).fillna(Status.UNAVAILABLE.value)
        required = required.assign(**{" residents": statuses.astype(str)})
    return required


def _own_reasons(grid: Grid, lacking: Sequence[str]) -> pd.Series:
    """Reason of the first indicator that has one although it is not usable."""
    has_reason = ~grid.reason.isin([Reason.NONE.value])
    reasons = grid.reason.where(~grid.status.isin(USABLE) & has_reason)
    reasons = reasons.drop(columns=list(lacking)).astype(object)
    first = reasons.assign(**{" none": None}).bfill(axis=1).iloc[:, 0]
    return first.fillna(Reason.SMALL_DENOMINATOR.value)


def _is_in(grid: Grid, area_ids: Sequence[str]) -> pd.Series:
    return pd.Series(grid.area_ids.isin(area_ids), index=grid.area_ids)


def _has(statuses: pd.DataFrame, *wanted: str) -> pd.Series:
    return statuses.isin([str(status) for status in wanted]).any(axis=1)


def _has_only(statuses: pd.DataFrame, wanted: Sequence[str]) -> pd.Series:
    return statuses.isin(wanted).all(axis=1)


def _first_case(cases: list[tuple[pd.Series, Status, pd.Series]]) -> pd.DataFrame:
    masks = [mask.to_numpy(dtype=bool) for mask, _, _ in cases]
    statuses = [status.value for _, status, _ in cases]
    reasons = [reason.to_numpy(dtype=object) for _, _, reason in cases]
    return pd.DataFrame(
        {
            "status": np.select(masks, statuses, default=Status.PUBLISHED.value),
            "reason": np.select(masks, reasons, default=Reason.NONE.value),
        },
        index=cases[0][0].index,
    )
