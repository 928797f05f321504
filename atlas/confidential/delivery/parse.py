"""Texts of a column to keys, numbers and marks, each distinct text parsed once."""

import hmac
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    column_place,
    find,
    find_rows,
)
from atlas.confidential.delivery.tables import TextTable
from atlas.config import Layout
from atlas.legible import plain_signs

_Parsed = TypeVar("_Parsed")


@dataclass(frozen=True)
class Coded:
    """A text column as distinct texts and the position of each row's text in them."""

    texts: tuple[str, ...] = field(repr=False)
    codes: npt.NDArray[np.int64]

    def parse(self, parser: Callable[[str], _Parsed]) -> list[_Parsed]:
        """Parse every distinct text once."""
        return [parser(text) for text in self.texts]

    def texts_at(self, positions: npt.NDArray[np.int64]) -> list[str]:
        """Texts of some rows."""
        return [self.texts[code] for code in self.codes[positions]]

    def where(self, condition: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
        """Rows whose text meets a condition."""
        return np.array(self.parse(condition), dtype=bool)[self.codes]


def encode(column: pa.Array) -> Coded:
    """Find the distinct texts of a column."""
    encoded = column.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return Coded(tuple(encoded.dictionary.to_pylist()), codes)


@dataclass(frozen=True)
class NumberFormat:
    """How a source writes numbers: decimal sign and the thousands sign it may use."""

    decimal: str
    thousands: str

    def parse(self, text: str) -> float:
        """Read a number; NaN where the text is none.

        Strict: no exponent, no blank inside, no thousands sign that the layout does not
        declare; a declared one has to part groups of three digits.
        """
        point = re.escape(self.decimal)
        text = plain_signs(text).replace("\u2019", "'")
        match = re.fullmatch(rf"([-+]?)({self._whole()})(?:{point}([0-9]+))?", text)
        if match is None:
            return math.nan
        digits = match[2].replace(self.thousands, "") if self.thousands else match[2]
        number = float(f"{match[1]}{digits}.{match[3] or 0}") + 0.0
        return number if math.isfinite(number) else math.nan

    def _whole(self) -> str:
        if not self.thousands:
            return "[0-9]+"
        return rf"[0-9]+|[0-9]{{1,3}}(?:{re.escape(self.thousands)}[0-9]{{3}})+"


def looks_grouped(text: str) -> bool:
    """Whether a text may be a number with another decimal or thousands sign."""
    return bool(re.fullmatch(r"-?[0-9]+([.,'\u2019 ][0-9]+)+", text))


def is_mark(text: str, marks: Mapping[str, float]) -> bool:
    """Whether a cell holds one of the supplier's marks; ``-9999.0`` is the mark ``-9999``."""
    if text in marks:
        return True
    number = NumberFormat(".", "").parse(text)
    return not math.isnan(number) and number in marks.values()


def read_marks(marks: tuple[str, ...]) -> dict[str, float]:
    """Pair marks with the number that each of them spells; NaN where it is none."""
    return {mark: NumberFormat(".", "").parse(mark) for mark in marks}


def pad_keys(column: pa.Array, width: int) -> pa.Array:
    """Fill keys that consist of digits with leading zeros up to a width; 1.0 is a 1."""
    if width == 0:
        return column
    column = pc.replace_substring_regex(column, "^([0-9]+)[.,]0$", r"\1")
    is_number = pc.match_substring_regex(column, "^[0-9]+$")
    return pc.if_else(is_number, pc.utf8_lpad(column, width, "0"), column)


def common_width(keys: frozenset[str]) -> int:
    """Length that all keys share if all are digits, else 0: nothing can be said."""
    widths = {len(key) if key.isascii() and key.isdigit() else 0 for key in keys}
    return widths.pop() if len(widths) == 1 else 0


def hash_keys(column: pa.Array, hash_key: bytes) -> pa.Array:
    """Keyed hash (HMAC-SHA256, hex) of a common key; an empty key becomes missing."""
    hashes = [
        hmac.digest(hash_key, text.encode(), "sha256").hex() if text else None
        for text in column.to_pylist()
    ]
    return pa.array(hashes, pa.string())


def nulls_for_empty(column: pa.Array) -> pa.Array:
    """Texts with missing instead of empty."""
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column).cast(
        pa.string()
    )


# Order of weight: a sum with a withheld part is withheld, with an unavailable part unavailable.
PUBLISHED, UNAVAILABLE, WITHHELD = 0, 1, 2
# Above the population of the country: two numbers have run together.
_MAX_COUNT = 100_000_000


class _Verdict(StrEnum):
    FINE = "fine"
    EMPTY = "empty_cell"
    NO_NUMBER = "no_number"
    PERCENT = "percent_count"
    GROUPED = "number_sign"
    NEGATIVE = "negative_count"
    FRACTION = "fractional_count"
    TOO_LARGE = "too_large_count"


@dataclass(frozen=True)
class _Cell:
    value: float = field(repr=False)
    status: int
    verdict: _Verdict


@dataclass(frozen=True)
class Numbers:
    """Values (NaN where not published or broken) and status of each row of a column."""

    values: npt.NDArray[np.float64] = field(repr=False)
    status: npt.NDArray[np.int8]
    findings: tuple[Finding, ...]


def read_numbers(table: TextTable, name: str, layout: Layout) -> Numbers:
    """Read a column with ``role = "count"`` or ``"value"``."""
    coded = encode(table.column(name))
    parser = _CellParser.of(layout, name)
    cells = coded.parse(parser.read)
    values = np.array([cell.value for cell in cells], np.float64)
    status = np.array([cell.status for cell in cells], np.int8)
    verdicts = np.array([cell.verdict for cell in cells], dtype=object)
    findings: list[Finding] = []
    for verdict in _Verdict:
        if verdict is not _Verdict.FINE:
            finding = find(
                verdict.value,
                Severity.ERROR,
                column_place(name),
                _hint(verdict, parser.numbers),
            )
            rows = table.rows[(verdicts == verdict)[coded.codes]]
            findings.extend(find_rows(finding, rows))
    return Numbers(values[coded.codes], status[coded.codes], tuple(findings))


@dataclass(frozen=True)
class _CellParser:
    numbers: NumberFormat
    withheld: dict[str, float]
    none: dict[str, float]
    zero: frozenset[str]
    alike: Mapping[str, str]
    is_count: bool
    signs: re.Pattern[str]
    factor: Decimal | None

    @classmethod
    def of(cls, layout: Layout, name: str) -> "_CellParser":
        """Parser of a column."""
        return cls(
            NumberFormat(layout.decimal, layout.thousands),
            read_marks(layout.withheld),
            read_marks(layout.none),
            frozenset(layout.zero),
            _alike(layout.withheld, layout.none, layout.zero),
            layout.columns[name].role == "count",
            _signs(layout.signs),
            None if (factor := layout.columns[name].factor) is None else Decimal(repr(factor)),
        )

    def read(self, text: str) -> _Cell:
        marked = self._marked(text) or self._marked(self.alike.get(plain_signs(text), text))
        if marked is not None:
            return marked
        number = self._number(text)
        verdict = self._verdict(text, number)
        value = number if verdict is _Verdict.FINE else math.nan
        return _Cell(value, PUBLISHED, verdict)

    def _marked(self, text: str) -> _Cell | None:
        if is_mark(text, self.withheld):
            return _Cell(math.nan, WITHHELD, _Verdict.FINE)
        if is_mark(text, self.none):
            return _Cell(math.nan, UNAVAILABLE, _Verdict.FINE)
        if text in self.zero:
            return _Cell(0.0, PUBLISHED, _Verdict.FINE)
        return None

    def _number(self, text: str) -> float:
        if (match := self.signs.fullmatch(text)) is not None:
            text = next(part for part in match.groups() if part)
        if self.is_count:
            return self.numbers.parse(text)
        if text.endswith("%"):
            return self.numbers.parse(text.removesuffix("%").rstrip())
        number = self.numbers.parse(text)
        if self.factor is None or math.isnan(number):
            return number
        return float(Decimal(repr(number)) * self.factor)

    def _verdict(self, text: str, number: float) -> _Verdict:
        if not text:
            return _Verdict.EMPTY
        if math.isnan(number) and self.is_count and text.endswith("%"):
            return _Verdict.PERCENT
        if math.isnan(number):
            return _Verdict.GROUPED if looks_grouped(text) else _Verdict.NO_NUMBER
        if self.is_count and number < 0:
            return _Verdict.NEGATIVE
        if self.is_count and not number.is_integer():
            return _Verdict.FRACTION
        if self.is_count and number > _MAX_COUNT:
            return _Verdict.TOO_LARGE
        return _Verdict.FINE


def _alike(*meanings: Sequence[str]) -> dict[str, str]:
    """Find marks by how they look; where two meanings look alike, a third spelling is none."""
    plain = [{plain_signs(mark): mark for mark in marks} for marks in meanings]
    looks = Counter(look for marks in plain for look in marks)
    return {look: mark for marks in plain for look, mark in marks.items() if looks[look] == 1}


def _signs(signs: tuple[str, ...]) -> re.Pattern[str]:
    """Pattern of a number with one of the signs of its quality around it."""
    number = "([-+\u2010-\u2015\u2212]?[0-9](?:.*[0-9])?)"
    forms = [rf"\({number}\)"] if "()" in signs else []
    if others := "|".join(re.escape(sign) for sign in signs if sign != "()"):
        forms += [rf"{number} ?(?:{others})", rf"(?:{others}) ?{number}"]
    return re.compile("|".join(forms) or r"(?!)")


def _hint(verdict: _Verdict, numbers: NumberFormat) -> str:
    signs = f"Dezimalzeichen „{numbers.decimal}“, " + (
        f"Tausendertrennzeichen „{numbers.thousands}“"
        if numbers.thousands
        else "kein Tausendertrennzeichen"
    )
    return {
        _Verdict.EMPTY: "Zelle ist leer. Erwartet: eine Zahl oder ein Zeichen aus withheld "
        "oder none. Lieferung oder deliveries.toml berichtigen.",
        _Verdict.NO_NUMBER: "keine Zahl und kein vereinbartes Zeichen. Erwartet: eine Zahl "
        "oder ein Zeichen aus withheld oder none. Lieferung oder deliveries.toml berichtigen.",
        _Verdict.PERCENT: "Prozent in einer Anzahl. Erwartet: ganze Zahlen. Sind es fertige "
        'Anteile, role = "value" in deliveries.toml setzen.',
        _Verdict.GROUPED: f"Zahl ist so nicht eindeutig. Erwartet: {signs}. Schlüssel decimal "
        "und thousands in deliveries.toml prüfen.",
        _Verdict.NEGATIVE: "negative Anzahl. Erwartet: null oder mehr. Ist es ein Zeichen des "
        "Lieferanten, gehört es in withheld oder none.",
        _Verdict.FRACTION: "Anzahl ist keine ganze Zahl. Erwartet: ganze Zahl. Lieferung oder "
        "Schlüssel decimal in deliveries.toml prüfen.",
        _Verdict.TOO_LARGE: "Anzahl ist größer als die Bevölkerung Deutschlands. Lieferung "
        "berichtigen.",
    }[verdict]
