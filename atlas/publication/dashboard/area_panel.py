"""The panel beside the map: the chosen area at one glance, or the city."""

from dataclasses import replace
from functools import partial

import streamlit as st

from atlas.publication.dashboard import address, design, prose
from atlas.publication.dashboard.frame import Context
from atlas.publication.seen import Seen, is_between
from atlas.publication.views.definitions import definitions_of
from atlas.publication.views.map import map_kinds
from atlas.publication.views.profile import card
from atlas.terms import Kind

_HINT = "Ein Gebiet auf der Karte anklicken, oder oben nach Name oder Nummer suchen."


def show(context: Context, seen: Seen, kind: Kind, quartier: str, area: str) -> None:
    """Draw the panel for a map of one kind; ``area`` is a clicked area that is no Quartier."""
    if is_between(kind) and area:
        _show_card(context, seen, kind, area)
        _offer_kind(seen, kind, Kind.QUARTIER)
    elif quartier:
        _show_card(context, seen, Kind.QUARTIER, quartier)
        address.link("profile", "Warum diese Stufe? → Profil")
        _offer_kind(seen, kind, Kind.QUARTIER if kind == Kind.BLOCK else Kind.BLOCK)
        if kind == Kind.BLOCK and area:
            _show_card(context, seen, Kind.BLOCK, area)
    else:
        _show_city(seen)
    prose.explain_terms("Was heißen diese Zahlen?", definitions_of(seen))


def _show_city(seen: Seen) -> None:
    city = seen.config.city
    found = card(seen, Kind.CITY, city.key)
    facts = tuple(replace(fact, rank="") for fact in found.facts)
    st.html(design.card_html(replace(found, title=city.name, level_text=_HINT, facts=facts)))


def _offer_kind(seen: Seen, shown: Kind, kind: Kind) -> None:
    """Button that goes one kind deeper or back."""
    if kind in map_kinds(seen) and kind != shown:
        st.button(
            f"{seen.plural(kind)} zeigen",
            key=f"show-{kind}",
            on_click=partial(address.remember, address.KIND_KEY, str(kind)),
        )


def _show_card(context: Context, seen: Seen, kind: Kind, area_id: str) -> None:
    previous = context.previous(seen.group) if kind == Kind.QUARTIER else None
    st.html(design.card_html(card(seen, kind, area_id, previous)))
