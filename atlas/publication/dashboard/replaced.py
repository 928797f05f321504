"""What was asked for and cannot be shown here is said, not replaced in silence.

A link may name a date, an area or a theme that is not there (any more); another group may lack
the theme. The sentence stays until the reader chooses something else.
"""

import re
from collections.abc import Mapping
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from atlas.publication.dashboard import address

_NOW = "_replaced_now"
# The choices at which something was last said, and what.
_SAID = "_replaced_said"
# What is repeated from an address: short and plain, like a key of an area.
_PLAIN = re.compile(r"[\w ./-]{1,30}")


def begin() -> None:
    """Forget what this run has not said yet; call before anything is chosen."""
    st.session_state[_NOW] = []


def note(label: str, asked: str, shown: str) -> None:
    """Remember that something asked for is not offered here; ``shown`` may be empty."""
    told = f"„{asked}“" if _PLAIN.fullmatch(asked) else "Die Angabe im Link"
    instead = f"gezeigt ist {shown}" if shown else "gewählt ist nichts"
    text = f"{label}: {told} steht hier nicht zur Wahl; {instead}."
    st.session_state.setdefault(_NOW, []).append(text)


def note_in_link(label: str, asked: str, shown: str) -> None:
    """Remember what a link asked for in vain; what the reader chose elsewhere may wait."""
    if address.is_opened():
        note(label, asked, shown)


def show(place: DeltaGenerator, choices: Mapping[str, str]) -> None:
    """Say it above the page, now that the page is drawn."""
    texts = st.session_state.get(_NOW, [])
    if texts:
        st.session_state[_SAID] = (dict(choices), texts)
    said_at, said = st.session_state.get(_SAID, ({}, []))
    if said_at == choices:
        for text in dict.fromkeys(said):
            place.html(f'<p class="told" role="status">{escape(text)}</p>')
