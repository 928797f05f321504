"""Page „Entwicklung“: what moved between two releases, and why; the series of the city."""

from dataclasses import replace

import streamlit as st

from atlas.publication.dashboard import city_series, design, downloads, prose, selects
from atlas.publication.dashboard.drawings import drawing_of
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.map_element import Drawing, draw_map
from atlas.publication.seen import Seen
from atlas.publication.views.changes import Changes, change_map, level_changes
from atlas.publication.views.differences import difference_table
from atlas.publication.views.map import MapView
from atlas.publication.views.table import Table
from atlas.release import ReleaseRef
from atlas.terms import Kind


def page(context: Context) -> None:
    """Draw the page."""
    st.header("Entwicklung", anchor=False)
    _compare(context)
    city_series.show(context)


def _compare(context: Context) -> None:
    if len(context.every_ref) < 2:
        prose.say("Es gibt erst eine Veröffentlichung: Veränderungen zeigt die nächste.")
        return
    with st.container(key="choices"):
        before_side, after_side, group_side, _ = st.columns([2, 2, 1.7, 1.5], gap="small")
        with group_side:
            seen = selects.choose_group(context)
        with after_side:
            after_ref = selects.choose_release(
                context, selects.AFTER_KEY, context.every_ref, context.ref
            )
        older = tuple(ref for ref in context.every_ref if ref < after_ref)
        if older:
            first = _first_before(context, after_ref, older)
            with before_side:
                before_ref = selects.choose_release(context, selects.BEFORE_KEY, older, first)
    if not older:
        prose.say("Vor diesem Stand gibt es keinen anderen. Bitte einen späteren wählen.")
        return
    before, after = (context.see(ref).through(seen.group) for ref in (before_ref, after_ref))
    found = level_changes(before, after)
    if found is None:
        prose.say("Für diese Bezugsgruppe wird nicht eingestuft.")
    else:
        _show_moves(context, before, after, found)
    _show_differences(before, after)


def _first_before(
    context: Context, after: ReleaseRef, older: tuple[ReleaseRef, ...]
) -> ReleaseRef:
    """Newest release of an earlier date; else an earlier number of the same date."""
    earlier = [ref for ref in context.refs if ref.reference_date < after.reference_date]
    return earlier[0] if earlier else older[0]


def _show_moves(context: Context, before: Seen, after: Seen, found: Changes) -> None:
    prose.say(found.summary)
    with st.container(key="map-and-panel"):
        map_side, panel_side = st.columns([3, 2], gap="medium")
    with map_side:
        _show_map(context, before, after)
    with panel_side:
        st.subheader("Von welcher Stufe zu welcher", anchor=False)
        design.show_table(found.matrix)
        for sentence in found.notes:
            prose.note(sentence)
    if not found.moves:
        return
    st.subheader("Wer sich bewegt hat", anchor=False)
    design.show_table(found.moved, marked=selects.kept(selects.QUARTIER_KEY))
    st.subheader("Warum", anchor=False)
    st.html(f'<div class="moves">{"".join(map(design.move_html, found.moves))}</div>')


def _show_map(context: Context, before: Seen, after: Seen) -> None:
    path = str(after.release.path)
    view, drawing = _map(before, after, path, f"{before.info.name} {after.group}")
    chosen = selects.kept(selects.QUARTIER_KEY)
    key = f"change-{before.info.name}-{after.info.name}-{after.group}"
    drawing = replace(drawing, selected=chosen)
    draw_map(drawing, context.city, key, selects.remember_quartier)
    st.html(design.legend_html(view))


@st.cache_resource(max_entries=32, show_spinner=False)
def _map(_before: Seen, _after: Seen, path: str, compared: str) -> tuple[MapView, Drawing]:
    view = change_map(_before, _after)
    return view, drawing_of(_after, view)


def _show_differences(before: Seen, after: Seen) -> None:
    table = difference_table(before, after)
    st.subheader(f"Alle {after.plural(Kind.QUARTIER)}: Veränderung", anchor=False)
    with st.container(
        key="difference-head", horizontal=True, vertical_alignment="bottom", width="content"
    ):
        order = selects.choose_order(table, "difference-order")
        _offer_files(before, after)
    design.show_table(table, order, selects.kept(selects.QUARTIER_KEY))


def _offer_files(before: Seen, after: Seen) -> None:
    name = f"veraenderung-seit-{before.info.name}"

    def every_group() -> list[Table]:
        sides = ((before.through(group), after.through(group)) for group in after.groups)
        return [difference_table(*both) for both in sides]

    downloads.offer_workbook(after, "Veränderung als Excel", "Veränderung", every_group, name)
    csv_name = f"{name}-{after.group}"
    downloads.offer_csv(after, "CSV", lambda: difference_table(before, after), csv_name)
