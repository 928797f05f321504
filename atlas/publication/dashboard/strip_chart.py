"""Strips: all Quartiere as ticks on one line per indicator, some of them marked."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from atlas.publication.dashboard.charts import GLYPHS, LINE, SOFT, draw, show_glyphs
from atlas.publication.palette import CLASS_COLOURS, INK, LEVEL_COLOURS, PAPER
from atlas.publication.views.spread import Strip, Strips, Tick

_ROW_HEIGHT = 84
_TICK = "#8f8778"
# A mark is told by its shape and by its colour.
_SHAPES = ("circle", "diamond", "triangle-up", "square", "cross")
_COLOURS = (LEVEL_COLOURS[3], CLASS_COLOURS[3], INK, "#96641a", "#6a5a8c")


def show_strips(strips: Strips, everybody: str) -> None:
    """Draw the strips with one legend; ``everybody`` says what the ticks are."""
    if not strips.strips:
        return
    glyphs = [GLYPHS[shape] for shape in _SHAPES]
    entries = zip(strips.names, glyphs, _COLOURS, strict=False)
    show_glyphs([*entries, (everybody, "❘", _TICK)])
    domain = list(strips.names)
    shapes = alt.Scale(domain=domain, range=list(_SHAPES[: len(domain)]))
    colours = alt.Scale(domain=domain, range=list(_COLOURS[: len(domain)]))
    every = _frame([(strip, tick) for strip in strips.strips for tick in strip.ticks])
    # The first name is drawn last, above the others.
    marked = _frame([(strip, mark) for strip in strips.strips for mark in strip.marks[::-1]])
    ticks = _on_strip(every).mark_tick(
        height=16, thickness=1.4, color=_TICK, opacity=0.65, aria=False
    )
    marks = (
        _on_strip(marked)
        .mark_point(size=140, filled=True, opacity=1, stroke=PAPER, strokeWidth=1.2)
        .encode(
            shape=alt.Shape("Gebiet:N", scale=shapes, legend=None),
            color=alt.Color("Gebiet:N", scale=colours, legend=None),
        )
    )
    described = " ".join(strip.summary for strip in strips.strips)
    draw(_ends(strips) + ticks + marks, described, _ROW_HEIGHT * len(strips.strips))


def _frame(ticks: Sequence[tuple[Strip, Tick]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Indikator": [strip.label for strip, _ in ticks],
            "Gebiet": [tick.name for _, tick in ticks],
            "Wert": [tick.text for _, tick in ticks],
            "Lage": [tick.place for _, tick in ticks],
        }
    )


def _on_strip(rows: pd.DataFrame) -> alt.Chart:
    return alt.Chart(rows).encode(
        x=_place("Lage:Q"), y=_row(), tooltip=["Gebiet:N", "Wert:N", "Indikator:N"]
    )


def _ends(strips: Strips) -> alt.LayerChart:
    """Name of each strip above its line, the lowest and the highest value below."""
    ends = pd.DataFrame(
        {
            "Indikator": [strip.label for strip in strips.strips],
            "niedrig": [strip.lowest for strip in strips.strips],
            "Anfang": 0.0,
            "Ende": 1.0,
            "hoch": [strip.highest for strip in strips.strips],
        }
    )
    base = alt.Chart(ends).encode(y=_row())
    line = base.mark_rule(color=LINE, aria=False).encode(x=_place("Anfang:Q"), x2="Ende:Q")
    low, high = base.encode(x=_place("Anfang:Q")), base.encode(x=_place("Ende:Q"))
    name = low.mark_text(align="left", dy=-20, color=INK).encode(text="Indikator:N")
    lowest = low.mark_text(align="left", dy=20, color=SOFT).encode(text="niedrig:N")
    highest = high.mark_text(align="right", dy=20, color=SOFT).encode(text="hoch:N")
    layers: alt.LayerChart = line + name + lowest + highest
    return layers


def _row() -> alt.Y:
    return alt.Y("Indikator:N", sort=None, axis=None)


def _place(field: str) -> alt.X:
    # Room for a mark at either end.
    return alt.X(field, axis=None, scale=alt.Scale(domain=[-0.02, 1.02], nice=False))
