"""Strips: all Quartiere as ticks on one line per indicator, some of them marked."""

from collections.abc import Sequence

import pandas as pd

from atlas.publication.dashboard import vega
from atlas.publication.dashboard.charts import GLYPHS, show_glyphs
from atlas.publication.dashboard.vega import LINE, SOFT, Spec, amount, mark, nominal
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
    shapes = {"domain": domain, "range": _SHAPES[: len(domain)]}
    colours = {"domain": domain, "range": _COLOURS[: len(domain)]}
    every = _frame([(strip, tick) for strip in strips.strips for tick in strip.ticks])
    # The first name is drawn last, above the others.
    marked = _frame([(strip, one) for strip in strips.strips for one in strip.marks[::-1]])
    ticks = mark("tick", height=16, thickness=1.4, color=_TICK, opacity=0.65, aria=False)
    marks = mark("point", size=140, filled=True, opacity=1, stroke=PAPER, strokeWidth=1.2)
    layers = [
        *_ends(strips),
        vega.layer(every, ticks, _ON_STRIP),
        vega.layer(
            marked,
            marks,
            {
                **_ON_STRIP,
                "shape": nominal("Gebiet", scale=shapes, legend=None),
                "color": nominal("Gebiet", scale=colours, legend=None),
            },
        ),
    ]
    described = " ".join(strip.summary for strip in strips.strips)
    vega.show(vega.chart(layers, described, _ROW_HEIGHT * len(strips.strips)))


def _frame(ticks: Sequence[tuple[Strip, Tick]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Indikator": [strip.label for strip, _ in ticks],
            "Gebiet": [tick.name for _, tick in ticks],
            "Wert": [tick.text for _, tick in ticks],
            "Lage": [tick.place for _, tick in ticks],
        }
    )


def _ends(strips: Strips) -> list[Spec]:
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
    low, high = {"y": _ROW, "x": _place("Anfang")}, {"y": _ROW, "x": _place("Ende")}

    def text(place: Spec, column: str, align: str, dy: int, colour: str) -> Spec:
        drawn = mark("text", align=align, dy=dy, color=colour)
        return vega.layer(ends, drawn, {**place, "text": nominal(column)})

    line = mark("rule", color=LINE, aria=False)
    return [
        vega.layer(ends, line, {**low, "x2": {"field": "Ende"}}),
        text(low, "Indikator", "left", -20, INK),
        text(low, "niedrig", "left", 20, SOFT),
        text(high, "hoch", "right", 20, SOFT),
    ]


def _place(field: str) -> Spec:
    # Room for a mark at either end.
    return amount(field, axis=None, scale={"domain": [-0.02, 1.02], "nice": False})


_ROW = nominal("Indikator", sort=None, axis=None)
_ON_STRIP = {
    "x": _place("Lage"),
    "y": _ROW,
    "tooltip": [nominal("Gebiet"), nominal("Wert"), nominal("Indikator")],
}
