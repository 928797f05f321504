"""Page „Karte“: the city at one glance, one Quartier beside it, all Quartiere as a table."""

import streamlit as st

from atlas.publication.dashboard import (
    area_panel,
    city_map,
    pictures,
    selects,
    table_room,
    welcome,
)
from atlas.publication.dashboard.city_map import Shown, known_area
from atlas.publication.dashboard.frame import Context
from atlas.publication.views.map import MapView
from atlas.terms import Kind

_ROOM = "map-order"


def page(context: Context) -> None:
    """Draw the page."""
    shown = _choose(context)
    with st.container(key="map-and-panel"):
        map_side, panel_side = st.columns([3, 1], gap="medium")
        with map_side:
            view = city_map.show(context, shown)
        with panel_side:
            area_panel.show(context, shown.seen, shown.kind, shown.quartier, shown.area)
            welcome.show(shown.seen, shown.quartier or shown.area)
    _show_table(context, shown, view)


def _choose(context: Context) -> Shown:
    with st.container(key="choices"):
        theme_side, group_side, date_side, kind_side, quartier_side = st.columns(
            [2.2, 1.7, 1.6, 1.3, 2.2], gap="small"
        )
        with date_side:
            selects.choose_date(context)
        with group_side:
            seen = selects.choose_group(context)
        with theme_side:
            theme = selects.choose_theme(seen)
        with kind_side:
            kind = selects.choose_kind(context)
        with quartier_side:
            quartier = selects.choose_quartier(context)
    return Shown(seen, theme, kind, quartier, known_area(seen, kind, quartier))


def _show_table(context: Context, shown: Shown, view: MapView) -> None:
    seen = shown.seen
    with st.container(
        key="table-head",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="bottom",
    ):
        st.header(f"Alle {seen.plural(Kind.QUARTIER)}", anchor=False, width="content")
        room = table_room.choose(context, seen, _ROOM)
        table_room.offer_files(room)
        pictures.offer_pictures(seen, city_map.choice_of(shown, view))
    table_room.show(room, shown.quartier)
