"""The tables of a public data set: one per kind of area, all cells, changes, the dictionary."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from atlas.publication.export import GEOJSON as GEOJSON_FORMAT
from atlas.publication.export import XLSX, table_name
from atlas.publication.export.columns import Column, described, status_codes
from atlas.publication.export.csv_text import exact_csv_bytes, excel_csv_bytes
from atlas.publication.export.geodata import geoparquet_bytes
from atlas.publication.export.geopackage import gpkg_of_kinds
from atlas.publication.open_data.about import kind_title
from atlas.publication.open_data.files import (
    CSV,
    EXCEL,
    GEOJSON,
    GEOPACKAGE,
    PARQUET,
    DataFile,
    meaning_of,
)
from atlas.publication.seen import Seen
from atlas.publication.views.areas import machine_table
from atlas.publication.views.items import REASON_WORDS
from atlas.terms import CELL_KEY

_ROW = ("area_id",)
_CELLS = (
    Column("kind", "Gebietsart", "string"),
    Column("area_id", "Nummer des Gebiets", "string"),
    Column("reference_date", "Stichtag", "date"),
    Column("group", "Bezugsgruppe", "string"),
    Column("item", "Was gezählt oder gerechnet ist", "string"),
)
_VALUES = (
    Column("value", "Wert", "number", description="Leer, wo der Status keinen Wert zeigt"),
    Column("status", "Status", "string", codes=status_codes()),
    Column(
        "reason",
        "Grund des Status",
        "string",
        codes={str(code): word for code, word in REASON_WORDS.items()},
    ),
)
_CHANGES = tuple(
    Column(f"{time}_{name}", f"{title} {label}", kind)
    for time, label in (("old", "vorher"), ("new", "jetzt"))
    for name, title, kind in (("value", "Wert", "number"), ("status", "Status", "string"))
)
_DICTIONARY = (
    Column("file", "Datei", "string"),
    Column("column", "Spalte", "string"),
    Column("title", "Bezeichnung", "string"),
    Column("type", "Art", "string"),
    Column("unit", "Einheit", "string"),
    Column("meaning", "Bedeutung", "string"),
)


def tables_of_kinds(seen: Seen) -> Iterator[DataFile]:
    """Write all areas of each kind as CSV, GeoParquet, GeoJSON and Excel; all as GeoPackage."""
    for kind in seen.kinds:
        name, title = table_name(seen, kind), kind_title(seen, kind)
        table = machine_table(seen, kind)
        columns = described(seen, table)
        yield DataFile(f"{name}.csv", title, CSV, exact_csv_bytes(table), columns, _ROW)
        content = geoparquet_bytes(seen, kind)
        yield DataFile(f"{name}.parquet", f"{title} mit Grenzen", PARQUET, content)
        content = GEOJSON_FORMAT.write(seen, kind)
        yield DataFile(f"{name}.geojson", f"{title} mit Grenzen", GEOJSON, content)
        yield DataFile(f"{name}.xlsx", title, EXCEL, XLSX.write(seen, kind))
    title = "Alle Gebietsarten mit Grenzen und Darstellung der Stufen"
    yield DataFile("areas.gpkg", title, GEOPACKAGE, gpkg_of_kinds(seen, seen.kinds))


def tables_for_excel(seen: Seen) -> Iterator[DataFile]:
    """Write all areas of each kind as CSV that a German Excel opens by a double click."""
    for kind in seen.kinds:
        name = f"{table_name(seen, kind)}-excel.csv"
        content = excel_csv_bytes(machine_table(seen, kind))
        yield DataFile(name, f"{kind_title(seen, kind)}, für Excel", CSV, content)


def tables_of_cells(seen: Seen) -> Iterator[DataFile]:
    """Give all cells in one long table, and those that a correction changed."""
    path = seen.release.path
    title = "Alle Zellen, eine je Zeile"
    content = (path / "cells.csv").read_bytes()
    yield DataFile("cells.csv", title, CSV, content, (*_CELLS, *_VALUES), CELL_KEY)
    yield DataFile("cells.parquet", title, PARQUET, (path / "cells.parquet").read_bytes())
    title = "Zellen, die eine Korrektur dieses Stichtags verändert hat"
    content = (path / "changes.csv").read_bytes()
    yield DataFile("changes.csv", title, CSV, content, (*_CELLS, *_CHANGES), CELL_KEY)


def dictionary(files: Sequence[DataFile]) -> DataFile:
    """List every column of every table with its meaning."""
    rows = (
        (file.name, one.name, one.title, one.type, one.unit, meaning_of(one))
        for file in files
        for one in file.columns
    )
    content = _csv((one.name for one in _DICTIONARY), rows)
    key = ("file", "column")
    return DataFile("columns.csv", "Was jede Spalte bedeutet", CSV, content, _DICTIONARY, key)


def _csv(head: Iterable[str], rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(list(head))
    writer.writerows(rows)
    return buffer.getvalue().encode()
