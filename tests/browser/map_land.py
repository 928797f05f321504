"""What part of the world the map shows, and what lies there by the boundary file alone."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import shapely
from playwright.sync_api import Frame

_METRES_PER_DEGREE = 111_320
_VIEW = """() => ({
    center: map.getCenter(), zoom: map.getZoom(),
    bounds: map.getBounds().toBBoxString().split(",").map(Number),
    metres: map.distance(...[[0, 0], [1, 0]].map((point) => map.containerPointToLatLng(point))),
    file: map.atlas.geometry.split("/karte/")[1] })"""


@dataclass(frozen=True)
class Extent:
    """What part of the world the map shows, of which boundary file of which release."""

    lat: float
    lng: float
    zoom: float
    bounds: tuple[float, float, float, float]
    metres_per_px: float
    city: str
    release: str
    name: str

    @property
    def map_file(self) -> Path:
        """Boundary file below the directory of releases."""
        return Path(self.city, self.release, "map", self.name)

    def degrees(self, px: float) -> tuple[float, float]:
        """So many pixels to the side and upwards, in degrees."""
        high = px * self.metres_per_px / _METRES_PER_DEGREE
        return high / math.cos(math.radians(self.lat)), high

    def px_from(self, other: "Extent") -> float:
        """How far the middle lies from that of another extent."""
        wide, high = self.degrees(1)
        return math.hypot((self.lng - other.lng) / wide, (self.lat - other.lat) / high)


@dataclass(frozen=True)
class Land:
    """Areas of one boundary file."""

    tree: shapely.STRtree
    keys: Sequence[str]
    names: Sequence[str]
    whole: shapely.Geometry

    def at(self, x: float, y: float) -> str:
        """Key of the area at a place; empty outside."""
        found = self.tree.query(shapely.Point(x, y), predicate="within")
        return self.keys[found[0]] if len(found) else ""

    def title_of(self, key: str) -> str:
        """Key and name of an area as a reader sees them."""
        name = self.names[self.keys.index(key)]
        return f"{key} {name}" if name and name != key else key

    def is_near_border(self, x: float, y: float, degrees: tuple[float, float]) -> bool:
        """Whether another area lies within so many degrees to the side and upwards."""
        wide, high = degrees
        here = self.at(x, y)
        around = ((x + i * wide, y + j * high) for i in (-1, 0, 1) for j in (-1, 0, 1))
        return any(self.at(*place) != here for place in around)


def extent_of(frame: Frame) -> Extent:
    """Ask the map what it shows."""
    found = frame.evaluate(_VIEW)
    west, south, east, north = found["bounds"]
    return Extent(
        found["center"]["lat"],
        found["center"]["lng"],
        found["zoom"],
        (west, south, east, north),
        found["metres"],
        *found["file"].split("/"),
    )


@cache
def read_land(path: Path) -> Land:
    """Read a boundary file."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    shapes = [shapely.geometry.shape(one["geometry"]) for one in features]
    names = [str(one["properties"]["name"]) for one in features]
    keys = [str(one["id"]) for one in features]
    return Land(shapely.STRtree(shapes), keys, names, shapely.union_all(shapes))
