"""Load all kinds of areas of one edition: the order of the steps, and all faults at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from atlas.config import City, Edition
from atlas.errors import GeographyError
from atlas.geography.checks import (
    check_scale,
    check_unit,
    gap_notes,
    layer_faults,
    nesting_faults,
)
from atlas.geography.faults import Fault, texts_of
from atlas.geography.holding import dissolved, placed
from atlas.geography.overlay import PARTS, chain_of_areas, overlaid
from atlas.geography.picture import picture_of
from atlas.geography.read import Sources, frame_of, place_of, read_layer
from atlas.geography.repair import repaired
from atlas.terms import Kind

AREA_COLUMNS = ["kind", "area_id", "name", "parent_id", "area_ha", "geometry"]
_M2_PER_HA = 10_000.0
_Frames = dict[Kind, gpd.GeoDataFrame]


class BoundaryError(GeographyError):
    """Faults of boundaries, with an SVG that shows them; empty if there is nothing to see."""

    def __init__(self, message: str, picture: str) -> None:
        super().__init__(message)
        self.picture = picture


@dataclass(frozen=True)
class Survey:
    """Areas of an edition, and German sentences on what was repaired and on narrow gaps.

    Attributes
    ----------
    picture
        An SVG of the gaps; empty where there are none.
    """

    areas: gpd.GeoDataFrame
    notes: tuple[str, ...]
    picture: str = ""


def load_areas(
    city: City,
    edition: Edition,
    geodata_dirs: Sequence[Path],
    scratch_dir: Path | None = None,
) -> gpd.GeoDataFrame:
    """Read, check and stack all kinds of one edition.

    Parameters
    ----------
    geodata_dirs
        Searched in this order for the files that ``areas.toml`` names.
    scratch_dir
        Where copies lie while they are read; None: where the system keeps such.

    Raises
    ------
    GeographyError
        Naming every layer and the areas: unreadable, key missing or twice, invalid or empty
        geometry, overlap, a child without its parent or outside of it; with a picture.
    ConfigError
        If areas measured in the city's CRS are not true.
    """
    return survey_areas(city, edition, Sources(geodata_dirs, scratch_dir)).areas


def survey_areas(city: City, edition: Edition, sources: Sources) -> Survey:
    """Load areas as ``load_areas`` does, with what was repaired as declared."""
    check_unit(city)
    frames: _Frames = {}
    read: _Frames = {}
    faults: list[Fault] = []
    notes: list[Fault] = []
    for kind, layer in edition.layers().items():
        try:
            frame, said = _layer(city, edition, kind, sources)
        except GeographyError as error:
            faults.append(Fault(str(error)))
            continue
        read[kind] = frame
        place = place_of(edition, kind)
        found = layer_faults(frame, place) if layer.file else []
        faults += found
        notes += map(Fault, said)
        if found:
            continue
        frames[kind] = frame
        if layer.file and kind != Kind.BLOCK:  # between blocks there are streets
            notes += gap_notes(frame, place)
    faults += _connect(frames, edition)
    _refuse(faults, read)
    overlays: _Frames = {}
    for kind in edition.overlays():
        overlays[kind], found = overlaid(city, edition, kind, (frames[Kind.BLOCK], sources))
        read[kind] = overlays[kind]
        faults += found
    _refuse(faults, read)
    return Survey(_stacked(city, frames, overlays), texts_of(notes), _drawn(read, notes))


def keys_of(areas: pd.DataFrame, kind: Kind) -> frozenset[str]:
    """Keys of all areas of one kind."""
    return frozenset(areas.loc[areas["kind"] == kind, "area_id"])


def names_of(areas: pd.DataFrame, kind: Kind) -> dict[str, str]:
    """Names of one kind with the key; a name that two areas have tells none."""
    own = areas.loc[areas["kind"] == kind, ["name", "area_id"]]
    own = own.drop_duplicates("name", keep=False)
    return dict(zip(own["name"], own["area_id"], strict=True))


def areas_above(areas: pd.DataFrame, kind: Kind) -> dict[Kind, dict[str, frozenset[str]]]:
    """Areas of every larger kind, with the keys of one kind that lie in each of them.

    An area stands there by its key, and by its name where no other key or name is the same.
    """
    held = {key: frozenset({key}) for key in keys_of(areas, kind)}
    above: dict[Kind, dict[str, frozenset[str]]] = {}
    kinds = list(chain_of_areas(areas)["kind"].unique())
    for small, large in pairwise(kinds[kinds.index(kind) :] if kind in kinds else []):
        own = areas[areas["kind"] == small]
        larger: dict[str, frozenset[str]] = {}
        for key, parent in zip(own["area_id"], own["parent_id"], strict=True):
            larger[parent] = larger.get(parent, frozenset()) | held.get(key, frozenset())
        held = larger
        names = {name: larger.get(key) for name, key in names_of(areas, Kind(large)).items()}
        above[Kind(large)] = {name: own for name, own in names.items() if own} | larger
    return above


def _layer(
    city: City, edition: Edition, kind: Kind, sources: Sources
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read one kind, and repair it as declared; without a file an empty frame."""
    layer = edition.layers()[kind]
    if not layer.file:
        columns: dict[str, list[str]] = {"area_id": [], "name": [], "parent_id": []}
        return frame_of(city.crs, columns, []), []
    frame = read_layer(city, edition, kind, sources)
    return repaired(frame, layer, place_of(edition, kind)) if layer.repair else (frame, [])


def _connect(frames: _Frames, edition: Edition) -> Iterator[Fault]:
    """Give each area its parent, make kinds without a file; tell what does not fit."""
    layers = edition.layers()
    for kind, above in pairwise(layers):
        if kind not in frames or above not in frames:
            continue
        width = layers[above].width
        parents = frames[kind]["parent_id"].map(lambda key, n=width: key and key.zfill(n))
        frames[kind] = frames[kind].assign(parent_id=parents)
        if not layers[above].file:
            if (parents == "").any():
                del frames[above]
                yield Fault(
                    f"Gebietsart {above}: Gebiete ohne übergeordneten Schlüssel. Spalte parent "
                    "in areas.toml prüfen.",
                    tuple(frames[kind].geometry[parents == ""]),
                )
                continue
            frames[above] = dissolved(frames[kind], layers[above])
        elif not (layers[kind].parent or layers[kind].parent_pattern):
            frames[kind] = placed(frames[kind], frames[above])
        place = f"Gebietsstand {edition.id}, Gebietsart {kind}"
        yield from nesting_faults(frames[kind], frames[above], place, above)


def _refuse(faults: Sequence[Fault], frames: _Frames) -> None:
    texts = texts_of(faults)
    if len(texts) == 1:
        raise BoundaryError(texts[0], _drawn(frames, faults))
    if texts:
        listed = "".join(f"\n  {n}. {text}" for n, text in enumerate(texts, start=1))
        raise BoundaryError(f"Grenzen, {len(texts)} Befunde:{listed}", _drawn(frames, faults))


def _drawn(frames: _Frames, faults: Sequence[Fault]) -> str:
    return picture_of(list(frames.values()), faults)


def _stacked(city: City, frames: _Frames, overlays: _Frames) -> gpd.GeoDataFrame:
    """All kinds and the city itself, from small to large; overlays before the city."""
    top = list(frames)[-1]
    whole = shapely.union_all(frames[top].geometry.values)
    check_scale(city, whole)
    attributes = {"area_id": [city.key], "name": [city.name], "parent_id": [""]}
    complete = {
        **frames,
        top: frames[top].assign(parent_id=city.key),
        **overlays,
        Kind.CITY: frame_of(city.crs, attributes, [whole]),
    }
    stacked = [frame.assign(kind=str(kind)) for kind, frame in complete.items()]
    areas = gpd.GeoDataFrame(pd.concat(stacked, ignore_index=True), crs=city.crs)
    areas["area_ha"] = areas.geometry.area / _M2_PER_HA
    if not overlays:
        return areas[AREA_COLUMNS]
    return areas.assign(parts=areas["parts"].fillna(""))[[*AREA_COLUMNS, PARTS]]
