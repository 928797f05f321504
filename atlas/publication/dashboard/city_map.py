"""The map of page Karte: what the reader chose to see, how it is drawn, what a click means."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from atlas.exchange.display import read_classes
from atlas.publication import palette
from atlas.publication.dashboard import address, context_map, prose, replaced, selects
from atlas.publication.dashboard.base_map import wanted_base_map
from atlas.publication.dashboard.drawings import drawing_of, mask_of
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.map_element import Drawing, draw_map
from atlas.publication.export.picture import MapChoice
from atlas.publication.seen import Seen, is_between
from atlas.publication.views.across import lies_across
from atlas.publication.views.block_drivers import hidden_note
from atlas.publication.views.class_choice import ClassChoice, carried
from atlas.publication.views.definitions import definition_of
from atlas.publication.views.items import LEVEL_ITEMS, NEED, theme_item
from atlas.publication.views.last_levels import with_last_levels
from atlas.publication.views.map import MapView, map_view
from atlas.terms import Group, Kind, Status

_WIDGET = "map-breaks"
_POOLED, _OF_DATE, _OF_CITY = "", "stichtag", "stadt"


@dataclass(frozen=True)
class Shown:
    """What the reader chose to see; ``area`` is a clicked area that is no Quartier."""

    seen: Seen
    theme: str
    kind: Kind
    quartier: str
    area: str


@dataclass(frozen=True)
class Drawn:
    """One map as it is drawn."""

    shown: Shown
    view: MapView
    drawing: Drawing


def draw(context: Context, shown: Shown, breaks: str) -> Drawn:
    """Make the map of what the reader chose.

    Parameters
    ----------
    breaks
        Where classes part: what ``choose_breaks`` gave.
    """
    looked_at = "/".join(ref.name for ref in context.refs)
    own = read_classes(context.city_dir).get(shown.theme, ()) if breaks == _OF_CITY else ()
    what = (shown.theme, shown.seen.group, shown.kind)
    names = (f"{shown.seen.release.path} {shown.seen.kinds}", looked_at, breaks)
    view, drawing = _map(context, shown.seen, what, tuple(own), names)
    return Drawn(shown, view, drawing)


def choose_breaks(context: Context, theme: str) -> str:
    """Select „Klassen“ of an indicator: those of the city, of all dates or of this date."""
    labels = {_POOLED: "gleich für alle Stichtage", _OF_DATE: "nur dieser Stichtag"}
    if theme in LEVEL_ITEMS:
        return _POOLED
    if theme in read_classes(context.city_dir):
        labels = {_POOLED: "der Stadt", "alle": labels[_POOLED], _OF_DATE: labels[_OF_DATE]}
    chosen = selects.choose_kept("Klassen", address.BREAKS_KEY, labels, _WIDGET, 230)
    is_own = theme in read_classes(context.city_dir)
    return (_OF_CITY if is_own else _POOLED) if chosen == "" else chosen


def show(context: Context, one: Drawn, chosen: ClassChoice, name: str = "") -> None:
    """Draw the map with the areas that the reader chose to see.

    Parameters
    ----------
    name
        In what it differs from maps beside it.
    """
    shown = one.shown
    mask = ""
    if chosen.told:
        areas = carried(shown.seen, chosen.area_ids, chosen.kind, one.view.kind)
        mask = mask_of(shown.seen, one.view, areas)
    place = context_map.wanted_place(shown.seen, shown.quartier)
    around = context_map.told(shown.seen, context_map.wanted_layers(shown.seen), place)
    drawing = replace(
        one.drawing,
        context=around,
        selected=_marked(shown),
        focus=_focus(shown),
        tiles=wanted_base_map(context),
        shown=mask,
    )
    parts = (context.city, shown.seen.release.path.name, str(shown.kind), name)
    draw_map(
        drawing,
        context.city,
        "-".join(filter(None, parts)),
        _choose_clicked(shown, one.view.kind),
    )


def choice_of(drawn: Drawn, chosen: ClassChoice) -> MapChoice:
    """Describe the map for a picture of it."""
    return MapChoice(
        kind=drawn.shown.kind,
        view=drawn.view,
        heading=drawn.view.heading,
        looks=palette.looks_of(drawn.view),
        selected=_marked(drawn.shown),
        focus=_focus(drawn.shown),
        layers=context_map.wanted_layers(drawn.shown.seen),
        shown=chosen.area_ids if chosen.told else None,
        told=chosen.told,
    )


def known_area(seen: Seen, kind: Kind, quartier: str) -> str:
    """Clicked area above, or block of the chosen Quartier; empty where it does not fit."""
    asked = address.kept(address.AREA_KEY)
    if asked and not any(seen.find(one, asked) for one in seen.kinds):
        replaced.note_in_link("Gebiet", asked, "")
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


@st.cache_resource(max_entries=64, show_spinner=False)
def _map(
    _context: Context,
    _seen: Seen,
    what: tuple[str, Group, Kind],
    own: tuple[float, ...],
    names: tuple[str, str, str],
) -> tuple[MapView, Drawing]:
    """Draw a theme; classes that hold for all dates are made anew by another release."""
    theme, group, kind = what
    is_alone = names[2] == _OF_DATE
    past = () if is_alone or own else _past(_context, theme, group, kind)
    view = map_view(_seen, theme, kind, past, own)
    final = _context.final_before(_seen)
    if final is not None and theme == NEED and view.kind == Kind.QUARTIER:
        view = with_last_levels(view, _seen, final)
    return view, drawing_of(_seen, view)


def _past(context: Context, theme: str, group: Group, kind: Kind) -> tuple[Seen, ...]:
    """Releases whose values make the classes of a theme; a level needs none of them."""
    if theme in LEVEL_ITEMS:
        return ()
    return context.past_with_blocks(group) if kind == Kind.BLOCK else context.past(group)


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
        is_whole = is_between(shown.kind) and not lies_across(shown.seen, shown.kind)
        if drawn == Kind.QUARTIER and not is_whole:
            address.remember(address.QUARTIER_KEY, area_id)
        elif shown.kind == drawn:
            address.remember(address.AREA_KEY, area_id)
        else:
            address.remember(address.AREA_KEY, _holder(shown.seen, drawn, area_id, above))
        if drawn == Kind.BLOCK:
            address.remember(address.QUARTIER_KEY, _holder(shown.seen, drawn, area_id, above))

    return choose


def say_instead(drawn: Drawn) -> None:
    """Say above the map what is shown where the theme has nothing of the kind."""
    if _is_instead(drawn):
        prose.note(drawn.view.notes[0])


def say_notes(drawn: Drawn) -> None:
    """Say below the map what its colours leave open, and what its theme means."""
    seen, theme, view = drawn.shown.seen, drawn.shown.theme, drawn.view
    notes = list(view.notes[1:] if _is_instead(drawn) else view.notes)
    if view.kind == Kind.BLOCK and drawn.shown.quartier and theme not in LEVEL_ITEMS:
        inside = hidden_note(seen, drawn.shown.quartier, theme)
        notes += [inside] if inside else []
    is_empty = not any(entry.step and entry.count for entry in view.legend)
    if is_empty and any(entry.status is Status.UNAVAILABLE for entry in view.legend):
        kind = seen.plural(drawn.shown.kind)
        notes.append(
            f"{kind}: Zu diesem Thema liegen keine Zahlen vor, auf anderer Ebene schon."
        )
    if notes:
        st.html("".join(f'<p class="note">{escape(note)}</p>' for note in notes))
    label = theme_item(seen.config, theme).label
    prose.explain_terms(f"Was heißt {label}?", definition_of(seen, theme))


def _is_instead(drawn: Drawn) -> bool:
    return drawn.shown.kind == Kind.BLOCK != drawn.view.kind
