"""Read one layer of boundaries from its file, in the CRS of the city."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.config import City, Edition, Layer
from atlas.errors import GeographyError
from atlas.geography import gdal
from atlas.geography.checks import check_layer
from atlas.geography.encoding import garbled
from atlas.geography.formats import UnfitFileError, unreadable
from atlas.geography.position import located
from atlas.geography.snapshot import Snapshot, snapshot
from atlas.terms import Kind
from atlas.words import first_few


@dataclass(frozen=True)
class Sources:
    """Where the files of boundaries lie, in the order of searching, and where copies may."""

    geodata_dirs: Sequence[Path]
    scratch_dir: Path | None


def read_layer(city: City, edition: Edition, kind: Kind, sources: Sources) -> gpd.GeoDataFrame:
    """Read and check the layer of one kind: columns area_id, name, parent_id, geometry."""
    layer = edition.layers()[kind]
    place = f"Geometrie {layer.file} (Gebietsstand {edition.id})"
    raw = located(_read_file(layer, sources, place), layer, city, place)
    frame = frame_of(city.crs, _attributes(raw, layer), raw.to_crs(city.crs).geometry.values)
    if not np.isfinite(frame.total_bounds).all() and len(frame.geometry.dropna()):
        raise GeographyError(
            f"{place}: Koordinaten passen nicht zum angegebenen Koordinatensystem. "
            "Datei mit richtigem CRS neu exportieren."
        )
    if wrong := garbled([*frame["area_id"], *frame["name"]]):
        raise GeographyError(
            f"{place}: Namen im falschen Zeichensatz gelesen ({first_few(wrong, 2)}). Den "
            'richtigen angeben, meist encoding = "utf-8" in areas.toml.'
        )
    check_layer(frame, place)
    return frame.sort_values("area_id", ignore_index=True)


def _find(file: str, geodata_dirs: Sequence[Path]) -> Path:
    for directory in geodata_dirs:
        if (directory / file).is_file():
            return directory / file
    places = " oder ".join(f"{path.parent.name}/{path.name}" for path in geodata_dirs)
    raise GeographyError(
        f"Geometrie {file}: Datei fehlt. Erwartet unter {places}. "
        "Datei ablegen oder areas.toml prüfen."
    )


def _read_file(layer: Layer, sources: Sources, place: str) -> gpd.GeoDataFrame:
    """Read one layer of a file, with the columns that ``areas.toml`` names."""
    path = _find(layer.file, sources.geodata_dirs)
    try:
        with snapshot(path, layer, sources.scratch_dir) as copy:
            raw = _read_copy(copy, layer)
    except UnfitFileError as error:
        raise GeographyError(f"{place}: {error}") from None
    if raw.empty:
        raise GeographyError(f"{place}: enthält keine Gebiete. Datei neu exportieren.")
    for role, column in (("key", layer.key), ("name", layer.name), ("parent", layer.parent)):
        if (column or role == "key") and column not in raw:
            raise GeographyError(
                f"{place}: Spalte „{column}“ fehlt. {role} in areas.toml prüfen."
            )
    return raw


def _read_copy(copy: Snapshot, layer: Layer) -> gpd.GeoDataFrame:
    shown = gdal.layers_of(copy.path)
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
    columns = [column for column in (layer.key, layer.name, layer.parent) if column]
    return gdal.read(copy.path, chosen[0], copy.encoding, columns)


def _attributes(raw: gpd.GeoDataFrame, layer: Layer) -> dict[str, list[str]]:
    keys = _texts(raw[layer.key])
    names = _texts(raw[layer.name]) if layer.name else keys
    if layer.strip:
        names = [re.sub(layer.strip, "", name).strip() for name in names]
    names = [layer.names.get(key, name or key) for key, name in zip(keys, names, strict=True)]
    parents = _texts(raw[layer.parent]) if layer.parent else [""] * len(keys)
    return {"area_id": keys, "name": names, "parent_id": parents}


def _texts(column: pd.Series) -> list[str]:
    if pd.api.types.is_float_dtype(column):  # some exports write 11 as 11.0
        return ["" if pd.isna(value) else f"{value:.15g}" for value in column]
    return ["" if pd.isna(value) else str(value).strip() for value in column]


def frame_of(
    crs: str, attributes: dict[str, list[str]], shapes: Sequence[shapely.Geometry]
) -> gpd.GeoDataFrame:
    """Areas of one kind, without heights."""
    flat = shapely.force_2d(np.asarray(shapes, dtype=object))
    return gpd.GeoDataFrame(pd.DataFrame(attributes), geometry=flat, crs=crs)
