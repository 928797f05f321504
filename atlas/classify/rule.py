"""The rule of one index: a scale of ``levels.toml`` made ready to compute.

Knows the configuration and no values. The need index and the dynamic index follow the same
rule; they differ in their items, cuts and number of classes.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from atlas.config.levels import Exclusion, Levels, Method, Robustness, Scale
from atlas.terms import DYNAMIC_INDEX, DYNAMIC_LEVEL, NEED_INDEX, NEED_LEVEL, Group

CHANGE = ".change"


@dataclass(frozen=True)
class RulePart:
    """One indicator of an index; ``sign`` is −1 where a lower value means more need."""

    item: str
    weight: float
    sign: float
    cuts: tuple[float, ...]


@dataclass(frozen=True)
class Rule:
    """What turns values into an index and a level."""

    index: str
    level: str
    method: Method
    cuts: tuple[float, ...]
    ddof: int
    mean_base: Literal["area_mean", "city_value"]
    base_date: date | None
    parts: tuple[RulePart, ...]
    min_residents: int
    exclusions: tuple[Exclusion, ...]
    robustness: Robustness | None

    @property
    def items(self) -> tuple[str, ...]:
        """Indicators in the order of the configuration."""
        return tuple(part.item for part in self.parts)


def need_rule(levels: Levels, group: Group) -> Rule:
    """Rule of the need index of a group.

    Raises
    ------
    KeyError
        If the city classifies nothing for this group.
    """
    scale = levels.need[group]
    robustness = levels.robustness if scale.method in ("zscore", "quantile") else None
    return _rule(levels, scale, (NEED_INDEX, NEED_LEVEL, ""), robustness)


def dynamic_rule(levels: Levels, group: Group) -> Rule:
    """Rule of the dynamic index of a group.

    With ``span_years`` its items are changes, named ``<indicator>.change``, as
    ``dynamics.change_values`` gives them.

    Raises
    ------
    KeyError
        If the city has no dynamics for this group.
    """
    scale = levels.dynamic[group]
    suffix = "" if scale.span_years is None else CHANGE
    return _rule(levels, scale, (DYNAMIC_INDEX, DYNAMIC_LEVEL, suffix), None)


def _rule(
    levels: Levels, scale: Scale, names: tuple[str, str, str], robustness: Robustness | None
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
        parts=tuple(
            RulePart(
                part.id + suffix,
                part.weight,
                1.0 if part.direction == "more" else -1.0,
                part.cuts,
            )
            for part in scale.indicators
        ),
        min_residents=levels.min_residents,
        exclusions=levels.exclusions,
        robustness=robustness,
    )
