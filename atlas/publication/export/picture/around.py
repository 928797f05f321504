"""The city around the areas, on the page: rivers, railway, roads, parks, names of districts."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import product

import geopandas as gpd
import shapely

from atlas.config import Shows
from atlas.publication.export.picture.page import INK, PAPER, Ring, Stroke, Words, width_of
from atlas.publication.export.picture.shapes import Extract, roomiest_point
from atlas.release import Release, find_context
from atlas.release.context import DRAWN

# As on the interactive map: below first, colour and width of casing and line.
_STYLES: dict[Shows, tuple[tuple[str, float], ...]] = {
    Shows.GREEN: (("#8fae8a", 0.8),),
    Shows.WATER: ((PAPER, 2.4), ("#5f8fa6", 1.5)),
    Shows.ROADS: (("#a5a199", 1.7), (PAPER, 1.0)),
    Shows.RAILWAY: (("#57534b", 1.4), (PAPER, 0.5)),
}
_DECIMALS = 1
_NAME_PX = 10.0
# Where a name may stand beside the roomiest point, the nearest first.
_STEPS = sorted(
    product(range(-60, 61, 12), range(-60, 61, 6)), key=lambda step: abs(step[0]) + abs(step[1])
)


def strokes_around(
    release: Release, layers: Collection[str], extract: Extract
) -> Iterator[Stroke]:
    """Lines and rims of some layers of a release, as far as the map shows them."""
    context = release.info.config.context
    shows = (
        {one.id: one.shows for one in context.drawn() if one.id in layers} if context else {}
    )
    lines = _lines(release, shows, extract)
    for kind, style in _STYLES.items():
        rings = tuple(ring for layer, ring in lines if shows[layer] == kind)
        for colour, width in style if rings else ():
            yield Stroke(rings, colour, width)


def _lines(
    release: Release, wanted: Collection[str], extract: Extract
) -> list[tuple[str, Ring]]:
    path = find_context(release.path, DRAWN)
    if path is None or not wanted:
        return []
    told = json.loads(path.read_bytes())["features"]
    drawn = [
        (one["properties"]["layer"], shapely.from_geojson(json.dumps(one["geometry"])))
        for one in told
        if one["properties"]["layer"] in wanted and one["geometry"]["type"] != "Point"
    ]
    degrees = gpd.GeoSeries([shape for _, shape in drawn], crs="EPSG:4326")
    metres = degrees.to_crs(release.info.config.city.crs).to_numpy()
    shapes = shapely.clip_by_rect(shapely.transform(metres, extract.on_page), *extract.window)
    return [
        (layer, ring)
        for (layer, _), shape in zip(drawn, shapes, strict=True)
        for ring in _rings(shape)
    ]


def _rings(shape: shapely.Geometry) -> Iterator[Ring]:
    """Rings of areas; lines there and back, since every ring of a page is closed."""
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            for ring in (part.exterior, *part.interiors):
                yield tuple(
                    map(tuple, shapely.get_coordinates(ring).round(_DECIMALS)[:-1].tolist())
                )
        elif part.geom_type == "LineString":
            points = list(map(tuple, shapely.get_coordinates(part).round(_DECIMALS).tolist()))
            yield (*points, *points[-2:0:-1])


def names_beside(
    names: Mapping[str, str], shapes: Mapping[str, shapely.Geometry], others: Iterable[Words]
) -> Iterator[Words]:
    """Names of areas, each where it covers no other words; left out where there is no room."""
    taken = [_box(words) for words in others]
    for key, name in names.items():
        shape = shapes.get(key)
        if shape is None or shape.is_empty:
            continue
        (x, y), _ = roomiest_point(shape)
        text = name.upper()
        for left, down in _STEPS:
            words = Words(x + left, round(y + down, 1), text, _NAME_PX, INK, True, True, PAPER)
            box = _box(words)
            if shape.contains(shapely.Point(words.x, words.y)) and not any(
                box.intersects(other) for other in taken
            ):
                taken.append(box)
                yield words
                break


def _box(words: Words) -> shapely.Polygon:
    """Room that centred words take."""
    half = width_of(words.text, words.size) / 2 + 2
    return shapely.box(
        words.x - half, words.y - words.size, words.x + half, words.y + 0.3 * words.size
    )
