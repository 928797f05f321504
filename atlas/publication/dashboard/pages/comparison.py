"""Page „Vergleich“: Quartiere side by side, the ranking, two indicators together."""

import streamlit as st

from atlas.publication.dashboard import (
    compared,
    design,
    downloads,
    own_areas,
    posts,
    prose,
    selects,
    table_room,
    two_indicators,
)
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.strip_chart import show_strips
from atlas.publication.seen import Seen
from atlas.publication.views.comparison import beside_each_other, trends_of
from atlas.publication.views.definitions import definitions_of
from atlas.publication.views.own_area_tables import (
    OWN_NAME,
    compared_file_table,
    member_table,
    own_rows,
    own_table,
)
from atlas.publication.views.own_areas import OwnArea, why_no_level
from atlas.publication.views.plan_table import PLAN_NAME
from atlas.publication.views.reasons import need_by_dynamics
from atlas.publication.views.spread import strips_of_many
from atlas.publication.views.table import stamped
from atlas.terms import Kind

_FILE = "vergleich"


def page(context: Context) -> None:
    """Draw the page."""
    seen = selects.choose_group_and_date(context)
    st.header("Vergleich", anchor=False)
    compare_tab, posts_tab = st.tabs(["Vergleichen", PLAN_NAME])
    with compare_tab:
        _show_comparison(context, seen)
    with posts_tab:
        posts.show(context, seen)


def _show_comparison(context: Context, seen: Seen) -> None:
    chosen = compared.choose(seen)
    owns = own_areas.choose(context)
    if len(chosen) + len(owns) < 2:
        prose.say(f"Zwei bis fünf {seen.plural(Kind.QUARTIER)} wählen.")
    else:
        _show_compared(seen, chosen, owns)
        _show_trends(context, seen, chosen, owns)
    if chosen:
        strip_side, scatter_side = st.columns([2, 3], gap="large")
        with strip_side:
            _show_strips(seen, chosen)
        with scatter_side:
            two_indicators.show(context, seen, chosen)
    else:
        two_indicators.show(context, seen, chosen)
    table = need_by_dynamics(seen)
    if table is not None:
        st.subheader(prose.plain(table.name), anchor=False)
        design.show_table(table)
    _show_ranking(context, seen, owns)
    if owns:
        st.subheader(OWN_NAME, anchor=False)
        with st.container(key="own-areas"):
            design.show_table(own_table(seen, owns))


def _show_compared(seen: Seen, chosen: tuple[str, ...], owns: tuple[OwnArea, ...]) -> None:
    with st.container(key="compared"):
        design.show_table(beside_each_other(seen, chosen, owns))
    prose.note("In Klammern der Rang; Rang 1 hat den höchsten Wert.")
    if owns:
        prose.note(why_no_level(seen))
    with st.container(key="files-compared", horizontal=True, width="content"):
        table = compared_file_table(seen, chosen, owns)
        tables = (table, member_table(seen, owns)) if owns else (table,)
        downloads.offer_workbook(
            seen, "Vergleich als Excel", "Vergleich", lambda: tables, _FILE
        )
        downloads.offer_csv(seen, "CSV", lambda: stamped(table, seen), _FILE)
    prose.explain_terms("Was heißen diese Indikatoren?", definitions_of(seen))


def _show_trends(
    context: Context, seen: Seen, chosen: tuple[str, ...], owns: tuple[OwnArea, ...]
) -> None:
    previous = context.previous(seen.group)
    if previous is not None:
        with st.container(key="trends"):
            design.show_table(trends_of(seen, previous, chosen, owns))


def _show_strips(seen: Seen, chosen: tuple[str, ...]) -> None:
    found = strips_of_many(seen, chosen)
    if found.strips:
        st.subheader("Lage unter allen", anchor=False)
        show_strips(found, f"alle {seen.plural(Kind.QUARTIER)}")


def _show_ranking(context: Context, seen: Seen, owns: tuple[OwnArea, ...]) -> None:
    with st.container(
        key="ranking-head",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="bottom",
    ):
        st.subheader("Rangliste", anchor=False, width="content")
        room = table_room.choose(context, seen, "rank-order", only_numbers=True)
    prose.note("Vom höchsten zum niedrigsten Wert; geheime Werte am Ende, nach Namen.")
    with st.container(key="ranking"):
        table_room.show(room.beside(own_rows(seen, room.chosen.table, owns)))
