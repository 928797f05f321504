"""The switch „Hintergrundkarte“: off until a reader turns it on, only where there is one."""

import streamlit as st

from atlas.config import BaseMap
from atlas.exchange.display import read_base_map
from atlas.publication.dashboard import prose
from atlas.publication.dashboard.frame import Context

_SWITCH = "base-map-switch"
# Not in the address: a link must not turn it on for somebody else.
_IS_ON = "_base_map_is_on"


def wanted_base_map(context: Context) -> BaseMap | None:
    """Give the base map that the reader wants to see now; ``None``: no tile is asked for."""
    return read_base_map(context.city_dir) if st.session_state.get(_IS_ON) else None


def offer_base_map(context: Context) -> None:
    """Draw the switch, and say who hears what while it is on."""
    base_map = read_base_map(context.city_dir)
    if base_map is None:
        return
    st.session_state[_SWITCH] = st.session_state.get(_IS_ON, False)
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
    st.session_state[_IS_ON] = st.session_state[_SWITCH]
