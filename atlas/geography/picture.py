"""A picture of what is wrong with boundaries: where in the city, and each spot from near by."""

from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from atlas.geography.faults import Fault
from atlas.words import number_text

_POLYGON, _LINE = 3, 1
_WIDTH, _MARGIN, _GAP = 960.0, 24.0, 12.0
_TALLEST = 720.0
_WINDOWS_IN_ROW = 3
_MOST_WINDOWS = 9
_WINDOW_HEIGHT = 200.0
_SMALLEST_WINDOW_M = 10.0
_AIR = 3.0  # a spot takes a third of its window
_LINE_HEIGHT, _LETTERS = 18.0, 125
_MOST_MARKS = 300
_STYLE = (
    "text{font:13px sans-serif;fill:#1a1a1a}"
    ".area{fill:#1f5a7a;fill-opacity:.14;stroke:#4a4a4a;stroke-width:1;"
    "vector-effect:non-scaling-stroke}"
    ".spot{fill:#b3261e;fill-opacity:.55;stroke:#b3261e;stroke-width:2;"
    "vector-effect:non-scaling-stroke}"
    ".mark circle{fill:#b3261e}.mark text{fill:#fff;font-weight:bold;text-anchor:middle}"
    ".frame{fill:none;stroke:#4a4a4a}"
)
_NOTHING = gpd.GeoDataFrame({"area_id": [], "geometry": []})
_Box = tuple[float, float, float, float]


def picture_of(frames: Sequence[gpd.GeoDataFrame], faults: Sequence[Fault]) -> str:
    """Draw the spots of faults as SVG: the whole city, then the largest spots in windows.

    Parameters
    ----------
    frames
        Areas of each kind in the CRS of the city, with whatever is wrong with them.

    Returns
    -------
    str
        Empty where no fault has a spot.
    """
    found = [np.array(one.spots, dtype=object) for one in faults]
    spots = [own[_is_drawable(own)] for own in found]
    areas = pd.concat([one[["area_id", "geometry"]] for one in frames] or [_NOTHING])
    areas = areas[_is_drawable(areas.geometry.to_numpy())]
    shapes = areas.geometry.to_numpy()
    if not any(map(len, spots)) or not len(shapes):
        return ""
    whole: _Box = tuple(shapely.total_bounds(np.concatenate([shapes, *spots])))
    height = min(_TALLEST, max(_WIDTH * _ratio(whole), 1.0))
    parts = [_view((_MARGIN, _MARGIN, _WIDTH, height), whole, areas, ())]
    parts += _marks((_MARGIN, _MARGIN, _WIDTH, height), whole, spots)
    top = _MARGIN + height + _GAP
    windows = _windows(spots)
    parts += _near_by(windows, areas, top)
    rows = -(-len(windows) // _WINDOWS_IN_ROW)
    top += rows * (_WINDOW_HEIGHT + _LINE_HEIGHT + _GAP) + _LINE_HEIGHT
    lines = [line for n, one in enumerate(faults, 1) for line in _lines(n, one)]
    parts += [
        f'<text x="{_MARGIN:g}" y="{top + i * _LINE_HEIGHT:.0f}">{_plain(line)}</text>'
        for i, line in enumerate(lines)
    ]
    full = (_WIDTH + 2 * _MARGIN, top + len(lines) * _LINE_HEIGHT + _MARGIN)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full[0]:.0f} {full[1]:.0f}" '
        f'width="{full[0]:.0f}" height="{full[1]:.0f}" role="img" lang="de">\n'
        f"<title>Befunde der Grenzen</title>\n<style>{_STYLE}</style>\n"
        f'<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _is_drawable(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    is_something = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    is_finite = np.isfinite(shapely.bounds(shapes)).reshape(-1, 4).all(axis=1)
    drawable: npt.NDArray[np.bool_] = is_something & is_finite
    return drawable


def _ratio(box: _Box) -> float:
    return (box[3] - box[1]) / max(box[2] - box[0], 1e-9)


def _windows(spots: Sequence[npt.NDArray[np.object_]]) -> list[tuple[int, shapely.Geometry]]:
    """Choose the spots to be seen from near by: of each fault in turn the largest left."""
    queues = [one[np.argsort(-_size(one), kind="stable")] for one in spots]
    turns = (
        (number, queue[turn])
        for turn in range(max(map(len, queues)))
        for number, queue in enumerate(queues, 1)
        if turn < len(queue)
    )
    return [window for _, window in zip(range(_MOST_WINDOWS), turns, strict=False)]


def _size(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    left, low, right, high = shapely.bounds(shapes).reshape(-1, 4).T
    sizes: npt.NDArray[np.float64] = np.hypot(right - left, high - low)
    return sizes


def _near_by(
    windows: Sequence[tuple[int, shapely.Geometry]],
    areas: gpd.GeoDataFrame,
    top: float,
) -> Iterator[str]:
    width = (_WIDTH - (_WINDOWS_IN_ROW - 1) * _GAP) / _WINDOWS_IN_ROW
    bounds = areas.bounds.to_numpy()
    for place, (number, spot) in enumerate(windows):
        row, column = divmod(place, _WINDOWS_IN_ROW)
        x = _MARGIN + column * (width + _GAP)
        y = top + row * (_WINDOW_HEIGHT + _LINE_HEIGHT + _GAP)
        box = _around(spot, _WINDOW_HEIGHT / width)
        is_seen = (bounds[:, :2] <= box[2:]).all(axis=1) & (bounds[:, 2:] >= box[:2]).all(
            axis=1
        )
        yield _view((x, y, width, _WINDOW_HEIGHT), box, areas[is_seen], (spot,))
        told = f"{number}. Ausschnitt {number_text(box[2] - box[0], 0)} m breit"
        yield f'<text x="{x:.0f}" y="{y + _WINDOW_HEIGHT + 14:.0f}">{told}</text>'


def _around(spot: shapely.Geometry, ratio: float) -> _Box:
    left, low, right, high = spot.bounds
    width = _AIR * max(right - left, (high - low) / ratio, _SMALLEST_WINDOW_M)
    x, y = (left + right) / 2, (low + high) / 2
    return x - width / 2, y - width * ratio / 2, x + width / 2, y + width * ratio / 2


def _view(
    place: _Box,
    box: _Box,
    areas: gpd.GeoDataFrame,
    spots: Sequence[shapely.Geometry],
) -> str:
    """Draw a rectangle (x, y, width, height) that looks at a box of the city."""
    x, y, width, height = place
    size = f"{box[2] - box[0]:.2f} {box[3] - box[1]:.2f}"
    fine = max((box[2] - box[0]) / width, (box[3] - box[1]) / height) / 2
    drawn = [
        f'<path class="area" d="{_path(shape, box, fine)}"><title>{_plain(key)}</title></path>'
        for key, shape in zip(areas["area_id"], areas.geometry, strict=True)
    ]
    drawn += [f'<path class="spot" d="{_path(one, box, fine)}"/>' for one in spots]
    frame = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    inside = "".join(drawn)
    return f'<svg {frame} viewBox="0 0 {size}">{inside}</svg>\n<rect class="frame" {frame}/>'


def _path(shape: shapely.Geometry, box: _Box, fine: float) -> str:
    """Rings and lines of a shape from the upper left corner of a box, thinned out."""
    lines = []
    for part in shapely.get_parts(shape):
        if shapely.get_type_id(part) == _POLYGON:
            lines += [(part.exterior, "Z"), *((hole, "Z") for hole in part.interiors)]
        elif shapely.get_type_id(part) == _LINE:
            lines.append((part, ""))
        else:
            ring = shapely.get_coordinates(part.buffer(4 * fine, quad_segs=4))
            lines.append((shapely.LinearRing(ring), "Z"))
    texts = []
    for line, end in lines:
        points = shapely.get_coordinates(line.simplify(fine, preserve_topology=False))
        texts.append(
            "M" + " ".join(f"{x - box[0]:.2f},{box[3] - y:.2f}" for x, y in points) + end
        )
    return "".join(texts)


def _marks(place: _Box, box: _Box, spots: Sequence[npt.NDArray[np.object_]]) -> Iterator[str]:
    """Put the number of a fault at each of its spots on the map of the whole city."""
    x, y, width, height = place
    scale = min(width / max(box[2] - box[0], 1e-9), height / max(box[3] - box[1], 1e-9))
    left = x + (width - scale * (box[2] - box[0])) / 2
    top = y + (height - scale * (box[3] - box[1])) / 2
    numbered = [(number, spot) for number, own in enumerate(spots, 1) for spot in own]
    for number, spot in numbered[:_MOST_MARKS]:
        middle = shapely.centroid(shapely.box(*spot.bounds))
        at = (left + scale * (middle.x - box[0]), top + scale * (box[3] - middle.y))
        yield (
            f'<g class="mark" transform="translate({at[0]:.1f} {at[1]:.1f})">'
            f'<circle r="9"/><text y="4.5">{number}</text></g>'
        )


def _lines(number: int, fault: Fault) -> list[str]:
    return wrap(f"{number}. {fault.text}", _LETTERS, subsequent_indent="    ")


def _plain(text: str) -> str:
    """Text as XML may hold it: no control characters, no marks."""
    return escape("".join(letter for letter in text if letter.isprintable()))
