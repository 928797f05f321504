"""Charts: figures from views to marks; every chart has its text beside it.

Knows no release. Numbers stand ready-made in tooltips and labels; the browser formats none.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from atlas.publication.dashboard import vega
from atlas.publication.dashboard.vega import GERMAN_NUMBER, SOFT, Spec, amount, mark, nominal
from atlas.publication.palette import CLASS_COLOURS, INK, LEVEL_COLOURS
from atlas.publication.views.contributions import Contribution
from atlas.publication.views.development import Series

_BAR_HEIGHT = 28
_LINE_HEIGHT = 210
_SERIES_HEIGHT = 300
# A level is told by its shape too; 0 stands for no level.
GLYPHS = {"cross": "✚", "circle": "●", "square": "■", "triangle-up": "▲", "diamond": "◆"}
# The Quartier, its district, the city: by colour and by dash.
_LINE_COLOURS = (LEVEL_COLOURS[3], CLASS_COLOURS[3], SOFT)
_LINE_STYLES = ("solid", "dashed", "dotted")
_DASHES = ((1, 0), (6, 3), (2, 3))
_POINT = mark("point", size=52, filled=True, opacity=1)
_RAISES, _LOWERS = "hebt den Index", "senkt den Index"


def show_contributions(contributions: tuple[Contribution, ...]) -> None:
    """Bars of what each indicator adds to the index, right for more need."""
    rows = pd.DataFrame(
        {
            "Indikator": [one.label for one in contributions],
            "Beitrag": [one.amount for one in contributions],
            "Text": [one.amount_text for one in contributions],
            "Wirkung": [_RAISES if one.amount > 0 else _LOWERS for one in contributions],
            "Satz": [one.text for one in contributions],
        }
    )
    reach = max(0.5, *(abs(one.amount) for one in contributions)) * 1.6
    shared = {
        "y": nominal(
            "Indikator",
            sort=None,
            title=None,
            axis={"labelLimit": 260, "domain": False, "ticks": False, "labelPadding": 8},
        ),
        "x": amount(
            "Beitrag",
            title="← senkt · hebt den Index →",
            scale={"domain": [-reach, reach], "nice": False},
            axis={"labels": False, "ticks": False, "grid": False, "domain": False},
        ),
        "tooltip": [nominal("Satz", title="Beitrag")],
    }
    colours = {"domain": [_RAISES, _LOWERS], "range": [LEVEL_COLOURS[3], CLASS_COLOURS[2]]}
    coloured = {**shared, "color": nominal("Wirkung", scale=colours, legend=None)}
    texts = {**shared, "text": nominal("Text")}
    up, down = ([{"filter": f"datum.Beitrag {sign} 0"}] for sign in (">=", "<"))
    layers = [
        vega.layer(rows, mark("bar", height=16), coloured),
        vega.layer(rows, mark("text", align="left", dx=5, color=INK), texts, transform=up),
        vega.layer(rows, mark("text", align="right", dx=-5, color=INK), texts, transform=down),
        vega.layer(pd.DataFrame({"x": [0]}), mark("rule", color=INK), {"x": amount("x")}),
    ]
    described = " ".join(one.text for one in contributions)
    height = _BAR_HEIGHT * (len(rows) + 1)
    vega.show(vega.chart(layers, f"Beiträge zum Index. {described}", height))


def show_series_legend(places: tuple[str, ...], marks: str) -> None:
    """One legend for all lines of a page: the style of each line, and what the marks mean."""
    items = "".join(
        f'<li><span aria-hidden="true" style="display:inline-block;width:2rem;'
        f'margin-right:0.45rem;border-top:3px {style} {colour}"></span>{escape(place)}</li>'
        for place, style, colour in zip(places, _LINE_STYLES, _LINE_COLOURS, strict=False)
    )
    note = f"<li>{escape(marks)}</li>" if marks else ""
    st.html(f'<div class="legend"><ul aria-label="Legende">{items}{note}</ul></div>')


def show_glyphs(entries: Iterable[tuple[str, str, str]]) -> None:
    """Legend of points: name, glyph and colour of each kind."""
    items = "".join(
        f'<li><span class="glyph" aria-hidden="true" style="color:{colour}">{glyph}</span>'
        f"{escape(name)}</li>"
        for name, glyph, colour in entries
    )
    st.html(f'<div class="legend"><ul aria-label="Legende">{items}</ul></div>')


def show_series(series: Series, height: int = _LINE_HEIGHT) -> None:
    """Lines over the reference dates in their true distances, district and city beside them.

    A line is interrupted where a date shows no value, and where dates lie far apart.
    """
    rows = pd.DataFrame([*_known(series), *_unknown(series)])
    places = list(series.places)
    shared = {
        "x": _time_axis(series.days),
        "y": _value_axis(series, 4),
        "color": nominal(
            "Gebiet",
            sort=places,
            scale={"domain": places, "range": _LINE_COLOURS[: len(places)]},
            legend=None,
        ),
        "tooltip": [
            nominal("Gebiet"),
            nominal("Stichtag"),
            nominal("Text", title=series.label),
            nominal("Stand"),
        ],
    }
    dashes = nominal(
        "Gebiet",
        scale={"domain": places, "range": _DASHES[: len(places)]},
        sort=places,
        legend=None,
    )
    states = {"domain": ["endgültig", "vorläufig"], "range": ["circle", "diamond"]}
    shapes = nominal("Stand", scale=states, legend=None)
    layers = [
        vega.layer(rows, mark("line", strokeWidth=2), {**shared, "strokeDash": dashes}),
        vega.layer(rows, {**_POINT, "strokeWidth": 2}, {**shared, "shape": shapes}),
    ]
    vega.show(vega.chart(layers, series.summary, height))


def _known(series: Series) -> list[dict[str, object]]:
    return [
        {
            "Tag": point.day.isoformat(),
            "Stichtag": point.day_text,
            "Wert": point.value,
            "Gebiet": point.place,
            "Text": point.text,
            "Stand": "vorläufig" if point.is_provisional else "endgültig",
        }
        for point in series.points
    ]


def _unknown(series: Series) -> list[dict[str, object]]:
    """Days on which nothing is known of a place: its line has a gap there."""
    known = {(point.place, point.day) for point in series.points}
    return [
        {"Tag": day.isoformat(), "Wert": None, "Gebiet": place, "Stand": "endgültig"}
        for place in series.places
        for day in (*series.days, *series.breaks)
        if (place, day) not in known
    ]


def show_city_series(series: Series) -> None:
    """One line over the dates of a series, in their true distances."""
    rows = pd.DataFrame(
        {
            "Tag": [point.day.isoformat() for point in series.points],
            "Stichtag": [point.day_text for point in series.points],
            "Wert": [point.value for point in series.points],
            "Text": [point.text for point in series.points],
        }
    )
    shared = {
        "x": _time_axis([point.day for point in series.points]),
        "y": _value_axis(series, 5),
        "tooltip": [nominal("Stichtag"), nominal("Text", title=series.label)],
    }
    colour = _LINE_COLOURS[0]
    layers = [
        vega.layer(rows, mark("line", strokeWidth=2, color=colour), shared),
        vega.layer(rows, {**_POINT, "color": colour}, shared),
    ]
    vega.show(vega.chart(layers, series.summary, _SERIES_HEIGHT))


def _value_axis(series: Series, ticks: int) -> Spec:
    return amount(
        "Wert",
        title=series.unit or None,
        scale={"zero": True},
        axis={"grid": True, "tickCount": ticks, "labelExpr": GERMAN_NUMBER},
    )


def _time_axis(days: Sequence[date]) -> Spec:
    """Axis over all of these days, each at its true distance from the others.

    One day of every year is told by its year.
    """
    in_year = {(one.month, one.day) for one in days}
    return {
        "field": "Tag",
        "type": "temporal",
        "title": None,
        # A day is a day everywhere, not midnight in the time zone of a browser.
        "scale": {
            "type": "utc",
            "domain": [_at_midnight(one) for one in (min(days), max(days))],
        },
        "axis": {
            # Months by number: Vega would write their English names.
            "format": "%Y" if len(in_year) == 1 else "%d.%m.%Y",
            "values": [_at_midnight(one) for one in days],
            "labelOverlap": "greedy",
            "labelSeparation": 12,
            "labelAngle": 0,
            "grid": False,
        },
    }


def _at_midnight(day: date) -> Spec:
    return {"year": day.year, "month": day.month, "date": day.day, "utc": True}
