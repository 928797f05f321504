"""Page „Vergleich“: Quartiere side by side, the ranking, two indicators together."""

from functools import partial

import streamlit as st

from atlas.publication import views
from atlas.publication.dashboard import charts, design, posts, prose, selects
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.neighbours import neighbours
from atlas.publication.dashboard.strip_chart import show_strips
from atlas.release import Release
from atlas.terms import Group, Kind

_WIDGET = "compared-areas"
# What the address compared when the page was last drawn.
_SAID = "_compared_in_address"
_MOST_OFFERED = 8


def page(context: Context) -> None:
    """Draw the page."""
    with st.container(key="choices"):
        group_side, date_side, _ = st.columns([1.7, 1.6, 4], gap="small")
        with date_side:
            selects.choose_date(context)
        with group_side:
            group = selects.choose_group(context)
    release = context.release
    st.header("Vergleich", anchor=False)
    compare_tab, posts_tab = st.tabs(["Vergleichen", views.PLAN_NAME])
    with compare_tab:
        _show_comparison(release, group)
    with posts_tab:
        posts.show(release, group)


def _show_comparison(release: Release, group: Group) -> None:
    chosen = _choose_areas(release)
    _offer_neighbours(release, chosen)
    if len(chosen) < 2:
        prose.say(f"Zwei bis fünf {views.plural(release, Kind.QUARTIER)} wählen.")
    else:
        with st.container(key="compared"):
            design.show_table(views.beside_each_other(release, chosen, group))
        prose.note("In Klammern der Rang; Rang 1 hat den höchsten Wert.")
    if chosen:
        strip_side, scatter_side = st.columns([2, 3], gap="large")
        with strip_side:
            _show_strips(release, group, chosen)
        with scatter_side:
            _show_scatter(release, group, chosen)
    else:
        _show_scatter(release, group, chosen)
    table = views.need_by_dynamics(release, group)
    if table is not None:
        st.subheader("Handlungsbedarf und Dynamik", anchor=False)
        design.show_table(table)
    _show_ranking(release, group)


def _choose_areas(release: Release) -> tuple[str, ...]:
    titles = {area.id: area.title for area in views.areas(release, Kind.QUARTIER)}
    known = [key for key in _asked() if key in titles]
    # Set anew on every run: the address may have changed, and a date knows its own Quartiere.
    st.session_state[_WIDGET] = known[: selects.MOST_COMPARED]
    chosen = st.multiselect(
        f"{views.plural(release, Kind.QUARTIER)} (bis zu fünf)",
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
    said = selects.kept(selects.COMPARED_KEY)
    is_gone_back = st.session_state.get(_SAID, "") != said
    st.session_state[_SAID] = said
    if said:
        return selects.split_keys(said)
    start = [selects.kept(selects.QUARTIER_KEY)]
    return start if is_gone_back else list(st.session_state.get(_WIDGET, start))


def _remember() -> None:
    said = selects.join_keys(st.session_state[_WIDGET])
    st.session_state[_SAID] = said
    selects.remember(selects.COMPARED_KEY, said)


def _offer_neighbours(release: Release, chosen: tuple[str, ...]) -> None:
    """Buttons that add a neighbour of the chosen ones, while there is room for one."""
    beside = neighbours(release, chosen)
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


def _show_strips(release: Release, group: Group, chosen: tuple[str, ...]) -> None:
    found = views.strips_of_many(release, chosen, group)
    if found.strips:
        st.subheader("Lage unter allen", anchor=False)
        show_strips(found, f"alle {views.plural(release, Kind.QUARTIER)}")


def _show_scatter(release: Release, group: Group, chosen: tuple[str, ...]) -> None:
    labels = {item.id: item.label for item in views.indicators(release.info.config, group)}
    if len(labels) < 2:
        return
    st.subheader("Zwei Indikatoren zusammen", anchor=False)
    x_side, y_side = st.columns(2, gap="small")
    names = tuple(labels)
    with x_side:
        x = st.selectbox("Waagrecht", names, format_func=labels.__getitem__, index=0)
    with y_side:
        y = st.selectbox("Senkrecht", names, format_func=labels.__getitem__, index=1)
    scatter = views.scatter_of(release, group, x, y)
    hidden = f" {scatter.left_out} ohne Wert sind nicht dabei." if scatter.left_out else ""
    prose.note(f"{scatter.title}: {len(scatter.spots)} Punkte.{hidden} Die Werte stehen unten.")
    if scatter.spots:
        charts.show_scatter(scatter, chosen)


def _show_ranking(release: Release, group: Group) -> None:
    table = views.area_table(release, Kind.QUARTIER, group)
    numbers = [column for column in table.columns if column.is_number]
    with st.container(
        key="ranking-head",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="bottom",
    ):
        st.subheader("Rangliste", anchor=False, width="content")
        column = selects.choose_order(numbers, "rank-order")
    prose.note("Vom höchsten zum niedrigsten Wert; geheime Werte am Ende, nach Namen.")
    with st.container(key="ranking"):
        design.show_table(table, table.order[column])
