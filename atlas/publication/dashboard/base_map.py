"""The switch „Hintergrundkarte“: off until a reader turns it on, only where there is one."""

import streamlit as st

from atlas.config import BaseMap
from atlas.publication.dashboard import prose, selects
from atlas.publication.dashboard.display import read_base_map
from atlas.publication.dashboard.frame import Context

_ON = "an"
_SWITCH = "base-map-switch"


def wanted_base_map(context: Context) -> BaseMap | None:
    """Give the base map that the reader wants to see now; ``None``: no tile is asked for."""
    base_map = read_base_map(context.city_dir)
    if base_map is None:
        selects.forget(selects.BASE_MAP_KEY)
        return None
    return base_map if selects.kept(selects.BASE_MAP_KEY) == _ON else None


def offer_base_map(context: Context) -> None:
    """Draw the switch, and say who hears what while it is on."""
    base_map = read_base_map(context.city_dir)
    if base_map is None:
        return
    st.session_state[_SWITCH] = selects.kept(selects.BASE_MAP_KEY) == _ON
    with st.container(key="base-map", horizontal=True, vertical_alignment="center"):
        st.toggle("Hintergrundkarte", key=_SWITCH, on_change=_remember, width="content")
        prose.note(_about(base_map))


def _about(base_map: BaseMap) -> str:
    return (
        f"Die Kacheln der Hintergrundkarte ({base_map.credit}) kommen von außerhalb des Atlas, "
        f"von {base_map.host}: Solange sie eingeschaltet ist, erfährt dieser Rechner von jedem "
        "Browser die Adresse und den angesehenen Ausschnitt. Die Farben wirken dann heller als "
        "in der Legende."
    )


def _remember() -> None:
    selects.remember(selects.BASE_MAP_KEY, _ON if st.session_state[_SWITCH] else "")
