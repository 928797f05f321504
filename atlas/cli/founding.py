"""Commands for what is new: the layout of a source, the directory of a city."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlas.cli.options import DEFAULT_CITY, DEFAULT_HOME, City, HomeDir, open_city
from atlas.cli.screen import Screen, err, out
from atlas.errors import DeliveryError

if TYPE_CHECKING:
    from atlas.confidential.desk import Desk
    from atlas.confidential.suggest import Town, Tried


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
    from atlas.confidential.delivery import recognise
    from atlas.confidential.desk import today
    from atlas.confidential.suggest import append_to_city, suggest_layout

    desk = open_city(city, home, Screen())
    tried = suggest_layout(file, _town(desk), today(), sheet)
    _print_doubts(tried)
    known = recognise(file, desk.config.deliveries.layouts)
    if known is not None:
        err.print(
            f"Unsicher: file: der Dateiname passt schon auf das Layout {known.id}; zwei "
            "Layouts für einen Namen gehen nicht."
        )
    if write and known is not None:
        raise DeliveryError(
            f"Datei {file.name}: das Layout {known.id} liest schon Dateien dieses Namens. "
            "Erwartet: eine neue Quelle. Mit atlas check prüfen oder das Layout ändern."
        )
    if write:
        for name in append_to_city(desk.city_dir, tried.suggestion):
            out.print(f"Ergänzt: {name}.")
        return
    out.print(tried.suggestion.text_with_measures(), end="")


def _print_doubts(tried: "Tried") -> None:
    for doubt in tried.suggestion.doubts:
        err.print(f"Unsicher: {doubt}")
    if tried.suggestion.day is not None:
        err.print(f"Prüfen mit: atlas check DATEI --date {tried.suggestion.day}")


def _town(desk: "Desk") -> "Town":
    """Gather what a suggestion is matched against, of every edition of a city."""
    from atlas.confidential.delivery import KnownAreas
    from atlas.confidential.suggest import Gazetteer, Measures, Town
    from atlas.terms import Kind

    config = desk.config
    kinds = []
    for edition in reversed(config.areas.editions):
        areas = desk.areas_of(edition.id)
        for kind in edition.layers():
            kinds.append((Kind(kind), KnownAreas.of(areas, Kind(kind), edition.id)))
    places = Gazetteer(tuple(kinds), config.city.key, config.city.name)
    return Town(
        places=places,
        measures=Measures.of(config.indicators),
        editions=tuple(edition.id for edition in config.areas.editions),
        layout_ids=frozenset(one.id for one in config.deliveries.layouts),
        registers=tuple(
            one.id
            for one in config.deliveries.layouts
            if one.column_of("person") is not None and one.place_from is None
        ),
    )
