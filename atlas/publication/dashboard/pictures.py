"""Buttons that hand out the map as a picture; it is drawn when its button is pressed."""

from functools import partial
from pathlib import Path

import streamlit as st

from atlas.publication import export
from atlas.publication.export.picture import MapChoice, map_picture, svg_bytes
from atlas.publication.export.picture.png import png_bytes
from atlas.publication.seen import Seen

_SVG, _PNG = "image/svg+xml", "image/png"
# The font of the pages, as Streamlit brings it along.
_FONT = "SourceSansVF-Upright*.woff2"


def offer_pictures(seen: Seen, choice: MapChoice) -> None:
    """Buttons for the map as SVG and PNG, side by side."""
    table = export.picture_name(seen, choice.view.title, choice.focus)
    with st.container(key="pictures", horizontal=True, width="content"):
        for label, suffix, mime, make in (
            ("Karte als SVG", "svg", _SVG, _svg),
            ("Karte als PNG", "png", _PNG, _png),
        ):
            name = export.file_name(seen, table, suffix)
            st.download_button(
                label,
                partial(make, seen, choice),
                file_name=name,
                mime=mime,
                key=f"download-{name}",
                on_click="ignore",
            )


def _svg(seen: Seen, choice: MapChoice) -> bytes:
    return svg_bytes(map_picture(seen.release, choice))


def _png(seen: Seen, choice: MapChoice) -> bytes:
    return png_bytes(map_picture(seen.release, choice), page_font())


def page_font() -> Path:
    """Variable font file of the pages."""
    return next((Path(st.__file__).parent / "static").rglob(_FONT))
