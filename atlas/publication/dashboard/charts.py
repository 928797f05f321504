"""Altair charts: figures from views to marks; every chart has its text beside it.

Knows no release. Numbers stand ready-made in tooltips and labels; the browser formats none.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

import altair as alt
import pandas as pd
import streamlit as st

from atlas.publication.palette import CLASS_COLOURS, INK, LEVEL_COLOURS
from atlas.publication.views.contributions import Contribution
from atlas.publication.views.development import Series

SOFT = "#5d574d"
LINE = "#d6d1c6"
_FONT = "Source Sans, sans-serif"
_BAR_HEIGHT = 28
_LINE_HEIGHT = 210
_SERIES_HEIGHT = 300
# A level is told by its shape too; 0 stands for no level.
GLYPHS = {"cross": "✚", "circle": "●", "square": "■", "triangle-up": "▲", "diamond": "◆"}
# The Quartier, its district, the city: by colour and by dash.
_LINE_COLOURS = (LEVEL_COLOURS[3], CLASS_COLOURS[3], SOFT)
_LINE_STYLES = ("solid", "dashed", "dotted")
_DASHES = ((1, 0), (6, 3), (2, 3))
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
    base = alt.Chart(rows).encode(
        y=alt.Y(
            "Indikator:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelLimit=260, domain=False, ticks=False, labelPadding=8),
        ),
        x=alt.X(
            "Beitrag:Q",
            title="← senkt · hebt den Index →",
            scale=alt.Scale(domain=[-reach, reach], nice=False),
            axis=alt.Axis(labels=False, ticks=False, grid=False, domain=False),
        ),
        tooltip=[alt.Tooltip("Satz:N", title="Beitrag")],
    )
    bars = base.mark_bar(height=16).encode(
        color=alt.Color(
            "Wirkung:N",
            scale=alt.Scale(
                domain=[_RAISES, _LOWERS], range=[LEVEL_COLOURS[3], CLASS_COLOURS[2]]
            ),
            legend=None,
        )
    )
    up = base.transform_filter("datum.Beitrag >= 0").mark_text(align="left", dx=5, color=INK)
    down = base.transform_filter("datum.Beitrag < 0").mark_text(align="right", dx=-5, color=INK)
    zero = alt.Chart(pd.DataFrame({"x": [0]})).mark_rule(color=INK).encode(x="x:Q")
    chart = bars + up.encode(text="Text:N") + down.encode(text="Text:N") + zero
    described = " ".join(one.text for one in contributions)
    draw(chart, f"Beiträge zum Index. {described}", _BAR_HEIGHT * (len(rows) + 1))


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
    base = alt.Chart(rows).encode(
        x=_time_axis(series.days),
        y=alt.Y(
            "Wert:Q",
            title=series.unit or None,
            scale=alt.Scale(zero=True),
            axis=alt.Axis(grid=True, tickCount=4, labelExpr=GERMAN_NUMBER),
        ),
        color=alt.Color(
            "Gebiet:N",
            sort=places,
            scale=alt.Scale(domain=places, range=list(_LINE_COLOURS[: len(places)])),
            legend=None,
        ),
        tooltip=[
            "Gebiet:N",
            "Stichtag:N",
            alt.Tooltip("Text:N", title=series.label),
            "Stand:N",
        ],
    )
    lines = base.mark_line(strokeWidth=2).encode(
        strokeDash=alt.StrokeDash(
            "Gebiet:N",
            scale=alt.Scale(
                domain=places, range=[list(dash) for dash in _DASHES[: len(places)]]
            ),
            sort=places,
            legend=None,
        )
    )
    points = base.mark_point(size=52, filled=True, opacity=1, strokeWidth=2).encode(
        shape=alt.Shape(
            "Stand:N",
            scale=alt.Scale(domain=["endgültig", "vorläufig"], range=["circle", "diamond"]),
            legend=None,
        )
    )
    draw(lines + points, series.summary, height)


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
    base = alt.Chart(rows).encode(
        x=_time_axis([point.day for point in series.points]),
        y=alt.Y(
            "Wert:Q",
            title=series.unit or None,
            scale=alt.Scale(zero=True),
            axis=alt.Axis(grid=True, tickCount=5, labelExpr=GERMAN_NUMBER),
        ),
        tooltip=["Stichtag:N", alt.Tooltip("Text:N", title=series.label)],
    )
    lines = base.mark_line(strokeWidth=2, color=_LINE_COLOURS[0])
    points = base.mark_point(size=52, filled=True, opacity=1, color=_LINE_COLOURS[0])
    draw(lines + points, series.summary, _SERIES_HEIGHT)


def _time_axis(days: Sequence[date]) -> alt.X:
    """Axis over all of these days, each at its true distance from the others.

    One day of every year is told by its year.
    """
    in_year = {(one.month, one.day) for one in days}
    return alt.X(
        "Tag:T",
        title=None,
        # A day is a day everywhere, not midnight in the time zone of a browser.
        scale=alt.Scale(
            type="utc", domain=[_at_midnight(one) for one in (min(days), max(days))]
        ),
        axis=alt.Axis(
            # Months by number: Vega would write their English names.
            format="%Y" if len(in_year) == 1 else "%d.%m.%Y",
            values=[_at_midnight(one) for one in days],
            labelOverlap="greedy",
            labelSeparation=12,
            labelAngle=0,
            grid=False,
        ),
    )


def _at_midnight(day: date) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True)


# Vega's default locale is English: comma for point, point for comma.
GERMAN_NUMBER = "replace(replace(replace(datum.label, /,/g, ';'), '.', ','), /;/g, '.')"


def draw(chart: alt.LayerChart, description: str, height: int) -> None:
    """Show a chart in the style of the atlas; ``description`` says the same in words."""
    st.altair_chart(styled(chart, description, height), width="stretch", theme=None)


def styled(chart: alt.LayerChart, description: str, height: int) -> alt.LayerChart:
    """Give a chart the style of the atlas."""
    made: alt.LayerChart = (
        chart.properties(height=height, description=description)
        .configure(font=_FONT, background="#ffffff")
        .configure_axis(
            aria=False,  # Vega would describe it in English
            labelColor=INK,
            titleColor=SOFT,
            titleFontWeight="normal",
            gridColor=LINE,
            domainColor=INK,
            tickColor=INK,
            labelFontSize=13,
            titleFontSize=13,
        )
        .configure_legend(aria=False, labelColor=INK, titleColor=SOFT, labelFontSize=13)
        .configure_text(fontSize=13)
        .configure_view(stroke=None)
    )
    return made
