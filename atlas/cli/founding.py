"""Command for a new source of a city: its layout from a sample."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlas.cli.options import DEFAULT_CITY, DEFAULT_HOME, City, HomeDir, open_city
from atlas.cli.screen import Screen, err, out

if TYPE_CHECKING:
    from atlas.confidential.suggest import Tried


def layout(
    file: Annotated[Path, typer.Argument(help="Probe einer Lieferung")],
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    sheet: Annotated[str, typer.Option(help="Tabellenblatt; leer: das passendste")] = "",
    write: Annotated[
        bool, typer.Option("--write", help="An die Dateien der Stadt anhängen")
    ] = False,
) -> None:
    """Schlägt aus einer Probe das Layout für deliveries.toml vor und sagt, was unsicher ist."""
    from atlas.confidential.founding import known_layout, suggest_source, take_source

    desk = open_city(city, home, Screen())
    tried = suggest_source(desk, file, sheet)
    _print_doubts(tried)
    if known := known_layout(desk, file):
        err.print(
            f"Unsicher: file: der Dateiname passt schon auf das Layout {known}; zwei "
            "Layouts für einen Namen gehen nicht."
        )
    if write:
        for name in take_source(desk, file, tried):
            out.print(f"Ergänzt: {name}.")
        return
    out.print(tried.suggestion.text_with_measures(), end="")


def _print_doubts(tried: "Tried") -> None:
    for doubt in tried.suggestion.doubts:
        err.print(f"Unsicher: {doubt}")
    if tried.suggestion.day is not None:
        err.print(f"Prüfen mit: atlas check DATEI --date {tried.suggestion.day}")
