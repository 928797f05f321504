"""Page „Tabellen“: every table of a release as a file, with what belongs beside it."""

from functools import partial

import streamlit as st

from atlas.publication import export
from atlas.publication.dashboard import (
    assessing,
    design,
    downloads,
    level_people,
    papers,
    prose,
    selects,
    table_room,
)
from atlas.publication.dashboard.frame import Context
from atlas.publication.seen import Seen
from atlas.publication.views.areas import area_table
from atlas.publication.views.notes import block_note
from atlas.publication.views.remarks import remarks_table
from atlas.terms import Kind
from atlas.words import number_text


def page(context: Context) -> None:
    """Draw the page."""
    with st.container(key="choices"):
        date_side, group_side, kind_side, _ = st.columns([1.6, 1.7, 1.3, 3], gap="small")
        with date_side:
            selects.choose_date(context)
        with group_side:
            seen = selects.choose_group(context)
        with kind_side:
            kind = selects.choose_kind(context)
    st.header("Tabellen", anchor=False)
    prose.say(
        "Excel zum Rechnen: eine Tabelle je Blatt, der Status neben jedem Wert. "
        "Excel zum Drucken: je Bezugsgruppe ein Blatt A4 mit farbigen Stufen. CSV, "
        "GeoPackage und GeoJSON für Programme: Dezimalpunkt, ISO-Datum, Statusspalten. Geheime "
        "Werte stehen in keiner Datei."
    )
    for one in reversed(seen.kinds):
        _offer_kind(seen, one)
    papers.offer_papers(context, seen)
    _offer_release(context, seen)
    assessing.offer_file(context)
    _show_table(context, seen, kind)
    level_people.show(seen)
    st.subheader("Tabellenzeichen und Definitionen", anchor=False)
    with st.container(key="remarks"):
        design.show_table(remarks_table(seen))


def _offer_kind(seen: Seen, kind: Kind) -> None:
    label = seen.config.city.name if kind == Kind.CITY else seen.plural(kind)
    count = len(seen.areas(kind))
    with st.container(key=f"files-{kind}", horizontal=True, vertical_alignment="center"):
        number = f" ({number_text(count, 0)})" if count > 1 else ""
        st.markdown(f"**{label}**{number}", width=220)
        downloads.offer_every_format(seen, kind)
        if kind not in (Kind.BLOCK, Kind.CITY):
            downloads.offer_paper(seen, kind)


def _offer_release(context: Context, seen: Seen) -> None:
    file = export.file_name(seen, export.release_table_name(), "zip")
    with st.container(key="files-release", horizontal=True, vertical_alignment="center"):
        st.markdown("**Ganze Veröffentlichung**", width=220)
        make = partial(context.sight.archive, seen.release)
        downloads.offer_named("ZIP", make, file, "application/zip", file)


def _show_table(context: Context, seen: Seen, kind: Kind) -> None:
    if kind == Kind.QUARTIER:
        _show_quartiere(context, seen)
        return
    table = area_table(seen, kind)
    st.subheader(prose.plain(table.title), anchor=False)
    if kind == Kind.BLOCK:
        prose.say(block_note(seen))
    order, heads = selects.choose_order(table, "table-order")
    design.show_table(table, order, heads=heads)


def _show_quartiere(context: Context, seen: Seen) -> None:
    title = f"{seen.plural(Kind.QUARTIER)}, {seen.group_label}, {seen.day}"
    st.subheader(prose.plain(title), anchor=False)
    with st.container(key="table-head", horizontal=True, vertical_alignment="bottom"):
        room = table_room.choose(context, seen, "table-order")
        if not room.is_usual:
            table_room.offer_files(room)
    table_room.show(room)
