"""Where the reference date of a table stands: in a column, in the head, in the file name."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from atlas.confidential.delivery.dates import compile_formats, parse_date, without_note

_DAY_FORMATS = (
    "%d.%m.%Y",
    "%Y-%m-%d",
    "%d.%m.%y",
    "%d_%m_%Y",
    "%d-%m-%Y",
    "%d/%m/%Y",
    "%Y%m%d",
    "%d. %B %Y",
)
_SHORT_FORMATS = (
    "%B %Y",
    "%B %y",
    "%B-%y",
    "%m/%Y",
    "%m.%Y",
    "%Y-%m",
    "%Y%m",
    "%Y",
)
_FORMATS = (*_DAY_FORMATS, *_SHORT_FORMATS)
_FIRST = date(1950, 1, 1)
_IN_TEXT = re.compile(r"(?<![0-9])([0-3]?[0-9]\.[01]?[0-9]\.(?:19|20)[0-9]{2})(?![0-9])")
_IN_NAME = (
    ("%Y-%m-%d", r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]"),
    ("%d.%m.%Y", r"[0-3][0-9]\.[01][0-9]\.(?:19|20)[0-9]{2}"),
    ("%Y_%m_%d", r"(?:19|20)[0-9]{2}_[01][0-9]_[0-3][0-9]"),
    ("%Y%m%d", r"(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]"),
    ("%d%m%Y", r"[0-3][0-9][01][0-9](?:19|20)[0-9]{2}"),
    ("%Y-%m", r"(?:19|20)[0-9]{2}-[01][0-9]"),
    ("%Y%m", r"(?:19|20)[0-9]{2}[01][0-9]"),
    ("%Y", r"(?:19|20)[0-9]{2}"),
)
_HEADS = re.compile(r"jahr|year|stichtag|stand|datum|date|zeit|monat|quartal", re.IGNORECASE)
_PLACE = "{date}"
_DIGITS = {"%Y%m%d": 8, "%Y%m": 6, "%Y": 4}


@dataclass(frozen=True)
class DateColumn:
    """A column of reference dates, with the spellings in it."""

    position: int
    formats: tuple[str, ...]
    dates: Mapping[str, date] = field(repr=False)


@dataclass(frozen=True)
class DatedHead:
    """Columns that differ in a date alone: ``EW 2022``, ``EW 2023`` are ``EW {date}``."""

    pattern: str
    format: str
    positions: tuple[int, ...]
    dates: tuple[date, ...]


@dataclass(frozen=True)
class DatedName:
    """A file name with the place of the date in it."""

    pattern: str
    format: str
    day: date


def find_date_column(
    names: Sequence[str], columns: Sequence[Sequence[str]], today: date
) -> DateColumn | None:
    """Find the column whose texts are all dates; years count where the head says so."""
    for position, cells in enumerate(columns):
        texts = list(dict.fromkeys(cell for cell in cells if cell))
        formats = _formats_of(texts, today)
        if not formats or "" in cells and texts == []:
            continue
        is_named = bool(_HEADS.search(names[position]))
        is_sure = all(one in _DAY_FORMATS for one in formats)
        if is_named or (is_sure and len(texts) < len(cells)):
            found = _read(texts, formats, today)
            return DateColumn(position, formats, found)
    return None


def _formats_of(texts: Sequence[str], today: date) -> tuple[str, ...]:
    """Fewest formats that read every text; empty if there are none."""
    chosen: list[str] = []
    left = list(texts)
    for one in _FORMATS:
        read = _read(left, (one,), today)
        if read:
            chosen.append(one)
            left = [text for text in left if text not in read]
    return tuple(chosen) if texts and not left else ()


def _read(texts: Iterable[str], formats: Sequence[str], today: date) -> dict[str, date]:
    days = {text: _day(text, formats) for text in texts}
    return {text: day for text, day in days.items() if day and _FIRST <= day <= today}


def _day(text: str, formats: Sequence[str]) -> date | None:
    """Read a date; without signs between them its parts have all their digits."""
    fitting = [one for one in formats if len(text) == _DIGITS.get(one, len(text))]
    return parse_date(text, compile_formats(*fitting))


def find_dated_heads(names: Sequence[str], today: date) -> list[DatedHead]:
    """Find columns whose names are alike but for a date; a single one is none."""
    groups: dict[tuple[str, str], dict[date, int]] = {}
    for position, name in enumerate(names):
        for pattern, form, day in _splits(without_note(name), today):
            groups.setdefault((pattern, form), {}).setdefault(day, position)
    heads, taken = [], set[int]()
    for (pattern, form), members in sorted(groups.items(), key=lambda one: -len(one[1])):
        places = tuple(members.values())
        if len(members) > 1 and not taken & set(places):
            heads.append(DatedHead(pattern, form, places, tuple(members)))
            taken |= set(places)
    return sorted(heads, key=lambda head: head.positions)


def _splits(name: str, today: date) -> Iterator[tuple[str, str, date]]:
    """Take each date out of a name: pattern, format and day; a longer spelling goes first."""
    taken: set[int] = set()
    for form in _FORMATS:
        for match in _form_pattern(form).finditer(name):
            day = _day(match[0], (form,))
            span = set(range(*match.span()))
            if day is not None and _FIRST <= day <= today and not span & taken:
                taken |= span
                rest = name[: match.start()], name[match.end() :]
                if not set("{}") & set("".join(rest)):
                    yield _PLACE.join(rest), form, day


def _form_pattern(form: str) -> re.Pattern[str]:
    digits = re.escape(form)
    for directive, pattern in (
        ("%Y", "(?:19|20)[0-9]{2}"),
        ("%y", "[0-9]{2}"),
        ("%B", r"[^\W\d_]{3,}\.?"),
        ("%m", "[01]?[0-9]"),
        ("%d", "[0-3]?[0-9]"),
    ):
        digits = digits.replace(re.escape(directive), pattern)
    return re.compile(rf"(?<![0-9.]){digits}(?![0-9]|[.][0-9])")


def find_dated_name(file_name: str, today: date) -> DatedName | None:
    """Find a date in the name of a file, with what the layout would call it."""
    stem, dot, suffix = file_name.rpartition(".")
    for form, digits in _IN_NAME:
        found = list(re.finditer(rf"(?<![0-9]){digits}(?![0-9])", stem))
        for match in reversed(found):
            day = parse_date(match[0], compile_formats(form))
            if day is not None and _FIRST <= day <= today:
                before, after = stem[: match.start()], stem[match.end() :]
                return DatedName(f"{before}{_PLACE}{after}{dot}{suffix}", form, day)
    return None


def date_in_texts(texts: Iterable[str], today: date) -> date | None:
    """First full date in title or head, such as „Stand: 31.12.2023“."""
    for text in texts:
        for match in _IN_TEXT.finditer(text):
            day = parse_date(match[1], compile_formats("%d.%m.%Y"))
            if day is not None and _FIRST <= day <= today:
                return day
    return None
