"""Which Quartiere page Vergleich compares: chosen by name, taken from the address, added."""

from functools import partial

import streamlit as st

from atlas.publication.dashboard import address, prose, replaced, selects
from atlas.publication.seen import Seen
from atlas.publication.views.profile import neighbours_of
from atlas.terms import Kind

_WIDGET = "compared-areas"
# What the address compared when the page was last drawn.
_SAID = "_compared_in_address"
_MOST_OFFERED = 8


def choose(seen: Seen) -> tuple[str, ...]:
    """Select the Quartiere to compare, and offer their neighbours."""
    chosen = _choose_areas(seen)
    _offer_neighbours(seen, chosen)
    return chosen


def _choose_areas(seen: Seen) -> tuple[str, ...]:
    titles = {area.id: area.title for area in seen.areas(Kind.QUARTIER)}
    asked = _asked()
    known = [key for key in asked if key in titles]
    for key in asked:
        if key and key not in titles:
            replaced.note(seen.singular(Kind.QUARTIER), key, "")
    # Set anew on every run: the address may have changed, and a date knows its own Quartiere.
    st.session_state[_WIDGET] = known[: selects.MOST_COMPARED]
    chosen = st.multiselect(
        f"{seen.plural(Kind.QUARTIER)} (bis zu fünf)",
        tuple(titles),
        format_func=titles.__getitem__,
        max_selections=selects.MOST_COMPARED,
        key=_WIDGET,
        on_change=_remember,
        placeholder="Name oder Nummer",
        select_all=False,
    )
    return tuple(chosen)


def _asked() -> list[str]:
    """Keys that the address compares; without any what is chosen here, first the Quartier."""
    said = address.kept(address.COMPARED_KEY)
    is_gone_back = st.session_state.get(_SAID, "") != said
    st.session_state[_SAID] = said
    if said:
        return address.split_keys(said)
    start = [address.kept(address.QUARTIER_KEY)]
    return start if is_gone_back else list(st.session_state.get(_WIDGET, start))


def _remember() -> None:
    said = address.join_keys(st.session_state[_WIDGET])
    st.session_state[_SAID] = said
    address.remember(address.COMPARED_KEY, said)


def _offer_neighbours(seen: Seen, chosen: tuple[str, ...]) -> None:
    """Buttons that add a neighbour of the chosen ones, while there is room for one."""
    beside = neighbours_of(seen, chosen)
    if not beside or len(chosen) >= selects.MOST_COMPARED:
        return
    with st.container(key="neighbours", horizontal=True, vertical_alignment="center"):
        st.html('<p class="note">Nachbarn:</p>', width="content")
        for area in beside[:_MOST_OFFERED]:
            st.button(
                prose.plain(f"+ {area.title}"),
                key=f"neighbour-{area.id}",
                on_click=partial(_add, area.id),
            )


def _add(area_id: str) -> None:
    st.session_state[_WIDGET] = [*st.session_state[_WIDGET], area_id]
    _remember()
