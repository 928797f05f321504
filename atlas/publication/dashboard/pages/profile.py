"""Page „Quartier“: one Quartier's level and why, its values, its past, its blocks."""

from collections.abc import Sequence
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from atlas.publication import export, views
from atlas.publication.dashboard import (
    assessing,
    charts,
    design,
    downloads,
    prose,
    selects,
)
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.neighbours import location, neighbours
from atlas.publication.dashboard.strip_chart import show_strips
from atlas.publication.export.picture import locator_picture, svg_bytes
from atlas.release import Release, open_release
from atlas.terms import Group, Kind, State

_CHARTS_PER_ROW = 3


def page(context: Context) -> None:
    """Draw the page."""
    group, area_id = _choose(context)
    release = context.release
    if not area_id:
        st.header(views.singular(release, Kind.QUARTIER), anchor=False)
        st.info("Oben nach Name oder Nummer suchen, oder auf der Karte anklicken.")
        design.show_table(views.area_table(release, Kind.QUARTIER, group))
        return
    past = tuple(_without_blocks(str(ref.path)) for ref in reversed(context.refs))
    _show_head(context, area_id, group)
    _show_reasons(release, area_id, group)
    _show_dynamics(release, area_id, group)
    _show_chance(release, area_id, group)
    assessing.show(context, area_id)
    _show_comparison(release, area_id, group)
    _show_development(past, area_id, group)
    _show_blocks(release, area_id, group)


def _choose(context: Context) -> tuple[Group, str]:
    with st.container(key="choices"):
        quartier_side, group_side, date_side = st.columns([2.2, 1.7, 1.6], gap="small")
        with date_side:
            selects.choose_date(context)
        with group_side:
            group = selects.choose_group(context)
        with quartier_side:
            area_id = selects.choose_quartier(context)
    return group, area_id


@st.cache_resource(max_entries=128, show_spinner=False)
def _without_blocks(path: str) -> Release:
    return views.without_blocks(open_release(Path(path)))


def _workbook(context: Context, area_id: str, more: Sequence[views.Dataset]) -> bytes:
    past = tuple(context.open(ref) for ref in reversed(context.refs))
    return export.quartier_xlsx_bytes(past, area_id, more)


def _show_head(context: Context, area_id: str, group: Group) -> None:
    release = context.release
    card = views.card(release, Kind.QUARTIER, area_id, group, context.previous())
    with st.container(key="profile-head"):
        text_side, map_side = st.columns([2.6, 1], gap="large")
        with text_side:
            st.header(prose.plain(card.title), anchor=False)
            st.html(design.head_html(card, views.group_label(release, group)))
            with st.container(horizontal=True, vertical_alignment="center"):
                _offer_workbook(context, area_id)
                beside = neighbours(release, (area_id,))[: selects.MOST_COMPARED - 1]
                compared = selects.join_keys((area_id, *(area.id for area in beside)))
                more = {selects.COMPARED_KEY: compared}
                if beside:
                    selects.link("comparison", "Mit Nachbarn vergleichen → Vergleich", more)
        with map_side:
            fill = design.CLASS_COLOURS[3]
            if card.level is not None:
                fill = design.colour_of("level", card.level)
            st.html(_locator(release, str(release.path), area_id, fill))


@st.cache_resource(max_entries=128, show_spinner=False)
def _locator(_release: Release, path: str, area_id: str, fill: str) -> str:
    text = location(_release, area_id)
    picture = svg_bytes(locator_picture(_release, area_id, text, fill))
    return design.picture_html(picture, text)


def _offer_workbook(context: Context, area_id: str) -> None:
    release = context.release
    name = export.file_name(
        context.open(context.refs[0]), export.quartier_table_name(release, area_id), "xlsx"
    )
    make = partial(_workbook, context, area_id, assessing.sheets(context, area_id))
    downloads.offer("Alle Jahre als Excel", make, name, downloads.XLSX)


def _show_reasons(release: Release, area_id: str, group: Group) -> None:
    st.subheader("Warum diese Stufe?", anchor=False)
    found = views.reasons(release, area_id, group)
    if found is None:
        prose.say("Für diese Bezugsgruppe wird nicht eingestuft.")
        return
    prose.lead(f"{found.text} {found.drivers}".rstrip())
    notices = (
        *views.area_notices(release, area_id, group),
        *views.level_notices(release, group),
    )
    for notice in notices:
        prose.note(notice)
    if found.table is None:
        return
    with st.container(key="reasons"):
        chart_side, table_side = st.columns(2, gap="large")
    with chart_side:
        prose.say_terms(found.limits)
        charts.show_contributions(found.contributions)
    with table_side:
        design.show_table(found.table)
        words = ", ".join(one.name for one in found.meanings)
        prose.explain_terms(f"Was heißt {words}?", found.meanings)


def _show_dynamics(release: Release, area_id: str, group: Group) -> None:
    found = views.dynamics_of(release, area_id, group)
    if found is None:
        return
    st.subheader("Dynamik", anchor=False)
    prose.lead(found.text)
    with st.container(key="dynamics"):
        prose.say_terms(found.limits)
        if found.table is not None:
            design.show_table(found.table)


def _show_chance(release: Release, area_id: str, group: Group) -> None:
    found = views.chance_of(release, area_id, group)
    if found is None:
        return
    st.subheader("Wie sicher sind die Zahlen?", anchor=False)
    prose.note(found.note)
    if found.level:
        prose.say(found.level)
    design.show_table(found.table)


def _show_comparison(release: Release, area_id: str, group: Group) -> None:
    st.subheader("Im Vergleich", anchor=False)
    with st.container(key="beside"):
        chart_side, table_side = st.columns([2, 3], gap="large")
    with chart_side:
        everybody = f"alle {views.plural(release, Kind.QUARTIER)}"
        show_strips(views.strips_of(release, area_id, group), everybody)
    with table_side:
        design.show_table(views.beside_parents(release, area_id, group))
        prose.note("Rang 1 hat den höchsten Wert; geheime Werte haben keinen Rang.")
    if len(views.groups(release)) > 1:
        st.subheader("Alle und Kinder nebeneinander", anchor=False)
        with st.container(key="groups"):
            design.show_table(views.beside_groups(release, area_id))


def _show_development(past: Sequence[Release], area_id: str, group: Group) -> None:
    st.subheader("Entwicklung", anchor=False)
    # One date is no development: the table says it all.
    items = views.development_items(past[-1], group) if len(past) > 1 else ()
    found = [views.series_of(past, area_id, group, item) for item in items]
    shown = [series for series in found if series is not None]
    if shown:
        places = max((series.places for series in shown), key=len)
        charts.show_series_legend(places, _marks(past))
    for start in range(0, len(shown), _CHARTS_PER_ROW):
        sides = st.columns(_CHARTS_PER_ROW, gap="large")
        for side, series in zip(sides, shown[start : start + _CHARTS_PER_ROW], strict=False):
            with side:
                _show_series(series)
    with st.container(key="development"):
        design.show_table(views.development_table(past, area_id, group))


def _marks(past: Sequence[Release]) -> str:
    is_mixed = any(release.info.state is State.PROVISIONAL for release in past)
    return "● endgültig, ◆ vorläufig" if is_mixed else ""


def _show_series(series: views.Series) -> None:
    gaps = f" Ohne Wert: {'; '.join(series.gaps)}." if series.gaps else ""
    st.html(f'<h4 class="chart-title">{escape(series.label)}</h4>')
    # The title above it names the indicator.
    prose.note(series.summary.removeprefix(f"{series.label}: ") + gaps)
    charts.show_series(series)


def _show_blocks(release: Release, area_id: str, group: Group) -> None:
    if Kind.BLOCK not in views.kinds_of(release):
        return
    table = views.block_table(release, area_id, group)
    with st.container(
        key="blocks-head",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="bottom",
    ):
        title = f"{views.plural(release, Kind.BLOCK)} ({len(table.rows)})"
        st.subheader(title, anchor=False, width="content")
        column = selects.choose_order(table.columns, "block-order")
    prose.note(views.block_note(release))
    with st.container(key="blocks"):
        design.show_table(table, table.order[column])
