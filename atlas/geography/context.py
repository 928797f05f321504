"""What lies between the areas of an edition: read, checked, cut to the city, made into files.

shapes: one row per feature; columns ``layer`` (its id), ``name``, ``note``, ``quartier`` (of a
point the key of its Quartier), ``geometry`` in the city's metric CRS. Knows no value.
"""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.config import POINTS, City, ContextLayer, MapContext, ProtectionRules, Shows
from atlas.errors import GeographyError
from atlas.geography.context_files import ContextFiles, files_of
from atlas.geography.draw import SIMPLIFY_M
from atlas.geography.pupils import faults_of_pupils, pupils_json
from atlas.geography.read import Sources, read_context_layer
from atlas.geography.streets import streets_of
from atlas.terms import Kind
from atlas.words import counted, number_text

MOST_BYTES = 2_000_000
# Rivers and roads go on a little beyond the city, so that one sees where they lead.
_MARGIN_M = 500.0
_PIXEL_M2 = 100.0
_POINT, _LINE, _POLYGON, _MULTI_POINT, _MULTI_LINE, _MULTI_POLYGON = 0, 1, 3, 4, 5, 6
_LINES, _AREAS, _DOTS = (_LINE, _MULTI_LINE), (_POLYGON, _MULTI_POLYGON), (_POINT, _MULTI_POINT)
_FITTING: dict[Shows, tuple[int, ...]] = {
    Shows.WATER: (*_LINES, *_AREAS),
    Shows.RAILWAY: _LINES,
    Shows.ROADS: _LINES,
    Shows.GREEN: _AREAS,
    Shows.STREETS: (*_LINES, *_DOTS),
    **dict.fromkeys(POINTS, _DOTS),
}
_WORDS = {_LINES: "Linien", _AREAS: "Flächen", _DOTS: "Punkte"}


def load_context(
    city: City,
    context: MapContext,
    areas: gpd.GeoDataFrame,
    sources: Sources,
    rules: ProtectionRules,
) -> ContextFiles:
    """Read every layer that ``context.toml`` names and make the files of a release of them.

    Parameters
    ----------
    areas
        Areas of the edition, among them Quartiere and the city.
    rules
        What may leave: no school with fewer pupils than anybody may be told.

    Raises
    ------
    GeographyError
        Naming every layer and what is wrong with it, or that the files are too large.
    """
    quartiere = areas[areas["kind"] == str(Kind.QUARTIER)]
    whole = areas.geometry[areas["kind"] == str(Kind.CITY)].iloc[0]
    shown: list[gpd.GeoDataFrame] = []
    streets: list[gpd.GeoDataFrame] = []
    faults: list[str] = []
    for layer in context.layers:
        try:
            frame = _read(city, layer, whole, sources)
            _refuse(_faults_of_pupils(frame, layer, rules))
        except GeographyError as error:
            # The reader of boundaries speaks of the file that names those.
            faults.append(str(error).replace("areas.toml", "context.toml"))
            continue
        (shown if layer.is_drawn else streets).append(_placed(frame, layer, quartiere))
    _refuse(faults)
    found = files_of(_stacked(shown, city), streets_of(_stacked(streets, city), quartiere))
    files = replace(found, pupils=pupils_json(shown))
    _check_size(files)
    return files


def _read(
    city: City, layer: ContextLayer, whole: shapely.Geometry, sources: Sources
) -> gpd.GeoDataFrame:
    place = _place_of(layer)
    frame = read_context_layer(city, layer, sources, place)
    _refuse(_faults(frame, layer, place))
    shapes = shapely.get_parts(frame.geometry.values, return_index=True)
    parts = frame.iloc[shapes[1]].set_geometry(shapes[0], crs=frame.crs)
    is_found_by_name = layer.shows in POINTS or not layer.is_drawn
    room = whole if is_found_by_name else whole.buffer(_MARGIN_M)
    parts = parts[shapely.intersects(parts.geometry.values, room)]
    if parts.empty:
        raise GeographyError(
            f"{place}: nichts davon liegt in der Stadt. Datei und crs in context.toml prüfen."
        )
    if is_found_by_name and not parts["name"].any():
        raise GeographyError(
            f"{place}: Spalte „{layer.name}“ ist leer. Erwartet: Namen. name in context.toml "
            "prüfen."
        )
    return parts.assign(layer=layer.id).reset_index(drop=True)


def _place_of(layer: ContextLayer) -> str:
    return f"Kontext {layer.id} ({layer.file})"


def _faults_of_pupils(
    frame: gpd.GeoDataFrame, layer: ContextLayer, rules: ProtectionRules
) -> list[str]:
    if layer.pupils is None:
        return []
    return [*faults_of_pupils(frame, layer.pupils, rules, _place_of(layer))]


def _faults(frame: gpd.GeoDataFrame, layer: ContextLayer, place: str) -> list[str]:
    shapes = frame.geometry.values
    is_missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    faults = []
    if is_missing.any():
        rows = counted(int(is_missing.sum()), "Zeile", "Zeilen")
        faults.append(
            f"{place}: {rows} ohne Geometrie. In der Quelle ergänzen oder mit filter weglassen."
        )
    fitting = _FITTING[layer.shows]
    is_other = ~np.isin(shapely.get_type_id(shapes), fitting) & ~is_missing
    if is_other.any():
        words = " oder ".join(word for kinds, word in _WORDS.items() if kinds[0] in fitting)
        rows = counted(int(is_other.sum()), "Zeile", "Zeilen")
        faults.append(
            f"{place}: {rows} mit einer anderen Geometrie ({shapes[is_other][0].geom_type}). "
            f'Erwartet bei shows = "{layer.shows}": {words}. Datei oder shows in context.toml '
            "prüfen."
        )
    is_broken = ~is_missing & ~is_other & ~shapely.is_valid(shapes)
    if is_broken.any():
        spot = shapely.get_coordinates(shapes[is_broken][0])[0]
        at = f"{number_text(spot[0], 0)} / {number_text(spot[1], 0)}"
        rows = counted(int(is_broken.sum()), "Zeile", "Zeilen")
        faults.append(
            f"{place}: {rows} mit ungültiger Geometrie (z. B. Selbstschnitt), die erste bei "
            f"{at}. In der Quelle berichtigen."
        )
    return faults


def _placed(
    frame: gpd.GeoDataFrame, layer: ContextLayer, quartiere: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Points with their Quartier; lines and areas cut to the city, merged and simple."""
    if layer.shows in POINTS:
        placed = frame.assign(quartier=_quartier_of(frame, quartiere))
        return placed[placed["quartier"] != ""]
    if not layer.is_drawn:
        return frame.assign(quartier="")
    room = shapely.union_all(quartiere.geometry.values).buffer(_MARGIN_M)
    cut = frame.set_geometry(shapely.intersection(frame.geometry.values, room), crs=frame.crs)
    merged = [
        (name, part)
        for name, parts in cut.groupby("name", sort=True)
        for part in _simple(parts.geometry.values)
    ]
    return gpd.GeoDataFrame(
        {"layer": layer.id, "name": [name for name, _ in merged], "note": "", "quartier": ""},
        geometry=[part for _, part in merged],
        crs=frame.crs,
    )


def _simple(shapes: np.ndarray) -> list[shapely.Geometry]:
    """Areas and lines of one name: each line as long as it can be, nothing too small to see."""
    parts = shapely.get_parts(shapely.get_parts(shapes))
    kinds = shapely.get_type_id(parts)
    lines = shapely.line_merge(shapely.union_all(parts[kinds == _LINE]))
    areas = parts[(kinds == _POLYGON) & (shapely.area(parts) > _PIXEL_M2)]
    simple = shapely.simplify([*shapely.get_parts(lines), *areas], SIMPLIFY_M)
    found = [one for one in simple if not one.is_empty]
    return [found[at] for at in np.lexsort(shapely.bounds(found).T)] if found else []


def _quartier_of(frame: gpd.GeoDataFrame, quartiere: gpd.GeoDataFrame) -> list[str]:
    """Key of the Quartier in which each point lies; on a border the first one."""
    points = frame.geometry.values
    keys = quartiere["area_id"].to_numpy(dtype=object)
    found, holder = shapely.STRtree(quartiere.geometry.values).query(
        points, predicate="intersects"
    )
    first: dict[int, int] = {}
    for point, area in zip(found.tolist(), holder.tolist(), strict=True):
        first[point] = min(area, first.get(point, area))
    return [str(keys[first[at]]) if at in first else "" for at in range(len(points))]


def _stacked(frames: list[gpd.GeoDataFrame], city: City) -> gpd.GeoDataFrame:
    columns = ["layer", "name", "note", "quartier", "geometry"]
    if not frames:
        return gpd.GeoDataFrame({one: [] for one in columns}, crs=city.crs)
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True)[columns], crs=city.crs)


def _refuse(faults: list[str]) -> None:
    if len(faults) == 1:
        raise GeographyError(faults[0])
    if faults:
        listed = "".join(f"\n  {n}. {text}" for n, text in enumerate(faults, start=1))
        raise GeographyError(f"Kontext, {len(faults)} Befunde:{listed}")


def _check_size(files: ContextFiles) -> None:
    size = len(files.drawn) + len(files.streets) + len(files.pupils)
    if size > MOST_BYTES:
        raise GeographyError(
            f"Kontext: {number_text(size / 1e6, 1)} MB. Erwartet: höchstens "
            f"{number_text(MOST_BYTES / 1e6, 0)} MB je Veröffentlichung. Ebenen in "
            "context.toml weglassen oder mit filter auf das Wichtige beschränken."
        )
