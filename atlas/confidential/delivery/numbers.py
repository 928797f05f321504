"""A column of numbers and marks: each cell gets a value or a status, or breaks a rule."""

import math
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    column_place,
    find,
    find_rows,
)
from atlas.confidential.delivery.parse import (
    NumberFormat,
    encode,
    is_mark,
    looks_grouped,
    read_marks,
)
from atlas.confidential.delivery.tables import TextTable
from atlas.config import Layout

# Order of weight: a sum with a withheld part is withheld, with an unavailable part unavailable.
PUBLISHED, UNAVAILABLE, WITHHELD = 0, 1, 2
# Above the population of the country: two numbers have run together.
_MAX_COUNT = 100_000_000


class _Verdict(StrEnum):
    FINE = "fine"
    EMPTY = "empty_cell"
    NO_NUMBER = "no_number"
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
    is_count: bool

    @classmethod
    def of(cls, layout: Layout, name: str) -> "_CellParser":
        """Parser of a column."""
        return cls(
            NumberFormat(layout.decimal, layout.thousands),
            read_marks(layout.withheld),
            read_marks(layout.none),
            frozenset(layout.zero),
            layout.columns[name].role == "count",
        )

    def read(self, text: str) -> _Cell:
        if is_mark(text, self.withheld):
            return _Cell(math.nan, WITHHELD, _Verdict.FINE)
        if is_mark(text, self.none):
            return _Cell(math.nan, UNAVAILABLE, _Verdict.FINE)
        if text in self.zero:
            return _Cell(0.0, PUBLISHED, _Verdict.FINE)
        number = self.numbers.parse(text)
        verdict = self._verdict(text, number)
        value = number if verdict is _Verdict.FINE else math.nan
        return _Cell(value, PUBLISHED, verdict)

    def _verdict(self, text: str, number: float) -> _Verdict:
        if not text:
            return _Verdict.EMPTY
        if math.isnan(number):
            return _Verdict.GROUPED if looks_grouped(text) else _Verdict.NO_NUMBER
        if self.is_count and number < 0:
            return _Verdict.NEGATIVE
        if self.is_count and not number.is_integer():
            return _Verdict.FRACTION
        if self.is_count and number > _MAX_COUNT:
            return _Verdict.TOO_LARGE
        return _Verdict.FINE


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
        _Verdict.GROUPED: f"Zahl ist so nicht eindeutig. Erwartet: {signs}. Schlüssel decimal "
        "und thousands in deliveries.toml prüfen.",
        _Verdict.NEGATIVE: "negative Anzahl. Erwartet: null oder mehr. Ist es ein Zeichen des "
        "Lieferanten, gehört es in withheld oder none.",
        _Verdict.FRACTION: "Anzahl ist keine ganze Zahl. Erwartet: ganze Zahl. Lieferung oder "
        "Schlüssel decimal in deliveries.toml prüfen.",
        _Verdict.TOO_LARGE: "Anzahl ist größer als die Bevölkerung Deutschlands. Lieferung "
        "berichtigen.",
    }[verdict]
