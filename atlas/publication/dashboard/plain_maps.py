"""Small maps without a mouse: some Quartiere filled, with their numbers where there is room."""

from collections.abc import Mapping, Sequence

import streamlit as st

from atlas.publication.dashboard import design
from atlas.publication.export.picture import plain_map, spot_map, svg_bytes
from atlas.publication.palette import Look
from atlas.publication.seen import Seen

_Labels = tuple[tuple[str, str], ...]
_Sorted = tuple[tuple[str, Look], ...]


def show(
    seen: Seen, text: str, looks: Mapping[str, Look], labels: Mapping[str, str] | None = None
) -> None:
    """Draw the city; the areas of ``looks`` are filled, ``text`` says what the map says."""
    what = (str(seen.release.path), *seen.kinds)
    written = tuple(sorted((labels or {}).items()))
    st.html(_picture(seen, what, text, tuple(sorted(looks.items(), key=_key)), written))


def show_spots(
    seen: Seen, text: str, spots: Sequence[tuple[tuple[float, float], Look]]
) -> None:
    """Draw the city with spots at longitudes and latitudes; ``text`` says what it says."""
    if spots:
        st.html(_spots(seen, str(seen.release.path), text, tuple(spots)))
    else:
        show(seen, text, {})


def _key(entry: tuple[str, Look]) -> str:
    return entry[0]


@st.cache_resource(max_entries=64, show_spinner=False)
def _picture(
    _seen: Seen,
    what: tuple[str, ...],
    text: str,
    looks: _Sorted,
    labels: _Labels,
) -> str:
    picture = plain_map(_seen.release, text, dict(looks), dict(labels))
    return design.picture_html(svg_bytes(picture), text, "plain-map")


@st.cache_resource(max_entries=16, show_spinner=False)
def _spots(
    _seen: Seen, what: str, text: str, spots: tuple[tuple[tuple[float, float], Look], ...]
) -> str:
    picture = spot_map(_seen.release, text, spots)
    return design.picture_html(svg_bytes(picture), text, "plain-map")
