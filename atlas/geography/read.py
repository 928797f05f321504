"""Read one layer of boundaries from its file, in the CRS of the city."""

import re
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from atlas.config import City, Edition, Layer
from atlas.errors import GeographyError
from atlas.geography.checks import check_layer
from atlas.terms import Kind


def read_layer(
    city: City, edition: Edition, kind: Kind, geodata_dirs: Sequence[Path]
) -> gpd.GeoDataFrame:
    """Read and check the layer of one kind: columns area_id, name, parent_id, geometry."""
    layer = edition.layers()[kind]
    place = f"Geometrie {layer.file} (Gebietsstand {edition.id})"
    raw = _read_file(_find(layer.file, geodata_dirs), layer, place)
    frame = frame_of(city.crs, _attributes(raw, layer), raw.to_crs(city.crs).geometry.values)
    if not np.isfinite(frame.total_bounds).all() and len(frame.geometry.dropna()):
        raise GeographyError(
            f"{place}: Koordinaten passen nicht zum angegebenen Koordinatensystem. "
            "Datei mit richtigem CRS neu exportieren."
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


def _read_file(path: Path, layer: Layer, place: str) -> gpd.GeoDataFrame:
    """Read the only layer of a file, with the columns that ``areas.toml`` names."""
    try:
        shown = [name for name, shape in pyogrio.list_layers(path) if shape is not None]
        raw = gpd.read_file(
            path, columns=[c for c in (layer.key, layer.name, layer.parent) if c]
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError):
        shown, raw = [], None
    if raw is None or not isinstance(raw, gpd.GeoDataFrame):
        raise GeographyError(
            f"{place}: nicht lesbar. Erwartet: GeoPackage, GeoJSON oder Shapefile (auch als "
            "ZIP). Datei neu exportieren."
        )
    if len(shown) > 1:
        raise GeographyError(
            f"{place}: {len(shown)} Ebenen ({', '.join(sorted(shown)[:3])}). Erwartet: eine. "
            "Jede Ebene in eine eigene Datei exportieren."
        )
    if raw.empty:
        raise GeographyError(f"{place}: enthält keine Gebiete. Datei neu exportieren.")
    for role, column in (("key", layer.key), ("name", layer.name), ("parent", layer.parent)):
        if (column or role == "key") and column not in raw:
            raise GeographyError(
                f"{place}: Spalte „{column}“ fehlt. {role} in areas.toml prüfen."
            )
    if raw.crs is None:
        raise GeographyError(
            f"{place}: kein Koordinatensystem angegeben. Datei mit CRS neu exportieren."
        )
    return raw


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
