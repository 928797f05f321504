"""Where one Quartier lies in the city: a small map without values."""

from collections.abc import Mapping
from dataclasses import dataclass

import shapely

from atlas.publication.export.picture.page import LINE, MARK, PAPER, Layer, Picture, Stroke
from atlas.publication.export.picture.shapes import (
    drawn_shapes,
    extract_of,
    polygons_of,
    rings_of,
)
from atlas.publication.seen import see
from atlas.release import Release, read_boundaries
from atlas.terms import Kind

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


def locator_picture(release: Release, area_id: str, text: str, fill: str) -> Picture:
    """Draw the districts, the Quartiere of one of them darker, one Quartier in a colour.

    Without districts all Quartiere are drawn alike.

    Parameters
    ----------
    text
        What the picture says in words.
    fill
        Colour of the Quartier, ``#rrggbb``.
    """
    bounds = read_boundaries(release.path, Kind.QUARTIER)
    west, south, east, north = bounds.total_bounds.tolist()
    extract = extract_of((west, south, east, north), (0, 0, *_SIZE), _MARGIN_PX)
    own = drawn_shapes(bounds[bounds["area_id"] == area_id], extract)
    above = see(release).kind_above(Kind.QUARTIER)
    if above in (None, Kind.CITY):
        ground, near = drawn_shapes(bounds, extract, _TOLERANCE_PX), {}
    else:
        parents = bounds.set_index("area_id")["parent_id"]
        inside = bounds[bounds["parent_id"] == parents[area_id]]
        ground = drawn_shapes(read_boundaries(release.path, above), extract, _TOLERANCE_PX)
        near = drawn_shapes(inside, extract, _TOLERANCE_PX)
    outline = rings_of([shapely.union_all([*ground.values()])])
    marked = rings_of([*own.values()])
    return Picture(
        title=text,
        description="",
        looks=(_Plain(_GROUND), _Plain(_NEAR), _Plain(fill)),
        layers=tuple(_layer(shapes) for shapes in (ground, near, own)),
        strokes=(
            Stroke(outline, LINE, 0.8),
            Stroke(marked, PAPER, 3.2),
            Stroke(marked, MARK, 1.4),
        ),
        boxes=(),
        words=(),
        size=_SIZE,
    )


def _layer(shapes: Mapping[str, shapely.Geometry]) -> Layer:
    return Layer("", tuple(polygons_of(shape) for _, shape in sorted(shapes.items())), PAPER)
