"""Commands about protection: audit a release, explain the scopes."""

import json
from dataclasses import asdict
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
    find_release,
    open_city,
    parse_date,
)
from atlas.cli.screen import Screen, out
from atlas.errors import DeliveryError, ProtectionError
from atlas.words import counted, day_text

_FIGURES = {
    "cells": "Zellen",
    "printed": "gezeigt",
    "hidden_primary": "geheim, weil selbst zu klein",
    "hidden_secondary": "geheim zum Schutz anderer",
    "withheld_by_supplier": "vom Lieferanten gesperrt",
    "sensitive": "zu kleine Anzahlen und Reste",
    "certificates": "Nachweise",
    "told_before": "durch frühere Ausgaben bekannt",
}


def audit(
    release: str,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Greift eine Veröffentlichung an wie ein Leser und prüft ihre Nachweise."""
    from atlas.confidential.protection import audit_release
    from atlas.release import open_release

    desk = open_city(city, home, Screen())
    verdict = audit_release(desk, open_release(find_release(desk, release)))
    if as_json:
        out.print_json(json.dumps(asdict(verdict), ensure_ascii=False))
    else:
        for name, label in _FIGURES.items():
            out.print(f"{verdict.figures[name]:>9}  {label}")
        labels = desk.config.indicators.measures
        for name, number in verdict.told_before.items():
            label = labels[name].label if name in labels else name
            out.print(f"Nicht mehr zu schützen: {label}, {number} Zellen")
        for line in verdict.disclosures:
            out.print(f"Aufgedeckt: {line}")
    if not verdict.is_safe:
        raise ProtectionError(
            f"Release {release}: {len(verdict.disclosures)} Anzahlen wären aufgedeckt. "
            "Erwartet: keine. Release zurückziehen und den Vorfall melden."
        )
    if not as_json:
        out.print("Urteil: sicher. Niemand kann wissen, ob eine geheime Anzahl zu klein ist.")


def known(
    file: Annotated[Path, typer.Argument(help="CSV: kind, area_id, measure, n, group")],
    reference_date: Annotated[str, typer.Option("--date", help="Stichtag der Anzahlen")],
    source: Annotated[str, typer.Option(help="Wer sie wo veröffentlicht hat")],
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Trägt Anzahlen ein, die andere veröffentlicht haben: Leser*innen kennen sie."""
    from atlas.confidential.desk import only_one
    from atlas.confidential.known import enter_known

    desk = open_city(city, home, Screen())
    day = parse_date(reference_date)
    if day is None:
        raise DeliveryError("Aufruf atlas known: --date fehlt. Erwartet: ein Stichtag.")
    with only_one(desk):
        number = enter_known(desk, file, day, source)
    out.print(
        f"Eingetragen: {counted(number, 'Anzahl', 'Anzahlen')} zum {day_text(day)}. Der "
        "nächste atlas run schützt den Stichtag mit ihnen."
    )


def protect(
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    reference_date: DateOption = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Wie viele Blockzellen je Regel zu sehen wären")
    ] = True,
) -> None:
    """Zeigt je Regel, Kennzahl und Bezugsgruppe, wie viele Blockzellen zu sehen wären."""
    from atlas.confidential.day import look
    from atlas.confidential.protection import SCOPE_LABELS, scope_lines

    desk = open_city(city, home, Screen())
    calendar = look(desk)
    day = parse_date(reference_date) or max(calendar.opened, default=None)
    if day is None or day not in calendar.opened:
        raise DeliveryError(
            "Stichtag: keine Lieferung mit Einwohner*innen angenommen. Erst atlas import."
        )
    lines = list(scope_lines(desk, calendar.day(day)))
    if not lines:
        out.print("Diese Stadt hat keine Baublöcke: Quartierwerte schützt jede Regel gleich.")
        return
    table = Table("Kennzahl", "Bezugsgruppe", "Blockzellen", *SCOPE_LABELS.values())
    for measure, group, cells, shown in lines:
        parts = [
            f"{shown[scope]} ({100 * shown[scope] / cells:.0f} %)" for scope in SCOPE_LABELS
        ]
        table.add_row(measure, group, str(cells), *parts)
    in_force = SCOPE_LABELS[desk.config.protection.scope]
    out.print(f"Stichtag {day_text(day)}; in Kraft ist: {in_force}.")
    out.print(table)
