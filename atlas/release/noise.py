"""What the values of a release rest on besides its method: counts, and what is carried on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from atlas.classify import CHANGE, Noise
from atlas.classify.methods.arithmetic import Floats
from atlas.config import PublishedConfig
from atlas.indicators import base_items, fraction_rows
from atlas.release.sizes import of_same_size
from atlas.terms import Group, Kind, Status, Unit

NOW, BEFORE = "zufall", "frueher"
# Spans differ by no more than a month: years have 365 or 366 days, half-years 181 to 184.
SPAN_DAYS = 31
_PERCENT = 100.0
_COLUMNS = ["area_id", "item", "series", "numerator", "denominator", "is_share", "factor"]
_LIMITS = {Unit.PERCENT: (0.0, _PERCENT), Unit.PER_HA: (0.0, np.inf)}
Spans = list[tuple[date, date]]


@dataclass(frozen=True)
class Dated:
    """Cells of a date, those of the earlier dates that it refers to, and its rules."""

    cells: pd.DataFrame
    earlier: Mapping[date, pd.DataFrame]
    reference_date: date
    config: PublishedConfig


def noise_of(
    dated: Dated, group: Group, carried: pd.DataFrame, before: pd.DataFrame | None
) -> Noise:
    """Put together what the values of the Quartiere rest on.

    Parameters
    ----------
    carried
        Values that are carried forward; index kind, area_id, group, item.
    before
        Cells of the date that changes are since; ``None`` where values are no changes.
    """
    fractions = _fractions(dated.cells, dated.config, group, NOW)
    if before is not None:
        old = _fractions(before, dated.config, group, BEFORE)
        both = [fractions, old.assign(factor=-old["factor"])]
        fractions = pd.concat(both, ignore_index=True)
        fractions = fractions.assign(item=fractions["item"] + CHANGE)
    keys = [key for key in carried.index if key[0] == str(Kind.QUARTIER)]
    items = sorted({item for *_, item in keys})
    units = {name: one.unit for name, one in dated.config.indicators.indicators.items()}
    late = frozenset((area, item) for _, area, _, item in keys)
    pairs = zip(fractions["area_id"], fractions["item"], strict=True)
    return Noise(
        fractions=fractions[[pair not in late for pair in pairs]],
        carried=late,
        pasts={item: _pasts(dated, item, group) for item in items},
        limits={item: _LIMITS.get(units[item], (-np.inf, np.inf)) for item in items},
    )


def spans_like(days: Sequence[date], reference_date: date) -> Spans:
    """Pairs of earlier dates as far apart as a date and the last before it, oldest first."""
    past = sorted(day for day in days if day < reference_date)
    if not past:
        return []
    length = (reference_date - past[-1]).days
    return [
        (start, end)
        for start in past
        for end in past
        if start < end and abs((end - start).days - length) <= SPAN_DAYS
    ]


def _fractions(
    cells: pd.DataFrame, config: PublishedConfig, group: Group, series: str
) -> pd.DataFrame:
    """Find the counts behind every share and density of the Quartiere, as ``Noise`` has them.

    Of a share that was delivered ready-made they follow from it and from what it rests on.
    """
    is_quartier = cells["kind"] == str(Kind.QUARTIER)
    base = cells[is_quartier & cells["item"].isin(base_items(config.indicators))]
    if base.empty:
        return pd.DataFrame(columns=_COLUMNS)
    rows = fraction_rows(base, config.indicators, config.protection)
    own = rows[rows["group"] == str(group)]
    ready = [_ready_rows(cells, name, config, group) for name in config.indicators.indicators]
    found = pd.concat([own, *(one for one in ready if len(one))], ignore_index=True)
    units = found["item"].map({n: one.unit for n, one in config.indicators.indicators.items()})
    is_share = (units == Unit.PERCENT).to_numpy(dtype=bool)
    factor = np.where(is_share, _PERCENT, 1.0)
    return found.assign(series=series, is_share=is_share, factor=factor)[_COLUMNS]


def _pasts(dated: Dated, item: str, group: Group) -> tuple[Floats, ...]:
    """Find the changes in the Quartiere over every earlier span like the last one.

    Areas whose hectares are other ones today are left out, and those with a gap at either end.
    """

    def on(day: date) -> pd.Series:
        cells = dated.earlier[day]
        return _column(cells, item, group).reindex(of_same_size(dated.cells, cells))

    changes = [
        np.sort((on(end) - on(start)).dropna().to_numpy(dtype=float))
        for start, end in spans_like(list(dated.earlier), dated.reference_date)
    ]
    return tuple(change for change in changes if change.size)


def _column(cells: pd.DataFrame, item: str, group: Group) -> pd.Series:
    is_own = (cells["kind"] == str(Kind.QUARTIER)) & (cells["group"] == str(group))
    chosen = cells[is_own & (cells["item"] == item) & (cells["status"] == Status.PUBLISHED)]
    return chosen.set_index("area_id")["value"].astype(float)


def _ready_rows(
    cells: pd.DataFrame, name: str, config: PublishedConfig, group: Group
) -> pd.DataFrame:
    """Numerator and denominator of a share that was delivered ready-made; else nothing."""
    one = config.indicators.indicators[name]
    if not one.is_delivered or one.unit is not Unit.PERCENT or group not in one.groups:
        return pd.DataFrame(columns=["area_id", "item", "numerator", "denominator"])
    share = _column(cells, name, group)
    people = _column(cells, one.base, group).reindex(share.index)
    numerator = share * people / _PERCENT
    return pd.DataFrame(
        {
            "area_id": share.index,
            "item": name,
            "numerator": numerator.to_numpy(),
            "denominator": people.to_numpy(),
        }
    )
