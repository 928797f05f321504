"""Where assessments are kept: one row per revision, none is ever changed or taken out.

SQLite in ``planning/`` by default, PostgreSQL by an address. Several processes may write at
once: whoever saves on the ground of an old revision is told so and overwrites nothing.
"""

import os
import re
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import (
    URL,
    Boolean,
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from atlas.errors import AtlasError
from atlas.integrity import digest_of_content
from atlas.publication.assessments.record import MAX_AUTHOR, Assessment, Author, Place, checked

_URL_VARIABLE = "ATLAS_PLANNING_URL"
_FILE_NAME = "assessments.sqlite"
# How long a writer waits for another one.
_PATIENCE_S = 15
# A driver fails otherwise at texts that are no UTF-8 (its own message too) and at dates.
_BROKEN = (SQLAlchemyError, ValueError)

_DIGEST = "digest"

_TABLE = Table(
    "assessment_revision",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("city", String(64), nullable=False),
    Column("area_id", String(64), nullable=False),
    Column("release", String(32), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", String(MAX_AUTHOR), nullable=False),
    Column("is_verified", Boolean, nullable=False),
    Column("written_at", DateTime, nullable=False),
    Column(_DIGEST, String(64)),  # missing in rows of a program before there were digests
    UniqueConstraint("city", "area_id", "release", "revision"),
)


def store_url(planning_dir: Path) -> str:
    """Where assessments are kept: ``$ATLAS_PLANNING_URL``, else SQLite in ``planning/``.

    Returns
    -------
        Empty where neither is there: then nobody assesses anything here.
    """
    if url := os.environ.get(_URL_VARIABLE):
        # The short name is what many tools print.
        return re.sub(r"^postgres://", "postgresql://", url)
    if not planning_dir.is_dir():
        return ""
    own = URL.create("sqlite", database=str(planning_dir / _FILE_NAME))
    return own.render_as_string()


def open_store(url: str) -> Engine:
    """Open the store and make its table where there is none.

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
        _make_table(engine)
    except (*_BROKEN, ImportError):
        raise AtlasError(
            "Bewertungen: der Speicher lässt sich nicht öffnen. Erwartet: der Ordner planning/ "
            f"beschreibbar oder eine gültige Adresse in {_URL_VARIABLE}. Der Betrieb muss das "
            "richten."
        ) from None
    return engine


def save(engine: Engine, assessment: Assessment) -> None:
    """Add one revision; its number is one more than that of the revision it is based on.

    Raises
    ------
    AtlasError
        If text or name cannot be taken, somebody else saved this revision first, or the store
        refuses.
    """
    clean = checked(assessment)
    row = {
        "city": clean.place.city,
        "area_id": clean.place.area_id,
        "release": clean.place.release,
        "revision": clean.revision,
        "text": clean.text,
        "author": clean.author.name,
        "is_verified": clean.author.is_verified,
        "written_at": clean.written_at.astimezone(UTC).replace(tzinfo=None),
    }
    try:
        with engine.begin() as connection:
            connection.execute(insert(_TABLE).values(**row, digest=_digest_of(row)))
    except IntegrityError:
        raise AtlasError(
            "Bewertung: inzwischen hat jemand anderes eine neue Fassung gespeichert; sie steht "
            "jetzt oben. Den eigenen Text damit abgleichen und noch einmal speichern."
        ) from None
    except _BROKEN:
        raise AtlasError(
            "Bewertung: nicht gespeichert, der Speicher nimmt gerade nichts an. Bitte noch "
            "einmal versuchen."
        ) from None


def history(engine: Engine, city: str, area_id: str) -> tuple[Assessment, ...]:
    """Every revision about a Quartier, newest first.

    Raises
    ------
    AtlasError
        If the store cannot be read.
    """
    query = (
        select(_TABLE)
        .where(_TABLE.c.city == city, _TABLE.c.area_id == area_id)
        .order_by(_TABLE.c.written_at.desc(), _TABLE.c.id.desc())
    )
    return _read(engine, query)


def standing(engine: Engine, city: str) -> tuple[Assessment, ...]:
    """Give what is said now about every Quartier of a city, by Quartier and release.

    Raises
    ------
    AtlasError
        If the store cannot be read.
    """
    place = (_TABLE.c.city, _TABLE.c.area_id, _TABLE.c.release)
    newest = select(*place, func.max(_TABLE.c.revision).label("revision")).group_by(*place)
    last = newest.subquery()
    same = [_TABLE.c[column.name] == column for column in last.c]
    query = (
        select(_TABLE)
        .join(last, same[0] & same[1] & same[2] & same[3])
        .where(_TABLE.c.city == city, _TABLE.c.text != "")
        .order_by(_TABLE.c.area_id, _TABLE.c.release)
    )
    return _read(engine, query)


def _read(engine: Engine, query: Select[Any]) -> tuple[Assessment, ...]:
    try:
        with engine.connect() as connection:
            rows = connection.execute(query).all()
    except _BROKEN:
        raise AtlasError(
            "Bewertungen: der Speicher lässt sich gerade nicht lesen. Bitte neu laden."
        ) from None
    return tuple(_assessment(row) for row in rows)


def _digest_of(row: Mapping[str, Any]) -> str:
    """Digest of one revision, as ``atlas doctor`` computes it too."""
    told = [row[column.name] for column in _TABLE.columns if column.name not in ("id", _DIGEST)]
    return digest_of_content([*told[:-1], told[-1].isoformat()])


def _assessment(row: Row[Any]) -> Assessment:
    if row.digest is not None and row.digest != _digest_of(row._asdict()):
        raise AtlasError(
            f"Bewertung zu Quartier {row.area_id}, {row.release}: ist nicht, was geschrieben "
            "wurde. Erwartet: eine unveränderte Zeile der Datenbank. Der Betrieb muss sie aus "
            "der Sicherung zurückholen."
        )
    return Assessment(
        place=Place(row.city, row.area_id, row.release),
        revision=row.revision,
        text=row.text,
        author=Author(row.author, row.is_verified),
        written_at=row.written_at.replace(tzinfo=UTC),
    )


def _share(connection: SqliteConnection, _: object) -> None:
    """Let readers read while another process writes, and writers wait for each other."""
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_S * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _make_table(engine: Engine) -> None:
    try:
        _TABLE.metadata.create_all(engine)
    except SQLAlchemyError:
        # Another process may have made it in the same moment.
        if not inspect(engine).has_table(_TABLE.name):
            raise
    if not _has_digests(engine):
        try:
            with engine.begin() as connection:
                column = f"ALTER TABLE {_TABLE.name} ADD COLUMN {_DIGEST} VARCHAR(64)"
                connection.execute(text(column))
        except SQLAlchemyError:
            if not _has_digests(engine):
                raise


def _has_digests(engine: Engine) -> bool:
    columns = inspect(engine).get_columns(_TABLE.name)
    return any(column["name"] == _DIGEST for column in columns)
