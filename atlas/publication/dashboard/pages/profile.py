"""Page „Quartier“: one Quartier's level and why, its values, its past, its blocks."""

from collections.abc import Sequence
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from atlas.publication import export, views
from atlas.publication.dashboard import assessing, charts, design, prose, selects
from atlas.publication.dashboard.frame import Context
from atlas.release import Release, open_release
from atlas.terms import GROUP_LABELS, Group, Kind, State

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHARTS_PER_ROW = 2


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
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.header(prose.plain(card.title), anchor=False, width="content")
        name = export.file_name(
            context.open(context.refs[0]), export.quartier_table_name(release, area_id), "xlsx"
        )
        st.download_button(
            "Alle Jahre als Excel",
            partial(_workbook, context, area_id, assessing.sheets(context, area_id)),
            file_name=name,
            mime=_XLSX,
            key=f"file-{name}",
            on_click="ignore",
        )
    place = " · ".join(part for part in (card.place, GROUP_LABELS[group]) if part)
    st.html(f'<div class="panel"><p class="place">{escape(place)}</p></div>')
    if card.level is not None:
        st.html(design.level_chip(card.level, card.level_text))
    if card.trend:
        prose.note(card.trend)


def _show_reasons(release: Release, area_id: str, group: Group) -> None:
    st.subheader("Warum diese Stufe?", anchor=False)
    found = views.reasons(release, area_id, group)
    if found is None:
        prose.say("Für diese Bezugsgruppe wird nicht eingestuft.")
        return
    prose.say(found.text)
    notices = (
        *views.area_notices(release, area_id, group),
        *views.level_notices(release, group),
    )
    for notice in notices:
        prose.note(notice)
    if found.table is None:
        return
    chart_side, table_side = st.columns(2, gap="large")
    with chart_side:
        charts.show_contributions(found.contributions)
    with table_side:
        design.show_table(found.table)
    prose.note(
        "Der Beitrag sagt, wie weit ein Indikator das Gebiet über oder unter den Durchschnitt "
        "aller Gebiete hebt; alle Beiträge ergeben den Index."
    )


def _show_dynamics(release: Release, area_id: str, group: Group) -> None:
    found = views.dynamics_of(release, area_id, group)
    if found is None:
        return
    st.subheader("Dynamik", anchor=False)
    prose.say(found.text)
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
    prose.note("Rang 1 hat den höchsten Wert; geheime Werte haben keinen Rang.")
    design.show_table(views.beside_parents(release, area_id, group))
    if len(views.groups(release)) > 1:
        st.subheader("Alle und Kinder nebeneinander", anchor=False)
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
    design.show_table(views.development_table(past, area_id, group))


def _marks(past: Sequence[Release]) -> str:
    is_mixed = any(release.info.state is State.PROVISIONAL for release in past)
    return "● endgültig, ◆ vorläufig" if is_mixed else ""


def _show_series(series: views.Series) -> None:
    gaps = f" Ohne Wert: {'; '.join(series.gaps)}." if series.gaps else ""
    st.html(f'<h4 class="chart-title">{escape(series.label)}</h4>')
    prose.note(series.summary + gaps)
    charts.show_series(series)


def _show_blocks(release: Release, area_id: str, group: Group) -> None:
    if Kind.BLOCK not in views.kinds_of(release):
        return
    table = views.block_table(release, area_id, group)
    st.subheader(f"{views.plural(release, Kind.BLOCK)} ({len(table.rows)})", anchor=False)
    prose.note(views.block_note(release))
    labels = {column.id: column.label for column in table.columns}
    column = st.selectbox(
        "Sortieren nach",
        tuple(labels),
        format_func=labels.__getitem__,
        key="block-order",
        width=260,
    )
    design.show_table(table, table.order[column])
