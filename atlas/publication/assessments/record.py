"""One assessment and what may stand in it; knows no database."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from atlas.errors import AtlasError
from atlas.publication.planning.author import Author, checked_author
from atlas.publication.planning.texts import readable_lines
from atlas.terms import Level
from atlas.words import day_text

MAX_TEXT = 4000
MAX_MEASURES = 2000


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
    own_level
        What the planners themselves would say, 1 to 4; ``None`` where they say nothing.
    measures
        What is done or planned there, plain text.
    review_on
        When somebody shall look again.
    """

    place: Place
    revision: int
    text: str
    author: Author
    written_at: datetime
    own_level: int | None = None
    measures: str = ""
    review_on: date | None = None


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
    measures = readable_lines(assessment.measures)
    if len(measures) > MAX_MEASURES:
        raise AtlasError(f"Maßnahmen: mehr als {MAX_MEASURES} Zeichen. Bitte kürzen.")
    if assessment.own_level not in (None, *map(int, Level)):
        raise AtlasError("Eigene Einschätzung: keine Stufe. Erwartet: 1 bis 4 oder keine.")
    clean = replace(assessment, text=text, author=author, measures=measures)
    # Who withdraws a text withdraws what goes with it.
    return clean if text else replace(clean, own_level=None, measures="", review_on=None)


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


def review_day(text: str) -> date | None:
    """Read a date as people here write it; ``None`` where nothing is typed.

    Raises
    ------
    AtlasError
        If it is none.
    """
    plain = text.strip()
    if not plain:
        return None
    for form in ("%d.%m.%Y", "%Y-%m-%d"):
        with suppress(ValueError):
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day has no zone
    raise AtlasError("Wiedervorlage: kein Datum. Erwartet: TT.MM.JJJJ, etwa 01.06.2026.")
