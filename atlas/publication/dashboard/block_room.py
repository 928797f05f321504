"""Part of page Quartier: its blocks as a list, on demand beside a map that is linked with it.

A block chosen on the map is marked in the list and the other way round; the choice stands in
the address. The map is drawn only while it is open.
"""

import streamlit as st

from atlas.publication.dashboard import address, city_map, design, prose, selects
from atlas.publication.dashboard.city_map import Shown, known_area
from atlas.publication.dashboard.frame import Context
from atlas.publication.seen import Seen
from atlas.publication.views.areas import block_table
from atlas.publication.views.block_drivers import block_drivers, hidden_note
from atlas.publication.views.block_map import block_theme, inside_view, only_inside
from atlas.publication.views.table import Table
from atlas.terms import Kind

_OPEN = "blocks-on-map"
_PROFILE_MAP = "profil"


def show(context: Context, seen: Seen, area_id: str) -> None:
    """Draw what is said of the blocks of one Quartier; nothing where there are none."""
    if Kind.BLOCK not in seen.kinds:
        return
    table = block_table(seen, area_id)
    with st.container(
        key="blocks-head",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="bottom",
    ):
        title = f"{seen.plural(Kind.BLOCK)} ({len(table.rows)})"
        st.subheader(title, anchor=False, width="content")
        order, heads = selects.choose_order(table, "block-order")
    drivers = block_drivers(seen, area_id)
    if drivers is not None:
        with st.container(key="drivers"):
            design.show_table(drivers)
    prose.note(hidden_note(seen, area_id))
    theme = block_theme(seen, heads.by)
    is_open = bool(theme) and st.checkbox(
        f"{seen.plural(Kind.BLOCK)} auf der Karte zeigen", key=_OPEN
    )
    if is_open:
        shown = Shown(seen, theme, Kind.BLOCK, area_id, known_area(seen, Kind.BLOCK, area_id))
        _show_linked(context, shown, (table, order, heads))
    else:
        with st.container(key="blocks"):
            design.show_table(table, order, heads=heads)


def _show_linked(
    context: Context, shown: Shown, listed: tuple[Table, tuple[int, ...], design.Heads]
) -> None:
    table, order, heads = listed
    with st.container(key="blocks-room"):
        map_side, list_side = st.columns([1, 1], gap="medium")
    with map_side:
        drawn = city_map.draw(context, shown, "")
        city_map.show(context, drawn, only_inside(shown.seen, shown.quartier), _PROFILE_MAP)
        st.html(design.legend_html(inside_view(shown.seen, drawn.view, shown.quartier)))
    with list_side, st.container(key="blocks"):
        design.show_table(table, order, shown.area, heads, asks=address.AREA_KEY)
