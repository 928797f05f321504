"""Points of two indicators; a rectangle around some of them is what a reader asks for."""

from collections.abc import Callable, Mapping

import altair as alt
import pandas as pd
import streamlit as st

from atlas.publication.dashboard.charts import GERMAN_NUMBER, GLYPHS, show_glyphs, styled
from atlas.publication.palette import INK, LEVEL_COLOURS
from atlas.publication.views.spread import Scatter

_HEIGHT = 460
_SHAPES = ("cross", "circle", "square", "triangle-up", "diamond")
_BRUSH = "brush"
_LEFT_OUT = 0.25
_AXIS = alt.Axis(labelExpr=GERMAN_NUMBER, tickCount=8)


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
    base = alt.Chart(rows).encode(
        x=alt.X("x:Q", title=scatter.x_label, axis=_AXIS),
        y=alt.Y("y:Q", title=scatter.y_label, axis=_AXIS),
        tooltip=[
            "Gebiet:N",
            alt.Tooltip("x_text:N", title=scatter.x_label),
            alt.Tooltip("y_text:N", title=scatter.y_label),
            "Stufe:N",
        ],
    )
    brush = alt.selection_interval(name=_BRUSH, encodings=["x", "y"], zoom=False)
    points = (
        base.mark_point(size=110, stroke=INK)
        .encode(
            fill=alt.Fill(
                "Stufe:N",
                scale=alt.Scale(domain=levels, range=fills),
                legend=None,
            ),
            shape=alt.Shape(
                "Stufe:N", scale=alt.Scale(domain=levels, range=shapes), legend=None
            ),
            strokeWidth=alt.condition("datum.Name", alt.value(2.6), alt.value(0.8)),
            opacity=alt.condition(brush, alt.value(1), alt.value(_LEFT_OUT)),
        )
        .add_params(brush)
    )
    names = base.transform_filter("datum.Name").encode(text="Name:N")
    shift = alt.expr("datum.ist_oben ? -16 : 18")
    border = names.mark_text(dy=shift, fontWeight="bold", stroke="#ffffff", strokeWidth=3)
    text = names.mark_text(dy=shift, fontWeight="bold", color=INK)
    chart = styled(points + border + text, scatter.title, _HEIGHT)
    st.altair_chart(
        chart, width="stretch", theme=None, key=key, on_select=on_brush, selection_mode=_BRUSH
    )


def brushed(key: str) -> Mapping[str, tuple[float, float]]:
    """Give from where to where the rectangle in a scatter reaches, by axis ``x`` and ``y``."""
    found = st.session_state[key]["selection"].get(_BRUSH) or {}
    return {axis: (min(found[axis]), max(found[axis])) for axis in ("x", "y") if axis in found}
