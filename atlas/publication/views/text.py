"""Dates and names as German text; numbers are written by ``classify.german``."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

_HERE = ZoneInfo("Europe/Berlin")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


def day_text(day: date) -> str:
    """Write a date as TT.MM.JJJJ."""
    return day.strftime("%d.%m.%Y")


def moment_text(moment: datetime) -> str:
    """Write a moment as date and time of day in Germany."""
    return moment.astimezone(_HERE).strftime("%d.%m.%Y, %H:%M Uhr")


def sort_key(text: str) -> str:
    """Key of German order: umlauts as their base letters, case ignored (DIN 5007-1)."""
    return text.lower().translate(_UMLAUTS)
