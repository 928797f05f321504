"""Where assessments are kept: one row per revision, none is ever changed or taken out.

Several processes may write at once: whoever saves on the ground of an old revision is told so
and overwrites nothing.
"""

from collections.abc import Mapping
from datetime import UTC, date
from typing import Any

from sqlalchemy import Engine, Row, Select, func, insert, select
from sqlalchemy.exc import IntegrityError

from atlas.errors import AtlasError
from atlas.integrity import digest_of_content
from atlas.publication.assessments.record import Assessment, Place, checked
from atlas.publication.planning.author import Author
from atlas.publication.planning.database import ASSESSMENTS as _TABLE
from atlas.publication.planning.database import BROKEN as _BROKEN

_TOLD = (
    *("city", "area_id", "release", "revision", "text", "author", "is_verified", "written_at"),
)
_MORE = ("own_level", "measures", "review_on")


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
        "own_level": clean.own_level,
        "measures": clean.measures or None,
        "review_on": None if clean.review_on is None else clean.review_on.isoformat(),
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
    *told, written_at = (row[name] for name in _TOLD)
    more = [row[name] for name in _MORE]
    # Revisions of before there were these columns have the digest that they always had.
    return digest_of_content([*told, written_at.isoformat(), *(more if any(more) else [])])


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
        own_level=row.own_level,
        measures=row.measures or "",
        review_on=None if row.review_on is None else date.fromisoformat(row.review_on),
    )
