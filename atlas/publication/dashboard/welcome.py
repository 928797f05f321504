"""What whoever comes for the first time reads: three sentences, and three ways to begin.

It stands beside the map while nothing is chosen, and never comes back once it was closed.
"""

import streamlit as st

from atlas.publication.dashboard import address, prose
from atlas.publication.dashboard.frame import Context
from atlas.publication.seen import Seen
from atlas.terms import NEED_INDEX, Kind

_IS_FIRST = "_is_first_visit"
_COMPARED = "Jeder Stichtag lässt sich mit dem davor vergleichen."


def begin() -> None:
    """Note whether the address held any choice when it was opened; call before it is read."""
    st.session_state.setdefault(_IS_FIRST, not st.query_params)


def show(context: Context, seen: Seen, quartier: str) -> None:
    """Greet beside the map of a city; nothing once a Quartier is chosen."""
    if quartier or not st.session_state.get(_IS_FIRST):
        return
    with st.container(key="welcome"):
        # The first release has nothing to be compared with.
        has_past = len(context.every_ref) > 1
        prose.say(f"{_about(seen)} {_COMPARED}" if has_past else _about(seen))
        first = _most_needed(seen)
        chosen = {address.QUARTIER_KEY: first}
        with st.container(horizontal=True):
            if first:
                address.link("map", "Wo?", chosen)
                address.link("profile", "Warum?", chosen)
            else:
                address.link("comparison", "Wo?")
                address.link("method", "Warum?")
            if has_past:
                address.link("development", "Was hat sich verändert?")
        st.button("Einführung schließen", type="tertiary", on_click=_close)


def _about(seen: Seen) -> str:
    plural, city = seen.plural(Kind.QUARTIER), seen.config.city.name
    return (
        f"Die Karte zeigt für {len(seen.areas(Kind.QUARTIER))} {plural}, wo in {city} "
        f"{seen.config.levels.wording.is_high}. Jede Stufe hat Gründe in Zahlen, die man "
        "nachlesen kann."
    )


def _most_needed(seen: Seen) -> str:
    """Key of the Quartier with the highest index; empty where none has one."""
    found = seen.values(Kind.QUARTIER, NEED_INDEX) if seen.has_levels else {}
    return max(sorted(found), key=lambda key: found[key], default="")


def _close() -> None:
    st.session_state[_IS_FIRST] = False
