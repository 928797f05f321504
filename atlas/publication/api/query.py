"""Which features a request asks for: parameters as text → places in a layer.

Sources: OGC API Features Part 1 (bbox, datetime, limit, properties), Part 2 (crs), Part 3
(filter). A parameter that is not known is an error, as Part 1 demands.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.publication.api.cql2 import FilterError, rows_that_meet
from atlas.publication.api.faults import RequestError, malformed
from atlas.publication.api.layer import CRS84, Layer

MOST = 10_000
DEFAULT = 1_000
# Parameters of items besides the columns, which are parameters too.
PARAMETERS = (
    *("f", "limit", "offset", "bbox", "bbox-crs", "datetime", "crs"),
    *("filter", "filter-lang", "filter-crs"),
)
FILTER_LANGUAGE = "cql2-text"
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))?", re.IGNORECASE
)
_OPEN = ("", "..")
_NUMBERS = (4, 6)

Asked = Mapping[str, str]
Bools = NDArray[np.bool_]
Frame = tuple[float, float, float, float]


@dataclass(frozen=True)
class Window:
    """Which part of all that was found is sent."""

    offset: int
    limit: int


def window_of(asked: Asked) -> Window:
    """Read how many are asked for; more than the most are cut to the most.

    Raises
    ------
    RequestError
        If a number is none.
    """
    limit = _whole(asked, "limit", DEFAULT, 1)
    return Window(_whole(asked, "offset", 0, 0), min(limit, MOST))


def crs_of(asked: Asked, layer: Layer, name: str = "crs") -> str:
    """Read a coordinate system; degrees where none is named."""
    crs = asked.get(name, CRS84)
    if crs not in layer.systems:
        raise malformed(name, " oder ".join(layer.systems))
    return crs


def found_in(layer: Layer, asked: Asked, day: date) -> NDArray[np.intp]:
    """Find the features that all parameters together ask for, in the order of keys.

    Raises
    ------
    RequestError
        If a parameter cannot be read or is not known.
    """
    for name in asked:
        if name not in PARAMETERS and name not in layer.values:
            raise RequestError(400, f"Parameter {name[:60]}: gibt es hier nicht.")
    is_asked = np.full(len(layer.ids), fill_value=meets_day(asked.get("datetime"), day))
    for name in asked.keys() & layer.values.keys():
        is_asked &= _equals(layer, name, asked[name])
    if "bbox" in asked:
        is_asked &= _is_inside(layer, asked)
    crs_of(asked, layer, "bbox-crs")
    crs_of(asked, layer, "filter-crs")
    if asked.get("filter-lang", FILTER_LANGUAGE) != FILTER_LANGUAGE:
        raise malformed("filter-lang", FILTER_LANGUAGE)
    if "filter" in asked:
        is_asked &= _meets_filter(layer, asked)
    return np.flatnonzero(is_asked)


def meets_day(text: str | None, day: date) -> bool:
    """Whether a day is the one, or lies in the span, that ``datetime`` names."""
    if text is None:
        return True
    parts = text.split("/")
    if len(parts) == 1:
        return _day(parts[0]) == day
    if len(parts) != 2 or all(part in _OPEN for part in parts):
        raise _no_moment()
    first, last = (None if part in _OPEN else _day(part) for part in parts)
    if first and last and first > last:
        raise _no_moment()
    return (first is None or first <= day) and (last is None or day <= last)


def frame_of(asked: Asked) -> Frame:
    """Read the four sides of ``bbox``; heights are left out."""
    expected = "vier Zahlen, durch Komma getrennt"
    try:
        numbers = [float(part) for part in asked["bbox"].split(",")]
    except ValueError:
        raise malformed("bbox", expected) from None
    if len(numbers) not in _NUMBERS or not all(map(math.isfinite, numbers)):
        raise malformed("bbox", expected)
    half = len(numbers) // 2
    return numbers[0], numbers[1], numbers[half], numbers[half + 1]


def _is_inside(layer: Layer, asked: Asked) -> Bools:
    crs = crs_of(asked, layer, "bbox-crs")
    west, south, east, north = frame_of(asked)
    is_inside = np.zeros(len(layer.ids), dtype=bool)
    # In degrees a frame may reach over the antimeridian: then it is two.
    spans = [(west, east)] if west <= east or crs != CRS84 else [(west, 180), (-180, east)]
    for left, right in spans:
        lower, upper = sorted((south, north))
        box = shapely.box(min(left, right), lower, max(left, right), upper)
        is_inside[layer.frame(crs).tree.query(box, predicate="intersects")] = True
    return is_inside


def _equals(layer: Layer, name: str, text: str) -> Bools:
    column = layer.values[name]
    if column.dtype != float:
        return np.asarray(column == text, dtype=bool)
    try:
        return np.asarray(column == float(text), dtype=bool)
    except ValueError:
        raise malformed(name, "eine Zahl") from None


def _meets_filter(layer: Layer, asked: Asked) -> Bools:
    try:
        return rows_that_meet(asked["filter"], layer.values, len(layer.ids))
    except FilterError as error:
        raise malformed("filter", str(error)) from None


def _whole(asked: Asked, name: str, default: int, least: int) -> int:
    text = asked.get(name)
    if text is None:
        return default
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise malformed(name, f"eine ganze Zahl ab {least}")
    return number


def _day(text: str) -> date:
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise _no_moment()
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        raise _no_moment() from None


def _no_moment() -> RequestError:
    return malformed("datetime", "ein Datum oder eine Spanne wie 2020-01-01/2024-12-31")
