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
ISO_FORMAT = "%Y-%m-%d"
_LAST_MONTH = 12


def parse_date(text: str, date_format: str) -> date | None:
    """Read a reference date; None where it is not in the format or does not exist.

    ``%Y`` alone gives 31.12., ``%Y%m`` the last day of the month: a reference date closes the
    span that it names.
    """
    parts = _parts(text, date_format)
    if parts is None or 0 in parts:
        return None
    year, month, day = parts
    month = month or _LAST_MONTH
    if month > _LAST_MONTH:
        return None
    return _real_date(year, month, day or monthrange(year, month)[1])


def parse_birth(text: str, date_format: str) -> date | None:
    """Read a date of birth; None where it is not in the format or does not exist.

    An unknown day or month (``00``, or not in the format) means the middle of the span, so
    that ages at the end of a month (of a year) are exact.
    """
    parts = _parts(text, date_format)
    if parts is None:
        return None
    year, month, day = parts
    if not month:
        return None if day else _real_date(year, 7, 1)
    return _real_date(year, month, day or 15)


def is_incomplete(text: str, date_format: str) -> bool:
    """Whether a date of birth says ``00`` for a day or month that nobody knows."""
    parts = _parts(text, date_format)
    return parts is not None and 0 in parts


def age_at(reference_date: date, birth: date) -> int:
    """Age in completed years; negative for a birth after the reference date."""
    had_birthday = (reference_date.month, reference_date.day) >= (birth.month, birth.day)
    return reference_date.year - birth.year - (not had_birthday)


def _parts(text: str, date_format: str) -> tuple[int, int | None, int | None] | None:
    """Year, month and day as written; None for a part that the format does not have."""
    pattern = re.escape(date_format)
    for directive, digits in _DIRECTIVES.items():
        pattern = pattern.replace(re.escape(directive), digits)
    match = re.fullmatch(pattern, text)
    if match is None:
        return None
    found = {name: int(digits) for name, digits in match.groupdict().items()}
    year = found["year"] if "year" in found else 2000 + found["short"]
    return year, found.get("month"), found.get("day")


def _real_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
