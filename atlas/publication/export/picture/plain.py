"""All Quartiere of a city small, some of them in colours: a map beside words and tables."""

from collections.abc import Iterator, Mapping

import shapely

from atlas.publication.export.picture.page import (
    LINE,
    PAPER,
    Layer,
    Look,
    Picture,
    Stroke,
    Words,
    width_of,
)
from atlas.publication.export.picture.shapes import (
    drawn_shapes,
    extract_of,
    polygons_of,
    rings_of,
    roomiest_point,
)
from atlas.release import Release, read_boundaries
from atlas.terms import Kind

_SIZE = (620, 430)
_MARGIN_PX = 4.0
_LABEL_PX = 11.0
# From the middle of a line of text down to its baseline, as part of the size.
_TO_BASELINE = 0.36


def plain_map(
    release: Release, text: str, looks: Mapping[str, Look], labels: Mapping[str, str]
) -> Picture:
    """Draw the borders of all Quartiere and fill some of them.

    Parameters
    ----------
    text
        What the picture says in words.
    looks
        Area key to how it is filled; the others stay white.
    labels
        Area key to what stands in it where there is room.
    """
    bounds = read_boundaries(release.path, Kind.QUARTIER)
    west, south, east, north = bounds.total_bounds.tolist()
    extract = extract_of((west, south, east, north), (0, 0, *_SIZE), _MARGIN_PX)
    shapes = drawn_shapes(bounds, extract)
    kinds = tuple(dict.fromkeys(looks[key] for key in sorted(shapes) if key in looks))
    layers = (
        Layer(
            "",
            tuple(polygons_of(shapes[k]) for k in sorted(shapes) if looks.get(k) == kind),
            LINE,
        )
        for kind in kinds
    )
    return Picture(
        title=text,
        description="",
        looks=kinds,
        layers=tuple(layers),
        strokes=(Stroke(rings_of([*shapes.values()]), LINE, 0.6),),
        boxes=(),
        words=tuple(_words(shapes, looks, labels)),
        size=_SIZE,
    )


def _words(
    shapes: Mapping[str, shapely.Geometry],
    looks: Mapping[str, Look],
    labels: Mapping[str, str],
) -> Iterator[Words]:
    for key in sorted(labels.keys() & shapes.keys() & looks.keys()):
        (x, y), radius = roomiest_point(shapes[key])
        if 2 * radius > max(width_of(labels[key], _LABEL_PX), _LABEL_PX):
            yield Words(
                x,
                y + _TO_BASELINE * _LABEL_PX,
                labels[key],
                _LABEL_PX,
                colour=looks[key].ink,
                is_bold=looks[key].ink == PAPER,
                is_centred=True,
            )
