"""Areas outside the chain: which blocks each holds, by a crosswalk or by its own boundaries.

Column ``parts`` of areas lists the keys of these blocks, separated by blanks; it is empty in
the chain.
"""

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd

from atlas.config import City, Edition, Layer
from atlas.crosswalk import read_crosswalk
from atlas.geography.checks import layer_faults
from atlas.geography.faults import Fault
from atlas.geography.holding import dissolved, placed
from atlas.geography.read import Sources, find_file, place_of, read_layer
from atlas.geography.repair import repaired
from atlas.terms import Kind
from atlas.words import first_few

PARTS = "parts"
_SHOWN = 3


def chain_of_areas(areas: pd.DataFrame) -> pd.DataFrame:
    """Leave out the areas outside the chain."""
    return areas[areas[PARTS] == ""] if PARTS in areas else areas


def places_of(areas: pd.DataFrame) -> pd.DataFrame:
    """Keys of areas and how they lie in each other, without names and boundaries."""
    columns = ["kind", "area_id", "parent_id", PARTS]
    return pd.DataFrame(areas[[name for name in columns if name in areas]])


def without_parts(areas: pd.DataFrame) -> pd.DataFrame:
    """Leave out which blocks an area holds, for whom blocks do not exist."""
    return areas.drop(columns=PARTS, errors="ignore")


def overlaid(
    city: City, edition: Edition, kind: Kind, given: tuple[gpd.GeoDataFrame, Sources]
) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Read the areas of one kind outside the chain, with the blocks in each.

    Parameters
    ----------
    given
        Areas of the blocks, and where files lie.

    Raises
    ------
    GeographyError
        If a file cannot be read.
    """
    blocks, sources = given
    layer, place = edition.layer(kind), place_of(edition, kind)
    faults: list[Fault] = []
    frame = None
    if layer.file:
        frame = read_layer(city, edition, kind, sources)
        frame = repaired(frame, layer, place)[0] if layer.repair else frame
        faults += layer_faults(frame, place)
    if layer.crosswalk:
        table = read_crosswalk(find_file(layer.crosswalk, sources.geodata_dirs))
        faults += _crosswalk_faults(table, blocks, layer)
        holder = dict(zip(table["from_id"], table["to_id"], strict=True))
        blocks = blocks.assign(parent_id=blocks["area_id"].map(holder).fillna(""))
    elif frame is not None:
        blocks = placed(blocks, frame)
    held = blocks[blocks["parent_id"] != ""]
    frame = dissolved(held, layer) if frame is None else frame
    source = f"Umsteigeschlüssel {layer.crosswalk}" if layer.crosswalk else place
    faults += _holding_faults(blocks, frame, source)
    parts = held.groupby("parent_id")["area_id"].agg(lambda keys: " ".join(sorted(keys)))
    own = frame["area_id"].map(parts).fillna("")
    return frame.assign(parent_id=city.key, **{PARTS: own}), faults


def _crosswalk_faults(
    table: pd.DataFrame, blocks: pd.DataFrame, layer: Layer
) -> Iterator[Fault]:
    """Tell of blocks that are none, and of blocks that lie in two areas."""
    place = f"Umsteigeschlüssel {layer.crosswalk}"
    if unknown := sorted(set(table["from_id"]) - set(blocks["area_id"])):
        yield Fault(
            f"{place}: {first_few(unknown, _SHOWN)} ist kein Block. Erwartet: from_id ist ein "
            "Schlüssel der Blöcke dieses Gebietsstands. Datei prüfen."
        )
    split = table.loc[table["share"] != 1, "from_id"].drop_duplicates()
    if len(split):
        shapes = blocks.geometry[blocks["area_id"].isin(split)]
        yield Fault(
            f"{place}: Block {first_few(list(split), _SHOWN)} liegt nicht in einem Gebiet "
            "allein. Erwartet: share 1. Jeden Block dem Gebiet zuordnen, in dem die meisten "
            "wohnen.",
            tuple(shapes),
        )


def _holding_faults(
    blocks: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, place: str
) -> Iterator[Fault]:
    """Tell of blocks in no area, areas without blocks, and keys that cannot be listed."""
    is_loose = ~blocks["parent_id"].isin(frame["area_id"])
    if is_loose.any():
        keys = first_few(list(blocks["area_id"][is_loose]), _SHOWN)
        shapes = tuple(blocks.geometry[is_loose])
        yield Fault(
            f"{place}: Block {keys} liegt in keinem Gebiet. Erwartet: jeder Block in genau "
            "einem. Datei ergänzen.",
            shapes,
        )
    is_empty = ~frame["area_id"].isin(blocks["parent_id"])
    if is_empty.any():
        keys = first_few(list(frame["area_id"][is_empty]), _SHOWN)
        yield Fault(
            f"{place}: kein Block liegt in {keys}. Erwartet: mindestens einer. Gebiet "
            "weglassen (filter in areas.toml) oder Datei prüfen.",
            tuple(frame.geometry[is_empty]),
        )
    if (has_blank := blocks["area_id"].str.contains(" ")).any():
        keys = first_few(list(blocks["area_id"][has_blank]), _SHOWN)
        yield Fault(
            f"{place}: Schlüssel von Blöcken mit Leerzeichen ({keys}). Erwartet: keine, wo "
            "Gebiete aus Blöcken bestehen. Schlüssel ändern."
        )
