"""Parts of page Entwicklung: what moved between two releases on a map, and why."""

from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from atlas.publication.dashboard import address, design, prose
from atlas.publication.dashboard.drawings import drawing_of
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.map_element import Drawing, draw_map
from atlas.publication.seen import Seen
from atlas.publication.views.change_map import change_map
from atlas.publication.views.changes import Changes, level_changes, parted, release_title
from atlas.publication.views.indicator_changes import extreme_changes, indicator_change_map
from atlas.publication.views.items import NEED
from atlas.publication.views.map import MapView
from atlas.publication.views.rises import reason_of, strongest_rises
from atlas.terms import Kind


@dataclass(frozen=True)
class Compared:
    """Two releases through one group, and the theme whose change is shown."""

    before: Seen
    after: Seen
    theme: str


def show(context: Context, compared: Compared) -> None:
    """Draw map and panel of a theme, then the moves of levels with their reasons."""
    found = level_changes(compared.before, compared.after)
    if found is not None:
        for sentence in (found.summary, *found.rule):
            prose.say(sentence)
    elif compared.theme == NEED:
        prose.say("Für diese Bezugsgruppe wird nicht eingestuft.")
    with st.container(key="map-and-panel"):
        map_side, panel_side = st.columns([3, 2], gap="medium")
    with map_side:
        _show_map(context, compared)
    with panel_side:
        _show_panel(compared)
    if found is not None:
        _show_moves(compared, found)


def _show_panel(compared: Compared) -> None:
    before, after = compared.before, compared.after
    chosen = reason_of(before, after, address.kept(address.QUARTIER_KEY))
    rises = strongest_rises(before, after) if compared.theme == NEED else ()
    if chosen is not None and chosen not in rises:
        st.subheader("Warum?", anchor=False)
        st.html(design.move_html(chosen, "reason"))
    if rises:
        st.subheader("Index am stärksten gestiegen", anchor=False)
        kinds = ("reason is-chosen" if one == chosen else "reason" for one in rises)
        st.html("".join(map(design.move_html, rises, kinds)))
    if compared.theme != NEED:
        st.subheader("Wo es sich am meisten verändert hat", anchor=False)
        design.show_table(extreme_changes(before, after, compared.theme))
    if chosen is None:
        hint = f"{after.singular(Kind.QUARTIER)} auf der Karte anklicken: Hier steht, warum."
        prose.note(hint)


def _show_moves(compared: Compared, found: Changes) -> None:
    with st.container(key="moved"):
        matrix_side, moved_side = st.columns([2, 3], gap="large")
    with matrix_side:
        st.subheader("Von welcher Stufe zu welcher", anchor=False)
        design.show_table(found.matrix)
        for sentence in found.notes:
            prose.note(sentence)
    if not found.moves:
        return
    with moved_side:
        st.subheader("Wer die Stufe gewechselt hat", anchor=False)
        design.show_table(found.moved, marked=address.kept(address.QUARTIER_KEY))
    st.subheader("Warum die Stufe eine andere ist", anchor=False)
    for heading, moves in parted(found.moves):
        if heading:
            st.html(f'<h4 class="chart-title">{escape(heading)}</h4>')
        st.html(f'<div class="moves">{"".join(map(design.move_html, moves))}</div>')


def _show_map(context: Context, compared: Compared) -> None:
    before, after = compared.before, compared.after
    names = f"{release_title(before.info)}-{after.release.path}-{after.kinds}-{after.group}"
    view, drawing = _map(compared, f"{names}-{compared.theme}")
    drawing = replace(drawing, selected=address.kept(address.QUARTIER_KEY))
    key = f"change-{before.info.name}-{after.info.name}-{after.group}-{compared.theme}"
    draw_map(drawing, context.city, key, address.remember_quartier)
    st.html(design.legend_html(view))


@st.cache_resource(max_entries=32, show_spinner=False)
def _map(_compared: Compared, names: str) -> tuple[MapView, Drawing]:
    before, after, theme = _compared.before, _compared.after, _compared.theme
    if theme == NEED:
        view = change_map(before, after)
    else:
        view = indicator_change_map(before, after, theme)
    return view, drawing_of(after, view)
