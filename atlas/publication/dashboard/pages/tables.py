"""Page „Tabellen“: every table of a release as a file, with what belongs beside it."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from atlas.publication import export, views
from atlas.publication.dashboard import assessing, design, prose, selects
from atlas.publication.dashboard.frame import Context
from atlas.release import Release
from atlas.terms import Group, Kind

_FORMATS: tuple[tuple[str, str, str, Callable[[Release, Kind], bytes]], ...] = (
    (
        "Excel",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        export.xlsx_bytes,
    ),
    ("CSV", "csv", "text/csv", export.csv_bytes),
    ("GeoPackage", "gpkg", "application/geopackage+sqlite3", export.gpkg_bytes),
    ("GeoJSON", "geojson", "application/geo+json", export.geojson_bytes),
)


def page(context: Context) -> None:
    """Draw the page."""
    with st.container(key="choices"):
        date_side, group_side, kind_side, _ = st.columns([1.6, 1.7, 1.3, 3], gap="small")
        with date_side:
            selects.choose_date(context)
        with group_side:
            group = selects.choose_group(context)
        with kind_side:
            kind = selects.choose_kind(context)
    release = context.release
    st.header("Tabellen", anchor=False)
    prose.say(
        "Excel für Menschen: eine Tabelle je Blatt, Hinweise auf dem letzten. CSV, GeoPackage "
        "und GeoJSON für Programme: Dezimalpunkt, ISO-Datum, Statusspalten. Geheime Werte "
        "stehen in keiner Datei; ihr Status steht daneben."
    )
    for one in reversed(views.kinds_of(release)):
        _offer_kind(release, one)
    _offer_release(release)
    assessing.offer_file(context)
    _show_table(release, kind, group)
    st.subheader("Tabellenzeichen und Definitionen", anchor=False)
    with st.container(key="remarks"):
        design.show_table(views.remarks_table(release))


def _offer_kind(release: Release, kind: Kind) -> None:
    label = views.plural(release, kind)
    count = len(views.areas(release, kind))
    if kind == Kind.CITY:
        label = release.info.config.city.name
    with st.container(key=f"files-{kind}", horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{label}** ({count})" if count > 1 else f"**{label}**", width=220)
        for name, suffix, mime, make in _FORMATS:
            file = export.file_name(release, export.table_name(release, kind), suffix)
            st.download_button(
                name,
                partial(make, release, kind),
                file_name=file,
                mime=mime,
                key=f"file-{file}",
                help=file,
                on_click="ignore",
            )


def _offer_release(release: Release) -> None:
    file = export.file_name(release, export.release_table_name(), "zip")
    with st.container(key="files-release", horizontal=True, vertical_alignment="center"):
        st.markdown("**Ganze Veröffentlichung**", width=220)
        st.download_button(
            "ZIP",
            partial(export.zip_bytes, release),
            file_name=file,
            mime="application/zip",
            key=f"file-{file}",
            help=file,
            on_click="ignore",
        )


def _show_table(release: Release, kind: Kind, group: Group) -> None:
    table = views.area_table(release, kind, group)
    st.subheader(prose.plain(table.caption), anchor=False)
    if kind == Kind.BLOCK:
        prose.say(views.block_note(release))
    column = selects.choose_order(table.columns, "table-order")
    design.show_table(table, table.order[column])
