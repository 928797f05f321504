"""A table with one row a person: keys hashed, dates of birth to ages, codes as text."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from atlas.confidential.delivery.dates import (
    ISO_FORMAT,
    age_at,
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
from atlas.confidential.delivery.keys import check_area_keys, read_area_keys
from atlas.confidential.delivery.parse import (
    encode,
    hash_keys,
    nulls_for_empty,
    pad_keys,
)
from atlas.confidential.delivery.request import Request
from atlas.confidential.delivery.tables import TextTable
from atlas.config import Column

AREA, PERSON, AGE = "area_id", "person", "age"
MAX_AGE = 120
# A few persons without a place or a key are life, many are a broken export.
_FEW = 0.01
Part = tuple[pa.Array, tuple[Finding, ...]]


def normalise_persons(
    table: TextTable, reference_date: date, request: Request
) -> tuple[pa.Table, tuple[Finding, ...]]:
    """Read persons of one reference date.

    Returns
    -------
    One row a person: ``area_id`` (missing where the register has none), ``person`` (hex of
    the keyed hash, missing where the key is empty), ``age`` in completed years at the
    reference date, then every code column under its own name (missing where empty).
    """
    columns: dict[str, pa.Array] = {}
    findings: list[Finding] = []
    for name, column in request.layout.columns.items():
        match column.role:
            case "area":
                target, part = AREA, _areas(table, reference_date, request)
            case "person":
                target, part = PERSON, _persons(table, name, request)
            case "birth_date":
                target, part = AGE, _ages_from_birth(table, name, column, reference_date)
            case "age":
                target, part = AGE, _ages(table, name)
            case "code":
                target, part = name, _codes(table, name, column)
            case _:
                continue
        columns[target] = part[0]
        findings.extend(part[1])
    return pa.table(columns), tuple(findings)


def _areas(table: TextTable, reference_date: date, request: Request) -> Part:
    known = request.areas(reference_date)
    keys = read_area_keys(table, request.layout, known)
    coded = encode(keys)
    unknown = check_area_keys(coded, table.rows, request.layout, known)
    place = column_place(request.layout.column_of("area") or "")
    hint = "kein Gebietsschlüssel; diese Personen zählen als nicht zuordenbar."
    empty = _few_or_many("no_area", place, hint, table.rows[coded.where(_is_empty)], table)
    return nulls_for_empty(keys), (*unknown, *empty)


def _persons(table: TextTable, name: str, request: Request) -> Part:
    keys = pad_keys(table.column(name), request.layout.columns[name].width)
    coded = encode(keys)
    is_empty = coded.where(_is_empty)
    place = column_place(name)
    hint = (
        "kein Personenschlüssel; diese Personen sind mit keinem anderen Register verknüpfbar."
    )
    empty = _few_or_many("no_person", place, hint, table.rows[is_empty], table)
    often = (np.bincount(coded.codes, minlength=len(coded.texts)) > 1)[coded.codes]
    double = find_rows(_duplicate_person(place, request), table.rows[often & ~is_empty])
    return hash_keys(keys, request.hash_key), (*empty, *double)


def _duplicate_person(place: str, request: Request) -> Finding:
    """In a register that gives the place a person may stand once; an extract may repeat it."""
    if request.layout.place_from is None:
        hint = "Person steht mehrmals. Erwartet: eine Zeile je Person. Register bereinigen."
        return find("duplicate_person", Severity.ERROR, place, hint)
    hint = "Person steht mehrmals; sie zählt einmal. Register prüfen."
    return find("duplicate_person", Severity.WARNING, place, hint)


def _ages_from_birth(table: TextTable, name: str, column: Column, reference_date: date) -> Part:
    coded = encode(table.column(name))
    formats = (column.format, ISO_FORMAT) if table.is_typed else (column.format,)
    births = coded.parse(lambda text: _read_birth(text, formats))
    ages = np.array(
        [-1 if birth is None else age_at(reference_date, birth) for birth in births], np.int64
    )
    is_invalid = np.array([birth is None for birth in births], dtype=bool)
    place, day = column_place(name), reference_date.strftime("%d.%m.%Y")
    verdicts = (
        (
            _error("invalid_birth", place, _birth_hint(column)),
            is_invalid,
        ),
        (
            _error("future_birth", place, f"Geburt nach dem Stichtag {day}. Register prüfen."),
            ~is_invalid & (ages < 0),
        ),
        (_too_old(place), ages > MAX_AGE),
        (
            find(
                "incomplete_birth",
                Severity.INFO,
                place,
                "Tag oder Monat der Geburt unbekannt; "
                "gerechnet wird mit der Mitte des Zeitraums.",
            ),
            np.array(coded.parse(lambda text: is_incomplete(text, column.format)), bool),
        ),
    )
    findings = [
        found
        for finding, condition in verdicts
        for found in find_rows(finding, table.rows[condition[coded.codes]])
    ]
    return _age_array(ages[coded.codes]), tuple(findings)


def _ages(table: TextTable, name: str) -> Part:
    coded = encode(table.column(name))
    ages = np.array(coded.parse(_read_age), np.int64)[coded.codes]
    place = column_place(name)
    hint = "kein Alter. Erwartet: ganze Zahl in Jahren. Register prüfen."
    findings = (
        *find_rows(_error("invalid_age", place, hint), table.rows[ages < 0]),
        *find_rows(_too_old(place), table.rows[ages > MAX_AGE]),
    )
    return _age_array(ages), findings


def _codes(table: TextTable, name: str, column: Column) -> Part:
    texts = pad_keys(table.column(name), column.width)
    coded = encode(texts)
    allowed = frozenset(column.codes)
    is_unknown = coded.where(lambda text: bool(allowed and text and text not in allowed))
    hint = "Schlüssel fehlt in der Schlüsseltabelle. codes in deliveries.toml prüfen."
    unknown = find_rows(
        _error("unknown_code", column_place(name), hint), table.rows[is_unknown]
    )
    if not column.is_mandatory:
        return nulls_for_empty(texts), unknown
    hint = "Zelle ist leer. Erwartet: ein Schlüssel. Register prüfen."
    empty = _error("empty_cell", column_place(name), hint)
    return nulls_for_empty(texts), (
        *unknown,
        *find_rows(empty, table.rows[coded.where(_is_empty)]),
    )


def _few_or_many(
    check: str, place: str, hint: str, rows: npt.NDArray[np.int64], table: TextTable
) -> tuple[Finding, ...]:
    share = len(rows) / max(len(table.rows), 1)
    severity = Severity.INFO if share <= _FEW else Severity.WARNING
    if share > 1 / 2:
        severity = Severity.ERROR
    return find_rows(find(check, severity, place, hint), rows)


def _read_birth(text: str, formats: tuple[str, ...]) -> date | None:
    births = (parse_birth(text, date_format) for date_format in formats)
    return next((birth for birth in births if birth is not None), None)


def _read_age(text: str) -> int:
    is_age = text.isascii() and text.isdigit() and len(text) <= 4
    return int(text) if is_age else -1


def _age_array(ages: npt.NDArray[np.int64]) -> pa.Array:
    is_plausible = (ages >= 0) & (ages <= MAX_AGE)
    return pa.array(np.where(is_plausible, ages, 0), pa.int16(), mask=~is_plausible)


def _birth_hint(column: Column) -> str:
    return f"kein gültiges Datum. Erwartet: Format {column.format}. Register prüfen."


def _too_old(place: str) -> Finding:
    return _error("too_old", place, f"Alter über {MAX_AGE} Jahre. Register prüfen.")


def _error(check: str, place: str, hint: str) -> Finding:
    return find(check, Severity.ERROR, place, hint)


def _is_empty(text: str) -> bool:
    return not text
