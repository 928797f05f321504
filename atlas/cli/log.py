"""Command about the log: search it, prove that nothing is missing."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from atlas.cli.options import DEFAULT_CITY, DEFAULT_HOME, AsJson, City, HomeDir, open_city
from atlas.cli.screen import Screen, out
from atlas.errors import DamageError
from atlas.words import counted, moment_text


def log(
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    search: Annotated[str, typer.Option(help="Nur Einträge, die alle diese Wörter haben")] = "",
    since: Annotated[
        str,
        typer.Option(
            "--since",
            help="Ein früher notierter Kopf: steht er noch im Protokoll?",
            metavar="KOPF",
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Prüft das Protokoll Eintrag für Eintrag und nennt, wer wann was getan hat."""
    from atlas.confidential.log import EVENT_LABELS, events, follows_from, head_of, matching

    path = open_city(city, home, Screen()).log_path
    every = list(events(path))
    if since and not follows_from(path, since):
        raise DamageError(
            "Protokoll: der angegebene Kopf kommt darin nicht vor. Erwartet: ein Protokoll, "
            "das seit damals nur länger geworden ist. Aus der Sicherung zurückholen und "
            "klären, wer es neu geschrieben hat."
        )
    found = matching(every, search)
    if as_json:
        out.print_json(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    table = Table("Wann", "Wer", "Was", "Woran", "Dazu")
    for one in found:
        details = ", ".join(f"{key}: {value}" for key, value in one.details.items() if value)
        what = EVENT_LABELS.get(one.what, one.what)
        table.add_row(moment_text(one.moment), one.who, what, one.subject, details)
    out.print(table)
    total = counted(len(every), "Eintrag", "Einträge")
    out.print(f"Ganz: {total}, jeder hält den vorigen. Kopf: {head_of(path) or 'keiner'}")
