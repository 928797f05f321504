"""Commands about what sources send: check, import, reject, status, findings, purge, key."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from atlas.cli.options import (
    DEFAULT_CITY,
    DEFAULT_HOME,
    AsJson,
    City,
    DateOption,
    HomeDir,
    LayoutOption,
    ReasonOption,
    open_city,
    parse_date,
)
from atlas.cli.screen import Screen, name_column, out
from atlas.words import day_text

_STATE_WORDS = {
    "accepted": "angenommen",
    "corrected": "berichtigt",
    "inbox": "im Eingang",
    "due": "fällig am",
    "overdue": "überfällig seit",
    "unavailable": "liegt nicht vor",
}


def check(
    file: Path,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    layout: LayoutOption = "",
    reference_date: DateOption = "",
) -> None:
    """Prüft eine Lieferung, ohne sie anzunehmen."""
    from atlas.confidential.delivery import SEVERITY_LABELS, describe
    from atlas.confidential.receive import (
        layout_of,
        raise_on_findings,
        raise_on_refused,
        read,
    )

    desk = open_city(city, home, Screen())
    chosen = layout_of(desk, file, layout or None)
    reading = read(desk, file, chosen, parse_date(reference_date))
    for finding in reading.everything():
        out.print(f"{SEVERITY_LABELS[finding.severity]}: {describe(finding, file.name)}")
    raise_on_findings(reading, "")
    days = ", ".join(str(day) for day in sorted(reading.parts))
    raise_on_refused(reading)
    out.print(f"{file.name}: {reading.rows} Zeilen für {days}, annehmbar.")


def import_file(  # noqa: PLR0913 - one argument per option of the command
    file: Path,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    layout: LayoutOption = "",
    reference_date: DateOption = "",
    accept_warnings: Annotated[
        str, typer.Option(help="Begründung, warum trotz Warnungen")
    ] = "",
) -> None:
    """Nimmt eine Lieferung an; gebaut wird danach mit run oder build."""
    from atlas.confidential.decisions import accept_file

    desk = open_city(city, home, Screen())
    path = file if file.exists() else desk.home.inbox / file.name
    claimed = parse_date(reference_date)
    receipt = accept_file(desk, path, layout or None, claimed, accept_warnings)
    for one in receipt.accepted:
        number = f" (Berichtigung {one.number})" if one.number > 1 else ""
        out.print(f"Angenommen: {receipt.layout.label}, Stand {one.reference_date}{number}.")
    if not receipt.accepted:
        out.print(f"{file.name}: ist schon angenommen, nichts Neues.")


def refuse(
    file: Annotated[str, typer.Argument(help="Name einer Datei im Eingang")],
    reason: Annotated[str, typer.Option("--reason", help="Begründung für die Quelle")],
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Lehnt eine Datei im Eingang ab: sie kommt ungelesen nach inbox/abgelehnt/."""
    from atlas.confidential.decisions import refuse_file

    refuse_file(open_city(city, home, Screen()), file, reason)
    out.print(f"Abgelehnt: {file}. Die Datei liegt jetzt in inbox/abgelehnt/.")


def deliveries(
    city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME, as_json: AsJson = False
) -> None:
    """Listet jede angenommene Lieferung mit ihrem Namen und was mit ihr geschehen ist."""
    from atlas.confidential.store import in_force, list_deliveries

    stored = list_deliveries(open_city(city, home, Screen()).store_dir)
    current = in_force(stored).values()
    rows = []
    for one in stored:
        state = "gilt" if one in current else "ersetzt"
        why = one.arrival.reason
        if one.rejection is not None:
            state = f"zurückgewiesen von {one.rejection.who}, {one.rejection.when[:10]}"
            why = one.rejection.reason
        rows.append((one.name, one.arrival.supplier, one.arrival.arrived[:10], state, why))
    if as_json:
        keys = ("delivery", "supplier", "arrived", "state", "reason")
        named = [dict(zip(keys, row, strict=True)) for row in rows]
        out.print_json(json.dumps(named, ensure_ascii=False))
        return
    name = name_column("Lieferung", [row[0] for row in rows])
    table = Table(name, "Lieferant", "angenommen", "Stand", "Begründung")
    for row in rows:
        table.add_row(*row)
    out.print(table)


def reject(
    delivery: Annotated[str, typer.Argument(help="Name aus atlas deliveries")],
    reason: ReasonOption,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Nimmt eine angenommene Lieferung zurück und zieht zurück, was auf ihr beruht."""
    from atlas.confidential.decisions import take_back

    done = take_back(open_city(city, home, Screen()), delivery, reason)
    out.print(f"Zurückgewiesen: {done.delivery.name}.")
    if done.successor is not None:
        out.print(f"Es gilt wieder: {done.successor.name}.")
    for name in done.withdrawn:
        out.print(f"Zurückgezogen: {name}.")
    if done.withdrawn:
        out.print(
            "Ein laufendes atlas watch baut die Stichtage neu, soweit Lieferungen da sind; "
            "sonst tut es atlas run."
        )


def status(
    city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME, as_json: AsJson = False
) -> None:
    """Zeigt je Quelle und Stichtag, was da ist, was fehlt und was es aufhält."""
    from atlas.confidential.datastate import source_dates
    from atlas.confidential.day import look
    from atlas.confidential.desk import today

    desk = open_city(city, home, Screen())
    rows = source_dates(desk, look(desk), today())
    if as_json:
        out.print_json(json.dumps([row.model_dump() for row in rows], default=str))
        return
    table = Table("Stichtag", "Quelle", "Stand", "hält auf")
    for row in rows:
        due = ""
        if row.due_date and row.state in ("due", "overdue"):
            due = f" {day_text(row.due_date)}"
        day = day_text(row.reference_date)
        table.add_row(day, row.label, _STATE_WORDS[row.state] + due, row.holds_up)
    out.print(table)


def findings(
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    source: Annotated[str, typer.Option("--for", help="Nur diese Quelle")] = "",
    as_json: AsJson = False,
) -> None:
    """Listet die fehlerhaften Zeilen je Lieferung (Zeilennummer und Regel) für die Quelle."""
    from atlas.confidential.delivery import SEVERITY_LABELS, Severity
    from atlas.confidential.receive import stored_findings

    reports = stored_findings(open_city(city, home, Screen()), source)
    if as_json:
        out.print_json(json.dumps(reports, ensure_ascii=False))
        return
    for report in reports:
        out.print(f"{report['delivery']}")
        for one in report["findings"]:
            rows = ", ".join(str(row) for row in one["rows"])
            noun = "Zeile" if len(one["rows"]) == 1 else "Zeilen"
            told = (one["check"], one["where"], rows and f"{noun} {rows}")
            severity = SEVERITY_LABELS[Severity(one["severity"])]
            out.print(f"  {severity} {', '.join(filter(None, told))}: {one['hint']}")
    if not reports:
        out.print("Keine Befunde.")


def purge(city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME) -> None:
    """Löscht Personenzeilen nach Ablauf der Aufbewahrung; Anzahlen und Protokoll bleiben."""
    from atlas.confidential.desk import only_one, today
    from atlas.confidential.upkeep import purge as purge_rows
    from atlas.confidential.upkeep import purge_inbox

    desk = open_city(city, home, Screen())
    with only_one(desk):
        done = purge_rows(desk, today())
        files = purge_inbox(desk, today())
    for one in done:
        out.print(f"Zeilen gelöscht: {one}")
    for name in files:
        out.print(f"Abgelehnte Datei im Eingang gelöscht: {name}")
    out.print(f"{len(done)} Lieferungen bereinigt; Anzahlen und Protokoll bleiben.")


def rotate(city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME) -> None:
    """Beginnt eine neue Generation von Personenschlüsseln."""
    from atlas.confidential.desk import only_one
    from atlas.confidential.upkeep import rotate_key

    desk = open_city(city, home, Screen())
    with only_one(desk):
        generation = rotate_key(desk)
    out.print(
        f"Generation {generation} beginnt. Verknüpft wird nur innerhalb einer Generation: "
        "Register eines Stichtags zusammen neu einlesen."
    )
