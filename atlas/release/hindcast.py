"""What provisional levels would have been worth: levels with values that were carried forward.

For every date that is final, the level that the rule would have given while the late indicators
were still those of the date before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from atlas.classify import CITY_ID, ITEM_COLUMNS, Rule
from atlas.classify.robustness import UNSURE
from atlas.terms import NEED_LEVEL, Kind, Reason, Status

HINDCAST, STABILITY = f"{NEED_LEVEL}.hindcast", f"{NEED_LEVEL}.hindcast_stability"
COUNTED, WRONG, UNSURE_WRONG = (f"{HINDCAST}_{name}" for name in ("counted", "wrong", "unsure"))
_OF_CITY = (COUNTED, WRONG, UNSURE_WRONG)


@dataclass(frozen=True)
class Hindcast:
    """How many provisional levels were not the final ones, and how many of those said unsure.

    ``unsure`` is ``None`` where the method has no robustness.
    """

    counted: int
    wrong: int
    unsure: int | None


def without_late(cells: pd.DataFrame, late: tuple[str, ...]) -> pd.DataFrame:
    """Cells as they would be while indicators are still to come."""
    is_late = cells["item"].isin(late)
    return cells.assign(
        value=cells["value"].mask(is_late),
        status=cells["status"].mask(is_late, str(Status.MISSING)),
        reason=cells["reason"].mask(is_late, str(Reason.PENDING)),
    )


def hindcast_items(final: pd.DataFrame, carried: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Level that carrying forward would have given, beside the final one.

    Parameters
    ----------
    final, carried
        Items of the level with the values of the date, and with those carried forward.

    Returns
    -------
        Level and stability by area, and for the city how many were compared, wrong, and of
        those unsure. Where there is no final level, there is nothing to compare: the gap of the
        final level, pending where that is carried forward itself. Columns as ``level_items``.
    """
    names = {rule.level: HINDCAST, f"{rule.level}.stability": STABILITY}
    own = carried[carried["item"].isin(names) & (carried["area_id"] != CITY_ID)]
    own = own.assign(item=own["item"].map(names))
    official = _levels(final, rule.level, str(Status.PUBLISHED))
    own = _compared(own, final[final["item"] == rule.level], official.index)
    there = _levels(own, HINDCAST, str(Status.ESTIMATED)).reindex(official.index)
    is_wrong = there.notna() & (there != official)
    figures = {COUNTED: float(there.notna().sum()), WRONG: float(is_wrong.sum())}
    if rule.robustness is not None:
        words = _levels(own, STABILITY, str(Status.ESTIMATED)).reindex(official.index)
        figures[UNSURE_WRONG] = float((is_wrong & (words == UNSURE)).sum())
    told = [
        (CITY_ID, item, value, str(Status.PUBLISHED), str(Reason.NONE))
        for item, value in figures.items()
    ]
    rows = pd.DataFrame(told, columns=list(ITEM_COLUMNS))
    return pd.concat([own, rows], ignore_index=True)


def hindcast_of(cells: pd.DataFrame, group: str) -> Hindcast | None:
    """Read the figures of one group off the cells of a release; ``None`` where there are none.

    A date without a level to compare has none.
    """
    is_city = (cells["kind"] == str(Kind.CITY)) & (cells["group"] == group)
    own = cells[is_city & cells["item"].isin(_OF_CITY)]
    known: Mapping[str, float] = dict(zip(own["item"], own["value"], strict=True))
    if not known.get(COUNTED):
        return None
    unsure = known.get(UNSURE_WRONG)
    return Hindcast(
        int(known[COUNTED]), int(known[WRONG]), None if unsure is None else int(unsure)
    )


def _compared(own: pd.DataFrame, final: pd.DataFrame, official: pd.Index) -> pd.DataFrame:
    """Leave out what has no final level beside it."""
    states = final.set_index("area_id")[["status", "reason"]]
    is_gap = states["status"] != str(Status.ESTIMATED)
    states = states.assign(
        status=states["status"].where(is_gap, str(Status.MISSING)),
        reason=states["reason"].where(is_gap, str(Reason.PENDING)),
    ).loc[own["area_id"]]
    is_there = own["area_id"].isin(official).to_numpy()
    return own.assign(
        value=own["value"].where(is_there),
        status=own["status"].where(is_there, states["status"].to_numpy()),
        reason=own["reason"].where(is_there, states["reason"].to_numpy()),
    )


def _levels(items: pd.DataFrame, item: str, status: str) -> pd.Series:
    """Value of an item by area, where it has a status."""
    chosen = items[(items["item"] == item) & (items["status"] == status)]
    return chosen.set_index("area_id")["value"].dropna()
