"""What lies between areas, as a release holds it: beside the boundaries, public like them.

``map/context-drawn.<hash>.json`` is for the map, ``map/context-streets.<hash>.json`` for the
search, ``map/context-pupils.<hash>.json`` for posts of schools; see ``ContextFiles``. No kind
of area has such a name: there is no hyphen in one.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlas.config import POINTS, MapContext, Shows
from atlas.errors import ReleaseError
from atlas.geography import ContextFiles, json_bytes

DRAWN, STREETS, PUPILS = "context-drawn", "context-streets", "context-pupils"
_DEGREES = (180, 90)
_LINE, _AREA = "LineString", ("Polygon", "MultiPolygon")
_SHAPES: dict[Shows, tuple[str, ...]] = {
    Shows.WATER: (_LINE, *_AREA),
    Shows.RAILWAY: (_LINE,),
    Shows.ROADS: (_LINE,),
    Shows.GREEN: _AREA,
    **dict.fromkeys(POINTS, ("Point",)),
}


@dataclass(frozen=True)
class Place:
    """Something with a name that one can go to; ``layer`` is empty for a street.

    Attributes
    ----------
    position
        Longitude and latitude.
    """

    layer: str
    name: str
    note: str
    quartier: str
    position: tuple[float, float]


def write_context(map_dir: Path, files: ContextFiles) -> None:
    """Write the files that there are, named by their content."""
    named = ((DRAWN, files.drawn), (STREETS, files.streets), (PUPILS, files.pupils))
    for name, content in named:
        if content:
            digest = hashlib.sha256(content).hexdigest()[:16]
            (map_dir / f"{name}.{digest}.json").write_bytes(content)


def find_context(release: Path, name: str) -> Path | None:
    """File of a release by its name without the hash; None if there is none."""
    return next(iter(sorted(release.glob(f"map/{name}.*.json"))), None)


def read_context(release: Path) -> ContextFiles | None:
    """Read all files as they are; None where there is none."""
    found = [find_context(release, name) for name in (DRAWN, STREETS, PUPILS)]
    if not any(found):
        return None
    return ContextFiles(*(path.read_bytes() if path else b"" for path in found))


def read_places(release: Path) -> tuple[Place, ...]:
    """Points with a name in the order of the map, then streets by name.

    Raises
    ------
    ReleaseError
        If a file is not what the format says.
    """
    files = read_context(release) or ContextFiles()
    try:
        return (*_points(files.drawn), *_streets(files.streets))
    except (ValueError, KeyError, TypeError):
        raise ReleaseError(
            f"Release {release.name}: Orte der Karte beschädigt. Mit atlas verify prüfen und "
            "den Stichtag neu veröffentlichen."
        ) from None


def wrong_with_context(release: Path, context: MapContext | None) -> Iterator[str]:
    """Say of the map's files what a reader could not read; nothing where all is right."""
    files = read_context(release) or ContextFiles()
    known = {layer.id: layer.shows for layer in context.drawn()} if context else {}
    has_streets = context is not None and len(context.drawn()) < len(context.layers)
    is_there, is_wanted = (bool(files.drawn), bool(files.streets)), (bool(known), has_streets)
    if find_context(release, "quartier") and is_there != is_wanted:
        yield "Ebenen der Karte fehlen oder gehören nicht dazu"
    if files.drawn and not _is_right(files.drawn, lambda told: _is_drawn(told, known)):
        yield "die Ebenen der Karte sind kein GeoJSON nach RFC 7946"
    if files.streets and not _is_right(files.streets, _are_streets):
        yield "das Verzeichnis der Straßen ist nicht lesbar"


def _points(content: bytes) -> Iterator[Place]:
    for one in json.loads(content)["features"] if content else ():
        told = one["properties"]
        if "quartier" in told and told.get("name"):
            x, y = one["geometry"]["coordinates"]
            note = told.get("note", "")
            yield Place(told["layer"], told["name"], note, told["quartier"], (x, y))


def _streets(content: bytes) -> Iterator[Place]:
    for name, quartier, x, y in json.loads(content)["streets"] if content else ():
        yield Place("", name, "", quartier, (x, y))


def _is_right(content: bytes, check: Any) -> bool:
    """Whether it is JSON, written in the one way of these files, of what is expected."""
    try:
        told = json.loads(content)
        return bool(json_bytes(told) == content and check(told))
    except (ValueError, KeyError, TypeError):
        return False


def _is_drawn(told: Mapping[str, Any], known: Mapping[str, Shows]) -> bool:
    return told["type"] == "FeatureCollection" and all(
        _is_feature(one["properties"], one["geometry"], known) for one in told["features"]
    )


def _is_feature(told: Mapping[str, str], shape: Any, known: Mapping[str, Shows]) -> bool:
    shows = known.get(told["layer"])
    if shows is None or shape["type"] not in _SHAPES[shows]:
        return False
    is_named = all(text.isprintable() for text in told.values())
    return is_named and all(map(_is_on_earth, _positions(shape["coordinates"])))


def _are_streets(told: Mapping[str, Any]) -> bool:
    rows = told["streets"]
    return rows == sorted(rows) and all(
        name.isprintable() and bool(quartier) and _is_on_earth(place)
        for name, quartier, *place in rows
    )


def _positions(coordinates: Any) -> Iterator[Any]:
    if coordinates and isinstance(coordinates[0], list):
        for one in coordinates:
            yield from _positions(one)
    else:
        yield coordinates


def _is_on_earth(place: Any) -> bool:
    return len(place) == len(_DEGREES) and all(
        abs(one) <= most for one, most in zip(place, _DEGREES, strict=True)
    )
