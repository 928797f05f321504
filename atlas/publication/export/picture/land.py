"""The land of a map: which part is seen, where its areas, borders and labels stand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import shapely

from atlas.publication.export.picture.around import names_beside, strokes_around
from atlas.publication.export.picture.page import (
    LEFT_OUT_LINE,
    LINE,
    MARK,
    PAPER,
    Layer,
    Look,
    Stroke,
    Words,
    width_of,
)
from atlas.publication.export.picture.shapes import (
    Bounds,
    Extract,
    drawn_shapes,
    extract_of,
    polygons_of,
    rings_of,
    roomiest_point,
)
from atlas.publication.seen import see
from atlas.publication.views.map import MapView, outline_kind
from atlas.release import Release, read_boundaries
from atlas.terms import Kind

_MARGIN_PX = 12.0
_LABEL_PX = 12.0
# From afar the borders of many small areas would cover their colours.
_MANY = 1000
_AROUND_FOCUS = 0.35
# From the middle of a line of text down to its baseline, as part of the size.
_TO_BASELINE = 0.36


@dataclass(frozen=True)
class MapChoice:
    """The map that a reader sees.

    Attributes
    ----------
    heading
        Title of the map, with the unit of its numbers.
    looks
        Colours of each entry of the view's legend.
    selected, focus
        Key of the marked area and of the area that is shown large, of the kind or of the one
        above; empty: none, whole city.
    layers
        What is shown of that which lies between the areas.
    shown, told
        Areas that are shown, with how many they are in words; ``None``: all of them.
    """

    kind: Kind
    view: MapView
    heading: str
    looks: Sequence[Look]
    selected: str = ""
    focus: str = ""
    layers: tuple[str, ...] = ()
    shown: frozenset[str] | None = None
    told: str = ""

    def shows(self, area_id: str) -> bool:
        """Whether an area is filled and labelled."""
        return self.shown is None or area_id in self.shown


@dataclass(frozen=True)
class Land:
    """The shapes of a map on the page."""

    extract: Extract
    shapes: dict[str, shapely.Geometry]
    above: dict[str, shapely.Geometry]
    around: tuple[Stroke, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, release: Release, choice: MapChoice, window: Bounds) -> "Land":
        """Read the boundaries and fit what is seen into a window of the page."""
        bounds = read_boundaries(release.path, choice.view.kind)
        outlined = outline_kind(see(release), choice.kind, choice.view.kind)
        kind = outlined if choice.view.outline else None
        above = None if kind is None else read_boundaries(release.path, kind)
        seen = _seen(choice.focus, bounds, above)
        extract = extract_of(seen, window, 0 if choice.focus else _MARGIN_PX)
        return cls(
            extract=extract,
            shapes=drawn_shapes(bounds, extract),
            above={} if above is None else drawn_shapes(above, extract),
            around=tuple(strokes_around(release, choice.layers, extract)),
            names=_names(release, choice, above),
        )

    def layers(self, choice: MapChoice) -> tuple[Layer, ...]:
        """Areas of each legend entry."""
        members: list[list[shapely.Geometry]] = [[] for _ in choice.looks]
        for key, shape in sorted(self.shapes.items()):
            if choice.shows(key):
                members[choice.view.entry_of[key]].append(shape)
        is_far = len(self.shapes) > _MANY
        return tuple(
            Layer(
                label=entry.label,
                areas=tuple(polygons_of(shape) for shape in shapes),
                border=_border(look) if is_far else LINE,
            )
            for entry, look, shapes in zip(
                choice.view.legend, choice.looks, members, strict=True
            )
        )

    def strokes(self, choice: MapChoice) -> Iterator[Stroke]:
        """Yield what lies between the areas, borders of the larger ones, the marked area."""
        left_out = [shape for key, shape in self.shapes.items() if not choice.shows(key)]
        if left_out:
            yield Stroke(rings_of(left_out), LEFT_OUT_LINE, 0.6)
        yield from self.around
        if self.above:
            yield Stroke(rings_of([*self.above.values()]), LINE, 1.4)
        marked = self.shapes.get(choice.selected) or self.above.get(choice.selected)
        if marked is not None:
            yield Stroke(rings_of([marked]), PAPER, 5.0)
            yield Stroke(rings_of([marked]), MARK, 2.5)

    def labels(self, choice: MapChoice) -> Iterator[Words]:
        """Labels of the areas that have room for theirs; names of larger ones beside them."""
        numbers = tuple(self._numbers(choice))
        yield from numbers
        yield from names_beside(self.names, self.above, numbers)

    def _numbers(self, choice: MapChoice) -> Iterator[Words]:
        for key, shape in sorted(self.shapes.items()):
            text = choice.view.labels[key]
            if not text or shape.is_empty or not choice.shows(key):
                continue
            (x, y), room = roomiest_point(shape)
            if 2 * room > max(width_of(text, _LABEL_PX), _LABEL_PX):
                look = choice.looks[choice.view.entry_of[key]]
                at = (x, round(y + _TO_BASELINE * _LABEL_PX, 1))
                yield Words(*at, text, _LABEL_PX, look.ink, True, True, look.fill)


def _names(
    release: Release, choice: MapChoice, above: gpd.GeoDataFrame | None
) -> dict[str, str]:
    """Names of the larger areas, where the city shows any and all of it is seen."""
    if above is None or choice.focus or release.info.config.context is None:
        return {}
    return dict(zip(above["area_id"], above["name"], strict=True))


def _border(look: Look) -> str:
    """Own colour, so that no gap shows between areas of one colour; none around a hatch."""
    return "" if look.hatch else look.fill


def _seen(focus: str, bounds: gpd.GeoDataFrame, above: gpd.GeoDataFrame | None) -> Bounds:
    places = [bounds] if above is None else [above, bounds]
    for place in places:
        chosen = place[place["area_id"] == focus]
        if focus and len(chosen):
            west, south, east, north = chosen.total_bounds.tolist()
            x, y = (east - west) * _AROUND_FOCUS, (north - south) * _AROUND_FOCUS
            return west - x, south - y, east + x, north + y
    west, south, east, north = bounds.total_bounds.tolist()
    return west, south, east, north
