"""Page „Karte“: the city at one glance, one Quartier beside it, all Quartiere as a table."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from atlas.publication import views
from atlas.publication.dashboard import design, downloads, pictures, selects
from atlas.publication.dashboard.base_map import offer_base_map, wanted_base_map
from atlas.publication.dashboard.drawings import drawing_of
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.map_element import Drawing, draw_map
from atlas.publication.export.picture import MapChoice
from atlas.release import Release
from atlas.terms import STATUS_LABELS, Group, Kind, Status

# The legend keeps explaining these symbols where no area has them.
_ALWAYS_EXPLAINED = (Status.SUPPRESSED, Status.MISSING)
_SORT_KEY = "sortierung"
_HINT = "Ein Gebiet auf der Karte anklicken, oder oben nach Name oder Nummer suchen."


@dataclass(frozen=True)
class _Shown:
    """What the reader chose to see; ``area`` is a clicked area that is no Quartier."""

    release: Release
    theme: str
    group: Group
    kind: Kind
    quartier: str
    area: str


def page(context: Context) -> None:
    """Draw the page."""
    shown = _choose(context)
    view, drawing = _map(
        shown.release, str(shown.release.path), shown.theme, shown.group, shown.kind
    )
    with st.container(key="map-and-panel"):
        map_side, panel_side = st.columns([3, 1], gap="medium")
        with map_side:
            _show_map(context, shown, drawing, view.kind)
            _show_legend(shown, view)
            offer_base_map(context)
        with panel_side:
            _show_panel(context, shown)
    _show_table(shown, view)


def _choose(context: Context) -> _Shown:
    with st.container(key="choices"):
        theme_side, group_side, date_side, kind_side, quartier_side = st.columns(
            [2.2, 1.7, 1.6, 1.3, 2.2], gap="small"
        )
        with date_side:
            selects.choose_date(context)
        with group_side:
            group = selects.choose_group(context)
        with theme_side:
            theme = selects.choose_theme(context, group)
        with kind_side:
            kind = selects.choose_kind(context)
        with quartier_side:
            quartier = selects.choose_quartier(context)
    release = context.release
    return _Shown(release, theme, group, kind, quartier, _known_area(release, kind, quartier))


def _known_area(release: Release, kind: Kind, quartier: str) -> str:
    """Clicked Stadtbezirk, or block of the chosen Quartier; empty where it does not fit."""
    asked = selects.kept(selects.AREA_KEY)
    if kind == Kind.BLOCK:
        parents = _parents(release, str(release.path), Kind.BLOCK)
        return asked if asked and parents.get(asked) == quartier else ""
    return asked if asked in _parents(release, str(release.path), Kind.DISTRICT) else ""


@st.cache_resource(max_entries=32, show_spinner=False)
def _parents(_release: Release, path: str, kind: Kind) -> dict[str, str]:
    return {area.id: area.parent_id for area in views.areas(_release, kind)}


@st.cache_resource(max_entries=64, show_spinner=False)
def _map(
    _release: Release, path: str, theme: str, group: Group, kind: Kind
) -> tuple[views.MapView, Drawing]:
    view = views.map_view(_release, theme, group, kind)
    return view, drawing_of(_release, view)


def _show_map(context: Context, shown: _Shown, drawing: Drawing, drawn: Kind) -> None:
    tiles = wanted_base_map(context)
    drawing = replace(drawing, selected=_marked(shown), focus=_focus(shown), tiles=tiles)
    key = f"{context.city}-{shown.release.path.name}-{shown.kind}"
    draw_map(drawing, context.city, key, _choose_clicked(shown, drawn))


def _marked(shown: _Shown) -> str:
    if shown.kind == Kind.BLOCK:
        return shown.area or shown.quartier
    return shown.area if shown.kind == Kind.DISTRICT else shown.quartier


def _focus(shown: _Shown) -> str:
    if shown.kind == Kind.BLOCK:
        return shown.quartier
    return shown.area if shown.kind == Kind.QUARTIER else ""


def _choose_clicked(shown: _Shown, drawn: Kind) -> Callable[[str], None]:
    """Choose what is meant by an area of the drawn kind.

    A click on a map that is being replaced may name an area of the old one: it chooses none.
    """
    parents = _parents(shown.release, str(shown.release.path), drawn)

    def choose(area_id: str) -> None:
        if shown.kind == Kind.QUARTIER:
            selects.remember(selects.QUARTIER_KEY, area_id)
        elif shown.kind is drawn:
            selects.remember(selects.AREA_KEY, area_id)
        else:
            selects.remember(selects.AREA_KEY, parents.get(area_id, ""))
        if shown.kind == Kind.BLOCK:
            selects.remember(selects.QUARTIER_KEY, parents.get(area_id, ""))

    return choose


def _show_legend(shown: _Shown, view: views.MapView) -> None:
    present = {entry.status for entry in view.legend}
    absent = [
        views.LegendEntry(0, status, STATUS_LABELS[status], 0)
        for status in _ALWAYS_EXPLAINED
        if status not in present
    ]
    notes = list(view.notes)
    if Status.UNAVAILABLE in present and not any(e.step and e.count for e in view.legend):
        kind = views.plural(shown.release, shown.kind)
        notes.append(
            f"{kind}: Zu diesem Thema liegen keine Zahlen vor, auf anderer Ebene schon."
        )
    lines = "".join(f'<p class="note">{escape(note)}</p>' for note in notes)
    st.html(design.legend_html(view, absent) + lines)


def _show_panel(context: Context, shown: _Shown) -> None:
    if shown.kind == Kind.DISTRICT and shown.area:
        _show_card(context, shown, Kind.DISTRICT, shown.area)
        _offer_kind(shown, Kind.QUARTIER)
    elif shown.quartier:
        _show_card(context, shown, Kind.QUARTIER, shown.quartier)
        selects.link("profile", "Warum diese Stufe? → Profil")
        _offer_kind(shown, Kind.QUARTIER if shown.kind == Kind.BLOCK else Kind.BLOCK)
        if shown.kind == Kind.BLOCK and shown.area:
            _show_card(context, shown, Kind.BLOCK, shown.area)
    else:
        _show_city(shown)


def _show_city(shown: _Shown) -> None:
    city = shown.release.info.config.city
    key = (shown.release.path, None, Kind.CITY, city.key, shown.group)
    card = _card(shown.release, None, key)
    facts = tuple(replace(fact, rank="") for fact in card.facts)
    st.html(design.card_html(replace(card, title=city.name, level_text=_HINT, facts=facts)))


def _offer_kind(shown: _Shown, kind: Kind) -> None:
    """Button that goes one kind deeper or back."""
    if kind in views.map_kinds(shown.release) and kind != shown.kind:
        st.button(
            f"{views.plural(shown.release, kind)} zeigen",
            key=f"show-{kind}",
            on_click=partial(selects.remember, selects.KIND_KEY, str(kind)),
        )


def _show_card(context: Context, shown: _Shown, kind: Kind, area_id: str) -> None:
    previous = context.previous() if kind == Kind.QUARTIER else None
    dates = (shown.release.path, previous.path if previous else None)
    card = _card(shown.release, previous, (*dates, kind, area_id, shown.group))
    st.html(design.card_html(card))


@st.cache_resource(max_entries=512, show_spinner=False)
def _card(
    _release: Release,
    _previous: Release | None,
    key: tuple[Path, Path | None, Kind, str, Group],
) -> views.Card:
    _, _, kind, area_id, group = key
    return views.card(_release, kind, area_id, group, _previous)


def _show_table(shown: _Shown, view: views.MapView) -> None:
    table = _table(shown.release, str(shown.release.path), shown.group)
    title = f"Alle {views.plural(shown.release, Kind.QUARTIER)}"
    with st.container(
        key="table-head",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="bottom",
    ):
        st.header(title, anchor=False, width="content")
        column = selects.choose_order(table.columns, _SORT_KEY)
        downloads.offer_tables(shown.release, Kind.QUARTIER)
        pictures.offer_pictures(shown.release, _choice(shown, view))
    design.show_table(table, table.order[column], shown.quartier)


def _choice(shown: _Shown, view: views.MapView) -> MapChoice:
    return MapChoice(
        kind=shown.kind,
        view=view,
        heading=design.map_title(view),
        looks=design.looks_of(view),
        selected=_marked(shown),
        focus=_focus(shown),
    )


@st.cache_resource(max_entries=32, show_spinner=False)
def _table(_release: Release, path: str, group: Group) -> views.Table:
    return views.area_table(_release, Kind.QUARTIER, group)
