"""All Quartiere of a city small, some or spots in colours: a map beside words and tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import shapely

from atlas.publication.export.picture.page import (
    INK,
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
    Extract,
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
_SPOT_PX = 6.0


@dataclass(frozen=True)
class _Ground:
    """White like the page."""

    fill: str = PAPER
    ink: str = INK
    hatch: str = ""


_GROUND = _Ground()


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
    _, shapes = _city(release)
    filled = [(shapes[key], looks[key]) for key in sorted(shapes) if key in looks]
    borders = Stroke(rings_of([*shapes.values()]), LINE, 0.6)
    words = tuple(_words(shapes, looks, labels))
    return replace(_picture(text, filled), strokes=(borders,), words=words)


def spot_map(
    release: Release, text: str, spots: Sequence[tuple[tuple[float, float], Look]]
) -> Picture:
    """Draw the borders of all Quartiere and spots above them.

    Parameters
    ----------
    text
        As for ``plain_map``.
    spots
        Longitude and latitude of each, and how it is filled; a later one lies above.
    """
    extract, shapes = _city(release)
    places = [shapely.Point(place) for place, _ in spots]
    degrees = gpd.GeoSeries(places, crs="EPSG:4326")
    metres = degrees.to_crs(release.info.config.city.crs).to_numpy()
    round_ = shapely.buffer(shapely.transform(metres, extract.on_page), _SPOT_PX)
    above = [(shape, look) for shape, (_, look) in zip(round_, spots, strict=True)]
    # Areas come first, so that no border runs over a spot.
    return _picture(text, [*((shape, _GROUND) for shape in shapes.values()), *above])


def _city(release: Release) -> tuple[Extract, dict[str, shapely.Geometry]]:
    """Where everything stands on the picture, and the Quartiere there by key."""
    bounds = read_boundaries(release.path, Kind.QUARTIER)
    west, south, east, north = bounds.total_bounds.tolist()
    extract = extract_of((west, south, east, north), (0, 0, *_SIZE), _MARGIN_PX)
    return extract, drawn_shapes(bounds, extract)


def _picture(text: str, filled: Sequence[tuple[shapely.Geometry, Look]]) -> Picture:
    kinds = tuple(dict.fromkeys(look for _, look in filled))
    layers = (
        Layer("", tuple(polygons_of(shape) for shape, look in filled if look == kind), LINE)
        for kind in kinds
    )
    return Picture(
        title=text,
        description="",
        looks=kinds,
        layers=tuple(layers),
        strokes=(),
        boxes=(),
        words=(),
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
