"""Vega-Lite specifications in the style of the atlas, as plain records.

A specification is what Streamlit sends to the browser. Building and checking one through a
library for charts took most of the time of a page with eight of them; the tests check ours
against the schema of Vega-Lite instead.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from atlas.publication.palette import INK

SOFT = "#5d574d"
LINE = "#d6d1c6"
# Vega's default locale is English: comma for point, point for comma.
GERMAN_NUMBER = "replace(replace(replace(datum.label, /,/g, ';'), '.', ','), /;/g, '.')"
Spec = dict[str, Any]
_FONT = "Source Sans, sans-serif"
_LEGEND_AND_AXIS = {"labelColor": INK, "titleColor": SOFT, "labelFontSize": 13}
_STYLE = {
    "font": _FONT,
    "background": "#ffffff",
    "axis": {
        **_LEGEND_AND_AXIS,
        "aria": False,  # Vega would describe it in English
        "titleFontWeight": "normal",
        "gridColor": LINE,
        "domainColor": INK,
        "tickColor": INK,
        "titleFontSize": 13,
    },
    "legend": {**_LEGEND_AND_AXIS, "aria": False},
    "text": {"fontSize": 13},
    "view": {"stroke": None},
}


def nominal(field: str, **more: object) -> Spec:
    """Encode a column whose values have no order."""
    return {"field": field, "type": "nominal", **more}


def amount(field: str, **more: object) -> Spec:
    """Encode a column of numbers."""
    return {"field": field, "type": "quantitative", **more}


def mark(kind: str, **more: object) -> Spec:
    """Describe a mark; ``text``, ``line``, ``point``, ``bar``, ``rule`` or ``tick``."""
    return {"type": kind, **more}


def layer(
    rows: pd.DataFrame,
    drawn: Spec,
    encoding: Spec,
    **more: object,
) -> Spec:
    """Make one layer; the chart collects the rows of all its layers."""
    return {"data": rows, "mark": drawn, "encoding": encoding, **more}


def chart(layers: Sequence[Spec], description: str, height: int, **more: object) -> Spec:
    """Put layers over each other in the style of the atlas.

    Parameters
    ----------
    description
        Says in words what the chart shows.
    """
    datasets: dict[str, pd.DataFrame] = {}
    names: dict[int, str] = {}
    placed = []
    for one in layers:
        rows = one["data"]
        name = names.setdefault(id(rows), f"rows-{len(names)}")
        datasets[name] = rows
        placed.append({**one, "data": {"name": name}})
    return {
        "layer": placed,
        "datasets": datasets,
        "description": description,
        "height": height,
        "config": _STYLE,
        **more,
    }


def show(spec: Spec) -> None:
    """Show a chart as wide as its place."""
    st.vega_lite_chart(spec, width="stretch", theme=None)
