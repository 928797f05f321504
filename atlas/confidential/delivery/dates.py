"""Text to dates; a date without day means the end of its month, without month of its year."""

import re
from calendar import monthrange
from datetime import date

_DIRECTIVES = {
    "%Y": r"(?P<year>[0-9]{4})",
    "%y": r"(?P<short>[0-9]{2})",
    "%m": r"(?P<month>[0-9]{1,2})",
    "%d": r"(?P<day>[0-9]{1,2})",
}
_LAST_MONTH = 12
# With these a person of whom only year or month of birth is known has the exact age at the
# end of a year or month, where reference dates lie.
_MIDDLE_MONTH, _MIDDLE_DAY = 7, 15
Formats = tuple[re.Pattern[str], ...]


def compile_formats(*date_formats: str) -> Formats:
    """Turn ``%d.%m.%Y`` and the like into patterns; the first that fits is used."""
    patterns = []
    for date_format in date_formats:
        pattern = re.escape(date_format)
        for directive, digits in _DIRECTIVES.items():
            pattern = pattern.replace(re.escape(directive), digits)
        patterns.append(re.compile(pattern))
    return tuple(patterns)


def german_format(date_format: str) -> str:
    """Write a format as German readers know it, e.g. ``TT.MM.JJJJ``."""
    for directive, letters in (("%Y", "JJJJ"), ("%y", "JJ"), ("%m", "MM"), ("%d", "TT")):
        date_format = date_format.replace(directive, letters)
    return date_format


def parse_date(text: str, formats: Formats) -> date | None:
    """Read a reference date; None where it fits no format or does not exist.

    ``%Y`` alone gives 31.12., ``%Y%m`` the last day of the month: a reference date closes the
    span that it names.
    """
    parts = _parts(text, formats)
    if parts is None or 0 in parts:
        return None
    year, month, day = parts
    month = month or _LAST_MONTH
    if month > _LAST_MONTH:
        return None
    return _real_date(year, month, day or monthrange(year, month)[1])


def parse_birth(text: str, formats: Formats) -> date | None:
    """Read a date of birth; None where it fits no format or does not exist.

    An unknown day or month (``00``, or not in the format) means the middle of the span.
    """
    parts = _parts(text, formats)
    if parts is None:
        return None
    year, month, day = parts
    if not month:
        return None if day else _real_date(year, _MIDDLE_MONTH, 1)
    return _real_date(year, month, day or _MIDDLE_DAY)


def is_incomplete(text: str, formats: Formats) -> bool:
    """Whether a date of birth says ``00`` for a day or month that nobody knows."""
    parts = _parts(text, formats)
    return parts is not None and 0 in parts[1:]


def age_at(reference_date: date, birth: date) -> int:
    """Age in completed years; negative for a birth after the reference date."""
    had_birthday = (reference_date.month, reference_date.day) >= (birth.month, birth.day)
    return reference_date.year - birth.year - (not had_birthday)


def _parts(text: str, formats: Formats) -> tuple[int, int | None, int | None] | None:
    """Year, month and day as written; None for a part that the format does not have."""
    for pattern in formats:
        if match := pattern.fullmatch(text):
            found = {name: int(digits) for name, digits in match.groupdict().items()}
            year = found["year"] if "year" in found else 2000 + found["short"]
            return year, found.get("month"), found.get("day")
    return None


def _real_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
