"""Assessments as tables: for a page, for a sheet of a workbook, for programs."""

from collections.abc import Iterable, Mapping
from datetime import UTC

from atlas.publication.assessments.record import Assessment
from atlas.publication.views.table import Table, text
from atlas.words import day_text, moment_text

_NAME = "Bewertungen"
_WITHDRAWN = "(zurückgezogen)"
_HEADS = (
    ("moment", "Geschrieben"),
    ("release", "Veröffentlichung"),
    ("revision", "Fassung"),
    ("text", "Bewertung"),
    ("author", "Verfasst von"),
)
_MORE_HEADS = (
    ("own_level", "Eigene Einschätzung"),
    ("measures", "Maßnahmen"),
    ("review_on", "Wiedervorlage"),
)
_MACHINE_HEADS = (
    "city",
    "area_id",
    "name",
    "release",
    "revision",
    "written_at",
    "author",
    "is_verified",
    "text",
    "own_level",
    "measures",
    "review_on",
)
# A table program takes what begins so for a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@")


def history_table(revisions: Iterable[Assessment]) -> Table:
    """List revisions for a page or a sheet, as they are given."""
    every = tuple(revisions)
    has_more = any(one.own_level or one.measures or one.review_on for one in every)
    heads = (*_HEADS, *_MORE_HEADS) if has_more else _HEADS
    fields = tuple(text(name, label) for name, label in heads)
    rows = tuple((*_texts(one), *more_texts(one))[: len(heads)] for one in every)
    return Table("Bewertungen der Planung, neueste zuerst", fields, rows, _NAME)


def machine_table(assessments: Iterable[Assessment], names: Mapping[str, str]) -> Table:
    """List assessments of a city for programs: UTC, ISO 8601.

    Parameters
    ----------
    names
        Area key to name; an area of an earlier edition may have none.
    """
    fields = tuple(text(name, name) for name in _MACHINE_HEADS)
    rows = tuple(
        (
            one.place.city,
            one.place.area_id,
            names.get(one.place.area_id, ""),
            one.place.release,
            str(one.revision),
            one.written_at.astimezone(UTC).isoformat(timespec="seconds"),
            _no_formula(one.author.name),
            str(one.author.is_verified).lower(),
            _no_formula(one.text),
            str(one.own_level or ""),
            _no_formula(one.measures),
            "" if one.review_on is None else one.review_on.isoformat(),
        )
        for one in assessments
    )
    return Table("Bewertungen der Planung", fields, rows, _NAME)


def more_texts(one: Assessment) -> tuple[str, str, str]:
    """Write own estimate, measures and review date; empty where there is none."""
    review = "" if one.review_on is None else day_text(one.review_on)
    return str(one.own_level or ""), one.measures, review


def _no_formula(text: str) -> str:
    """Put the sign of plain text before what a table program would compute."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def _texts(one: Assessment) -> tuple[str, ...]:
    return (
        moment_text(one.written_at),
        one.place.release,
        str(one.revision),
        one.text or _WITHDRAWN,
        one.author.text,
    )
