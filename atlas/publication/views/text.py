"""Numbers, dates and states as German text; knows no cells."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from atlas.classify.german import number_text
from atlas.terms import UNIT_LABELS, Unit

_HERE = ZoneInfo("Europe/Berlin")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


def rounded(value: float, digits: int) -> float:
    """Round for display, halves away from zero, as readers and Excel do (12.25 → 12.3)."""
    step = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP))


def unit_text(value: float, digits: int, unit: Unit) -> str:
    """Write a number with its unit: ``31,0 %``, ``182,4 je ha``."""
    label = UNIT_LABELS[unit]
    return f"{number_text(value, digits)} {label}" if label else number_text(value, digits)


def day_text(day: date) -> str:
    """Write a date as TT.MM.JJJJ."""
    return day.strftime("%d.%m.%Y")


def moment_text(moment: datetime) -> str:
    """Write a moment as date and time of day in Germany."""
    return moment.astimezone(_HERE).strftime("%d.%m.%Y, %H:%M Uhr")


def sort_key(text: str) -> str:
    """Key of German order: umlauts as their base letters, case ignored (DIN 5007-1)."""
    return text.lower().translate(_UMLAUTS)
