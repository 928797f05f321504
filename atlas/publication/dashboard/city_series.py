"""Part „Reihen der ganzen Stadt“ of page Entwicklung: what has no place of its own."""

from pathlib import Path

import streamlit as st

from atlas.publication import export
from atlas.publication.access import Sight
from atlas.publication.dashboard import charts, design, downloads, pictures, prose, selects
from atlas.publication.dashboard.frame import Context
from atlas.publication.export.picture import line_picture
from atlas.publication.seen import Seen, see
from atlas.publication.views.city_series import (
    CityDate,
    CitySeries,
    city_date,
    city_series,
    series_line,
    series_table,
)
from atlas.publication.views.table import Table
from atlas.release import open_release
from atlas.words import day_text, enumeration

_TITLE = "Reihen der ganzen Stadt"
_ABOUT = (
    "Was in kurzen Abständen kommt, etwa jede Woche oder jeden Monat, und keinen Ort hat: "
    "Zahlen der ganzen Stadt, ohne Karte und ohne Stufen."
)


def show(context: Context) -> None:
    """Draw the part; nothing where the city has no series."""
    refs = context.series_refs()
    if not refs:
        return
    by_name = {ref.name: ref for ref in (*refs, *context.refs)}
    dates = [_city_date(str(ref.path), context.sight) for ref in by_name.values()]
    every = {series.id: series for series in city_series(dates)}
    st.subheader(_TITLE, anchor=False)
    prose.say(_ABOUT)
    with st.container(key="series-choices", horizontal=True, vertical_alignment="bottom"):
        series = every[selects.choose_series({one.id: one.label for one in every.values()})]
        figure = selects.choose_figure({item.id: item.label for item in series.items})
        table = series_table(series)
        newest = context.see(by_name[series.dates[-1].release])
        _offer_files(newest, series, table)
        _offer_line(newest, series, figure)
    _show_line(series, figure)
    design.show_table(table, range(len(table.rows))[::-1])  # the newest first


@st.cache_resource(max_entries=4096, show_spinner="Reihen werden geladen …")
def _city_date(path: str, sight: Sight) -> CityDate:
    return city_date(see(sight.cut(open_release(Path(path)))))


def _show_line(series: CitySeries, figure: str) -> None:
    line = series_line(series, figure)
    gaps = f" Ohne Wert: {', '.join(line.gaps)}." if line.gaps else ""
    prose.note(line.summary + gaps)
    if series.elsewhere:
        days = enumeration([day_text(day) for day in series.elsewhere])
        prose.note(f"{days}: nach Gebieten gezählt, siehe den Stichtag auf der Seite Tabellen.")
    if len(line.points) > 1:
        charts.show_city_series(line)


def _offer_line(newest: Seen, series: CitySeries, figure: str) -> None:
    """Offer the line as it stands on paper, where there is one."""
    line = series_line(series, figure)
    if len(line.points) > 1:
        name = export.series_table_name(f"{series.id} {figure}")
        pictures.offer_picture(newest, "Linie", name, lambda: line_picture(line))


def _offer_files(newest: Seen, series: CitySeries, table: Table) -> None:
    name = export.series_table_name(series.id)
    downloads.offer_workbook(newest, "Reihe als Excel", series.label, lambda: [table], name)
    downloads.offer_csv(newest, "Reihe als CSV", lambda: table, name)
