"""What planners keep under a name, with every revision: nothing is overwritten or taken out.

Knows no meaning of what is kept: the content is a JSON object. Several processes may write at
once: whoever saves on the ground of an old revision is told so.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, insert, select
from sqlalchemy.exc import IntegrityError

from atlas.errors import AtlasError
from atlas.integrity import digest_of_content
from atlas.publication.planning.author import Author, checked_author
from atlas.publication.planning.database import BROKEN, KEPT, MAX_TITLE
from atlas.publication.planning.texts import readable_line

MAX_CONTENT = 200_000
MOST_KEPT = 500
_REMOVED = ""
_ATTEMPTS = 20


@dataclass(frozen=True)
class Shelf:
    """Where things of one sort lie: own areas of a city, say.

    Attributes
    ----------
    sort
        For the database.
    word
        For people, at the head of a message.
    """

    city: str
    sort: str
    word: str


@dataclass(frozen=True)
class Kept:
    """One revision of something kept.

    Attributes
    ----------
    number
        Which of its sort it is, counted from 1 and never given twice.
    content
        JSON object; ``None`` where it was removed.
    written_at
        With time zone.
    """

    number: int
    revision: int
    title: str
    content: Mapping[str, Any] | None
    author: Author
    written_at: datetime


def keep_new(engine: Engine, shelf: Shelf, kept: Kept) -> int:
    """Keep something for the first time, under the next free number; give that number.

    Raises
    ------
    AtlasError
        If its name is taken, missing or too long, there is too much, or the store refuses.
    """
    for _ in range(_ATTEMPTS):
        try:
            with engine.begin() as connection:
                number = _next_number(connection, shelf)
                new = replace(kept, number=number, revision=1)
                _insert(connection, shelf, new)
                return number
        except IntegrityError:  # somebody else took the number
            continue
        except BROKEN:
            raise _not_saved(shelf) from None
    raise _not_saved(shelf)


def keep(engine: Engine, shelf: Shelf, kept: Kept) -> None:
    """Add one revision; its number is one more than that of the revision it is based on.

    Raises
    ------
    AtlasError
        If somebody else saved this revision first, or as for ``keep_new``.
    """
    try:
        with engine.begin() as connection:
            _insert(connection, shelf, kept)
    except IntegrityError:
        raise AtlasError(
            f"{shelf.word}: inzwischen hat jemand anderes eine neue Fassung gespeichert. Sie "
            "ansehen und dann noch einmal speichern."
        ) from None
    except BROKEN:
        raise _not_saved(shelf) from None


def all_kept(engine: Engine, shelf: Shelf) -> tuple[Kept, ...]:
    """Give what is kept now, by number; without what was removed.

    Raises
    ------
    AtlasError
        If the store cannot be read.
    """
    try:
        with engine.connect() as connection:
            return _standing(connection, shelf)
    except BROKEN:
        raise AtlasError(
            f"{shelf.word}: der Speicher lässt sich gerade nicht lesen. Bitte neu laden."
        ) from None


def _standing(connection: Connection, shelf: Shelf) -> tuple[Kept, ...]:
    newest = (
        select(KEPT.c.number, func.max(KEPT.c.revision).label("revision"))
        .where(KEPT.c.city == shelf.city, KEPT.c.sort == shelf.sort)
        .group_by(KEPT.c.number)
        .subquery()
    )
    query = (
        _of(shelf)
        .join(
            newest,
            (KEPT.c.number == newest.c.number) & (KEPT.c.revision == newest.c.revision),
        )
        .where(KEPT.c.content != _REMOVED)
        .order_by(KEPT.c.number)
    )
    return tuple(_kept(shelf, row) for row in connection.execute(query))


def _of(shelf: Shelf) -> Select[Any]:
    return select(KEPT).where(KEPT.c.city == shelf.city, KEPT.c.sort == shelf.sort)


def _next_number(connection: Connection, shelf: Shelf) -> int:
    query = select(func.max(KEPT.c.number)).where(
        KEPT.c.city == shelf.city, KEPT.c.sort == shelf.sort
    )
    return int(connection.execute(query).scalar() or 0) + 1


def _insert(connection: Connection, shelf: Shelf, kept: Kept) -> None:
    clean = replace(kept, author=checked_author(kept.author, shelf.word))
    content = _REMOVED
    if clean.content is not None:
        clean = replace(clean, title=_checked_title(connection, shelf, clean))
        content = json.dumps(clean.content, ensure_ascii=False, sort_keys=True)
    if len(content) > MAX_CONTENT:
        raise AtlasError(f"{shelf.word}: zu viel auf einmal. Erwartet: weniger. Bitte kürzen.")
    row = {
        "city": shelf.city,
        "sort": shelf.sort,
        "number": clean.number,
        "revision": clean.revision,
        "title": clean.title,
        "content": content,
        "author": clean.author.name,
        "is_verified": clean.author.is_verified,
        "written_at": clean.written_at.astimezone(UTC).replace(tzinfo=None),
    }
    connection.execute(insert(KEPT).values(**row, digest=_digest_of(row)))


def _checked_title(connection: Connection, shelf: Shelf, kept: Kept) -> str:
    title = readable_line(kept.title)
    if not title or len(title) > MAX_TITLE:
        raise AtlasError(
            f"{shelf.word}: die Bezeichnung fehlt oder hat mehr als {MAX_TITLE} Zeichen. Bitte "
            "kurz benennen."
        )
    others = [one for one in _standing(connection, shelf) if one.number != kept.number]
    if any(one.title.casefold() == title.casefold() for one in others):
        raise AtlasError(
            f"{shelf.word}: die Bezeichnung gibt es schon. Eine andere wählen oder das "
            "Vorhandene ändern."
        )
    if len(others) >= MOST_KEPT:
        raise AtlasError(
            f"{shelf.word}: mehr als {MOST_KEPT} werden nicht aufbewahrt. Nicht mehr "
            "Gebrauchtes löschen."
        )
    return title


def _digest_of(row: Mapping[str, Any]) -> str:
    """Digest of one revision, as ``atlas doctor`` computes it too."""
    told = [row[one.name] for one in KEPT.columns if one.name not in ("id", "digest")]
    return digest_of_content([*told[:-1], told[-1].isoformat()])


def _kept(shelf: Shelf, row: Row[Any]) -> Kept:
    if row.digest != _digest_of(row._asdict()):
        raise AtlasError(
            f"{shelf.word} {row.number}: ist nicht, was geschrieben wurde. Erwartet: eine "
            "unveränderte Zeile der Datenbank. Der Betrieb muss sie aus der Sicherung "
            "zurückholen."
        )
    return Kept(
        number=row.number,
        revision=row.revision,
        title=row.title,
        content=json.loads(row.content) if row.content else None,
        author=Author(row.author, row.is_verified),
        written_at=row.written_at.replace(tzinfo=UTC),
    )


def _not_saved(shelf: Shelf) -> AtlasError:
    return AtlasError(
        f"{shelf.word}: nicht gespeichert, der Speicher nimmt gerade nichts an. Bitte noch "
        "einmal versuchen."
    )
