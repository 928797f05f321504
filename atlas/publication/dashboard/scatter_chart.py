"""Points of two indicators; a rectangle around some of them is what a reader asks for."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from atlas.publication.dashboard import vega
from atlas.publication.dashboard.charts import GLYPHS, show_glyphs
from atlas.publication.dashboard.vega import GERMAN_NUMBER, Spec, amount, mark, nominal
from atlas.publication.palette import INK, LEVEL_COLOURS
from atlas.publication.views.spread import Scatter

_HEIGHT = 460
_SHAPES = ("cross", "circle", "square", "triangle-up", "diamond")
_BRUSH = "brush"
_LEFT_OUT = 0.25
_AXIS = {"labelExpr": GERMAN_NUMBER, "tickCount": 8}
_POINTS = "points"


def show_scatter(
    scatter: Scatter, chosen: tuple[str, ...], key: str, on_brush: Callable[[], None]
) -> None:
    """Points of all areas; the chosen ones carry their names.

    A rectangle that is drawn with the pointer is found under ``key`` by ``brushed``;
    ``on_brush`` is called before the next run.
    """
    steps = {spot.level_text: spot.level for spot in scatter.spots}
    levels = sorted(steps, key=lambda name: steps[name] or len(steps) + len(LEVEL_COLOURS))
    fills = [LEVEL_COLOURS[steps[name] - 1] if steps[name] else "#ffffff" for name in levels]
    shapes = [_SHAPES[steps[name]] for name in levels]
    show_glyphs(zip(levels, (GLYPHS[shape] for shape in shapes), fills, strict=True))
    named = sorted((spot.x, spot.area_id) for spot in scatter.spots if spot.area_id in chosen)
    # Every other name stands below its point, so that neighbours do not cover each other.
    above = {area_id for _, area_id in named[::2]}
    rows = pd.DataFrame(
        {
            "Gebiet": [spot.title for spot in scatter.spots],
            "x": [spot.x for spot in scatter.spots],
            "y": [spot.y for spot in scatter.spots],
            "x_text": [spot.x_text for spot in scatter.spots],
            "y_text": [spot.y_text for spot in scatter.spots],
            "Stufe": [spot.level_text for spot in scatter.spots],
            "Name": [spot.title if spot.area_id in chosen else "" for spot in scatter.spots],
            "ist_oben": [spot.area_id in above for spot in scatter.spots],
        }
    )
    shared = {
        "x": amount("x", title=scatter.x_label, axis=_AXIS),
        "y": amount("y", title=scatter.y_label, axis=_AXIS),
        "tooltip": [
            nominal("Gebiet"),
            nominal("x_text", title=scatter.x_label),
            nominal("y_text", title=scatter.y_label),
            nominal("Stufe"),
        ],
    }
    points = {
        **shared,
        "fill": nominal("Stufe", scale={"domain": levels, "range": fills}, legend=None),
        "shape": nominal("Stufe", scale={"domain": levels, "range": shapes}, legend=None),
        "strokeWidth": {"condition": {"test": "datum.Name", "value": 2.6}, "value": 0.8},
        "opacity": {"condition": {"param": _BRUSH, "value": 1}, "value": _LEFT_OUT},
    }
    layers = [
        vega.layer(rows, mark("point", size=110, stroke=INK), points, name=_POINTS),
        _names(rows, shared, stroke="#ffffff", strokeWidth=3),
        _names(rows, shared, color=INK),
    ]
    select = {"type": "interval", "encodings": ["x", "y"], "zoom": False}
    brush = {"name": _BRUSH, "select": select, "views": [_POINTS]}
    st.vega_lite_chart(
        vega.chart(layers, scatter.title, _HEIGHT, params=[brush]),
        width="stretch",
        theme=None,
        key=key,
        on_select=on_brush,
        selection_mode=_BRUSH,
    )


def _names(rows: pd.DataFrame, shared: Mapping[str, object], **look: object) -> Spec:
    shift = {"expr": "datum.ist_oben ? -16 : 18"}
    drawn = mark("text", dy=shift, fontWeight="bold", **look)
    told = [{"filter": "datum.Name"}]
    return vega.layer(rows, drawn, {**shared, "text": nominal("Name")}, transform=told)


def brushed(key: str) -> Mapping[str, tuple[float, float]]:
    """Give from where to where the rectangle in a scatter reaches, by axis ``x`` and ``y``."""
    found = st.session_state[key]["selection"].get(_BRUSH) or {}
    return {axis: (min(found[axis]), max(found[axis])) for axis in ("x", "y") if axis in found}
