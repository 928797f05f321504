"""The rule of one index: a scale of ``levels.toml`` made ready to compute.

Knows the configuration and no values. The need index and the dynamic index follow the same
rule; they differ in their items, cuts and number of classes.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from atlas.config.levels import Exclusion, Robustness, Rules, Scale
from atlas.config.methods import METHODS, Method, MethodName
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
class Rule:
    """What turns values into an index and a level."""

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
        index = (f"{self.index}.{record.index_extra}",) if record.index_extra else ()
        return (*(f"{item}.{record.part_extra}" for item in own), *index)


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
    # Only an index in standard deviations, as all of dynamics are, has the choices that
    # robustness varies.
    robustness = levels.robustness if need.record.is_standardising else None
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
