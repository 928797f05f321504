"""Numbers and words of the sentences that explain levels; knows no values."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from atlas.classify.rule import CHANGE
from atlas.config.indicators import Indicator, Indicators
from atlas.config.levels import Levels
from atlas.terms import DYNAMIC_LEVEL, UNIT_LABELS, Unit

_FINEST = 6


@dataclass(frozen=True)
class Words:
    """What indicators and levels are called in this city."""

    indicators: Indicators
    levels: Levels

    def indicator(self, item: str) -> Indicator:
        """Find the configuration of an indicator, also by the name of its change."""
        return self.indicators.indicators[item.removesuffix(CHANGE)]

    def name(self, item: str) -> str:
        """Label of an indicator; of its change with the word for it."""
        suffix = " (Veränderung)" if item.endswith(CHANGE) else ""
        return self.indicator(item).label + suffix

    def amount(self, item: str, value: float) -> str:
        """Value of an indicator with its unit; a change with its sign."""
        indicator = self.indicator(item)
        if not item.endswith(CHANGE):
            return _with_unit(number_text(value, indicator.digits), indicator.unit)
        unit = Unit.PERCENTAGE_POINTS if indicator.unit is Unit.PERCENT else indicator.unit
        return _with_unit(signed_text(value, indicator.digits), unit)

    def level(self, item: str, number: int) -> str:
        """Name of a level or of a class of the dynamics."""
        if item == DYNAMIC_LEVEL:
            return f"Dynamik {number} „{self.levels.dynamic_labels[number]}“"
        return f"Stufe {number} „{self.levels.labels[number]}“"


def number_text(value: float, digits: int) -> str:
    """Write a number the German way, halves away from zero: ``1.234,5``, ``−0,3``."""
    step = Decimal(1).scaleb(-digits)
    rounded = Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP)
    text = f"{abs(rounded):,.{digits}f}".translate(str.maketrans(",.", ".,"))
    return f"−{text}" if rounded < 0 else text


def signed_text(value: float, digits: int) -> str:
    """Write a difference with its sign: ``+1,2``, ``−0,3``, ``±0,0``."""
    text = number_text(value, digits)
    if text.startswith("−"):
        return text
    return f"+{text}" if any(digit in text for digit in "123456789") else f"±{text}"


def index_text(value: float) -> str:
    """Write an index with two digits, with more where it would read as 0 and is not."""
    digits = 2
    while digits < _FINEST and value != 0 and round(value, digits) == 0:
        digits += 1
    return number_text(value, digits)


def enumeration(words: list[str]) -> str:
    """Join words: ``a``, ``a und b``, ``a, b und c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} und {words[-1]}"


def _with_unit(text: str, unit: Unit) -> str:
    return f"{text} {UNIT_LABELS[unit]}".rstrip()
