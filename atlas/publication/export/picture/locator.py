"""Where one Quartier lies in the city: a small map without values."""

from collections.abc import Mapping
from dataclasses import dataclass

import shapely

from atlas.publication.export.picture.page import (
    LINE,
    MARK,
    PAPER,
    Layer,
    Picture,
    Ring,
    Stroke,
)
from atlas.publication.export.picture.shapes import (
    drawn_shapes,
    extract_of,
    polygons_of,
    rings_of,
)
from atlas.publication.seen import Seen
from atlas.release import read_boundaries
from atlas.terms import Group, Kind

_SIZE = (300, 204)
_MARGIN_PX = 3.0
# A line of the map is wider.
_TOLERANCE_PX = 0.8
_GROUND, _NEAR = "#f0ece4", "#dcd4c4"


@dataclass(frozen=True)
class _Plain:
    fill: str
    ink: str = MARK
    hatch: str = ""


@dataclass(frozen=True)
class _Ground:
    """The city without a marked Quartier: drawn once for all of them."""

    quartiere: Mapping[str, shapely.Geometry]
    coarse: Mapping[str, shapely.Geometry]
    above: Mapping[str, shapely.Geometry]
    parent_of: Mapping[str, str]
    outline: tuple[Ring, ...]

    @classmethod
    def of(cls, seen: Seen) -> "_Ground":
        path = seen.release.path
        bounds = read_boundaries(path, Kind.QUARTIER)
        west, south, east, north = bounds.total_bounds.tolist()
        extract = extract_of((west, south, east, north), (0, 0, *_SIZE), _MARGIN_PX)
        coarse = drawn_shapes(bounds, extract, _TOLERANCE_PX)
        above, parent_of = coarse, {}
        kind = seen.kind_above(Kind.QUARTIER)
        if kind is not None and kind != Kind.CITY:
            above = drawn_shapes(read_boundaries(path, kind), extract, _TOLERANCE_PX)
            parent_of = bounds.set_index("area_id")["parent_id"].to_dict()
        return cls(
            quartiere=drawn_shapes(bounds, extract),
            coarse=coarse,
            above=above,
            parent_of=parent_of,
            outline=tuple(rings_of([shapely.union_all([*above.values()])])),
        )

    def near(self, area_id: str) -> dict[str, shapely.Geometry]:
        """Quartiere of the same area above; none where there is none above."""
        parent = self.parent_of.get(area_id)
        inside = (key for key, one in self.parent_of.items() if one == parent)
        return {key: self.coarse[key] for key in inside if key in self.coarse}


def locator_picture(seen: Seen, area_id: str, text: str, fill: str) -> Picture:
    """Draw the districts, the Quartiere of one of them darker, one Quartier in a colour.

    Without districts all Quartiere are drawn alike.

    Parameters
    ----------
    text
        What the picture says in words.
    fill
        Colour of the Quartier, ``#rrggbb``.
    """
    ground = seen.through(Group.ALL).once("locator", lambda: _Ground.of(seen))
    own = {area_id: ground.quartiere[area_id]}
    marked = rings_of([*own.values()])
    return Picture(
        title=text,
        description="",
        looks=(_Plain(_GROUND), _Plain(_NEAR), _Plain(fill)),
        layers=tuple(_layer(shapes) for shapes in (ground.above, ground.near(area_id), own)),
        strokes=(
            Stroke(ground.outline, LINE, 0.8),
            Stroke(marked, PAPER, 3.2),
            Stroke(marked, MARK, 1.4),
        ),
        boxes=(),
        words=(),
        size=_SIZE,
    )


def _layer(shapes: Mapping[str, shapely.Geometry]) -> Layer:
    return Layer("", tuple(polygons_of(shape) for _, shape in sorted(shapes.items())), PAPER)
