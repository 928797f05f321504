"""What a page's script asks of the server: another order of a table, the profile of an area.

Streamlit's HTML cannot answer a click. ``asking.js`` writes what was pressed into one field
that nobody sees; the field is a widget, so the run that follows knows it.
"""

import streamlit as st

from atlas.publication.dashboard import address

_FIELD = "asked"
_OPENS_PROFILE = "_asked_for_profile"


def listen() -> None:
    """Draw the field; call it once per run, on every page."""
    if st.session_state.pop(_OPENS_PROFILE, False):
        address.open_page("profile")
    with st.container(key="asking"):
        st.text_input("Angefragt", key=_FIELD, on_change=_take, label_visibility="collapsed")


def _take() -> None:
    key, _, value = str(st.session_state[_FIELD]).partition("=")
    st.session_state[_FIELD] = ""
    if key in (address.SORT_KEY, address.AREA_KEY):
        address.remember(key, value)
    elif key == address.QUARTIER_KEY:
        address.remember(key, value)
        st.session_state[_OPENS_PROFILE] = True
