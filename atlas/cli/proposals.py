"""Command about what readers handed in: list, take, refuse."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from atlas.cli.office import run_and_report
from atlas.cli.options import DEFAULT_CITY, DEFAULT_HOME, City, HomeDir, open_city
from atlas.cli.screen import Screen, name_column, out
from atlas.errors import DeliveryError
from atlas.words import day_text, moment_text

if TYPE_CHECKING:
    from atlas.confidential.proposals import Waiting


def proposals(  # noqa: PLR0913 - one argument per option of the command
    name: Annotated[str, typer.Argument(help="Dateiname; leer: alle nennen")] = "",
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    accept: Annotated[
        bool, typer.Option("--accept", help="Annehmen und neu rechnen; nie der Abgebende")
    ] = False,
    refuse: Annotated[str, typer.Option(help="Ablehnen, mit Grund für die Planung")] = "",
    accept_warnings: Annotated[
        str, typer.Option(help="Begründung, warum trotz Warnungen")
    ] = "",
) -> None:
    """Nennt, was im Dashboard abgegeben wurde; nimmt eine Datei an oder lehnt sie ab."""
    from atlas.confidential.decisions import accept_proposal, refuse_proposal
    from atlas.confidential.proposals import waiting

    desk = open_city(city, home, Screen())
    if bool(name) != (accept or bool(refuse)) or (accept and refuse):
        raise DeliveryError(
            "Aufruf atlas proposals: passt nicht. Erwartet: nichts weiter, oder ein Dateiname "
            "mit --accept oder mit --refuse GRUND."
        )
    if not name:
        _print_waiting(waiting(desk))
        return
    if refuse:
        refuse_proposal(desk, name, refuse)
        out.print(f"Abgelehnt: {name}. Die Seite Datenstand nennt den Grund.")
    else:
        accept_proposal(desk, name, accept_warnings)
        run_and_report(desk, "", lambda path: False)


def _print_waiting(found: "list[Waiting]") -> None:
    name = name_column("Datei", [one.path.name for one in found])
    table = Table(name, "Quelle", "Stichtag", "abgegeben von", "am")
    for one in found:
        day = day_text(one.day) if one.day else ""
        moment = moment_text(one.note.handed_in)
        table.add_row(one.path.name, one.layout.label, day, one.uploader, moment)
    out.print(table if found else "Es wartet kein Vorschlag.")
