"""A sample to a layout that reads it: recognised, written as TOML, tried; knows no desk."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from atlas.confidential.delivery.findings import describe
from atlas.confidential.delivery.grid import Grid, read_grids
from atlas.confidential.delivery.tables import UnreadableError
from atlas.confidential.suggest.layout import look_at
from atlas.confidential.suggest.lines import Sample, Town
from atlas.confidential.suggest.persons import suggestion_of_register
from atlas.confidential.suggest.places import Gazetteer
from atlas.confidential.suggest.register import find_register
from atlas.confidential.suggest.table import Table, find_table
from atlas.confidential.suggest.trial import Tried, try_and_mend, try_suggestion, with_rest
from atlas.confidential.suggest.vocabulary import Measures, slug
from atlas.confidential.suggest.writing import append_to_city
from atlas.errors import DeliveryError

__all__ = ["Gazetteer", "Measures", "Town", "Tried", "append_to_city", "slug", "suggest_layout"]


def suggest_layout(path: Path, town: Town, today: date, sheet: str = "") -> Tried:
    """Propose the layout of a sample and try it.

    Parameters
    ----------
    sheet
        Of a workbook; empty: the one that names most areas.

    Raises
    ------
    DeliveryError
        If the file cannot be read or holds nothing that a layout describes.
    """
    try:
        grids = read_grids(path)
    except UnreadableError as error:
        raise DeliveryError(describe(error.findings[0], path.name)) from None
    except OSError:
        raise DeliveryError(
            f"Datei {path.name}: fehlt oder lässt sich nicht öffnen. Pfad und Rechte prüfen."
        ) from None
    grid = _chosen(grids, town, sheet, path.name)
    sample = Sample(path.name, grid, tuple(one.sheet for one in grids), today)
    table = find_table(grid, town.places)
    register = find_register(table, today)
    if register is None:
        return try_and_mend(look_at(sample, town), path)
    tried = try_suggestion(
        suggestion_of_register(sample, town, table, register), path, sample, town
    )
    return replace(tried, suggestion=with_rest(tried, path.name))


def _chosen(grids: Sequence[Grid], town: Town, sheet: str, name: str) -> Grid:
    named = [one for one in grids if sheet in ("", one.sheet)]
    if not named:
        there = ", ".join(f"„{one.sheet}“" for one in grids) or "keine Tabelle"
        raise DeliveryError(
            f"Datei {name}: kein Tabellenblatt „{sheet}“ mit Inhalt. Vorhanden: {there}."
        )
    tables = [find_table(grid, town.places) for grid in named]
    return max(tables, key=_covered).grid  # the first among equals


def _covered(table: Table) -> float:
    return table.area.covered if table.area is not None else 0.0
