"""The areas of one kind at one date, ready to be sent: every feature written once.

Values are those of files (``machine_table``): where a cell is hidden there is none, and its
status stands beside it. What is not in here, no filter can find.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.publication.export.columns import Column, described
from atlas.publication.export.geodata import areas_of, rows_of
from atlas.publication.seen import Seen
from atlas.publication.views.areas import machine_table
from atlas.terms import Kind

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
WGS84 = f"{_EPSG}4326"
_DEGREES = "OGC:CRS84"
_DECIMALS = {True: 6, False: 2}  # of degrees, of metres: about 0.1 m and 0.01 m


@dataclass(frozen=True)
class Frame:
    """Boundaries in one coordinate system: to be searched, and written as GeoJSON."""

    shapes: NDArray[np.object_]
    written: tuple[bytes, ...]

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index for searches."""
        return shapely.STRtree(self.shapes)


@dataclass(frozen=True, eq=False)
class Layer:
    """Areas of one kind with their columns.

    Attributes
    ----------
    values
        By column: numbers with NaN where none is shown, or texts.
    storage_crs
        Address of the city's own coordinate system.
    """

    columns: tuple[Column, ...]
    ids: tuple[str, ...]
    values: Mapping[str, NDArray[np.generic]]
    storage_crs: str
    _shapes: gpd.GeoSeries
    _written: tuple[bytes, ...]
    _frames: dict[str, Frame] = field(default_factory=dict)

    @property
    def systems(self) -> tuple[str, ...]:
        """Coordinate systems in which it can be sent."""
        return systems_of(self.storage_crs)

    def row(self, place: int) -> dict[str, object]:
        """Columns of one feature; ``None`` where no value is shown."""
        return dict(json.loads(self._written[place]))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Place of each feature by its id."""
        return {key: place for place, key in enumerate(self.ids)}

    def frame(self, crs: str) -> Frame:
        """Give the boundaries in one of its systems."""
        if crs not in self._frames:
            self._frames[crs] = self._framed(crs)
        return self._frames[crs]

    def feature(self, place: int, crs: str) -> bytes:
        """Write one feature without its closing brace, for what may follow."""
        head = json.dumps(self.ids[place], ensure_ascii=False).encode()
        return b"".join(
            (
                *(b'{"type":"Feature","id":', head, b',"geometry":'),
                *(self.frame(crs).written[place], b',"properties":', self._written[place]),
            )
        )

    def _framed(self, crs: str) -> Frame:
        in_degrees = crs != self.storage_crs
        areas = self._shapes.to_crs(_DEGREES) if in_degrees else self._shapes
        grid = 10.0 ** -_DECIMALS[in_degrees]
        shapes = shapely.orient_polygons(shapely.set_precision(areas.to_numpy(), grid))
        if crs == WGS84:
            shapes = shapely.transform(shapes, lambda points: points[:, ::-1])
        digits = _DECIMALS[in_degrees]
        return Frame(shapes, tuple(_json(_geometry(shape, digits)) for shape in shapes))


def layer_of(seen: Seen, kind: Kind) -> Layer:
    """Make the areas of a kind ready to be sent."""
    areas = areas_of(seen, kind)
    columns = described(seen, machine_table(seen, kind))
    plain = areas.drop(columns=areas.geometry.name)
    return Layer(
        columns=columns,
        ids=tuple(plain["area_id"]),
        values={one.name: _column(plain[one.name].to_numpy(), one) for one in columns},
        storage_crs=storage_crs_of(seen),
        _shapes=areas.geometry,
        _written=tuple(map(_json, rows_of(areas))),
    )


def storage_crs_of(seen: Seen) -> str:
    """Address of the city's own coordinate system."""
    return epsg_of(seen.config.city.crs)


def epsg_of(name: str) -> str:
    """Address of a coordinate system by its name, e.g. ``EPSG:25832``."""
    return f"{_EPSG}{name.rpartition(':')[2]}"


def systems_of(storage_crs: str) -> tuple[str, ...]:
    """Coordinate systems in which features are sent, the first where none is named."""
    return (CRS84, WGS84, storage_crs)


def _column(values: Sequence[object], column: Column) -> NDArray[np.generic]:
    if column.type == "number":
        return np.array([np.nan if v is None else v for v in values], dtype=float)
    return np.array([str(value) for value in values], dtype=object)


def _geometry(shape: shapely.Geometry, digits: int) -> dict[str, object]:
    told = shapely.geometry.mapping(shape)
    return {"type": told["type"], "coordinates": _rounded(told["coordinates"], digits)}


def _rounded(numbers: object, digits: int) -> object:
    if isinstance(numbers, float):
        return round(numbers, digits)
    if isinstance(numbers, tuple | list):
        return [_rounded(one, digits) for one in numbers]
    return numbers


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
