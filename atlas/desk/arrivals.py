"""What lies in the inbox, and what the last look at each file found; no value of any."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from atlas.confidential.delivery import SEVERITY_LABELS, Severity, claimed_date, recognise
from atlas.confidential.desk import Desk
from atlas.confidential.receive import Report, report_of
from atlas.confidential.store import Delivery, in_force, list_deliveries
from atlas.confidential.taking import CONTROL_SUFFIX
from atlas.config import Layout
from atlas.errors import DeliveryError
from atlas.home import files_in
from atlas.publication.views.table import Table, text
from atlas.words import day_text, moment_text

_SHOWN_ROWS = 12


@dataclass(frozen=True)
class Arrival:
    """One file of the inbox.

    Attributes
    ----------
    report
        What its last reading found; None where nobody has read it as it lies there.
    """

    path: Path
    layout: Layout | None
    day: str
    report: Report | None

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        if self.layout is None:
            return "passt zu keinem Layout dieser Stadt"
        if self.report is None:
            return "noch nicht gelesen"
        worst = {one["severity"] for one in self.report["findings"]}
        if Severity.ERROR in worst:
            return "abgelehnt: Fehler"
        return "angehalten: Warnungen" if Severity.WARNING in worst else "ohne Befund"


def arrivals(office: Desk) -> list[Arrival]:
    """Every file of the inbox but those that only speak of another one, by name."""
    paths = [path for path in files_in(office.home.inbox) if path.suffix != CONTROL_SUFFIX]
    return [_look_at(office, path) for path in paths]


def _look_at(office: Desk, path: Path) -> Arrival:
    layout, day = None, None
    with suppress(DeliveryError):  # several layouts fit, or the date is none
        layout = recognise(path, office.config.deliveries.layouts)
        day = claimed_date(path, layout) if layout else None
    report = report_of(office, layout, path) if layout else None
    return Arrival(path, layout, day_text(day) if day else "", report)


def inbox_table(found: Sequence[Arrival]) -> Table:
    """List the inbox."""
    fields = (
        text("file", "Datei"),
        text("state", "Stand"),
        text("source", "Quelle"),
        text("day", "Stichtag"),
        text("since", "liegt seit"),
    )
    rows = tuple(
        (
            one.path.name,
            one.state,
            one.layout.label if one.layout else "",
            one.day,
            moment_text(datetime.fromtimestamp(one.path.stat().st_ctime, UTC)),
        )
        for one in found
    )
    return Table("Im Eingang", fields, rows)


def findings_table(report: Report) -> Table:
    """List what a reading found, the gravest first: where, which rows, what to do."""
    fields = (
        text("severity", "Art"),
        text("where", "Ort"),
        text("rows", "Zeilen"),
        text("hint", "Befund"),
    )
    rows = tuple(
        (
            SEVERITY_LABELS[Severity(one["severity"])],
            str(one["where"]),
            _rows_text(one["rows"], one["row_count"]),
            str(one["hint"]),
        )
        for one in report["findings"]
    )
    return Table(f"Befunde: {report['delivery']}", fields, rows)


def _rows_text(rows: Sequence[int], count: int) -> str:
    shown = ", ".join(map(str, rows[:_SHOWN_ROWS]))
    more = count - len(rows[:_SHOWN_ROWS])
    return f"{shown} und {more} weitere" if more > 0 and shown else shown


def deliveries_in_force(office: Desk) -> list[Delivery]:
    """List accepted deliveries that serve a date, the newest first."""
    stored = in_force(list_deliveries(office.store_dir)).values()
    return sorted(stored, key=lambda one: (one.reference_date, one.layout), reverse=True)


def delivery_table(office: Desk) -> Table:
    """List every accepted delivery and what became of it, the newest first."""
    stored = list_deliveries(office.store_dir)
    current = {one.name for one in in_force(stored).values()}
    labels = {one.id: one.label for one in office.config.deliveries.layouts}
    fields = (
        text("source", "Quelle"),
        text("name", "Lieferung"),
        text("arrived", "angenommen"),
        text("state", "Stand"),
        text("reason", "Begründung"),
    )
    rows = []
    for one in sorted(stored, key=lambda one: one.arrival.arrived, reverse=True):
        state, reason = "gilt" if one.name in current else "ersetzt", one.arrival.reason
        if one.rejection is not None:
            state, reason = f"zurückgewiesen von {one.rejection.who}", one.rejection.reason
        arrived = moment_text(datetime.fromisoformat(one.arrival.arrived))
        rows.append((labels.get(one.layout, one.layout), one.name, arrived, state, reason))
    return Table("Angenommene Lieferungen", fields, tuple(rows))
