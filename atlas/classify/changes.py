"""What moved between two classifications, of two dates or by a trial rule, and what drove it.

The change of an area's index is split into parts of each indicator that add up to it: the
area's own value, the shift of the city's mean, the shift of the spread, and the rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from atlas.classify.dynamics import level_table
from atlas.classify.items import CITY_ID, level_items
from atlas.classify.robustness import UNSURE
from atlas.classify.rule import Rule, RulePart, pull_of, spread_of
from atlas.terms import Reason, Status


@dataclass(frozen=True)
class PartChange:
    """Change of one indicator's contribution to the index; the last four add up to ``total``.

    ``own_value``: the indicator of the area itself; ``mean_shift``: of the city's mean;
    ``spread_shift``: of its standard deviation and that of the sums; ``rest``: other weights,
    an indicator that came or went, or a method that allows no such split.
    """

    item: str
    value_before: float | None
    value_after: float | None
    total: float
    own_value: float
    mean_shift: float
    spread_shift: float
    rest: float


@dataclass(frozen=True)
class AreaChange:
    """Level and index of one area in two classifications; ``None`` where it was not classified.

    ``parts`` is empty unless the area is classified in both; ``counts`` holds the counts
    published in both, by item: before and after. ``stability`` as ``robustness_of`` gives it,
    at both; ``is_estimated`` says it of the level at both. ``is_split`` says whether both
    methods let the change be split into values, means and spreads.
    """

    area_id: str
    level_item: str
    level_before: int | None
    level_after: int | None
    reason_before: str
    reason_after: str
    index_before: float | None
    index_after: float | None
    parts: tuple[PartChange, ...]
    counts: tuple[tuple[str, float, float], ...]
    stability: tuple[int | None, int | None] = (None, None)
    is_estimated: tuple[bool, bool] = (False, False)
    is_split: bool = True

    @property
    def is_robust(self) -> bool | None:
        """Whether neither level hangs on a cut; ``None`` where nobody computed that of both.

        A level that less than 75 % of the replications keep may be another one next time, so a
        move from it or to it is no news.
        """
        if None in self.stability:
            return None
        return UNSURE not in self.stability


@dataclass(frozen=True)
class Classification:
    """Items of one reference date or release, and the rule that they follow.

    ``items``: as for ``explain``; ``measures``: the counts among them whose change is told.
    """

    items: pd.DataFrame
    rule: Rule
    measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Lookup:
    """Rows of one area and values of the city, by item."""

    own: pd.DataFrame
    city: pd.Series
    rule: Rule

    def number(self, item: str) -> float | None:
        return _present(self.own["value"].get(item))

    def whole(self, item: str) -> int | None:
        value = self.number(item)
        return None if value is None else round(value)

    def reason(self) -> str:
        return str(self.own.loc[self.rule.level, "reason"])

    def is_estimated(self) -> bool:
        return bool(self.own.loc[self.rule.level, "status"] == Status.ESTIMATED)

    def stability(self) -> int | None:
        if self.reason() == Reason.PUBLISHED_BEFORE:  # of another rule than the level
            return None
        return self.whole(f"{self.rule.level}.stability")

    def contribution(self, part: RulePart | None) -> float:
        return 0.0 if part is None else self.number(f"{part.item}.contribution") or 0.0


def moved_areas(before: Classification, after: Classification) -> tuple[AreaChange, ...]:
    """Find the areas whose level differs between two classifications, sorted by key.

    An area that is classified in only one of them has moved too; one that exists in only one
    of them has not: its boundaries are new.
    """
    old, new = _levels(before), _levels(after)
    common = old.index.intersection(new.index).sort_values()
    is_same = (old[common] == new[common]) | (old[common].isna() & new[common].isna())
    return tuple(change_of(before, after, area_id) for area_id in common[~is_same])


def change_of(before: Classification, after: Classification, area_id: str) -> AreaChange:
    """Compare one area in two classifications.

    Raises
    ------
    KeyError
        If one of them does not know the area.
    """
    old, new = _look_up(before, area_id), _look_up(after, area_id)
    index_before, index_after = old.number(before.rule.index), new.number(after.rule.index)
    is_comparable = index_before is not None and index_after is not None
    return AreaChange(
        area_id=area_id,
        level_item=after.rule.level,
        level_before=old.whole(before.rule.level),
        level_after=new.whole(after.rule.level),
        reason_before=old.reason(),
        reason_after=new.reason(),
        index_before=index_before,
        index_after=index_after,
        parts=_part_changes(old, new) if is_comparable else (),
        counts=_count_changes(old, new, after.measures),
        stability=(old.stability(), new.stability()),
        is_estimated=(old.is_estimated(), new.is_estimated()),
        is_split=all(one.rule.record.is_standardising for one in (before, after)),
    )


@dataclass(frozen=True)
class Trial:
    """Items of the trial rule and how they stand to the official ones.

    ``table``: official level (rows) by trial level (columns), 0 for not classified;
    ``moved``: keys of the areas whose level differs, sorted.
    """

    items: pd.DataFrame
    table: pd.DataFrame
    moved: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """What a release holds of one kind, group and reference date.

    ``values`` and ``residents`` as for ``level_items``, ``items`` with the official levels;
    ``city``: values at kind city by item, for rules that refer to them.
    """

    values: pd.DataFrame
    residents: pd.DataFrame
    items: pd.DataFrame
    reference_date: date
    city: Mapping[str, float]


def what_if(published: Published, trial: Rule) -> Trial:
    """Classify published values by another rule and compare with the official levels."""
    items = level_items(
        published.values, published.residents, trial, published.reference_date, published.city
    )
    official, tried = _classes(published.items, trial.level), _classes(items, trial.level)
    both = official.index.intersection(tried.index).sort_values()
    moved = both[(official[both] != tried[both]).to_numpy()]
    table = level_table(published.items, items, trial.level, trial.level)
    return Trial(items, table, tuple(moved))


def _part_changes(old: _Lookup, new: _Lookup) -> tuple[PartChange, ...]:
    before = {part.item: part for part in old.rule.parts}
    after = {part.item: part for part in new.rule.parts}
    items = [*after, *(item for item in before if item not in after)]
    return tuple(
        _part_change(item, (old, before.get(item)), (new, after.get(item))) for item in items
    )


def _part_change(
    item: str, before: tuple[_Lookup, RulePart | None], after: tuple[_Lookup, RulePart | None]
) -> PartChange:
    (old, old_part), (new, new_part) = before, after
    total = new.contribution(new_part) - old.contribution(old_part)
    own_value = mean_shift = spread_shift = 0.0
    first, second = _factors(old, old_part), _factors(new, new_part)
    if first is not None and second is not None:
        # Midpoints make the split symmetric: read backwards, every part changes its sign.
        slope = (first.slope + second.slope) / 2
        weight = (first.weight + second.weight) / 2
        own_value = weight * slope * (second.value - first.value)
        mean_shift = -weight * slope * (second.mean - first.mean)
        spread_shift = weight * _middle(first, second) * (second.slope - first.slope)
    rest = total - own_value - mean_shift - spread_shift
    return PartChange(
        item,
        old.number(item),
        new.number(item),
        total,
        own_value,
        mean_shift,
        spread_shift,
        rest,
    )


@dataclass(frozen=True)
class _Factors:
    """A contribution as weight · slope · (value − mean)."""

    weight: float
    slope: float
    value: float
    mean: float


def _factors(lookup: _Lookup, part: RulePart | None) -> _Factors | None:
    if part is None or not lookup.rule.record.is_standardising:
        return None
    value = lookup.number(part.item)
    z = lookup.number(f"{part.item}.z")
    mean = _present(lookup.city.get(f"{part.item}.mean"))
    sd = _present(lookup.city.get(f"{part.item}.sd"))
    spread = spread_of(lookup.rule, part, lookup.city.get)
    if mean is None or sd is None or spread is None:
        return None
    if value is None:  # carried forward: the release holds its score alone
        value = None if z is None else mean + part.sign * z * sd
    if value is None:
        return None
    slope = part.sign / spread if spread > 0 else 0.0
    return _Factors(pull_of(lookup.rule, part), slope, value, mean)


def _middle(first: _Factors, second: _Factors) -> float:
    return ((first.value - first.mean) + (second.value - second.mean)) / 2


def _count_changes(
    old: _Lookup, new: _Lookup, measures: tuple[str, ...]
) -> tuple[tuple[str, float, float], ...]:
    changes = []
    for item in measures:
        before, after = old.number(item), new.number(item)
        if before is not None and after is not None:
            changes.append((item, before, after))
    return tuple(changes)


def _look_up(classification: Classification, area_id: str) -> _Lookup:
    items = classification.items
    return _Lookup(
        own=items[items["area_id"] == area_id].set_index("item"),
        city=items[items["area_id"] == CITY_ID].set_index("item")["value"],
        rule=classification.rule,
    )


def _levels(classification: Classification) -> pd.Series:
    items = classification.items[classification.items["item"] == classification.rule.level]
    return items.set_index("area_id")["value"]


def _present(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _classes(items: pd.DataFrame, item: str) -> pd.Series:
    """Level by area, 0 for not classified."""
    chosen = items[(items["item"] == item) & (items["area_id"] != CITY_ID)]
    return chosen.set_index("area_id")["value"].fillna(0)
