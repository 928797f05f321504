"""Part „Reihen der ganzen Stadt“ of page Entwicklung: what has no place of its own."""

from functools import partial
from pathlib import Path

import streamlit as st

from atlas.publication import export, views
from atlas.publication.dashboard import charts, design, downloads, prose, selects
from atlas.publication.dashboard.frame import Context
from atlas.publication.views.city_series import (
    CityDate,
    CitySeries,
    city_date,
    city_series,
    series_dataset,
    series_line,
    series_table,
)
from atlas.release import Release, open_release
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
    dates = [_city_date(str(ref.path)) for ref in by_name.values()]
    every = {series.id: series for series in city_series(dates)}
    st.subheader(_TITLE, anchor=False)
    prose.say(_ABOUT)
    with st.container(key="series-choices", horizontal=True, vertical_alignment="bottom"):
        series = every[selects.choose_series({one.id: one.label for one in every.values()})]
        figure = selects.choose_figure({item.id: item.label for item in series.items})
        _offer_files(context.open(by_name[series.dates[-1].release]), series)
    _show_line(series, figure)
    design.show_table(series_table(series))


@st.cache_resource(max_entries=4096, show_spinner="Reihen werden geladen …")
def _city_date(path: str) -> CityDate:
    return city_date(open_release(Path(path)))


def _show_line(series: CitySeries, figure: str) -> None:
    line = series_line(series, figure)
    gaps = f" Ohne Wert: {'; '.join(line.gaps)}." if line.gaps else ""
    prose.note(line.summary + gaps)
    if series.elsewhere:
        days = enumeration([day_text(day) for day in series.elsewhere])
        prose.note(f"{days}: nach Gebieten gezählt, siehe den Stichtag auf der Seite Tabellen.")
    if len(line.points) > 1:
        charts.show_city_series(line)


def _offer_files(newest: Release, series: CitySeries) -> None:
    dataset = series_dataset(series)
    title = f"{views.release_notes(newest).title}: {series.label}"
    table = export.series_table_name(series.id)
    excel = partial(export.dataset_xlsx_bytes, newest, title, [dataset])
    csv = partial(export.dataset_csv_bytes, dataset)
    xlsx_name, csv_name = (export.file_name(newest, table, end) for end in ("xlsx", "csv"))
    downloads.offer("Reihe als Excel", excel, xlsx_name, downloads.XLSX)
    downloads.offer("Reihe als CSV", csv, csv_name, downloads.CSV)
