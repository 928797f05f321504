"""How the cells of a table are written: decimal, thousands, signs of quality, marks."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from atlas.confidential.delivery.parse import NumberFormat

_NUMBER = re.compile(r"[-\u2212]?[0-9]+(?:[., '\u2019][0-9]+)*")
_GROUPED = re.compile(r"[-\u2212]?[0-9]{1,3}(?:[., '\u2019][0-9]{3})+")
_SIGNED = re.compile(
    rf"(?P<before>[a-z*]{{1,2}})? ?(?P<number>{_NUMBER.pattern})"
    r"(?: ?(?P<after>[a-z*]{1,2}|[\u00b9\u00b2\u00b3\u2070-\u207e]+)| (?P<note>[0-9]\)))?"
)
_IN_BRACKETS = re.compile(rf"\(({_NUMBER.pattern})\)")
_LONGEST_MARK = 12
_FIRST_YEAR, _LAST_YEAR = 1950, 2100
# DIN 55301 and what suppliers made of it: sign, key of the layout, meaning.
MARKS = {
    **dict.fromkeys(
        "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212", ("zero", "genau null (DIN 55301)")
    ),
    ".": ("withheld", "unbekannt oder geheim (DIN 55301)"),
    "*": ("withheld", "gesperrt (Zeichen der Bundesagentur für Arbeit)"),
    "x": ("none", "nicht sinnvoll (DIN 55301)"),
    "X": ("none", "nicht sinnvoll (DIN 55301)"),
    "/": ("none", "nicht sicher genug (DIN 55301)"),
    "...": ("none", "fällt später an (DIN 55301)"),
    "\u2026": ("none", "fällt später an (DIN 55301)"),
    **dict.fromkeys(
        ("-9999", "-9999.0", "NA", "N/A", "n/a", "#N/A", "#NV", "NaN", "nan", "None"),
        ("none", "kein Wert"),
    ),
    **dict.fromkeys(("null", "NULL"), ("none", "kein Wert")),
}


@dataclass(frozen=True)
class Spelling:
    """How numbers are written in a table, and what stands in their place."""

    decimal: str = ","
    thousands: str = ""
    signs: tuple[str, ...] = ()

    def number(self, text: str) -> float:
        """Read a number as the layout would; NaN where it is none."""
        if text.endswith("%"):
            text = text.removesuffix("%").rstrip()
        match = _IN_BRACKETS.fullmatch(text) if "()" in self.signs else None
        if match is not None:
            text = match[1]
        for sign in self.signs:
            text = text.removesuffix(sign).removeprefix(sign).strip()
        return NumberFormat(self.decimal, self.thousands).parse(text)


@dataclass(frozen=True)
class Marks:
    """Texts that stand in the place of a number, with what they are taken for."""

    withheld: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    zero: tuple[str, ...] = ()
    doubts: tuple[str, ...] = field(default=())

    def __contains__(self, text: str) -> bool:
        return text in (*self.withheld, *self.none, *self.zero)


def looks_numeric(text: str) -> bool:
    """Whether a cell is a number in any spelling, with or without a sign around it."""
    if _IN_BRACKETS.fullmatch(text) or _SIGNED.fullmatch(text):
        return True
    return text.endswith("%") and looks_numeric(text.removesuffix("%").rstrip())


def looks_like_year(text: str) -> bool:
    """Whether a cell may be a year instead of a count."""
    return text.isascii() and text.isdigit() and _FIRST_YEAR <= int(text) <= _LAST_YEAR


def find_spelling(columns: Sequence[Sequence[str]]) -> Spelling:
    """Find how a table writes numbers; each column is one list of texts."""
    columns = [[one for one in texts if looks_numeric(one)] for texts in columns]
    signs = find_signs(text for texts in columns for text in texts)
    bare = [[_bare(text) for text in texts] for texts in columns]
    decimal = _decimal(bare)
    return Spelling(decimal, _thousands(bare, decimal), signs)


def find_signs(texts: Iterable[str]) -> tuple[str, ...]:
    """Letters and brackets around numbers that tell their quality."""
    found: Counter[str] = Counter()
    for text in texts:
        if _IN_BRACKETS.fullmatch(text):
            found["()"] += 1
        elif (match := _SIGNED.fullmatch(text)) is not None:
            found.update(part for part in match.group("before", "after", "note") if part)
    return tuple(sorted(found))


def _bare(text: str) -> str:
    match = _IN_BRACKETS.fullmatch(text) or _SIGNED.fullmatch(text)
    if match is None:
        return text.removesuffix("%").strip()
    return match[1] if match.re is _IN_BRACKETS else match["number"]


def _decimal(columns: Sequence[Sequence[str]]) -> str:
    """Decimal sign: the last of two, one that parts no three digits or beside long numbers."""
    votes: Counter[str] = Counter()
    for texts in columns:
        has_long = any(re.fullmatch(r"-?[0-9]{4,}", text) for text in texts)
        for text in texts:
            for sign, other in ((",", "."), (".", ",")):
                if sign in text and (
                    (other in text and text.rindex(sign) > text.rindex(other))
                    or (other not in text and not _GROUPED.fullmatch(text))
                    or (other not in text and (has_long or text.startswith(("0", "-0"))))
                ):
                    votes[sign] += 1
    return "." if votes["."] > votes[","] else ","


def _thousands(columns: Sequence[Sequence[str]], decimal: str) -> str:
    texts = [text for column in columns for text in column]
    for sign in " .,'":
        pattern = (
            rf"-?[0-9]{{1,3}}(?:[{re.escape(sign)}][0-9]{{3}})+(?:{re.escape(decimal)}[0-9]+)?"
        )
        written = [text.replace("\u2019", "'") for text in texts]
        if sign != decimal and any(re.fullmatch(pattern, text) for text in written):
            return sign
    return ""


def find_marks(columns: Sequence[Sequence[str]], spelling: Spelling) -> Marks:
    """Texts in columns of numbers that are none, with what they usually mean."""
    texts = [text for column in columns for text in column]
    found = Counter(
        text for text in texts if math.isnan(spelling.number(text)) or text in MARKS
    )
    kept: dict[str, list[str]] = {"withheld": [], "none": [], "zero": []}
    doubts = []
    for text, count in sorted(found.items()):
        if text not in MARKS and (len(text) > _LONGEST_MARK or _holds_number(text)):
            continue
        key, meaning = MARKS.get(text, ("none", ""))
        kept[key].append(text)
        if text not in MARKS or key == "withheld" and text == ".":
            doubts.append(_doubt(text, count, key, meaning))
    withheld, none, zero = (tuple(kept[key]) for key in ("withheld", "none", "zero"))
    return Marks(withheld, none, zero, tuple(doubts))


def _holds_number(text: str) -> bool:
    """Whether a text is a number with something around it that must not be lost."""
    return looks_numeric(text) or re.search(r"(?<![<>\u2264\u2265])\b[0-9]", text) is not None


def _doubt(text: str, count: int, key: str, meaning: str) -> str:
    shown = f"„{text}“" if text else "leere Zelle"
    times = f"{count}-mal" if count > 1 else "einmal"
    if meaning:
        return f"{shown} ({times}) heißt {meaning}; sonst in none oder zero"
    return f"{shown} ({times}) gilt als kein Wert; ist es gesperrt: withheld, ist es null: zero"
