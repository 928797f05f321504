"""For how many reference dates in a row an area stands at its level."""

from collections.abc import Sequence
from dataclasses import dataclass

from atlas.publication.seen import Seen
from atlas.publication.views.items import level_text
from atlas.publication.views.table import Table, number, text
from atlas.terms import NEED_LEVEL, Kind


@dataclass(frozen=True)
class Stay:
    """How long a level has lasted: ``dates`` in a row up to the newest, the first ``since``."""

    level: int
    dates: int
    since: str


def with_levels(past: Sequence[Seen]) -> Sequence[Seen]:
    """Leave out the last dates while nobody has a level yet: their figures are to come."""
    known = [at for at, seen in enumerate(past) if seen.values(Kind.QUARTIER, NEED_LEVEL)]
    return past[: known[-1] + 1] if known else past


def stay_of(past: Sequence[Seen], area_id: str) -> Stay | None:
    """Count the dates in a row; a date without a level ends it. ``None`` without a level now.

    Parameters
    ----------
    past
        Newest number of each reference date, oldest date first; the last with levels is now.
    """
    levels = [(_level(seen, area_id), seen.day) for seen in reversed(with_levels(past))]
    now = levels[0][0]
    if now is None:
        return None
    days = []
    for level, day in levels:
        if level != now:
            break
        days.append(day)
    return Stay(now, len(days), days[-1])


def stay_text(past: Sequence[Seen], area_id: str) -> str:
    """Say for how long a Quartier stands at its level; empty for a first date."""
    stay = stay_of(past, area_id)
    if stay is None or stay.dates < 2:
        return ""
    name = level_text(past[-1].config, NEED_LEVEL, stay.level)
    return f"Stufe {name} an {stay.dates} Stichtagen hintereinander, seit {stay.since}."


def stay_table(past: Sequence[Seen]) -> Table:
    """Tabulate level, dates in a row and the first of them for every Quartier of the newest."""
    newest = with_levels(past)[-1]
    fields = (
        text("area_id", "Nummer"),
        text("name", newest.singular(Kind.QUARTIER)),
        text("level", "Stufe"),
        number("dates", "Stichtage in dieser Stufe"),
        text("since", "seit"),
    )
    rows = tuple(
        (
            area.id,
            area.name,
            level_text(newest.config, NEED_LEVEL, stay.level if stay else None),
            stay.dates if stay else None,
            stay.since if stay else "",
        )
        for area in newest.areas(Kind.QUARTIER)
        for stay in (stay_of(past, area.id),)
    )
    title = f"Wie lange die Stufe schon gilt, {newest.group_label}, {newest.day}"
    return Table(title, fields, rows, f"Dauer {newest.group_short}", newest.symbols)


def _level(seen: Seen, area_id: str) -> int | None:
    area = seen.find(Kind.QUARTIER, area_id)
    value = None if area is None else seen.value(area, NEED_LEVEL)
    return None if value is None else int(value)
