"""Page „Entwicklung“: what moved between two releases, and why; the series of the city."""

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from atlas.publication import export, views
from atlas.publication.dashboard import city_series, design, downloads, prose, selects
from atlas.publication.dashboard.drawings import drawing_of
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.map_element import Drawing, draw_map
from atlas.release import Release, ReleaseRef
from atlas.terms import Group, Kind


@dataclass(frozen=True)
class _Shown:
    """The two releases that the reader compares."""

    context: Context
    before: Release
    after: Release
    group: Group


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
            group = selects.choose_group(context)
        with after_side:
            after = _choose_release(context, selects.AFTER_KEY, context.every_ref, context.ref)
        older = tuple(ref for ref in context.every_ref if ref < after)
        if older:
            first = _first_before(context, after, older)
            with before_side:
                before = _choose_release(context, selects.BEFORE_KEY, older, first)
    if not older:
        prose.say("Vor diesem Stand gibt es keinen anderen. Bitte einen späteren wählen.")
        return
    shown = _Shown(context, context.open(before), context.open(after), group)
    found = views.level_changes(shown.before, shown.after, group)
    if found is None:
        prose.say("Für diese Bezugsgruppe wird nicht eingestuft.")
    else:
        _show_moves(shown, found)
    _show_differences(shown)


def _choose_release(
    context: Context, key: str, refs: tuple[ReleaseRef, ...], first: ReleaseRef
) -> ReleaseRef:
    by_name = {ref.name: ref for ref in refs}
    titles = {name: views.release_title(context.info(ref)) for name, ref in by_name.items()}
    return by_name[selects.choose_release(f"Stand {key}", key, titles, first.name)]


def _first_before(
    context: Context, after: ReleaseRef, older: tuple[ReleaseRef, ...]
) -> ReleaseRef:
    """Newest release of an earlier date; else an earlier number of the same date."""
    earlier = [ref for ref in context.refs if ref.reference_date < after.reference_date]
    return earlier[0] if earlier else older[0]


def _show_moves(shown: _Shown, found: views.Changes) -> None:
    prose.say(found.summary)
    with st.container(key="map-and-panel"):
        map_side, panel_side = st.columns([3, 2], gap="medium")
    with map_side:
        _show_map(shown)
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


def _show_map(shown: _Shown) -> None:
    names = (shown.before.info.name, shown.after.info.name)
    view, drawing = _map(
        shown.before, shown.after, (str(shown.after.path), *names, shown.group)
    )
    chosen = selects.kept(selects.QUARTIER_KEY)
    key = f"change-{'-'.join(names)}-{shown.group}"
    draw_map(replace(drawing, selected=chosen), shown.context.city, key, _choose_quartier)
    st.html(design.legend_html(view))


@st.cache_resource(max_entries=32, show_spinner=False)
def _map(
    _before: Release, _after: Release, key: tuple[str, str, str, Group]
) -> tuple[views.MapView, Drawing]:
    view = views.change_map(_before, _after, key[-1])
    return view, drawing_of(_after, view)


def _choose_quartier(area_id: str) -> None:
    selects.remember(selects.QUARTIER_KEY, area_id)


def _show_differences(shown: _Shown) -> None:
    table = views.difference_table(shown.before, shown.after, shown.group)
    st.subheader(f"Alle {views.plural(shown.after, Kind.QUARTIER)}: Veränderung", anchor=False)
    with st.container(
        key="difference-head", horizontal=True, vertical_alignment="bottom", width="content"
    ):
        column = selects.choose_order(table.columns, "difference-order")
        _offer_files(shown)
    design.show_table(table, table.order[column], selects.kept(selects.QUARTIER_KEY))


def _offer_files(shown: _Shown) -> None:
    dataset = partial(views.difference_dataset, shown.before, shown.after)
    title = f"{views.release_notes(shown.after).title}: Veränderung"
    table = f"veraenderung-seit-{shown.before.info.name}"

    def excel() -> bytes:
        every = [dataset(group) for group in views.groups(shown.after)]
        return export.dataset_xlsx_bytes(shown.after, title, every)

    def csv() -> bytes:
        return export.dataset_csv_bytes(dataset(shown.group))

    downloads.offer(
        "Veränderung als Excel",
        excel,
        export.file_name(shown.after, table, "xlsx"),
        downloads.XLSX,
    )
    downloads.offer(
        "CSV",
        csv,
        export.file_name(shown.after, f"{table}-{shown.group}", "csv"),
        downloads.CSV,
    )
