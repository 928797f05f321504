"""A map of the views made ready for the map element: addresses, looks, texts in file order."""

import base64
import json
from collections.abc import Collection, Mapping
from pathlib import Path

import streamlit as st

from atlas.publication import palette
from atlas.publication.dashboard import context_map
from atlas.publication.dashboard.map_element import Content, Drawing, pack
from atlas.publication.dashboard.web import boundaries_url
from atlas.publication.seen import Seen
from atlas.publication.views.map import MapView

_FEW = 30


def drawing_of(seen: Seen, view: MapView) -> Drawing:
    """Pack a map; its boundaries are fetched by the browser."""
    path = seen.release.path
    names = _names_in_order(str(path / view.geometry))
    content = Content(
        title=view.heading,
        looks=palette.looks_of(view),
        classes=[view.entry_of[area] for area in names],
        texts=[view.texts[area] for area in names],
        labels=_labels(view, names),
    )
    city, name = path.parent.name, path.name
    return Drawing(
        geometry=boundaries_url(city, name, view.geometry),
        outline=boundaries_url(city, name, view.outline) if view.outline else "",
        content=pack(content),
        context=context_map.told(seen, context_map.first_layers(seen)),
    )


def mask_of(seen: Seen, view: MapView, shown: Collection[str]) -> str:
    """Pack which areas are shown: one bit each in the order of the boundary file, base64."""
    names = _names_in_order(str(seen.release.path / view.geometry))
    bits = "".join("1" if area in shown else "0" for area in names)
    length = -(-len(bits) // 8)
    return base64.b64encode(int(bits.ljust(8 * length, "0"), 2).to_bytes(length)).decode()


def _labels(view: MapView, names: Mapping[str, str]) -> list[str]:
    """Labels of the view; a few large areas that all have none get their names."""
    if len(names) <= _FEW and not any(view.labels.values()):
        return list(names.values())
    return [view.labels[area] for area in names]


@st.cache_resource(max_entries=32, show_spinner=False)
def _names_in_order(file: str) -> dict[str, str]:
    with Path(file).open(encoding="utf-8") as opened:
        features = json.load(opened)["features"]
    return {str(one["id"]): str(one["properties"]["name"]) for one in features}
