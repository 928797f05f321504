"""Text to dates, and dates of birth to ages at the reference date.

A date without day means the end of its month, without month of its year. A date of birth goes
no further than its age.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    column_place,
    find,
    find_rows,
)
from atlas.confidential.delivery.parse import encode
from atlas.confidential.delivery.tables import TextTable
from atlas.config import Column
from atlas.words import HERE, day_text

_DIRECTIVES = {
    "%Y": r"(?P<year>[0-9]{4})",
    "%y": r"(?P<short>[0-9]{2})",
    "%m": r"(?P<month>[0-9]{1,2})",
    "%B": r"(?P<name>[^\W\d_]{3,})\.?",
    "%d": r"(?P<day>[0-9]{1,2})",
}
_MONTHS = (
    "januar jänner january",
    "februar february",
    "märz mrz maerz march",
    "april",
    "mai may",
    "juni june",
    "juli july",
    "august",
    "september",
    "oktober october",
    "november",
    "dezember december",
)
_MIDNIGHT = re.compile(r"(.+?)[T ]0?0:00(?::00(?:[.,]0+)?)?(?: Uhr)?(?:Z|\+00:00)?")
_NOTE = re.compile(r"\s*(?:[\u00b9\u00b2\u00b3\u2070-\u2079\u207d\u207e*]+|[0-9]\))+$")
_WITH_ZONE = re.compile(r".*[0-9:](?:Z|[+-][0-9]{2}:?[0-9]{2})")
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


def formats_of(table: TextTable, written: Sequence[str]) -> Formats:
    """Patterns of a column: as the layout writes dates, and real dates of a typed source.

    A cell that shows a month holds its first day: where the layout names no day, or no month,
    none is read.
    """
    formats = compile_formats(*written)
    if not table.is_typed:
        return formats
    has_month = any("%m" in one or "%B" in one for one in written)
    has_day = any("%d" in one for one in written)
    month = _DIRECTIVES["%m"] if has_month or not written else "[0-9]{2}"
    day = _DIRECTIVES["%d"] if has_day or not written else "[0-9]{2}"
    return (*formats, re.compile(f"{_DIRECTIVES['%Y']}-{month}-{day}"))


def german_format(date_format: str) -> str:
    """Write a format as German readers know it, e.g. ``TT.MM.JJJJ``."""
    spelled = {"%Y": "JJJJ", "%y": "JJ", "%m": "MM", "%B": "Monat", "%d": "TT"}
    for directive, letters in spelled.items():
        date_format = date_format.replace(directive, letters)
    return date_format


def german_formats(date_formats: Sequence[str]) -> str:
    """Write all spellings that a column may have, e.g. ``TT.MM.JJJJ oder JJJJ``."""
    return " oder ".join(map(german_format, date_formats))


def without_note(text: str) -> str:
    """Leave out the sign of a footnote behind a year or day: ``2023¹``, ``2023 2)``."""
    return _NOTE.sub("", text)


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
    for form in dict.fromkeys((text, _without_time(text))):
        for pattern in formats:
            if match := pattern.fullmatch(form):
                return _parts_of(match.groupdict())
    return None


def _parts_of(found: Mapping[str, str]) -> tuple[int, int | None, int | None] | None:
    numbers = {part: int(text) for part, text in found.items() if part != "name"}
    if "name" in found:
        if not (month := _month(found["name"])):
            return None
        numbers["month"] = month
    year = numbers["year"] if "year" in numbers else 2000 + numbers["short"]
    return year, numbers.get("month"), numbers.get("day")


def _month(name: str) -> int:
    """Find a month by its name or the first letters of it; 0 where there is none."""
    for number, names in enumerate(_MONTHS, start=1):
        if any(one.startswith(name.lower()) for one in names.split()):
            return number
    return 0


def _without_time(text: str) -> str:
    """Leave out the midnight that programs write behind a day, here or of Greenwich."""
    if match := _MIDNIGHT.fullmatch(text):
        return match[1]
    if not _WITH_ZONE.fullmatch(text):
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    midnight = moment.astimezone(HERE)
    return text if midnight.hour or midnight.minute else midnight.date().isoformat()


def _real_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


MAX_AGE = 120
_LONGEST_AGE = 4


class _Verdict(StrEnum):
    FINE = "fine"
    EMPTY = "empty_cell"
    NO_DATE = "invalid_birth"
    FUTURE = "future_birth"
    NO_AGE = "invalid_age"
    TOO_OLD = "too_old"
    INCOMPLETE = "incomplete_birth"


_AgeAndVerdict = tuple[int, _Verdict]


def ages_from_birth(
    table: TextTable, name: str, column: Column, reference_date: date
) -> tuple[pa.Array, tuple[Finding, ...]]:
    """Completed years at the reference date; missing where the date is not usable."""
    formats = formats_of(table, column.formats())
    day = day_text(reference_date)
    expected = german_formats(column.formats())
    hints = {
        _Verdict.EMPTY: f"Zelle ist leer. Erwartet: ein Datum {expected}. Register prüfen.",
        _Verdict.NO_DATE: f"kein gültiges Datum. Erwartet: {expected}. Register prüfen.",
        _Verdict.FUTURE: f"Geburt nach dem Stichtag {day}. Stichtag und Register prüfen.",
        _Verdict.TOO_OLD: f"Alter über {MAX_AGE} Jahre. Register prüfen.",
        _Verdict.INCOMPLETE: "Tag oder Monat der Geburt unbekannt; gerechnet wird mit der "
        "Mitte des Zeitraums.",
    }
    return _read(table, name, lambda text: _judge_birth(text, formats, reference_date), hints)


def ages_from_years(table: TextTable, name: str) -> tuple[pa.Array, tuple[Finding, ...]]:
    """Years of age as delivered; missing where there is no usable number."""
    hints = {
        _Verdict.EMPTY: "Zelle ist leer. Erwartet: ganze Zahl in Jahren. Register prüfen.",
        _Verdict.NO_AGE: "kein Alter. Erwartet: ganze Zahl in Jahren. Register prüfen.",
        _Verdict.TOO_OLD: f"Alter über {MAX_AGE} Jahre. Register prüfen.",
    }
    return _read(table, name, _judge_years, hints)


def _read(
    table: TextTable,
    name: str,
    judge: Callable[[str], _AgeAndVerdict],
    hints: dict[_Verdict, str],
) -> tuple[pa.Array, tuple[Finding, ...]]:
    coded = encode(table.column(name))
    judged = coded.parse(judge)
    verdicts = np.array([verdict for _, verdict in judged], dtype=object)
    findings: list[Finding] = []
    for verdict, hint in hints.items():
        severity = Severity.INFO if verdict is _Verdict.INCOMPLETE else Severity.ERROR
        rows = table.rows[(verdicts == verdict)[coded.codes]]
        findings.extend(
            find_rows(find(verdict.value, severity, column_place(name), hint), rows)
        )
    return _age_array(judged, coded.codes), tuple(findings)


def _judge_birth(text: str, formats: Formats, reference_date: date) -> _AgeAndVerdict:
    birth = parse_birth(text, formats)
    if birth is None:
        return -1, _Verdict.NO_DATE if text else _Verdict.EMPTY
    age = age_at(reference_date, birth)
    if age < 0 or birth > reference_date:
        return -1, _Verdict.FUTURE
    if age > MAX_AGE:
        return -1, _Verdict.TOO_OLD
    return age, _Verdict.INCOMPLETE if is_incomplete(text, formats) else _Verdict.FINE


def _judge_years(text: str) -> _AgeAndVerdict:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_AGE):
        return -1, _Verdict.NO_AGE if text else _Verdict.EMPTY
    age = int(text)
    return (age, _Verdict.FINE) if age <= MAX_AGE else (-1, _Verdict.TOO_OLD)


def _age_array(judged: Sequence[_AgeAndVerdict], codes: npt.NDArray[np.int64]) -> pa.Array:
    ages = np.array([age for age, _ in judged], np.int16)[codes]
    return pa.array(ages, pa.int16(), mask=ages < 0)
