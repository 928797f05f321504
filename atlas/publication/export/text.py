"""Datasets as CSV for machines: UTF-8, comma, decimal point, ISO dates, status codes."""

import csv
import io

from atlas.publication.views import Dataset, Entry, Field, machine_dataset
from atlas.publication.views.cells import Cell
from atlas.release import Release
from atlas.terms import Kind


def csv_bytes(release: Release, kind: Kind) -> bytes:
    """All areas of a kind; an empty value has its status in the next column."""
    return dataset_csv_bytes(machine_dataset(release, kind))


def dataset_csv_bytes(dataset: Dataset) -> bytes:
    """One table under its machine-readable names."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(name for field in dataset.fields for name in field_names(field))
    for row in dataset.rows:
        writer.writerow(text for entry in row for text in _texts(entry))
    return buffer.getvalue().encode()


def field_names(field: Field) -> tuple[str, ...]:
    """Machine-readable names of the columns of a field."""
    return (field.id,) if field.item is None else (field.id, f"{field.id}_status")


def columns_of(dataset: Dataset) -> dict[str, list[str | float | None]]:
    """Columns of a dataset by name: texts, numbers (``None`` where hidden), status codes."""
    columns: dict[str, list[str | float | None]] = {}
    for place, field in enumerate(dataset.fields):
        entries = [row[place] for row in dataset.rows]
        for at, name in enumerate(field_names(field)):
            columns[name] = [_parts(entry)[at] for entry in entries]
    return columns


def _parts(entry: Entry) -> tuple[str | float | None, ...]:
    if isinstance(entry, Cell):
        return entry.value, str(entry.status)
    return (str(entry),)


def _texts(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, Cell):
        return _number(entry.value), str(entry.status)
    return (str(entry),)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value.is_integer() else repr(value)
