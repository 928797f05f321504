"""All assessments of a city as one list: which hold, which are of before, where none is yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from atlas.publication.assessments.record import Assessment
from atlas.publication.assessments.tables import more_texts
from atlas.publication.seen import Area, Seen
from atlas.publication.views.items import level_text
from atlas.publication.views.table import Table, text
from atlas.terms import NEED_LEVEL, Kind
from atlas.words import moment_text

_NAME = "Bewertungen"
_NOTHING = "–"


class Standing(StrEnum):
    """What a row of the list is to the release that is shown."""

    VALID = "gueltig"
    EARLIER = "frueher"
    OPEN = "offen"


STANDING_LABELS = {
    Standing.VALID: "gültig",
    Standing.EARLIER: "zu früherem Stand",
    Standing.OPEN: "offen",
}


@dataclass(frozen=True)
class Row:
    """One Quartier with what is said of it; without an assessment it is open.

    Attributes
    ----------
    level
        Level of the release that the assessment is about, or of the shown one; ``None``
        without any.
    """

    area: Area
    standing: Standing
    release: str
    level: int | None
    said: Assessment | None


def rows_of_city(
    seen: Seen, past: Sequence[Seen], said: Iterable[Assessment]
) -> tuple[Row, ...]:
    """Put what stands now into one list, by Quartier, the newest first.

    Parameters
    ----------
    seen
        The release that is shown: what is said of it holds.
    past
        Releases through the same group, to look levels up in.
    said
        What stands, of any release.
    """
    levels = {one.info.name: one for one in (*past, seen)}
    by_area: dict[str, list[Assessment]] = {}
    for one in said:
        by_area.setdefault(one.place.area_id, []).append(one)
    rows: list[Row] = []
    for area in seen.areas(Kind.QUARTIER):
        own = sorted(by_area.get(area.id, []), key=lambda one: one.place.release, reverse=True)
        if all(one.place.release != seen.info.name for one in own):
            rows.append(Row(area, Standing.OPEN, seen.info.name, _level(seen, area), None))
        rows += [_row(levels, seen, area, one) for one in own]
    return tuple(rows)


def is_due(row: Row, today: date) -> bool:
    """Whether somebody wanted to look again by now."""
    return (
        row.said is not None and row.said.review_on is not None and row.said.review_on <= today
    )


def overview_table(seen: Seen, rows: Iterable[Row]) -> Table:
    """List rows for a page or a sheet."""
    fields = (
        text("area_id", "Nummer"),
        text("name", seen.singular(Kind.QUARTIER)),
        text("standing", "Zustand"),
        text("release", "Veröffentlichung"),
        text("level", "Stufe"),
        text("own_level", "Eigene Einschätzung"),
        text("text", "Bewertung"),
        text("measures", "Maßnahmen"),
        text("review_on", "Wiedervorlage"),
        text("author", "Verfasst von"),
        text("moment", "Geschrieben"),
    )
    found = tuple(_texts(seen, row) for row in rows)
    return Table(f"{_NAME} der Planung, {seen.group_label}", fields, found, _NAME)


def _row(levels: dict[str, Seen], seen: Seen, area: Area, said: Assessment) -> Row:
    release = said.place.release
    standing = Standing.VALID if release == seen.info.name else Standing.EARLIER
    then = levels.get(release)
    return Row(area, standing, release, None if then is None else _level(then, area), said)


def _level(seen: Seen, area: Area) -> int | None:
    value = seen.value(area, NEED_LEVEL)
    return None if value is None else int(value)


def _texts(seen: Seen, row: Row) -> tuple[str, ...]:
    level = _NOTHING if row.level is None else level_text(seen.config, NEED_LEVEL, row.level)
    head = (row.area.id, row.area.name, STANDING_LABELS[row.standing], row.release, level)
    if row.said is None:
        return (*head, *[""] * 6)
    own_level, measures, review = more_texts(row.said)
    own = level_text(seen.config, NEED_LEVEL, row.said.own_level) if own_level else ""
    wrote = (row.said.author.text, moment_text(row.said.written_at))
    return (*head, own, row.said.text, measures, review, *wrote)


def said_texts(seen: Seen, said: Iterable[Assessment]) -> Mapping[str, str]:
    """Write what is said now of the Quartiere as a release shows them, by area key.

    Parameters
    ----------
    said
        What stands, of any release.
    """
    return {
        one.place.area_id: "\n".join(
            filter(None, (one.text, more_lines(seen, one), signature(one)))
        )
        for one in said
        if one.text and one.place.release == seen.info.name
    }


def signature(said: Assessment) -> str:
    """Say who wrote an assessment, and when."""
    return f"{said.author.text}, {moment_text(said.written_at)}"


def more_lines(seen: Seen, said: Assessment) -> str:
    """Write own estimate, measures and review date of one assessment, a line each."""
    own_level, measures, review = more_texts(said)
    own = level_text(seen.config, NEED_LEVEL, said.own_level) if own_level else ""
    named = (("Eigene Einschätzung", own), ("Maßnahmen", measures), ("Wiedervorlage", review))
    return "\n".join(f"{label}: {text}" for label, text in named if text)
