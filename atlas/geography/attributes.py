"""Keys, names and parents of areas, out of the columns of a file."""

import re
from collections.abc import Collection, Mapping
from html import unescape

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.config import Condition, Layer
from atlas.errors import GeographyError
from atlas.legible import clean_text
from atlas.words import first_few


def columns_of(layer: Layer) -> list[tuple[str, str]]:
    """Columns that ``areas.toml`` names, each with the key that names it."""
    named = {"key": layer.key, "name": layer.name, "parent": layer.parent}
    roles = [(role, column) for role, column in named.items() if column or role == "key"]
    return [*roles, *(("filter", column) for column in layer.filter)]


def missing_column(
    named: Collection[tuple[str, str]], there: Collection[str]
) -> tuple[str, str] | None:
    """First key of the configuration whose column a file does not have, with the column."""
    return next((one for one in named if one[1] not in there), None)


def filtered(
    raw: gpd.GeoDataFrame, conditions: Mapping[str, Condition], place: str
) -> gpd.GeoDataFrame:
    """Features that the filter keeps.

    Raises
    ------
    GeographyError
        If nothing is left.
    """
    if raw.empty:
        raise GeographyError(f"{place}: enthält keine Gebiete. Datei neu exportieren.")
    keep = np.ones(len(raw), dtype=bool)
    for column, condition in conditions.items():
        texts = np.array(texts_of(raw[column]), dtype=object)
        if condition.is_in is not None:
            keep &= np.isin(texts, condition.is_in)
        elif condition.not_in is not None:
            keep &= (texts != "") & ~np.isin(texts, condition.not_in)
        else:
            keep &= (texts != "") == condition.is_filled
    if not keep.any():
        raise GeographyError(
            f"{place}: nach dem Filter bleibt kein Gebiet. filter in areas.toml prüfen."
        )
    return raw[keep].reset_index(drop=True)


def attributes_of(raw: gpd.GeoDataFrame, layer: Layer, place: str) -> dict[str, list[str]]:
    """Key, name and key of the parent, one per feature; empty where there is none."""
    keys, names = _keys_and_names(raw, layer, place)
    parents = texts_of(raw[layer.parent]) if layer.parent else [""] * len(keys)
    if layer.parent_pattern:
        found = [re.search(layer.parent_pattern, key) for key in keys]
        parents = [one[one.re.groups and 1] or "" if one else "" for one in found]
    if layer.width:
        keys = [key and key.zfill(layer.width) for key in keys]
    if layer.strip:
        names = [re.sub(layer.strip, "", name).strip() for name in names]
    names = [layer.names.get(key, name or key) for key, name in zip(keys, names, strict=True)]
    return {"area_id": keys, "name": names, "parent_id": parents}


def united(frame: gpd.GeoDataFrame, place: str) -> gpd.GeoDataFrame:
    """One area per key, of all features that carry it.

    Raises
    ------
    GeographyError
        If features of one key lie in different parents.
    """
    groups = frame.groupby("area_id", sort=False)
    split = groups["parent_id"].nunique()
    if len(torn := split.index[split > 1]):
        raise GeographyError(
            f"{place}: Teile eines Gebiets nennen verschiedene übergeordnete Gebiete: "
            f"{first_few(list(torn), 3)}. Spalte parent prüfen."
        )
    if not frame["area_id"].duplicated().any():
        return frame
    whole = groups.agg({"name": "first", "parent_id": "first"}).reset_index()
    shapes = [
        shapely.union_all(shapely.make_valid(parts.to_numpy()))
        if len(parts) > 1
        else parts.iloc[0]
        for _, parts in groups["geometry"]
    ]
    return gpd.GeoDataFrame(whole, geometry=shapes, crs=frame.crs)


def _keys_and_names(
    raw: gpd.GeoDataFrame, layer: Layer, place: str
) -> tuple[list[str], list[str]]:
    texts = texts_of(raw[layer.key])
    names = texts_of(raw[layer.name]) if layer.name else texts
    if not layer.pattern:
        return texts, names
    found = [re.fullmatch(layer.pattern, text) for text in texts]
    if missed := [text for text, one in zip(texts, found, strict=True) if one is None]:
        raise GeographyError(
            f"{place}, Spalte „{layer.key}“: {len(missed)} von {len(texts)} Texten passen "
            f"nicht zu pattern ({first_few(missed, 2)}). pattern in areas.toml prüfen, "
            "übrige Zeilen mit filter weglassen."
        )
    parts = [one.groupdict() for one in found if one]
    keys = [(part["key"] or "").strip() for part in parts]
    if not layer.name:
        names = [(part.get("name") or "").strip() for part in parts]
    return keys, names


def texts_of(column: pd.Series) -> list[str]:
    """Write a column as texts; empty where a cell is."""
    if pd.api.types.is_float_dtype(column):  # some exports write 11 as 11.0
        return ["" if pd.isna(value) else f"{value:.15g}" for value in column]
    return ["" if pd.isna(value) else _plain(str(value)) for value in column]


def _plain(text: str) -> str:
    """Write a text on one line as readers see it; some exports leave HTML in it."""
    return " ".join(clean_text(unescape(text) if "&" in text else text).split())
