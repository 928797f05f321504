"""Published counts to all cells of a release: pure arithmetic, so it can be done again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from atlas.classify import (
    CITY_ID,
    FORMER,
    Rule,
    RuleName,
    change_values,
    fixed_items,
    joint_items,
    level_items,
    references_of,
    rule_of,
)
from atlas.config import PublishedConfig, Rules
from atlas.indicators import base_items, indicator_cells
from atlas.release.chance import interval_cells, with_level_ranges
from atlas.release.delivered import (
    levels_before,
    told_before,
    with_levels_before,
    without_rule,
)
from atlas.release.hindcast import hindcast_items, without_late
from atlas.release.noise import Dated, noise_of, spans_like
from atlas.release.sizes import of_same_size, sizes_of
from atlas.terms import (
    CELL_COLUMNS,
    CELL_KEY,
    RESIDENTS,
    Group,
    Kind,
    Reason,
    Status,
)

Earlier = Mapping[date, pd.DataFrame]

_FEBRUARY = 2
_AREA_KEY = ["kind", "area_id", "group", "item"]


def derive_cells(
    base: pd.DataFrame, config: PublishedConfig, reference_date: date, earlier: Earlier
) -> pd.DataFrame:
    """Compute indicators, indices and levels from the cells that are not computed.

    Parameters
    ----------
    base
        Protected counts, ``area_ha`` and ready-made indicators of one reference date: one row
        per kind, area_id, group and item; rows of other items are dropped and computed anew.
    earlier
        Cells of the releases that the method refers to, by reference date.

    Returns
    -------
    pandas.DataFrame
        cells, sorted from small to large kind, then by area, group and item.
    """
    given = base[base["item"].isin(base_items(config.indicators))]
    rates = indicator_cells(given, config.indicators, config.protection)
    is_ready = given["item"].isin(config.indicators.indicators)
    chain = config.areas.order()
    if not (given["kind"] == str(Kind.QUARTIER)).any():  # a series: the city alone, as counted
        rates = rates[rates["item"].isin(given["item"])]
        return sort_cells(pd.concat([given[~is_ready], rates], ignore_index=True), chain)
    cells = pd.concat([given[~is_ready], rates], ignore_index=True)
    bounds = interval_cells(given, config, reference_date)
    if len(bounds):
        cells = pd.concat([cells, bounds], ignore_index=True)
    before = levels_before(base)
    levels = [
        without_rule(
            _level_cells(cells, config, (name, group), reference_date, earlier),
            before,
            rule_of(config.levels, name, group),
            group,
        )
        for name, group in _scales(config.levels)
    ]
    levels = _with_hindcast(levels, cells, config, reference_date, earlier)
    former = _former_cells(cells, config, reference_date, earlier)
    levels += [items for item, items in former if item not in told_before(before)]
    placed = [
        items.assign(
            kind=(items["area_id"] == CITY_ID).map(
                {True: str(Kind.CITY), False: str(Kind.QUARTIER)}
            ),
            area_id=items["area_id"].replace(CITY_ID, config.city.key),
            reference_date=reference_date.isoformat(),
        )[list(CELL_COLUMNS)]
        for items in levels
    ]
    every = pd.concat([cells, *placed], ignore_index=True)
    return sort_cells(with_levels_before(every, before), chain)


def referred_dates(
    config: PublishedConfig, reference_date: date, published: list[date], *, is_waiting: bool
) -> list[date]:
    """List the other reference dates whose releases the method needs.

    Parameters
    ----------
    published
        Reference dates that have a release.
    is_waiting
        Whether a source has not arrived, so that values may be carried forward.
    """
    wanted: set[date | None] = {*config.levels.fixed.values()}
    for levels in filter(None, (config.levels, config.former)):
        wanted |= {rule_of(levels, *scale).base_date for scale in _scales(levels)}
        spans = {scale.span_years for scale in levels.dynamic.values()}
        wanted |= {years_before(reference_date, span) for span in spans if span}
        is_provisional = is_waiting and levels.provisional == "carry_forward"
        if levels.hindcast or is_provisional:
            wanted.add(max((day for day in published if day < reference_date), default=None))
            if "carried" in levels.robustness.factors:
                wanted |= {
                    day for both in spans_like(published, reference_date) for day in both
                }
    return sorted(
        day for day in wanted & {*published} if day is not None and day != reference_date
    )


def sort_cells(cells: pd.DataFrame, chain: Sequence[Kind]) -> pd.DataFrame:
    """Bring cells into the one order in which they are written: small kinds first."""
    order: Mapping[str, int] = {str(kind): place for place, kind in enumerate(chain)}
    ranked = cells.assign(_order=cells["kind"].map(order))
    ranked = ranked.sort_values(["_order", *CELL_KEY[1:]], ignore_index=True)
    return ranked[list(CELL_COLUMNS)]


def _scales(levels: Rules) -> list[tuple[RuleName, Group]]:
    return [*(("need", g) for g in levels.need), *(("dynamic", g) for g in levels.dynamic)]


def years_before(day: date, years: int) -> date:
    """Go back by years; the end of February stays it, leap year or not."""
    if day.month == _FEBRUARY and (day + timedelta(days=1)).month != _FEBRUARY:
        return date(day.year - years, _FEBRUARY + 1, 1) - timedelta(days=1)
    return day.replace(year=day.year - years)


def _with_hindcast(
    levels: list[pd.DataFrame],
    cells: pd.DataFrame,
    config: PublishedConfig,
    reference_date: date,
    earlier: Earlier,
) -> list[pd.DataFrame]:
    """Add to the levels of each group what they would have been while an indicator was late."""
    late = config.levels.hindcast
    carrying = config.levels.model_copy(update={"provisional": "carry_forward"})
    before, then = config.model_copy(update={"levels": carrying}), without_late(cells, late)
    found = []
    for scale, final in zip(_scales(config.levels), levels, strict=True):
        name, group = scale
        rule = rule_of(config.levels, name, group)
        is_delivered = (final["reason"] == str(Reason.PUBLISHED_BEFORE)).any()
        if name == "need" and set(late) & set(rule.items) and not is_delivered:
            carried = _level_cells(then, before, scale, reference_date, earlier)
            found.append(hindcast_items(final, carried, rule).assign(group=str(group)))
    return [*levels, *found]


def _level_cells(
    cells: pd.DataFrame,
    config: PublishedConfig,
    scale: tuple[RuleName, Group],
    reference_date: date,
    earlier: Earlier,
) -> pd.DataFrame:
    name, group = scale
    rule = rule_of(config.levels, name, group)
    own = cells[cells["group"] == str(group)]
    carried = _carried(own, config, rule, reference_date, earlier)
    own = own.set_index(_AREA_KEY).drop(carried.index).reset_index()
    own = pd.concat([own, carried.reset_index()], ignore_index=True)
    quartiere = own[own["kind"] == str(Kind.QUARTIER)]
    before = None
    if name == "dynamic" and config.levels.dynamic[group].span_years is not None:
        span = config.levels.dynamic[group].span_years or 0
        before = earlier.get(years_before(reference_date, span), cells[:0])
        values = _changes(cells, before, quartiere, rule, group)
        own = pd.concat([own, _city_changes(own, before, rule, group)], ignore_index=True)
    else:
        values = quartiere[quartiere["item"].isin(rule.items)]
    residents, city = _residents(cells), _references(own, rule, group, earlier)
    items = level_items(values, residents, rule, reference_date, city)
    fixed = config.levels.fixed.get(group) if name == "need" else None
    if fixed is not None:
        other = replace(rule, base_date=fixed)
        scale_of = _references(own, other, group, earlier)
        told = fixed_items(values, residents, other, reference_date, scale_of)
        items = pd.concat([items, told], ignore_index=True)
    items = with_level_ranges(items, values, quartiere, rule)
    if rule.robustness is not None and rule.robustness.is_joint:
        noise = noise_of(Dated(cells, earlier, reference_date, config), group, carried, before)
        items = pd.concat([items, joint_items(values, items, noise, rule)], ignore_index=True)
    if len(carried):
        items = _as_estimated(items)
    changes = values[values["item"].str.endswith(".change")]
    return pd.concat([items, changes], ignore_index=True).assign(group=str(group))


def _as_estimated(items: pd.DataFrame) -> pd.DataFrame:
    is_shown = items["status"] == str(Status.PUBLISHED)
    return items.assign(
        status=items["status"].mask(is_shown, str(Status.ESTIMATED)),
        reason=items["reason"].mask(is_shown, str(Reason.CARRIED_FORWARD)),
    )


def _former_cells(
    cells: pd.DataFrame, config: PublishedConfig, reference_date: date, earlier: Earlier
) -> list[tuple[tuple[str, Group], pd.DataFrame]]:
    """Index and level by the rules of the date before, where the rules changed in between.

    Each with the level and the group that it is of.
    """
    former, levels = config.former, config.levels
    if former is None:
        return []
    before = config.model_copy(update={"levels": former})
    found = []
    for scale in _scales(former):
        if scale in _scales(levels):
            rule = rule_of(former, *scale)
            items = _level_cells(cells, before, scale, reference_date, earlier)
            items = items[items["item"].isin([rule.index, rule.level])]
            found.append(((rule.level, scale[1]), items.assign(item=items["item"] + FORMER)))
    return found


def _residents(cells: pd.DataFrame) -> pd.DataFrame:
    is_all = (cells["kind"] == str(Kind.QUARTIER)) & (cells["group"] == str(Group.ALL))
    return cells[is_all & (cells["item"] == RESIDENTS)]


def _references(
    cells: pd.DataFrame, rule: Rule, group: Group, earlier: Earlier
) -> dict[str, float]:
    """Values of the city that the rule refers to: own ones, and those of the frozen date."""
    own = _city_values(cells, references_of(replace(rule, base_date=None)), group)
    if rule.base_date is None:
        return own
    frozen = earlier.get(rule.base_date, cells[:0])
    return own | _city_values(frozen, references_of(rule), group)


def _city_values(cells: pd.DataFrame, items: Sequence[str], group: Group) -> dict[str, float]:
    is_city = (cells["kind"] == str(Kind.CITY)) & (cells["group"] == str(group))
    wanted = cells[is_city & cells["item"].isin(items)].dropna(subset="value")
    return dict(zip(wanted["item"], wanted["value"], strict=True))


def _carried(
    own: pd.DataFrame,
    config: PublishedConfig,
    rule: Rule,
    reference_date: date,
    earlier: Earlier,
) -> pd.DataFrame:
    """Values of the last reference date for indicators that have not arrived."""
    is_late = own["item"].isin(rule.items) & (own["status"] == str(Status.MISSING))
    late = own[is_late].set_index(_AREA_KEY)
    days = sorted(day for day in earlier if day < reference_date)
    if config.levels.provisional == "no_level" or not days:
        return late[:0]
    known = earlier[days[-1]].set_index(_AREA_KEY)
    known = known[(known["status"] == str(Status.PUBLISHED)) & known.index.isin(late.index)]
    return known.assign(reference_date=reference_date.isoformat())


def _city_changes(
    own: pd.DataFrame, before: pd.DataFrame, rule: Rule, group: Group
) -> pd.DataFrame:
    """Change of the whole city, the centre of a rule that asks for its value."""
    is_city = (before["kind"] == str(Kind.CITY)) & (before["group"] == str(group))
    now = own[own["kind"] == str(Kind.CITY)]
    changes = change_values(before[is_city], now, rule, list(now["area_id"]))
    return changes.assign(kind=str(Kind.CITY), group=str(group))


def _changes(
    cells: pd.DataFrame, before: pd.DataFrame, quartiere: pd.DataFrame, rule: Rule, group: Group
) -> pd.DataFrame:
    old = before[(before["kind"] == str(Kind.QUARTIER)) & (before["group"] == str(group))]
    # Without the earlier date nothing is known to have changed: its values are not there.
    same = list(of_same_size(cells, before) if len(before) else sizes_of(cells).index)
    people = _residents(before)
    small = people.loc[people["value"] < rule.min_residents, "area_id"]
    return change_values(old, quartiere, rule, same, list(small))
