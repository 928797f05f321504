"""A new source of a city that there is already: its layout suggested, then taken over."""

from pathlib import Path

from atlas.confidential.delivery import KnownAreas, recognise
from atlas.confidential.desk import Desk, today
from atlas.confidential.suggest import (
    Gazetteer,
    Measures,
    Town,
    Tried,
    append_to_city,
    suggest_layout,
)
from atlas.errors import DeliveryError
from atlas.terms import Kind


def suggest_source(desk: Desk, sample: Path, sheet: str) -> Tried:
    """Suggest the layout of a sample against what this city knows; errors as the reader's."""
    return suggest_layout(sample, _town(desk), today(), sheet)


def known_layout(desk: Desk, sample: Path) -> str:
    """Id of the layout that reads files of this name already; empty if none does."""
    known = recognise(sample, desk.config.deliveries.layouts)
    return "" if known is None else known.id


def take_source(desk: Desk, sample: Path, tried: Tried) -> tuple[str, ...]:
    """Append a suggested layout to the files of the city; give the names of those that grew.

    Raises
    ------
    DeliveryError
        If a layout reads files of this name already.
    """
    if known := known_layout(desk, sample):
        raise DeliveryError(
            f"Datei {sample.name}: das Layout {known} liest schon Dateien dieses Namens. "
            "Erwartet: eine neue Quelle. Mit atlas check prüfen oder das Layout ändern."
        )
    return tuple(append_to_city(desk.city_dir, tried.suggestion))


def _town(desk: Desk) -> Town:
    """Gather what a suggestion is matched against, of every edition of a city."""
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
