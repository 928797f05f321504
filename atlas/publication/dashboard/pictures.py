"""Buttons that hand out a map or a line as a picture, drawn when a button is pressed."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from atlas.publication import export
from atlas.publication.export.picture import MapChoice, Picture, map_picture, svg_bytes
from atlas.publication.export.picture.png import png_bytes
from atlas.publication.seen import Seen

_SVG, _PNG = "image/svg+xml", "image/png"
# The font of the pages, as Streamlit brings it along.
_FONT = "SourceSansVF-Upright*.woff2"


def offer_pictures(seen: Seen, choice: MapChoice) -> None:
    """Buttons for the map as SVG and PNG, side by side."""
    table = export.picture_name(seen, choice.view.title, choice.focus)
    with st.container(key="pictures", horizontal=True, width="content"):
        offer_picture(seen, "Karte", table, lambda: map_picture(seen.release, choice))


def offer_picture(seen: Seen, label: str, table: str, draw: Callable[[], Picture]) -> None:
    """Buttons for one picture as SVG and PNG, where the page stands."""
    for kind, suffix, mime, write in (
        ("SVG", "svg", _SVG, svg_bytes),
        ("PNG", "png", _PNG, _png),
    ):
        name = export.file_name(seen, table, suffix)
        st.download_button(
            f"{label} als {kind}",
            partial(_drawn, write, draw),
            file_name=name,
            mime=mime,
            key=f"download-{name}",
            on_click="ignore",
        )


def _drawn(write: Callable[[Picture], bytes], draw: Callable[[], Picture]) -> bytes:
    return write(draw())


def _png(picture: Picture) -> bytes:
    return png_bytes(picture, page_font())


def page_font() -> Path:
    """Variable font file of the pages."""
    return next((Path(st.__file__).parent / "static").rglob(_FONT))
