"""The map: boundaries, class numbers, texts and the chosen area in; the clicked area out.

The only module that knows folium and streamlit-folium. Boundaries are fetched by the browser
once, by an address that holds their hash; what changes travels as one small message. Knows no
indicator and no level.
"""

import base64
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import folium
import streamlit as st
from folium.template import Template
from streamlit_folium import st_folium

from atlas.config import BaseMap
from atlas.publication.dashboard.number_texts import take_apart
from atlas.publication.dashboard.program_files import asset_url
from atlas.publication.palette import Look

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_FIRST_HEIGHT_PX = 560


@dataclass(frozen=True)
class Drawing:
    """One state of the map.

    Attributes
    ----------
    geometry, outline
        Addresses of the areas and of the larger areas drawn as lines above; the latter may be
        empty.
    content
        What ``pack`` made of class numbers and texts.
    selected, focus
        Key of the marked area and of the area to zoom to; empty: none.
    tiles
        Base map under the areas, from another server.
    shown
        One bit per area that is shown, base64; empty: every area is.
    context
        What lies between the areas, as ``context_map`` tells it; None: nothing.
    """

    geometry: str
    outline: str
    content: str
    selected: str = ""
    focus: str = ""
    tiles: BaseMap | None = None
    shown: str = ""
    context: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Content:
    """What the areas show; sequences of areas follow the order of the boundary file.

    Attributes
    ----------
    title
        Accessible name of the map.
    looks
        At most 36 legend entries.
    classes
        Per area the position in ``looks``.
    texts, labels
        Per area what the tooltip says and what stands on the map; may be empty.
    """

    title: str
    looks: Sequence[Look]
    classes: Sequence[int]
    texts: Sequence[str]
    labels: Sequence[str]


def pack(content: Content) -> str:
    """Deflate class numbers and texts: 6,000 areas with a text each stay below 15 kB.

    Texts travel in the order of their classes, since neighbours in value look alike, and are
    left out where they say no more than the legend. Behind the JSON and a zero stand the bytes
    of their numbers.
    """
    order = sorted(range(len(content.classes)), key=content.classes.__getitem__)
    common = [look.text for look in content.looks]
    texts = (content.texts[one] for one in order)
    kinds = (common[content.classes[one]] for one in order)
    told = take_apart(
        ["" if text == kind else text for text, kind in zip(texts, kinds, strict=True)]
    )
    plain = {
        **asdict(content),
        "classes": "".join(_DIGITS[one] for one in content.classes),
        "texts": {"templates": told.templates, "which": told.which},
    }
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(_deflated([text.encode() + b"\0", *told.planes])).decode()


def _deflated(parts: Sequence[bytes]) -> bytes:
    """Deflate parts as one; each has its own code, as letters and numbers are not alike."""
    deflate = zlib.compressobj(9)
    pieces = (deflate.compress(one) + deflate.flush(zlib.Z_FULL_FLUSH) for one in parts)
    return b"".join([*pieces, deflate.flush()])


def draw_map(drawing: Drawing, city: str, key: str, on_click: Callable[[str], None]) -> None:
    """Draw the map; call ``on_click`` with the key of an area before the next run.

    Parameters
    ----------
    city
        City whose extract of the map the browser remembers.
    key
        Names reference date and kind of area: streamlit-folium would show the old map for a
        new one that differs in such names only.
    """
    element_key = f"map-{key}"

    def pass_click() -> None:
        clicked = st.session_state.get(element_key) or {}
        if area_id := clicked.get("id"):
            on_click(str(area_id))

    st_folium(
        _AtlasMap(city),
        key=element_key,
        height=_FIRST_HEIGHT_PX,
        width=None,
        returned_objects=[],
        feature_group_to_add=_Paint(drawing),
        on_change=pass_click,
    )


class _AtlasMap(folium.Map):
    """A Leaflet map, at first without tiles, whose scripts come from the atlas's own server."""

    default_js = [("atlas_map", asset_url("map.js"))]
    default_css = [("atlas_map_css", asset_url("map.css"))]

    def __init__(self, city: str) -> None:
        super().__init__(
            location=(0, 0),
            tiles=None,
            zoom_control=False,
            attribution_control=False,
            zoom_snap=0.25,
            zoom_delta=0.5,
            scroll_wheel_zoom=False,
            track_resize=False,  # the element watches its own size
        )
        self.add_child(_Mount(city))


class _Mount(folium.MacroElement):
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        atlasMap.mount({{ this._parent.get_name() }}, {city: {{ this.city|tojavascript }}});
        {% endmacro %}
        """
    )

    def __init__(self, city: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # folium has no types
        self._name = "AtlasMount"
        self.city = city


class _Paint(folium.FeatureGroup):
    """One message to the map; a feature group because streamlit-folium passes on only those."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.featureGroup();
        atlasMap.paint({{ this._parent.get_name() }}, {{ this.message|tojavascript }});
        {% endmacro %}
        """
    )

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self.message = {
            "geometry": drawing.geometry,
            "outline": drawing.outline,
            "selected": drawing.selected,
            "focus": drawing.focus,
            "content": drawing.content,
            "shown": drawing.shown,
            "tiles": drawing.tiles.model_dump() if drawing.tiles else None,
            "context": drawing.context,
        }
