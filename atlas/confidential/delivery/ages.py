"""Dates of birth or years of age to ages at the reference date; a date goes no further."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from atlas.confidential.delivery.dates import (
    Formats,
    age_at,
    compile_formats,
    german_format,
    is_incomplete,
    parse_birth,
)
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
from atlas.words import day_text

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
    formats = compile_formats(column.format, *table.date_formats)
    day = day_text(reference_date)
    expected = german_format(column.format)
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
