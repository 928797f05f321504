"""Assessments („Bewertungen“): what planners say a level means for their work.

Kept in ``planning/``, apart from every release: one row per saving, none is ever changed, so
the history is the table itself. An empty text withdraws what was said before.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

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
    create_engine,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from atlas.errors import AtlasError
from atlas.publication import views

MAX_TEXT = 4000
MAX_AUTHOR = 100
_URL_VARIABLE = "ATLAS_PLANNING_URL"
_FILE_NAME = "assessments.sqlite"
_HEADS = (
    ("moment", "Geschrieben"),
    ("release", "Veröffentlichung"),
    ("text", "Bewertung"),
    ("author", "Verfasst von"),
)
_WITHDRAWN = "(zurückgezogen)"

_TABLE = Table(
    "assessment",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("city", String(64), nullable=False, index=True),
    Column("area_id", String(64), nullable=False, index=True),
    Column("release", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("author", String(MAX_AUTHOR), nullable=False),
    Column("is_verified", Boolean, nullable=False),
    Column("written_at", DateTime, nullable=False),
)


@dataclass(frozen=True)
class Place:
    """What an assessment is about: one Quartier, as one release shows it."""

    city: str
    area_id: str
    release: str


@dataclass(frozen=True)
class Author:
    """Who wrote it; verified where the login of a proxy says so."""

    name: str
    is_verified: bool

    @property
    def text(self) -> str:
        """Name, and whether anybody checked it."""
        return self.name if self.is_verified else f"{self.name} (nicht geprüft)"


@dataclass(frozen=True)
class Assessment:
    """One saved text; ``written_at`` in UTC."""

    place: Place
    text: str
    author: Author
    written_at: datetime


def store_url(planning_dir: Path) -> str:
    """Where assessments are kept: ``$ATLAS_PLANNING_URL``, else SQLite in ``planning/``."""
    own = URL.create("sqlite", database=str(planning_dir / _FILE_NAME))
    return os.environ.get(_URL_VARIABLE) or own.render_as_string()


def open_store(url: str) -> Engine:
    """Open the store and make its table where there is none.

    Raises
    ------
    AtlasError
        If it cannot be opened; without the address, which may hold a password.
    """
    try:
        engine = create_engine(url)
        _TABLE.metadata.create_all(engine)
    except (SQLAlchemyError, ImportError):
        raise AtlasError(
            "Bewertungen: der Speicher lässt sich nicht öffnen. Erwartet: der Ordner planning/ "
            f"beschreibbar oder eine gültige Adresse in {_URL_VARIABLE}. Der Betrieb muss das "
            "richten."
        ) from None
    return engine


def save(engine: Engine, assessment: Assessment) -> None:
    """Add one assessment; older ones stay.

    Raises
    ------
    AtlasError
        If text or author are too long, the author is empty, or the store refuses.
    """
    author = assessment.author.name.strip()
    if not author or len(author) > MAX_AUTHOR:
        raise AtlasError(
            f"Bewertung: der Name fehlt oder hat mehr als {MAX_AUTHOR} Zeichen. Bitte angeben, "
            "wer bewertet."
        )
    text = assessment.text.strip()
    if len(text) > MAX_TEXT:
        raise AtlasError(f"Bewertung: mehr als {MAX_TEXT} Zeichen. Bitte kürzen.")
    row = {
        "city": assessment.place.city,
        "area_id": assessment.place.area_id,
        "release": assessment.place.release,
        "text": text,
        "author": author,
        "is_verified": assessment.author.is_verified,
        "written_at": assessment.written_at.astimezone(UTC).replace(tzinfo=None),
    }
    try:
        with engine.begin() as connection:
            connection.execute(insert(_TABLE).values(row))
    except SQLAlchemyError:
        raise AtlasError(
            "Bewertung: nicht gespeichert, der Speicher nimmt gerade nichts an. Bitte noch "
            "einmal versuchen."
        ) from None


def history(engine: Engine, city: str, area_id: str) -> tuple[Assessment, ...]:
    """Every assessment of a Quartier, newest first.

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
    try:
        with engine.connect() as connection:
            rows = connection.execute(query).all()
    except SQLAlchemyError:
        raise AtlasError(
            "Bewertungen: der Speicher lässt sich gerade nicht lesen. Bitte neu laden."
        ) from None
    return tuple(
        Assessment(
            Place(row.city, row.area_id, row.release),
            row.text,
            Author(row.author, row.is_verified),
            row.written_at.replace(tzinfo=UTC),
        )
        for row in rows
    )


def current(assessments: tuple[Assessment, ...], release: str) -> Assessment | None:
    """Find what is said now about a release; ``None`` if nothing, or withdrawn."""
    newest = next((one for one in assessments if one.place.release == release), None)
    return newest if newest is not None and newest.text else None


def history_table(assessments: tuple[Assessment, ...]) -> views.Table:
    """List assessments for a page, as they are given."""
    heads = tuple(views.Column(name, label, "", is_number=False) for name, label in _HEADS)
    rows = tuple(_texts(one) for one in assessments)
    return views.Table("Bewertungen der Planung, neueste zuerst", heads, rows, {})


def history_dataset(assessments: tuple[Assessment, ...]) -> views.Dataset:
    """List assessments for a sheet of its own."""
    fields = tuple(views.Field(name, label) for name, label in _HEADS)
    rows = tuple(_texts(one) for one in assessments)
    return views.Dataset("Bewertungen", "Bewertungen der Planung", fields, rows)


def _texts(one: Assessment) -> tuple[str, str, str, str]:
    moment = views.moment_text(one.written_at)
    return moment, one.place.release, one.text or _WITHDRAWN, one.author.text
