"""Why an area has its level, and what to know beside it: read off the items of a release."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

from atlas.classify.items import CITY_ID
from atlas.classify.rule import Rule, RulePart, RuleTheme
from atlas.terms import Level, Reason, Status

_SHARES = tuple(f"share_{int(level)}" for level in Level)
# Below this number of areas mean and standard deviation hang on single areas.
FEW_AREAS = 20


@dataclass(frozen=True)
class PartExplained:
    """One indicator of an area; what does not exist is ``None``.

    ``contribution`` is its part of the index; ``rank`` 1 means most need among ``n_ranked``
    areas with a value; ``mean`` and ``sd`` are those in force for the city.
    """

    item: str
    status: str
    value: float | None
    mean: float | None
    sd: float | None
    z: float | None
    weight: float
    contribution: float | None
    rank: int | None
    n_ranked: int


@dataclass(frozen=True)
class ThemeExplained:
    """One sub-index of an area; ``contribution`` is that of its ``items`` together."""

    item: str
    items: tuple[str, ...]
    weight: float
    index: float | None
    contribution: float | None
    rank: int | None
    n_ranked: int


@dataclass(frozen=True)
class Firmness:
    """How far a level holds under other choices; see ``robustness_of``.

    Where more than the method varies, ``driver`` is the factor (a number of ``DRIVERS``, 0:
    none) that would keep the level in a share ``share_held`` if it stood still; else ``None``.
    """

    shares: tuple[float, ...]
    rank_low: int
    rank_high: int
    stability: int
    replications: int
    factors: tuple[str, ...] = ("method",)
    driver: int | None = None
    share_held: float | None = None


@dataclass(frozen=True)
class Explanation:
    """The level of one area and everything that it follows from.

    ``distance``: next higher cut − index; in the highest level last cut − index (negative).
    ``reason`` is a code, ``note`` the city's own words for an area excluded by hand;
    ``mean_base`` says whether the means are those of the areas or the values of the city,
    ``base_date`` of which other date means and spreads are; ``None`` for the area's own date;
    ``themes``: the sub-indices, none where the rule has none.
    """

    area_id: str
    level_item: str
    status: str
    reason: str
    note: str
    parts: tuple[PartExplained, ...]
    sum: float | None
    index: float | None
    level: int | None
    cuts: tuple[float, ...]
    distance: float | None
    rank: int | None
    n_valid: int
    mean_base: str
    firmness: Firmness | None
    base_date: date | None = None
    themes: tuple[ThemeExplained, ...] = ()


def explain(items: pd.DataFrame, rule: Rule, reference_date: date, area_id: str) -> Explanation:
    """Gather the explanation of one area.

    Parameters
    ----------
    items
        Result of ``level_items`` together with the values that it came from, or the same rows
        of a release: one row per area_id and item; the city's rows under the area_id "".

    Raises
    ------
    KeyError
        If the area is not among the items.
    """
    own = items[items["area_id"] == area_id].set_index("item")
    city = items[items["area_id"] == CITY_ID].set_index("item")["value"]
    state = own.loc[rule.level]
    level = _whole(own, rule.level)
    excluded = [
        e for e in rule.exclusions if e.area_id == area_id and e.holds_at(reference_date)
    ]
    is_computed = state["reason"] != Reason.PUBLISHED_BEFORE
    is_excluded = state["reason"] == Reason.EXCLUDED and bool(excluded)
    return Explanation(
        area_id=area_id,
        level_item=rule.level,
        status=str(state["status"]),
        reason=str(state["reason"]),
        note=excluded[0].reason if is_excluded else "",
        parts=tuple(_explain_part(items, own, city, part) for part in rule.parts),
        sum=_number(own, f"{rule.index}.sum"),
        index=_number(own, rule.index),
        level=level,
        cuts=_cuts(city, rule),
        distance=_number(own, f"{rule.index}.distance"),
        rank=_whole(own, f"{rule.index}.rank"),
        n_valid=_count(items, rule.index),
        mean_base=rule.mean_base,
        firmness=_firmness(own, rule) if level is not None and is_computed else None,
        base_date=None if rule.base_date == reference_date else rule.base_date,
        themes=tuple(_explain_theme(items, own, theme) for theme in rule.themes),
    )


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


def _explain_part(
    items: pd.DataFrame, own: pd.DataFrame, city: pd.Series, part: RulePart
) -> PartExplained:
    item = part.item
    status = own["status"].get(item, Status.UNAVAILABLE.value)
    return PartExplained(
        item=item,
        status=str(status),
        value=_number(own, item),
        mean=_present(city.get(f"{item}.mean")),
        sd=_present(city.get(f"{item}.sd")),
        z=_number(own, f"{item}.z"),
        weight=part.weight,
        contribution=_number(own, f"{item}.contribution"),
        rank=_whole(own, f"{item}.rank"),
        n_ranked=_count(items, f"{item}.rank"),
    )


def _explain_theme(items: pd.DataFrame, own: pd.DataFrame, theme: RuleTheme) -> ThemeExplained:
    item = theme.item
    return ThemeExplained(
        item=item,
        items=tuple(part.item for part in theme.parts),
        weight=theme.weight,
        index=_number(own, item),
        contribution=_number(own, f"{item}.contribution"),
        rank=_whole(own, f"{item}.rank"),
        n_ranked=_count(items, f"{item}.rank"),
    )


def _cuts(city: pd.Series, rule: Rule) -> tuple[float, ...]:
    """Cuts in force, which some methods find from the data; else those of the rule."""
    numbers = range(1, len(rule.cuts) + 1)
    found = [_present(city.get(f"{rule.index}.cut_{number}")) for number in numbers]
    known = tuple(cut for cut in found if cut is not None)
    return known if len(known) == len(rule.cuts) else rule.cuts


def _firmness(own: pd.DataFrame, rule: Rule) -> Firmness | None:
    shares = [_number(own, f"{rule.level}.{part}") for part in _SHARES]
    known = tuple(share for share in shares if share is not None)
    low = _whole(own, f"{rule.level}.rank_low")
    high = _whole(own, f"{rule.level}.rank_high")
    stability = _whole(own, f"{rule.level}.stability")
    if low is None or high is None or stability is None or rule.robustness is None:
        return None
    return Firmness(
        known,
        low,
        high,
        stability,
        rule.robustness.replications,
        rule.robustness.factors,
        _whole(own, f"{rule.level}.driver"),
        _number(own, f"{rule.level}.share_held"),
    )


def _count(items: pd.DataFrame, item: str) -> int:
    is_present = (
        (items["item"] == item) & items["value"].notna() & (items["area_id"] != CITY_ID)
    )
    return int(is_present.sum())


def _number(own: pd.DataFrame, item: str) -> float | None:
    return _present(own["value"].get(item))


def _whole(own: pd.DataFrame, item: str) -> int | None:
    number = _number(own, item)
    return None if number is None else round(number)


def _present(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
