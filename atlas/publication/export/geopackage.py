"""Areas with values as GeoPackage, ready for QGIS: German names of columns, colours of levels.

The names stand where the standard has them (extension *Schema*); the style stands where QGIS
looks for one (table ``layer_styles``). Same release, same bytes.
"""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pyogrio

from atlas.publication.export.columns import Column, described
from atlas.publication.export.geodata import areas_of
from atlas.publication.export.qgis_style import level_style
from atlas.publication.seen import Seen
from atlas.publication.views.areas import machine_table
from atlas.publication.views.notes import credit_lines, release_notes
from atlas.terms import NEED_LEVEL, Kind

# GDAL writes the time of writing unless told otherwise; same release, same bytes.
_FIXED_DATE = "2000-01-01T00:00:00.000Z"
_SCHEMA = """
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT,
  title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL,
  constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC,
  max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT, f_geometry_column TEXT,
  styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT, ui TEXT, update_time DATETIME);
"""
_EXTENSION = "http://www.geopackage.org/spec/#extension_schema"
_EXTENDED = ("gpkg_data_columns", "gpkg_data_column_constraints")


def gpkg_bytes(seen: Seen, kind: Kind) -> bytes:
    """One layer with all areas of a kind, their shown values and statuses."""
    return gpkg_of_kinds(seen, (kind,))


def gpkg_of_kinds(seen: Seen, kinds: Sequence[Kind]) -> bytes:
    """One layer per kind."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "areas.gpkg"
        for kind in kinds:
            _write_layer(seen, kind, path)
        with closing(sqlite3.connect(path)) as database, database:
            _dress(seen, kinds, database)
        return path.read_bytes()


def _write_layer(seen: Seen, kind: Kind, path: Path) -> None:
    notes = release_notes(seen)
    pyogrio.write_dataframe(
        areas_of(seen, kind),
        path,
        layer=str(kind),
        driver="GPKG",
        layer_options={
            "IDENTIFIER": f"{notes.title}, {seen.plural(kind)}, {notes.day}, {notes.state}",
            "DESCRIPTION": "; ".join([*notes.badges, *credit_lines(seen)]),
        },
    )


def _dress(seen: Seen, kinds: Sequence[Kind], database: sqlite3.Connection) -> None:
    database.executescript(_SCHEMA)
    database.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')",
        [(table, _EXTENSION) for table in _EXTENDED],
    )
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', ?)",
        (_FIXED_DATE,),
    )
    for kind in kinds:
        columns = described(seen, machine_table(seen, kind))
        database.executemany(
            "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)",
            _aliases(kind, columns),
        )
        group = next((one for one in seen.groups if seen.through(one).has_levels), None)
        if kind == Kind.QUARTIER and group is not None:
            style = level_style(seen.through(group), f"{NEED_LEVEL}_{group}")
            database.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
                "f_geometry_column, styleName, styleQML, useAsDefault, update_time) "
                "VALUES ('', '', ?, 'geom', 'Stufen', ?, 1, ?)",
                (str(kind), style, _FIXED_DATE),
            )


def _aliases(kind: Kind, columns: Sequence[Column]) -> Iterator[tuple[str, ...]]:
    """Names of columns for people; the standard wants each once."""
    taken: set[str] = set()
    for one in columns:
        title = f"{one.title} ({one.unit})" if one.unit else one.title
        name = one.name if title in taken else title
        taken.add(name)
        yield str(kind), one.name, name, one.title, one.description
