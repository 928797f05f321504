"""A map of the views made ready for the map element: addresses, looks, texts in file order."""

import json
from pathlib import Path

import streamlit as st

from atlas.publication.dashboard import design
from atlas.publication.dashboard.map_element import Content, Drawing, pack
from atlas.publication.dashboard.web import boundaries_url
from atlas.publication.views import MapView
from atlas.release import Release


def drawing_of(release: Release, view: MapView) -> Drawing:
    """Pack a map; its boundaries are fetched by the browser."""
    order = _area_order(str(release.path / view.geometry))
    content = Content(
        title=design.map_title(view),
        looks=design.looks_of(view),
        classes=[view.entry_of[area] for area in order],
        texts=[view.texts[area] for area in order],
        labels=[view.labels[area] for area in order],
    )
    city, name = release.path.parent.name, release.path.name
    return Drawing(
        geometry=boundaries_url(city, name, view.geometry),
        outline=boundaries_url(city, name, view.outline) if view.outline else "",
        content=pack(content),
    )


@st.cache_resource(max_entries=32, show_spinner=False)
def _area_order(file: str) -> tuple[str, ...]:
    with Path(file).open(encoding="utf-8") as opened:
        return tuple(str(feature["id"]) for feature in json.load(opened)["features"])
