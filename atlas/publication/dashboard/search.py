"""The field „Suche“ in the head of every page: area, street or school by name or number.

What is found is looked up in the release alone. Whoever chooses from the list goes there; what
is typed and sent with Enter leads there if it names one thing, else to a list of links.
"""

from collections.abc import Mapping

import streamlit as st

from atlas.publication.dashboard import address
from atlas.publication.dashboard.frame import Context
from atlas.publication.views.places import Goal, directory_of, key_of
from atlas.terms import Kind

_FIELD, _ASKED, _LISTED = "search-field", "_search_asked", "_search_listed"
_MAP, _PROFILE = "map", "profile"
_MOST_LINKS = 12


def offer_search(context: Context) -> None:
    """Draw the field."""
    goals = directory_of(context.seen).goals
    st.selectbox(
        "Suche",
        tuple(goals),
        index=None,
        key=_FIELD,
        placeholder=_hint(context),
        filter_mode="contains",
        accept_new_options=True,
        label_visibility="collapsed",
        icon=":material/search:",
        on_change=_take,
    )


def follow_search(context: Context, pages: Mapping[str, st.Page], path: str) -> None:
    """Go to what was chosen or typed; call before anything is drawn."""
    asked = st.session_state.pop(_ASKED, "")
    if not asked:
        st.session_state.pop(_LISTED, None)
        return
    directory = directory_of(context.seen)
    chosen = directory.goals.get(asked)
    found = (chosen,) if chosen else directory.find(asked)
    st.session_state[_LISTED] = (asked, found)
    if len(found) != 1:
        return
    name, choices = _way(found[0], path)
    for key, value in choices.items():
        address.remember(key, value)
    st.session_state.pop(_LISTED)
    st.switch_page(pages[name], query_params=address.as_query())


def show_found() -> None:
    """List what was found, where it is not one thing."""
    if _LISTED not in st.session_state:
        return
    asked, found = st.session_state[_LISTED]
    with st.container(key="found"):
        told = f"{len(found)} Treffer für „{asked}“" if found else f"Nichts heißt „{asked}“."
        more = f"; die ersten {_MOST_LINKS}:" if len(found) > _MOST_LINKS else ":"
        st.text(told + (more if found else ""))
        for goal in found[:_MOST_LINKS]:
            name, choices = _way(goal, "")
            address.link(name, goal.label, choices)


def _take() -> None:
    """Take what was chosen, and empty the field for the next search."""
    st.session_state[_ASKED] = (st.session_state.get(_FIELD) or "").strip()
    st.session_state[_FIELD] = None


def _hint(context: Context) -> str:
    layers = context.seen.config.context
    streets = ", Straße, Ort" if layers and layers.layers else ""
    return f"{context.seen.singular(Kind.QUARTIER)}{streets}"


def _way(goal: Goal, path: str) -> tuple[str, dict[str, str]]:
    """Page and choices for what was found, asked on the page of a path."""
    if goal.place is not None:
        found = {address.QUARTIER_KEY: goal.area.id, address.PLACE_KEY: key_of(goal.place)}
        return _MAP, {**found, address.KIND_KEY: str(Kind.QUARTIER), address.AREA_KEY: ""}
    if goal.area.kind != Kind.QUARTIER:
        return _MAP, {address.KIND_KEY: str(goal.area.kind), address.AREA_KEY: goal.area.id}
    return _PROFILE if path else _MAP, {address.QUARTIER_KEY: goal.area.id}
