"""What lies between the areas of a map: the layers that a reader wants, the place looked for.

The map itself (``assets/context-map.js``) draws; the legend below it says what the signs mean.
"""

from collections.abc import Collection
from html import escape

import streamlit as st

from atlas.config import ContextLayer, Shows
from atlas.publication.dashboard import address, replaced
from atlas.publication.dashboard.web import boundaries_url
from atlas.publication.seen import Seen
from atlas.publication.views.places import place_named, place_text, points_inside
from atlas.release import Place, find_context
from atlas.release.context import DRAWN, STREETS
from atlas.terms import Kind

# In the address: nothing is shown; an empty one means what a city shows at first.
_NONE = "-"
_SIGNS = {
    Shows.SCHOOLS: "■",
    Shows.KITAS: "●",
    Shows.YOUTH_CENTRES: "▲",
    Shows.ADVICE_CENTRES: "◆",
    Shows.PLACES: "✚",
}


def first_layers(seen: Seen) -> tuple[str, ...]:
    """Layers that a city shows at first."""
    return tuple(layer.id for layer in _layers(seen) if layer.is_on)


def wanted_layers(seen: Seen) -> tuple[str, ...]:
    """Layers that the reader wants to see, as the address says."""
    asked = [one for one in address.split_keys(address.kept(address.LAYERS_KEY)) if one]
    found = tuple(layer.id for layer in _layers(seen) if layer.id in asked)
    is_answered = found or asked == [_NONE]
    for name in set(asked) - {_NONE, *found}:
        instead = "der Rest" if is_answered else "das Übliche"
        replaced.note_in_link("Auf der Karte zeigen", name, instead)
    return found if is_answered else first_layers(seen)


def wanted_place(seen: Seen, quartier: str) -> Place | None:
    """Place that was looked for, as long as its Quartier is the chosen one."""
    asked = address.kept(address.PLACE_KEY)
    place = place_named(seen, asked)
    if asked and place is None:
        replaced.note_in_link("Ort", asked, "")
    if place is None or place.quartier != quartier:
        address.forget(address.PLACE_KEY)
        return None
    return place


def told(
    seen: Seen, on: Collection[str], place: Place | None = None
) -> dict[str, object] | None:
    """Tell the map what to draw; None for a city without context."""
    if seen.config.context is None:
        return None
    layers = [
        {"id": one.id, "shows": str(one.shows), "label": one.label}
        for one in _layers(seen)
        if one.id in on
    ]
    return {
        "url": _url(seen, DRAWN),
        "streets": _url(seen, STREETS),
        "layers": layers,
        "names": True,
        "place": None if place is None else {"name": place.name, "at": [*place.position]},
    }


def _url(seen: Seen, name: str) -> str:
    """Address of a file of what lies between areas; empty where the release has none."""
    path = seen.release.path
    file = find_context(path, name)
    return boundaries_url(path.parent.name, path.name, file.name) if file else ""


def offer_layers(seen: Seen, quartier: str) -> None:
    """Offer the layers of a city, and say what the signs of those that are on mean."""
    layers = _layers(seen)
    place = wanted_place(seen, quartier)
    if place is not None:
        st.html(f'<p class="told" role="status">{escape(place_text(seen, place))}</p>')
    if not layers:
        return
    on = wanted_layers(seen)
    with st.container(key="context-layers", horizontal=True, vertical_alignment="center"):
        _offer_boxes(seen, on)
        if signs := _key_html([layer for layer in layers if layer.id in on]):
            st.html(signs)
    if inside := points_inside(seen, quartier, on):
        _list_points(seen, quartier, inside)


def _offer_boxes(seen: Seen, on: Collection[str]) -> None:
    """Draw a box for each layer, while they are open: no other click has to wait for them."""
    opened = st.popover("Auf der Karte zeigen", key="context-boxes", on_change="rerun")
    if not opened.open:
        return
    with opened:
        for layer in _layers(seen):
            key = _box_key(layer.id)
            st.session_state[key] = layer.id in on
            st.checkbox(_signed(layer), key=key, on_change=_remember, args=(seen,))


def _layers(seen: Seen) -> tuple[ContextLayer, ...]:
    context = seen.config.context
    return context.drawn() if context else ()


def _box_key(layer: str) -> str:
    return f"context-{layer}"


def _signed(layer: ContextLayer) -> str:
    sign = _SIGNS.get(layer.shows)
    return f"{sign} {layer.label}" if sign else layer.label


def _remember(seen: Seen) -> None:
    layers = _layers(seen)
    on = [one.id for one in layers if st.session_state.get(_box_key(one.id))]
    is_first = tuple(on) == first_layers(seen)
    value = "" if is_first else address.join_keys(on) or _NONE
    address.remember(address.LAYERS_KEY, value)


def _key_html(layers: list[ContextLayer]) -> str:
    """Signs of the map with their names."""
    items = "".join(
        f'<li><span class="sign {layer.shows}" aria-hidden="true"></span>'
        f"{escape(layer.label)}</li>"
        for layer in layers
    )
    return f'<ul class="signs">{items}</ul>' if items else ""


def _list_points(seen: Seen, quartier: str, inside: dict[str, list[str]]) -> None:
    """List the points of the chosen Quartier: what the map says, for everybody."""
    area = seen.find(Kind.QUARTIER, quartier)
    title = f"Orte in {area.title if area else quartier}"
    rows = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(', '.join(names))}</dd></div>"
        for label, names in inside.items()
    )
    st.html(
        f'<details class="meanings"><summary>{escape(title)}</summary>'
        f'<dl class="terms">{rows}</dl></details>'
    )
