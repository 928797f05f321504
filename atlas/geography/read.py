"""Read one layer of boundaries from its file, in the CRS of the city."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.config import City, ContextLayer, Edition, Layer
from atlas.errors import GeographyError
from atlas.geography import gdal
from atlas.geography.attributes import (
    attributes_of,
    columns_of,
    filtered,
    missing_column,
    texts_of,
    united,
)
from atlas.geography.formats import UnfitFileError, unreadable
from atlas.geography.position import located
from atlas.geography.snapshot import Snapshot, snapshot
from atlas.legible import garbled, likely_encoding
from atlas.terms import Kind
from atlas.words import first_few

_SHOWN = 8


@dataclass(frozen=True)
class Sources:
    """Where the files of boundaries lie, in the order of searching, and where copies may."""

    geodata_dirs: Sequence[Path]
    scratch_dir: Path | None


def place_of(edition: Edition, kind: Kind) -> str:
    """Where a finding on a layer is."""
    layer = edition.layer(kind)
    return f"Geometrie {layer.file or kind} (Gebietsstand {edition.id})"


def read_layer(city: City, edition: Edition, kind: Kind, sources: Sources) -> gpd.GeoDataFrame:
    """Read the layer of one kind: columns area_id, name, parent_id, geometry; by key.

    Raises
    ------
    GeographyError
        If file, columns, coordinates or texts are not what they should be.
    """
    layer, place = edition.layer(kind), place_of(edition, kind)
    raw = filtered(_read_file(layer, columns_of(layer), sources, place), layer.filter, place)
    raw = located(raw, layer, city, place)
    frame = frame_of(
        city.crs, attributes_of(raw, layer, place), raw.to_crs(city.crs).geometry.values
    )
    _refuse_unreadable(frame, [*frame["area_id"], *frame["name"]], place)
    frame = united(frame, place) if layer.unite else frame
    return frame.sort_values("area_id", ignore_index=True)


def read_context_layer(
    city: City, layer: ContextLayer, sources: Sources, place: str
) -> gpd.GeoDataFrame:
    """Read what lies between areas: columns name, note, geometry; in the order of the file.

    Of schools that may get posts also key, pupils, social_index, as texts.

    Raises
    ------
    GeographyError
        As ``read_layer``.
    """
    named = {"name": layer.name, "note": layer.note, **layer.pupil_roles()}
    columns = [(role, column) for role, column in named.items() if column]
    columns += [("filter", column) for column in layer.filter]
    raw = filtered(_read_file(layer, columns, sources, place), layer.filter, place)
    raw = located(raw, layer, city, place)
    texts = {
        role: texts_of(raw[column]) if column else [""] * len(raw)
        for role, column in named.items()
    }
    frame = frame_of(city.crs, texts, raw.to_crs(city.crs).geometry.values)
    _refuse_unreadable(frame, [*frame["name"], *frame["note"]], place)
    return frame


def _refuse_unreadable(frame: gpd.GeoDataFrame, texts: Iterable[str], place: str) -> None:
    """Refuse coordinates that are none, and texts in a wrong encoding."""
    if not np.isfinite(frame.total_bounds).all() and len(frame.geometry.dropna()):
        raise GeographyError(
            f"{place}: Koordinaten passen nicht zum angegebenen Koordinatensystem. "
            "Datei mit richtigem CRS neu exportieren."
        )
    if wrong := garbled(list(texts)):
        shown = [re.sub(r"[\x80-\x9f]", "?", text) for text in wrong]
        raise GeographyError(
            f"{place}: Namen im falschen Zeichensatz gelesen ({first_few(shown, 2)}). Den "
            f'richtigen angeben, meist encoding = "{likely_encoding(wrong)}" in areas.toml.'
        )


def find_file(file: str, geodata_dirs: Sequence[Path]) -> Path:
    """Find a file of the city's geodata.

    Raises
    ------
    GeographyError
        If it lies nowhere.
    """
    for directory in geodata_dirs:
        if (directory / file).is_file():
            return directory / file
    places = " oder ".join(
        dict.fromkeys(f"{path.parent.name}/{path.name}" for path in geodata_dirs)
    )
    raise GeographyError(
        f"Geometrie {file}: Datei fehlt. Erwartet unter {places}. "
        "Datei ablegen oder areas.toml prüfen."
    )


def _read_file(
    layer: Layer | ContextLayer,
    named: Sequence[tuple[str, str]],
    sources: Sources,
    place: str,
) -> gpd.GeoDataFrame:
    """Read one layer of a file, with the columns that the configuration names."""
    path = find_file(layer.file, sources.geodata_dirs)
    try:
        with snapshot(path, layer, sources.scratch_dir) as copy:
            return _read_copy(copy, layer, named)
    except UnfitFileError as error:
        raise GeographyError(f"{place}: {error}") from None
    except PermissionError:
        raise GeographyError(
            f"{place}: Datei lässt sich nicht öffnen. Rechte prüfen."
        ) from None


def _read_copy(
    copy: Snapshot, layer: Layer | ContextLayer, named: Sequence[tuple[str, str]]
) -> gpd.GeoDataFrame:
    list_layers = gdal.layers_of if isinstance(layer, Layer) else gdal.every_layer_of
    shown = list_layers(copy.path)
    chosen = [name for name in shown if name == layer.layer]
    if not chosen and (not layer.layer or layer.layer == copy.path.stem):
        chosen = shown
    if len(chosen) > 1:
        raise UnfitFileError(
            f"{len(chosen)} Ebenen ({', '.join(chosen[:3])}). Erwartet: eine. Mit layer in "
            "areas.toml eine nennen."
        )
    if not chosen and shown:
        raise UnfitFileError(
            f"Ebene „{layer.layer}“ fehlt, vorhanden: {', '.join(shown[:3])}. layer in "
            "areas.toml prüfen."
        )
    if not chosen:
        raise unreadable("ohne Flächen")
    columns = list(dict.fromkeys(column for _, column in named))
    frame = gdal.read(copy.path, chosen[0], copy.encoding, columns)
    missing = None if frame.empty else missing_column(named, frame.columns)
    if missing is not None:
        role, column = missing
        there = first_few(gdal.columns_of(copy.path, chosen[0]), _SHOWN)
        raise UnfitFileError(
            f"Spalte „{column}“ fehlt. {role} in areas.toml prüfen; vorhanden: {there}."
        )
    return frame


def frame_of(
    crs: str, attributes: dict[str, list[str]], shapes: Sequence[shapely.Geometry]
) -> gpd.GeoDataFrame:
    """Areas of one kind, without heights."""
    flat = shapely.force_2d(np.asarray(shapes, dtype=object))
    return gpd.GeoDataFrame(pd.DataFrame(attributes), geometry=flat, crs=crs)
