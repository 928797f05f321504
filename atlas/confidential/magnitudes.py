"""Sums of money that say too much of one contributor: hidden, with what would tell them.

A value of money is a sum over contributors. It is too telling where these are few, or where one
of them makes so much of it that another could estimate them. What is hidden below a total that
is shown is known as one sum: that sum has to be as good as a value that may be shown, else more
goes. Below a hidden value nothing is shown, so that no other sums are known.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from atlas.config import Indicator, Indicators, ProtectionRules
from atlas.geography import chain_of_areas
from atlas.terms import Reason, Status, chain_of

Area = tuple[str, str]
"""Kind and key."""

_KEY = ["kind", "area_id"]
_PERCENT = 100


@dataclass(frozen=True)
class Money:
    """What a sum of money rests on: cases and contributors, the sum, the largest of it.

    ``is_open`` says whether readers may know how many cases there are.
    """

    contributors: int
    total: float
    largest: float
    is_open: bool

    def may_show(self, rules: ProtectionRules) -> bool:
        """Whether enough contribute and nobody makes too much of it.

        Whoever contributes takes off their own, at most as much as the largest: what is left
        of the others has to be p per cent of the largest.
        """
        is_many = self.contributors >= max(rules.min_denominator, 1)
        limit = (2 + rules.p_percent / _PERCENT) * self.largest
        return self.is_open and is_many and self.total >= limit


def protect_magnitudes(  # noqa: PLR0913 - what is delivered, what it rests on, and what was told
    values: pd.DataFrame,
    counts: pd.DataFrame,
    cells: pd.DataFrame,
    areas: pd.DataFrame,
    indicators: Indicators,
    rules: ProtectionRules,
    told: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Hide delivered sums and means of money that tell too much.

    Parameters
    ----------
    values
        Ready-made values: one row per kind, area_id, group, measure; columns n and status.
    counts, cells
        True counts, and the same as they leave.
    areas
        One row per kind and area_id; parent_id is the area of the next existing kind.
    told
        Cells of earlier releases of the date: kind, area_id, group, item, status.

    Returns
    -------
    pandas.DataFrame
        The values without those that are delivered for protection alone.
    """
    money = {name: one for name, one in indicators.indicators.items() if one.magnitude}
    above = _parents(chain_of_areas(areas))
    hidden = {
        (*area, group, name)
        for name, indicator in money.items()
        for group in map(str, indicator.groups)
        for area in _hidden(
            _money_of(indicator, (name, group), values, (counts, cells)),
            above,
            rules,
            _before(told, name, group),
        )
    }
    kept = values[~values["measure"].isin(indicators.largest())]
    names = kept[[*_KEY, "group", "measure"]].astype(str).itertuples(index=False, name=None)
    is_hidden = np.array([name in hidden for name in names], dtype=bool)
    return kept.assign(
        n=kept["n"].mask(is_hidden),
        status=kept["status"].mask(is_hidden, str(Status.SUPPRESSED)),
        reason=kept["reason"].mask(is_hidden, str(Reason.CONFIDENTIAL)),
    )


def _money_of(
    indicator: Indicator,
    named: tuple[str, str],
    values: pd.DataFrame,
    known: tuple[pd.DataFrame, pd.DataFrame],
) -> dict[Area, Money]:
    """Gather what the delivered values of an indicator in a group rest on."""
    (name, group), (counts, cells) = named, known
    money = indicator.magnitude
    if money is None:
        return {}
    given = _column(values, name, group)
    cases = _column(counts, indicator.base, group)
    people = _column(counts, money.contributors or indicator.base, group)
    largest = _column(values, money.largest, group) if money.largest else {}
    shown = [_column(cells, one, group) for one in (indicator.base, money.contributors) if one]
    return {
        area: Money(
            contributors=int(people.get(area, 0)),
            total=value * (1 if money.is_sum else cases.get(area, 0)),
            largest=0.0 if money.is_checked else largest.get(area, np.inf),
            is_open=all(area in one for one in shown),
        )
        for area, value in given.items()
    }


def _column(cells: pd.DataFrame, measure: str, group: str) -> dict[Area, float]:
    own = cells[(cells["measure"] == measure) & (cells["group"] == group)]
    own = own[own["status"] == str(Status.PUBLISHED)]
    keys = own[_KEY].astype(str).itertuples(index=False, name=None)
    return dict(zip(keys, own["n"].astype(float), strict=True))


def _parents(areas: pd.DataFrame) -> dict[Area, Area]:
    """Name for every area of the chain the larger one that holds it, the larger ones first."""
    kinds = [str(kind) for kind in chain_of(areas["kind"])]
    above = dict(zip(kinds, kinds[1:], strict=False))
    rows = areas[["kind", "area_id", "parent_id"]].astype(str)
    found = {
        (kind, area): (above[kind], parent)
        for kind, area, parent in rows.itertuples(index=False, name=None)
        if kind in above
    }
    return dict(sorted(found.items(), key=lambda pair: -kinds.index(pair[0][0])))


def _before(told: pd.DataFrame | None, name: str, group: str) -> tuple[set[Area], set[Area]]:
    """Say which values earlier releases showed, and which they hid."""
    if told is None:
        return set(), set()
    own = told[(told["item"] == name) & (told["group"] == group)]
    shown, gone = (
        set(own.loc[own["status"] == str(status), _KEY].itertuples(index=False, name=None))
        for status in (Status.PUBLISHED, Status.SUPPRESSED)
    )
    return shown, gone


def _hidden(
    money: Mapping[Area, Money],
    above: Mapping[Area, Area],
    rules: ProtectionRules,
    before: tuple[set[Area], set[Area]],
) -> set[Area]:
    """Find what has to be hidden, from the largest areas to the smallest."""
    shown_before, hidden_before = before
    hidden = {area for area, one in money.items() if not one.may_show(rules)}
    hidden |= hidden_before & set(money)
    order = [*(area for area in money if area not in above), *(a for a in above if a in money)]
    below: dict[Area | None, list[Area]] = {}
    for area in order:
        below.setdefault(_holder(area, money, above), []).append(area)
    while True:
        found = set(hidden)
        for total in order:
            parts = below.get(total, [])
            unknown = {one for one in parts if one in found and one not in shown_before}
            if total in found:
                found |= set(parts)
            elif unknown:
                more = _further(parts, money, found, (rules, shown_before))
                if more is None:
                    break
                found |= more
        else:
            return found
        hidden.add(total)


def _holder(area: Area, money: Mapping[Area, Money], above: Mapping[Area, Area]) -> Area | None:
    """Nearest larger area that has a value."""
    up = above.get(area)
    while up is not None and up not in money:
        up = above.get(up)
    return up


def _further(
    parts: Collection[Area],
    money: Mapping[Area, Money],
    hidden: Collection[Area],
    context: tuple[ProtectionRules, Collection[Area]],
) -> set[Area] | None:
    """Find more parts of a shown total, so that the sum of all hidden ones may be known.

    None where even all that nobody has seen are too few.
    """
    rules, shown_before = context
    unknown = [one for one in parts if one in hidden and one not in shown_before]
    others = [one for one in parts if one not in hidden and one not in shown_before]
    others.sort(key=lambda one: (money[one].contributors, one))
    for number in range(len(others) + 1):
        together = _together([money[one] for one in (*unknown, *others[:number])])
        if together.may_show(rules):
            return set(others[:number])
    return None


def _together(members: Collection[Money]) -> Money:
    """Add up what the hidden parts of a total rest on: their sum is known."""
    return Money(
        contributors=sum(one.contributors for one in members),
        total=sum(one.total for one in members),
        largest=max(one.largest for one in members),
        is_open=True,
    )
