"""The map of page Karte: what the reader chose to see, how it is drawn, what a click means."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from atlas.publication.dashboard import address, context_map, design, prose
from atlas.publication.dashboard.base_map import offer_base_map, wanted_base_map
from atlas.publication.dashboard.drawings import drawing_of
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.map_element import Drawing, draw_map
from atlas.publication.export.picture import MapChoice
from atlas.publication.seen import Seen, is_between
from atlas.publication.views.block_drivers import hidden_note
from atlas.publication.views.definitions import definition_of
from atlas.publication.views.items import LEVEL_ITEMS, theme_item
from atlas.publication.views.map import LegendEntry, MapView, map_view
from atlas.terms import STATUS_LABELS, Group, Kind, Status

# The legend keeps explaining these symbols where no area has them.
_ALWAYS_EXPLAINED = (Status.SUPPRESSED, Status.MISSING)


@dataclass(frozen=True)
class Shown:
    """What the reader chose to see; ``area`` is a clicked area that is no Quartier."""

    seen: Seen
    theme: str
    kind: Kind
    quartier: str
    area: str


def show(context: Context, shown: Shown) -> MapView:
    """Draw map and legend, and give what they show."""
    view, drawing = _map_over_time(context, shown)
    if shown.kind == Kind.BLOCK != view.kind:
        prose.note(view.notes[0])  # says what is shown instead
    _show_map(context, shown, drawing, view.kind)
    _show_legend(shown, view)
    context_map.offer_layers(shown.seen, shown.quartier)
    offer_base_map(context)
    return view


def choice_of(shown: Shown, view: MapView) -> MapChoice:
    """Describe the map for a picture of it."""
    return MapChoice(
        kind=shown.kind,
        view=view,
        heading=design.map_title(view),
        looks=design.looks_of(view),
        selected=_marked(shown),
        focus=_focus(shown),
    )


def known_area(seen: Seen, kind: Kind, quartier: str) -> str:
    """Clicked area above, or block of the chosen Quartier; empty where it does not fit."""
    asked = address.kept(address.AREA_KEY)
    if kind == Kind.BLOCK:
        return asked if asked and _holder(seen, kind, asked, Kind.QUARTIER) == quartier else ""
    above = seen.kind_above(kind) if kind == Kind.QUARTIER else kind
    is_there = above is not None and is_between(above) and seen.find(above, asked)
    return asked if is_there else ""


def _holder(seen: Seen, kind: Kind, area_id: str, above: Kind) -> str:
    """Key of the area of a larger kind that holds an area; empty if there is none."""
    area = seen.find(kind, area_id)
    holder = None if area is None else seen.holder(above, area)
    return "" if holder is None else holder.id


def _map_over_time(context: Context, shown: Shown) -> tuple[MapView, Drawing]:
    """Draw a theme in classes that hold for all dates; another release makes them anew."""
    seen = shown.seen
    looked_at = "/".join(ref.name for ref in context.refs)
    what = (str(seen.release.path), shown.theme, seen.group, shown.kind)
    return _map(context, seen, what, looked_at)


@st.cache_resource(max_entries=64, show_spinner=False)
def _map(
    _context: Context, _seen: Seen, what: tuple[str, str, Group, Kind], looked_at: str
) -> tuple[MapView, Drawing]:
    _, theme, group, kind = what
    view = map_view(_seen, theme, kind, _past(_context, theme, group, kind))
    return view, drawing_of(_seen, view)


def _past(context: Context, theme: str, group: Group, kind: Kind) -> tuple[Seen, ...]:
    """Releases whose values make the classes of a theme; a level needs none of them."""
    if theme in LEVEL_ITEMS:
        return ()
    return context.past_with_blocks(group) if kind == Kind.BLOCK else context.past(group)


def _show_map(context: Context, shown: Shown, drawing: Drawing, drawn: Kind) -> None:
    tiles = wanted_base_map(context)
    place = context_map.wanted_place(shown.seen, shown.quartier)
    around = context_map.told(shown.seen, context_map.wanted_layers(shown.seen), place)
    drawing = replace(drawing, selected=_marked(shown), focus=_focus(shown), tiles=tiles)
    drawing = replace(drawing, context=around)
    key = f"{context.city}-{shown.seen.release.path.name}-{shown.kind}"
    draw_map(drawing, context.city, key, _choose_clicked(shown, drawn))


def _marked(shown: Shown) -> str:
    if shown.kind == Kind.BLOCK:
        return shown.area or shown.quartier
    return shown.area if is_between(shown.kind) else shown.quartier


def _focus(shown: Shown) -> str:
    if shown.kind == Kind.BLOCK:
        return shown.quartier
    return shown.area if shown.kind == Kind.QUARTIER else ""


def _choose_clicked(shown: Shown, drawn: Kind) -> Callable[[str], None]:
    """Choose what is meant by an area of the drawn kind.

    A click on a map that is being replaced may name an area of the old one: it chooses none.
    """
    above = Kind.QUARTIER if shown.kind == Kind.BLOCK else shown.kind

    def choose(area_id: str) -> None:
        if drawn == Kind.QUARTIER and not is_between(shown.kind):
            address.remember(address.QUARTIER_KEY, area_id)
        elif shown.kind == drawn:
            address.remember(address.AREA_KEY, area_id)
        else:
            address.remember(address.AREA_KEY, _holder(shown.seen, drawn, area_id, above))
        if drawn == Kind.BLOCK:
            address.remember(address.QUARTIER_KEY, _holder(shown.seen, drawn, area_id, above))

    return choose


def _show_legend(shown: Shown, view: MapView) -> None:
    present = {entry.status for entry in view.legend}
    absent = [
        LegendEntry(0, status, STATUS_LABELS[status], 0)
        for status in _ALWAYS_EXPLAINED
        if status not in present
    ]
    notes = list(view.notes[1:] if shown.kind == Kind.BLOCK != view.kind else view.notes)
    if view.kind == Kind.BLOCK and shown.quartier and shown.theme not in LEVEL_ITEMS:
        inside = hidden_note(shown.seen, shown.quartier, shown.theme)
        notes += [inside] if inside else []
    if Status.UNAVAILABLE in present and not any(e.step and e.count for e in view.legend):
        kind = shown.seen.plural(shown.kind)
        notes.append(
            f"{kind}: Zu diesem Thema liegen keine Zahlen vor, auf anderer Ebene schon."
        )
    lines = "".join(f'<p class="note">{escape(note)}</p>' for note in notes)
    st.html(design.legend_html(view, absent) + lines)
    seen, theme = shown.seen, shown.theme
    label = theme_item(seen.config, theme).label
    prose.explain_terms(f"Was heißt {label}?", definition_of(seen, theme))
