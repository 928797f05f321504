"""The rule of one index: a scale of ``levels.toml`` made ready to compute.

Knows the configuration and no values. The need index and the dynamic index follow the same
rule; they differ in their items, cuts and number of classes.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from atlas.config.levels import Exclusion, Robustness, Rules
from atlas.config.methods import METHODS, Method, MethodName
from atlas.config.scale import Missing, Part, Scale
from atlas.terms import DYNAMIC_INDEX, DYNAMIC_LEVEL, NEED_INDEX, NEED_LEVEL, Group

RuleName = Literal["need", "dynamic"]

# Parts of an item's name: difference of an indicator between two reference dates; index or
# level by the rules that were in force at the date before.
CHANGE = ".change"
FORMER = ".former"
# … and by means and spreads of another date, beside those of its own.
FIXED = ".fixed"


@dataclass(frozen=True)
class RulePart:
    """One indicator of an index; ``sign`` is −1 where a lower value means more need."""

    item: str
    weight: float
    sign: float
    cuts: tuple[float, ...]


@dataclass(frozen=True)
class RuleTheme:
    """One sub-index: ``item`` is its name in a release, ``parts`` are put together in it."""

    item: str
    weight: float
    parts: tuple[RulePart, ...]


@dataclass(frozen=True)
class Rule:
    """What turns values into an index and a level.

    ``parts`` has every indicator, also those that are put together in ``themes`` first, in the
    order of the themes. ``ties``: rank that equal values share, empty where none are ranked.
    ``missing``: whether an area that lacks an indicator is compared where it has one.
    """

    index: str
    level: str
    method: MethodName
    cuts: tuple[float, ...]
    ddof: int
    mean_base: Literal["area_mean", "city_value"]
    base_date: date | None
    parts: tuple[RulePart, ...]
    min_residents: int
    exclusions: tuple[Exclusion, ...]
    robustness: Robustness | None
    ties: str = ""
    missing: Missing = "leave_out"
    themes: tuple[RuleTheme, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """Indicators in the order of the configuration."""
        return tuple(part.item for part in self.parts)

    @property
    def record(self) -> Method:
        """What is decided by the method and said of it."""
        return METHODS[self.method]

    @property
    def extra_items(self) -> tuple[str, ...]:
        """Items that only this method gives: flags per indicator, the tenth of the index."""
        record = self.record
        own = self.items if record.part_extra else ()
        index = self.indices if record.index_extra else ()
        return (
            *(f"{item}.{record.part_extra}" for item in own),
            *(f"{item}.{record.index_extra}" for item in index),
        )

    @property
    def indices(self) -> tuple[str, ...]:
        """Index and its sub-indices."""
        return (self.index, *(theme.item for theme in self.themes))

    def of_theme(self, theme: RuleTheme) -> "Rule":
        """Rule of one sub-index: the same method on its indicators alone, without levels."""
        return replace(self, index=theme.item, parts=theme.parts, themes=(), cuts=())


def share_of(rule: Rule, part: RulePart) -> float:
    """Share of an indicator in all weights: of its theme's, times that of the theme."""
    parts, share = rule.parts, 1.0
    for theme in rule.themes:
        if part in theme.parts:
            parts = theme.parts
            share = theme.weight / sum(one.weight for one in rule.themes)
    return share * part.weight / sum(one.weight for one in parts)


def without(rule: Rule, item: str) -> Rule:
    """Leave an indicator out of a rule, and a theme that has no other."""
    themes = [
        replace(theme, parts=tuple(part for part in theme.parts if part.item != item))
        for theme in rule.themes
    ]
    return replace(
        rule,
        parts=tuple(part for part in rule.parts if part.item != item),
        themes=tuple(theme for theme in themes if theme.parts),
    )


def pull_of(rule: Rule, part: RulePart) -> float:
    """Weight of an indicator in the index: its own, times that of its theme."""
    themes = (theme.weight for theme in rule.themes if part in theme.parts)
    return part.weight * next(themes, 1.0)


def spread_of(
    rule: Rule, part: RulePart, parameter: Callable[[str], float | None]
) -> float | None:
    """How much of a value makes one unit of a standardised index, at weight 1.

    Parameters
    ----------
    parameter
        Looks up those in force by item, as ``level_items`` gives them for the city.

    Returns
    -------
        Product of the spreads of the indicator, of the sums of its theme and of all sums;
        ``None`` if one of them is not known.
    """
    inner = [theme.item for theme in rule.themes if part in theme.parts]
    names = [f"{part.item}.sd", *(f"{item}.sum_sd" for item in (*inner, rule.index))]
    spreads = [parameter(name) for name in names]
    known = [spread for spread in spreads if spread is not None and not math.isnan(spread)]
    return math.prod(known) if len(known) == len(names) else None


def rule_of(levels: Rules, name: RuleName, group: Group) -> Rule:
    """Rule of the need index or the dynamic index of a group.

    The items of a dynamic rule with ``span_years`` are changes, named ``<indicator>.change``,
    as ``change_values`` gives them.

    Raises
    ------
    KeyError
        If the city has no such index for this group.
    """
    if name == "dynamic":
        dynamic = levels.dynamic[group]
        suffix = "" if dynamic.span_years is None else CHANGE
        asked = levels.robustness if levels.robustness.dynamic else None
        return _rule(levels, dynamic, (DYNAMIC_INDEX, DYNAMIC_LEVEL, suffix), asked)
    need = levels.need[group]
    # Only an index in standard deviations, of one tier, has the choices that robustness varies.
    is_varied = need.record.is_standardising and not need.themes
    robustness = levels.robustness if is_varied else None
    return _rule(levels, need, (NEED_INDEX, NEED_LEVEL, ""), robustness)


def _rule(
    levels: Rules, scale: Scale, names: tuple[str, str, str], robustness: Robustness | None
) -> Rule:
    index, level, suffix = names
    return Rule(
        index=index,
        level=level,
        method=scale.method,
        cuts=scale.limits(),
        ddof=1 if scale.sd == "sample" else 0,
        mean_base=scale.mean_base,
        base_date=scale.base_date,
        parts=_parts(scale.parts, suffix),
        min_residents=levels.min_residents,
        exclusions=levels.exclusions,
        robustness=robustness,
        ties=scale.ties or scale.record.ties,
        missing=scale.missing,
        themes=tuple(
            RuleTheme(f"{index}.{theme.id}", theme.weight, _parts(theme.indicators, suffix))
            for theme in scale.themes
        ),
    )


def _parts(parts: tuple[Part, ...], suffix: str) -> tuple[RulePart, ...]:
    return tuple(
        RulePart(
            part.id + suffix,
            part.weight,
            1.0 if part.direction == "more" else -1.0,
            part.cuts,
        )
        for part in parts
    )
