"""Published counts to values with status; knows no files and no levels.

cells: one row per kind, area_id, reference_date, group and item; ``terms.CELL_COLUMNS``.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from atlas.config import Indicator, Indicators, ProtectionRules, Term, parse_term
from atlas.terms import AREA_HA, CELL_COLUMNS, RESIDENTS, UNPLACED, Group, Reason, Status, Unit

_PERCENT, _HALF = 100.0, 0.5
# Units of values that are a quotient of two counts, or of a count and hectares.
_FRACTIONS = (Unit.PERCENT, Unit.PER_HA)
_FRACTION_COLUMNS = [
    *("kind", "area_id", "group", "item", "numerator", "denominator", "status", "reason"),
]
_SHOWN = (Status.PUBLISHED, Status.ESTIMATED)
# Of several gaps the reader is told the one that time or a rule cannot mend first.
_GAPS = (
    (Status.UNAVAILABLE, Reason.NOT_DELIVERED),
    (Status.MISSING, Reason.PENDING),
    (Status.SUPPRESSED, Reason.CONFIDENTIAL),
    (Status.WITHHELD, Reason.SUPPLIER),
)


def area_cells(areas: pd.DataFrame, reference_date: date) -> pd.DataFrame:
    """Area in hectares of every area, as cells of group all."""
    return pd.DataFrame(
        {
            "kind": areas["kind"].to_numpy(),
            "area_id": areas["area_id"].to_numpy(),
            "reference_date": reference_date.isoformat(),
            "group": str(Group.ALL),
            "item": AREA_HA,
            "value": areas["area_ha"].to_numpy(),
            "status": str(Status.PUBLISHED),
            "reason": str(Reason.NONE),
        },
        columns=list(CELL_COLUMNS),
    )


def indicator_cells(
    base: pd.DataFrame, indicators: Indicators, rules: ProtectionRules
) -> pd.DataFrame:
    """Compute every indicator of every area from published counts.

    Parameters
    ----------
    base
        Cells of one reference date: counts, ``area_ha`` and ready-made indicators; every area
        has a row for every item.
    rules
        A rate needs at least ``min_denominator`` in its denominator, a ready-made value so many
        of its base; a ready-made share that tells of 1 … ``min_count`` − 1 persons of its base
        is suppressed, with ``complement`` also one that leaves so few.

    Returns
    -------
    pandas.DataFrame
        cells; percent, per hectare or percentage points, not rounded.
    """
    columns = _Columns(base)
    frames = [
        columns.frame(name, group, *_evaluate(columns, name, indicator, group, rules))
        for name, indicator in indicators.indicators.items()
        for group in indicator.groups
    ]
    return pd.concat(frames, ignore_index=True)


def fraction_rows(
    base: pd.DataFrame, indicators: Indicators, rules: ProtectionRules
) -> pd.DataFrame:
    """Numerator and denominator of every share and density, where it is shown.

    Parameters
    ----------
    base, rules
        As for ``indicator_cells``.

    Returns
    -------
    pandas.DataFrame
        One row per kind, area_id, group and item; columns numerator, denominator (counts or
        hectares, NaN in a gap), status, reason of the indicator. Indicators delivered
        ready-made have none.
    """
    columns = _Columns(base)
    frames = []
    for name, indicator in indicators.indicators.items():
        for group in indicator.groups if indicator.unit in _FRACTIONS else ():
            if not indicator.is_delivered:
                value, state = _evaluate(columns, name, indicator, group, rules)
                numerator, _ = _total(columns, indicator.numerator, group)
                denominator, _ = _total(columns, indicator.denominator, group)
                is_shown = ~np.isnan(value)
                cells = columns.frame(name, group, value, state)
                cells["numerator"] = np.where(is_shown, numerator, np.nan)
                cells["denominator"] = np.where(is_shown, denominator, np.nan)
                frames.append(cells)
    if not frames:
        return pd.DataFrame(columns=_FRACTION_COLUMNS)
    return pd.concat(frames, ignore_index=True)[_FRACTION_COLUMNS]


def base_items(indicators: Indicators) -> frozenset[str]:
    """Items that are not computed: counts, the area, ready-made indicators."""
    ready = {name for name, one in indicators.indicators.items() if one.is_delivered}
    unplaced = {f"{name}{UNPLACED}" for name in indicators.measures}
    return frozenset({AREA_HA, *indicators.measures, *unplaced, *ready})


class _Columns:
    """Cells of one reference date with areas as rows and (item, group) as columns."""

    def __init__(self, base: pd.DataFrame) -> None:
        self._areas = base[["kind", "area_id", "reference_date"]].drop_duplicates()
        self._keys = pd.MultiIndex.from_frame(self._areas[["kind", "area_id"]])
        self._cells = {
            key: cells.set_index(["kind", "area_id"])
            for key, cells in base.groupby(["item", "group"], sort=True)
        }

    def cell(self, item: str, group: Group) -> tuple[np.ndarray, np.ndarray]:
        """Value and status of every area; unavailable where the item has no row.

        A value that is not published is not there, whatever the cell may hold.
        """
        found = self._cells.get((item, str(group)))
        if found is None:
            gaps = np.full(len(self._keys), str(Status.UNAVAILABLE), dtype=object)
            return np.full(len(self._keys), np.nan), gaps
        aligned = found.reindex(self._keys)
        status = aligned["status"].astype(object).fillna(str(Status.UNAVAILABLE))
        value = aligned["value"].where(status.isin([str(one) for one in _SHOWN]))
        return value.to_numpy(dtype=float), status.to_numpy()

    def frame(
        self, item: str, group: Group, value: np.ndarray, status: np.ndarray
    ) -> pd.DataFrame:
        """Cells of one item and group."""
        return pd.DataFrame(
            {
                **{name: self._areas[name].to_numpy() for name in self._areas.columns},
                "group": str(group),
                "item": item,
                "value": value,
                "status": [text.partition("/")[0] for text in status],
                "reason": [text.partition("/")[2] for text in status],
            },
            columns=list(CELL_COLUMNS),
        )


def _evaluate(
    columns: _Columns, name: str, indicator: Indicator, group: Group, rules: ProtectionRules
) -> tuple[np.ndarray, np.ndarray]:
    if indicator.is_delivered:
        value, status = columns.cell(name, group)
        denominator, denominator_status = columns.cell(indicator.base, group)
        state = _gaps([status, denominator_status])
        is_rate = True
    else:
        numerator, numerator_statuses = _total(columns, indicator.numerator, group)
        denominator, denominator_statuses = _total(columns, indicator.denominator, group)
        factor = 1.0 if indicator.unit is Unit.PER_HA else _PERCENT
        with np.errstate(divide="ignore", invalid="ignore"):
            value = factor * numerator / denominator
        state = _gaps(numerator_statuses + denominator_statuses)
        is_rate = AREA_HA not in {term.measure for term in indicator.terms()}
    if is_rate:
        is_small = ~(denominator >= max(rules.min_denominator, 1))
        state = _mark(state, is_small, Status.NOT_MEANINGFUL, Reason.SMALL_DENOMINATOR)
    if indicator.is_delivered and indicator.unit is Unit.PERCENT:
        is_telling = _tells_few(value, denominator, rules)
        state = _mark(state, is_telling, Status.SUPPRESSED, Reason.CONFIDENTIAL)
    residents, _ = columns.cell(RESIDENTS, Group.ALL)
    state = np.where(residents == 0, _code(Status.UNINHABITED, Reason.UNINHABITED), state)
    is_shown = state == _code(Status.PUBLISHED, Reason.NONE)
    return np.where(is_shown, value, np.nan), state


def _tells_few(share: np.ndarray, base: np.ndarray, rules: ProtectionRules) -> np.ndarray:
    """Say of which base a share in percent tells of too few persons, or leaves too few."""
    inside = base * share / _PERCENT
    largest = rules.min_count - _HALF  # what rounds to fewer than min_count
    is_small = (share > 0) & (inside < largest)
    is_rest_small = (share < _PERCENT) & (base - inside < largest)
    return np.asarray(is_small | (is_rest_small & rules.complement))


def _total(
    columns: _Columns, texts: Sequence[str], group: Group
) -> tuple[np.ndarray, list[np.ndarray]]:
    cells = [
        (term, columns.cell(term.measure, _group_of(term, group)))
        for term in map(parse_term, texts)
    ]
    total = sum((term.sign * value for term, (value, _) in cells), start=np.float64(0))
    return np.asarray(total), [status for _, (_, status) in cells]


def _group_of(term: Term, group: Group) -> Group:
    if term.measure == AREA_HA:
        return Group.ALL
    return term.group or group


def _code(status: Status, reason: Reason) -> str:
    return f"{status}/{reason}"


def _gaps(statuses: list[np.ndarray]) -> np.ndarray:
    state = np.full(len(statuses[0]), _code(Status.PUBLISHED, Reason.NONE), dtype=object)
    for status, reason in _GAPS:
        for one in statuses:
            state = _mark(state, one == str(status), status, reason)
    return state


def _mark(state: np.ndarray, is_case: np.ndarray, status: Status, reason: Reason) -> np.ndarray:
    is_open = state == _code(Status.PUBLISHED, Reason.NONE)
    return np.where(is_open & is_case, _code(status, reason), state)
