"""Page „Karte“: the city at one glance, one Quartier beside it, all Quartiere as a table."""

import streamlit as st

from atlas.publication.dashboard import (
    area_panel,
    city_map,
    context_map,
    level_people,
    map_legend,
    pictures,
    selects,
    table_room,
    welcome,
)
from atlas.publication.dashboard.base_map import offer_base_map
from atlas.publication.dashboard.beside import choose_beside, show_maps
from atlas.publication.dashboard.city_map import Drawn, Shown, known_area
from atlas.publication.dashboard.frame import Context
from atlas.publication.views.class_choice import ClassChoice
from atlas.terms import Kind

_ROOM = "map-order"


def page(context: Context) -> None:
    """Draw the page."""
    shown = _choose(context)
    with st.container(key="map-and-panel"):
        map_side, panel_side = st.columns([3, 1], gap="medium")
    with map_side:
        maps_place = st.container()
        with st.container(key="map-options", horizontal=True):
            maps = choose_beside(context, shown)
            breaks = city_map.choose_breaks(context, shown.theme)
    drawn = city_map.draw(context, shown, breaks)
    with panel_side:
        chosen = map_legend.choose_classes(shown.seen, drawn.view, shown.theme)
        level_people.explain(shown.seen, shown.theme)
        area_panel.show(context, shown.seen, shown.kind, shown.quartier, shown.area)
        welcome.show(context, shown.seen, shown.quartier or shown.area)
    with maps_place:
        city_map.say_instead(drawn)
        if maps:
            show_maps(context, drawn, maps, chosen, breaks)
        else:
            city_map.show(context, drawn, chosen)
    with map_side:
        city_map.say_notes(drawn)
        context_map.offer_layers(shown.seen, shown.quartier)
        offer_base_map(context)
    _show_table(context, drawn, chosen)


def _choose(context: Context) -> Shown:
    with st.container(key="choices"):
        with st.container(
            key="theme-and-time", horizontal=True, horizontal_alignment="distribute"
        ):
            theme_place = st.container(key="themes", width="content")
            time_place = st.container(key="time", width="content")
        group_side, date_side, kind_side, quartier_side = st.columns(
            [1.7, 1.6, 1.3, 2.2], gap="small"
        )
        with date_side:
            selects.choose_date(context)
        with time_place:
            selects.offer_time_axis(context)
        with group_side:
            seen = selects.choose_group(context)
        with theme_place:
            theme = selects.choose_theme(seen)
        with kind_side:
            kind = selects.choose_kind(context)
        with quartier_side:
            quartier = selects.choose_quartier(context)
    return Shown(seen, theme, kind, quartier, known_area(seen, kind, quartier))


def _show_table(context: Context, drawn: Drawn, chosen: ClassChoice) -> None:
    seen = drawn.shown.seen
    with st.container(
        key="table-head",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="bottom",
    ):
        every = f"Alle {seen.plural(Kind.QUARTIER)}"
        title = seen.plural(Kind.QUARTIER) if chosen.told else every
        st.header(title, anchor=False, width="content")
        room = table_room.choose(context, seen, _ROOM)
        if chosen.told:
            room = room.within(chosen.quartiere, chosen.told)
        table_room.offer_files(room)
        pictures.offer_pictures(seen, city_map.choice_of(drawn, chosen))
    table_room.show(room, drawn.shown.quartier)
