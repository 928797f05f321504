"""A table with one row a person: keys hashed, dates of birth to ages, codes as text."""

from datetime import date

import numpy as np
import pyarrow as pa

from atlas.confidential.delivery.dates import ages_from_birth, ages_from_years
from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    column_place,
    find,
    find_rows,
)
from atlas.confidential.delivery.parse import (
    encode,
    hash_keys,
    nulls_for_empty,
    pad_keys,
)
from atlas.confidential.delivery.placing import (
    Part,
    few_or_many,
    place_persons,
)
from atlas.confidential.delivery.request import Request
from atlas.confidential.delivery.tables import TextTable
from atlas.config import Column, Layout

AREA, PERSON, AGE = "area_id", "person", "age"
# An odd number of 64 bits: rows that differ get different numbers, but for one in 10 million.
_MIX = np.uint64(0x9E3779B97F4A7C15)


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
    layout = request.layout
    parts: dict[str, Part] = {}
    if layout.place_from is None:
        parts[AREA] = place_persons(table, reference_date, request)
    for name, column in layout.columns.items():
        match column.role:
            case "person":
                parts[PERSON] = _persons(table, name, request)
            case "birth_date":
                parts[AGE] = ages_from_birth(table, name, column, reference_date)
            case "age":
                parts[AGE] = ages_from_years(table, name)
            case "code":
                parts[name] = _codes(table, name, column)
    columns = {name: parts[name][0] for name in parts}
    return pa.table(columns), tuple(found for _, more in parts.values() for found in more)


def count_twins(table: TextTable, layout: Layout) -> int | None:
    """Count rows that another row equals in everything but the key.

    None where rows do not say enough of a person to tell one from another.
    """
    roles = {column.role for column in layout.columns.values()}
    if not {"birth_date", "age"} & roles or not {"area", "address", "x"} & roles:
        return None
    names = [name for name, column in layout.columns.items() if column.role != "person"]
    mixed = np.zeros(len(table.rows), np.uint64)
    for name in names:
        mixed = (mixed + encode(table.column(name)).codes.astype(np.uint64)) * _MIX
        mixed ^= mixed >> np.uint64(29)
    _, sizes = np.unique(mixed, return_counts=True)
    return int(sizes[sizes > 1].sum())


def _persons(table: TextTable, name: str, request: Request) -> Part:
    keys = pad_keys(table.column(name), request.layout.columns[name].width)
    coded = encode(keys)
    is_empty = coded.where(_is_empty)
    place = column_place(name)
    hint = "kein Personenschlüssel; nicht mit anderen Registern verknüpfbar. Spalte prüfen."
    empty = few_or_many(find("no_person", Severity.INFO, place, hint), is_empty, table)
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


def _error(check: str, place: str, hint: str) -> Finding:
    return find(check, Severity.ERROR, place, hint)


def _is_empty(text: str) -> bool:
    return not text
