"""One assessment and what may stand in it; knows no database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from atlas.errors import AtlasError
from atlas.publication.planning.author import Author, checked_author
from atlas.publication.planning.texts import readable_lines
from atlas.words import day_text

MAX_TEXT = 4000


@dataclass(frozen=True)
class Place:
    """What an assessment is about: one Quartier, as one release shows it."""

    city: str
    area_id: str
    release: str


@dataclass(frozen=True)
class Assessment:
    """One revision of what is said about a place.

    Attributes
    ----------
    revision
        Counted from 1 for each place.
    text
        Plain text; empty where an earlier one was withdrawn.
    written_at
        With time zone.
    """

    place: Place
    revision: int
    text: str
    author: Author
    written_at: datetime


def checked(assessment: Assessment) -> Assessment:
    """Clean text and name of what nobody can read.

    Raises
    ------
    AtlasError
        If the text is too long or missing from the start, or the name is empty or too long.
    """
    author = checked_author(assessment.author, "Bewertung")
    text = readable_lines(assessment.text)
    if len(text) > MAX_TEXT:
        raise AtlasError(
            f"Bewertung: mehr als {MAX_TEXT} Zeichen. Erwartet: ein kurzer Text. Bitte kürzen."
        )
    if not text and assessment.revision == 1:
        raise AtlasError("Bewertung: der Text fehlt. Bitte schreiben, was die Stufe bedeutet.")
    return replace(assessment, text=text, author=author)


def current(revisions: Sequence[Assessment], release: str) -> Assessment | None:
    """Find the newest revision about a release; ``None`` where nothing was ever said.

    Parameters
    ----------
    revisions
        Of one Quartier, newest first.
    """
    return next((one for one in revisions if one.place.release == release), None)


def earlier(revisions: Sequence[Assessment], release: str) -> Assessment | None:
    """Find what was last said about an earlier release and still stands; ``None`` without any.

    Parameters
    ----------
    revisions
        Of one Quartier, newest first.
    """
    found: dict[str, Assessment] = {}
    for one in revisions:
        if _place_in_time(one.place.release) < _place_in_time(release):
            found.setdefault(one.place.release, one)
    standing = [one for one in found.values() if one.text]
    return max(standing, key=lambda one: _place_in_time(one.place.release), default=None)


def about_text(release: str) -> str:
    """Name the release that an assessment is about, for people."""
    day, number = _place_in_time(release)
    return f"{day_text(day)} (Nummer {number})"


def _place_in_time(release: str) -> tuple[date, int]:
    """Read date and number of a name like ``2023-12-31.1``."""
    day, _, number = release.partition(".")
    return date.fromisoformat(day), int(number)
