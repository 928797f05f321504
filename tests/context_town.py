"""Musterstadt with a river, a railway, a park, schools, a Kita and streets."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from atlas.config import CityConfig
from atlas.geography import ContextFiles, Sources, load_context
from atlas.release import ReleaseContent, derive_cells, write_release
from tests.factories import DAY, town_areas, town_counts, town_info, town_tables

WEST, SOUTH = 370_000.0, 5_680_000.0  # 600 by 200 m
_CREDIT = {"credit": "Vermessungsamt Musterstadt", "licence": "dl-de/by-2-0"}
_LAYERS: dict[str, tuple[dict[str, Any], list[tuple[str, shapely.Geometry]]]] = {
    "gewaesser": (
        {"label": "Gewässer", "shows": "water", "name": "NAME", "is_on": True},
        [("Muster", shapely.LineString([(-900, 100), (1500, 110)]))],
    ),
    "bahn": (
        {"label": "Bahn", "shows": "railway", "is_on": True},
        [("", shapely.LineString([(-900, 150), (1500, 150)]))],
    ),
    "parks": (
        {"label": "Grün", "shows": "green", "name": "NAME", "is_on": True},
        [("Stadtwald", shapely.box(460, 120, 590, 190))],
    ),
    "schulen": (
        {"label": "Schulen", "shows": "schools", "name": "NAME", "note": "ORT"}
        | {"pupils": {"key": "SNR", "count": "KINDER", "social_index": "INDEX"}},
        [
            ("Schule <b>am Markt</b>", shapely.Point(250, 20)),
            ("Hafenschule", shapely.Point(350, 130)),
        ],
    ),
    "kitas": (
        {"label": "Kitas", "shows": "kitas", "name": "NAME"},
        [("Kita Übermut", shapely.Point(50, 50))],
    ),
    "strassen": (
        {"label": "Straßen", "shows": "streets", "name": "NAME"},
        [
            ("Lange Straße", shapely.LineString([(20, 50), (390, 50)])),
            ("Hafengasse", shapely.LineString([(310, 180), (380, 180)])),
        ],
    ),
}


def context_tables() -> dict[str, Any]:
    """Content of the files of configuration, with ``context``."""
    layers = [
        {"id": name, "file": f"{name}.gpkg", **_CREDIT, **settings}
        for name, (settings, _) in _LAYERS.items()
    ]
    return {**town_tables(), "context": {"format": 1, "layers": layers}}


def write_layers(directory: Path) -> None:
    """Write the files that the configuration names."""
    for name, (_, rows) in _LAYERS.items():
        shapes = [shapely.transform(one, lambda xy: xy + (WEST, SOUTH)) for _, one in rows]
        told = {"NAME": [text for text, _ in rows], "ORT": "Am Markt 1"}
        # Schools have 200 and 100 pupils, and an index of 3 and 6.
        told |= {"SNR": [f"S{n + 1}" for n in range(len(rows))]}
        told |= {"KINDER": [200 // (n + 1) for n in range(len(rows))]}
        told |= {"INDEX": [3 * (n + 1) for n in range(len(rows))]}
        gpd.GeoDataFrame(told, geometry=shapes, crs="EPSG:25832").to_file(
            directory / f"{name}.gpkg"
        )


def town_context(directory: Path) -> ContextFiles:
    """Make the files of a release of layers that are written to a directory first."""
    write_layers(directory)
    config = CityConfig.model_validate(context_tables())
    assert config.context is not None
    return load_context(
        config.city, config.context, town_areas(), Sources([directory], None), config.protection
    )


def write_context_town(releases_dir: Path, scratch_dir: Path) -> Path:
    """Write a release of Musterstadt with context."""
    info = town_info(CityConfig.model_validate(context_tables()), DAY)
    cells = derive_cells(town_counts(DAY), info.config, DAY, {})
    path = releases_dir / info.config.city.id / info.name
    context = town_context(scratch_dir)
    write_release(path, ReleaseContent(info, cells, town_areas(), context=context))
    return path
