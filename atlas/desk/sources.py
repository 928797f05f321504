"""The inventory: which sources a city has, how they come, what came last, what is due next."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from atlas.confidential.datastate import source_dates
from atlas.confidential.day import look
from atlas.confidential.desk import Desk, today
from atlas.confidential.store import Delivery, list_deliveries
from atlas.config import Layout
from atlas.exchange.datastate import DataState, SourceEntry
from atlas.publication.views.data_state import source_table
from atlas.publication.views.table import Table, text
from atlas.words import day_text, moment_text

_PACE = 2
_SHAPES = {"persons": "Personenzeilen", "counts": "Anzahlen"}


def inventory(office: Desk) -> tuple[Table, Table]:
    """List the sources, and each of them at every reference date that has been opened."""
    entries = source_dates(office, look(office), today())
    stored = list_deliveries(office.store_dir)
    lines = tuple(_line(one, stored, entries) for one in office.config.deliveries.layouts)
    fields = (
        text("source", "Quelle"),
        text("supplier", "Lieferant"),
        text("file", "Datei oder Tabelle"),
        text("shape", "Inhalt"),
        text("kept", "Zeilen bleiben"),
        text("last", "zuletzt gekommen"),
        text("next", "erwartet"),
    )
    state = DataState(format=1, city=office.config.city.id, sources=tuple(entries))
    return Table("Bestand der Quellen", fields, lines), source_table(state)


def _line(
    layout: Layout, stored: Sequence[Delivery], entries: Sequence[SourceEntry]
) -> tuple[str, ...]:
    return (
        layout.label,
        layout.supplier,
        layout.file or layout.table,
        _SHAPES.get(layout.shape, layout.shape),
        f"{layout.retention_days} Tage" if layout.retention_days else "",
        _last(layout, stored),
        _next(layout, stored, entries),
    )


def _last(layout: Layout, stored: Sequence[Delivery]) -> str:
    own = [one for one in stored if one.layout == layout.id]
    if not own:
        return "noch nie"
    last = max(own, key=lambda one: (one.arrival.arrived, one.reference_date))
    arrived = moment_text(datetime.fromisoformat(last.arrival.arrived))
    return f"{arrived} (Stand {day_text(last.reference_date)})"


def _next(layout: Layout, stored: Sequence[Delivery], entries: Sequence[SourceEntry]) -> str:
    """Say what is awaited: the first open date, else the next one at the pace so far."""
    open_ones = [
        one
        for one in entries
        if (one.source, one.label) == (layout.source, layout.label)
        and one.state in ("due", "overdue")
    ]
    first = min(open_ones, key=lambda one: one.reference_date, default=None)
    if first is not None and first.due_date is not None:
        word = "überfällig seit" if first.state == "overdue" else "bis"
        return f"Stand {day_text(first.reference_date)}, {word} {day_text(first.due_date)}"
    dates = sorted({one.reference_date for one in stored if one.layout == layout.id})
    if len(dates) < _PACE:
        return ""
    due = following(dates[-2], dates[-1]) + timedelta(days=layout.due_days)
    word = "bis" if due >= today() else "schon seit"
    return f"wenn es so weitergeht, {word} {day_text(due)}"


def following(before: date, last: date) -> date:
    """Guess the date after two others, by whole months where the calendar has them."""
    months = 12 * (last.year - before.year) + last.month - before.month
    end = _first_of_month(last, months + 1) - timedelta(days=1)
    if months and all(map(_ends_month, (before, last))):
        return end
    if months and before.day == last.day:
        return min(end, _first_of_month(last, months) + timedelta(days=last.day - 1))
    return last + (last - before)


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _first_of_month(day: date, later: int) -> date:
    years, month = divmod(day.month - 1 + later, 12)
    return date(day.year + years, month + 1, 1)
