"""German numbers, dates, lists and plurals, as both zones write them; knows no values."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from atlas.terms import UNIT_LABELS, Unit

_DAY = "%d.%m.%Y"

_FINEST = 6
HERE = ZoneInfo("Europe/Berlin")
_POINTS = str.maketrans(",.", ".,")
_BASE_LETTERS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_ASCII_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def day_here(moment: datetime) -> date:
    """Day of a moment by the clocks of the city."""
    return moment.astimezone(HERE).date()


def rounded(value: float, digits: int) -> float:
    """Round for display, halves away from zero, as readers and Excel do (12.25 → 12.3)."""
    step = Decimal(1).scaleb(-digits)
    return float(Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP))


def number_text(value: float, digits: int) -> str:
    """Write a number the German way, halves away from zero: ``1.234,5``, ``−0,3``."""
    shown = rounded(value, digits)
    text = f"{abs(shown):,.{digits}f}".translate(_POINTS)
    return f"−{text}" if shown < 0 else text


def signed_text(value: float, digits: int) -> str:
    """Write a difference with its sign: ``+1,2``, ``−0,3``, ``±0,0``."""
    text = number_text(value, digits)
    if text.startswith("−"):
        return text
    return f"+{text}" if any(digit in text for digit in "123456789") else f"±{text}"


def index_text(value: float) -> str:
    """Write an index with two digits, with more where it would read as 0 and is not."""
    digits = 2
    if round(value, _FINEST) == 0:
        return number_text(0.0, digits)
    while round(value, digits) == 0:
        digits += 1
    return number_text(value, digits)


def rounded_parts(values: Sequence[float], digits: int, total: float) -> list[float]:
    """Round parts so that they add up to their rounded total: largest remainders first.

    Parameters
    ----------
    total
        Sum of the values, already rounded to these digits.
    """
    units = [Decimal(repr(float(value))).scaleb(digits) for value in values]
    whole = [unit.to_integral_value(ROUND_FLOOR) for unit in units]
    left = int(Decimal(repr(total)).scaleb(digits).to_integral_value()) - int(sum(whole))
    order = sorted(range(len(units)), key=lambda place: whole[place] - units[place])
    raised = set(order[:left])
    return [float((n + (i in raised)).scaleb(-digits)) for i, n in enumerate(whole)]


def setting_text(value: float) -> str:
    """Write a number of the configuration with the digits that it has: ``0,5``, ``−1``."""
    text = f"{Decimal(repr(float(value))):f}"
    return text.removesuffix(".0").replace(".", ",").replace("-", "−")


def unit_text(value: float, digits: int, unit: Unit) -> str:
    """Write a number with its unit: ``31,0 %``, ``182,4 je ha``."""
    return f"{number_text(value, digits)} {UNIT_LABELS[unit]}".rstrip()


def day_text(day: date) -> str:
    """Write a date as TT.MM.JJJJ."""
    return day.strftime(_DAY)


def moment_text(moment: datetime) -> str:
    """Write a moment as date and time of day in Germany."""
    return moment.astimezone(HERE).strftime(f"{_DAY}, %H:%M Uhr")


def enumeration(words: Sequence[str]) -> str:
    """Join words: ``a``, ``a und b``, ``a, b und c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} und {words[-1]}"


def first_few(words: Sequence[str], most: int, more: str = "weitere") -> str:
    """Join the first words and count the others: ``a, b, c und 2 weitere``."""
    others = len(words) - most
    return ", ".join(words[:most]) + (f" und {others} {more}" if others > 0 else "")


def counted(number: int, one: str, many: str) -> str:
    """Write a number with the form of its noun: ``1 Datei``, ``3 Dateien``."""
    return f"{number} {one if number == 1 else many}"


def dative_plural(plural: str) -> str:
    """Decline the plural of a noun: ``von 69 Quartieren``, ``von 13 Stadtteilen``."""
    return plural if plural.endswith(("n", "s")) else f"{plural}n"


def sort_key(text: str) -> str:
    """Key of German order: umlauts as their base letters, case ignored (DIN 5007-1)."""
    return text.lower().translate(_BASE_LETTERS)


def ascii_text(text: str) -> str:
    """Write a name in small letters without umlauts, as file names need it."""
    return text.lower().translate(_ASCII_LETTERS)
