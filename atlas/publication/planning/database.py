"""The database of the planning: its address, its tables, and how an older one is brought up.

SQLite in ``planning/`` by default, PostgreSQL by an address. Rows are added and never changed,
each with the digest of what was written.
"""

import os
import re
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import (
    URL,
    Boolean,
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from atlas.errors import AtlasError
from atlas.publication.planning.author import MAX_AUTHOR

URL_VARIABLE = "ATLAS_PLANNING_URL"
# A driver fails otherwise at texts that are no UTF-8 (its own message too) and at dates.
BROKEN = (SQLAlchemyError, ValueError)
MAX_TITLE = 80
_FILE_NAME = "assessments.sqlite"
# How long a writer waits for another one.
_PATIENCE_S = 15
_METADATA = MetaData()

# Columns that may be empty came later: an older database gets them when it is opened.
ASSESSMENTS = Table(
    "assessment_revision",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("city", String(64), nullable=False),
    Column("area_id", String(64), nullable=False),
    Column("release", String(32), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", String(MAX_AUTHOR), nullable=False),
    Column("is_verified", Boolean, nullable=False),
    Column("written_at", DateTime, nullable=False),
    Column("digest", String(64)),
    Column("own_level", Integer),
    Column("measures", Text),
    Column("review_on", String(10)),
    UniqueConstraint("city", "area_id", "release", "revision"),
)
KEPT = Table(
    "kept_revision",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("city", String(64), nullable=False),
    Column("sort", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("title", String(MAX_TITLE), nullable=False),
    Column("content", Text, nullable=False),
    Column("author", String(MAX_AUTHOR), nullable=False),
    Column("is_verified", Boolean, nullable=False),
    Column("written_at", DateTime, nullable=False),
    Column("digest", String(64)),
    UniqueConstraint("city", "sort", "number", "revision"),
)


def store_url(planning_dir: Path) -> str:
    """Where planners' words are kept: ``$ATLAS_PLANNING_URL``, else SQLite in ``planning/``.

    Returns
    -------
        Empty where neither is there: then nobody keeps anything here.
    """
    if url := os.environ.get(URL_VARIABLE):
        # The short name is what many tools print.
        return re.sub(r"^postgres://", "postgresql://", url)
    if not planning_dir.is_dir():
        return ""
    own = URL.create("sqlite", database=str(planning_dir / _FILE_NAME))
    return own.render_as_string()


def open_store(url: str) -> Engine:
    """Open the database, and make what is missing of its tables.

    Raises
    ------
    AtlasError
        If it cannot be opened; without the address, which may hold a password.
    """
    try:
        # Parameters are what planners wrote: they belong into no log.
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _share)
        _make_tables(engine)
    except (*BROKEN, ImportError):
        raise AtlasError(
            "Bewertungen: der Speicher lässt sich nicht öffnen. Erwartet: der Ordner planning/ "
            f"beschreibbar oder eine gültige Adresse in {URL_VARIABLE}. Der Betrieb muss das "
            "richten."
        ) from None
    return engine


def _share(connection: SqliteConnection, _: object) -> None:
    """Let readers read while another process writes, and writers wait for each other."""
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_S * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _make_tables(engine: Engine) -> None:
    for table in _METADATA.sorted_tables:
        try:
            table.create(engine, checkfirst=True)
        except SQLAlchemyError:
            # Another process may have made it in the same moment.
            if not inspect(engine).has_table(table.name):
                raise
        for column in _missing(engine, table):
            _add(engine, table, column)


def _missing(engine: Engine, table: Table) -> list[Column[object]]:
    there = {column["name"] for column in inspect(engine).get_columns(table.name)}
    return [column for column in table.columns if column.name not in there]


def _add(engine: Engine, table: Table, column: Column[object]) -> None:
    kind = column.type.compile(engine.dialect)
    try:
        with engine.begin() as connection:
            connection.execute(
                text(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}")
            )
    except SQLAlchemyError:
        if column.name in {one.name for one in _missing(engine, table)}:
            raise
