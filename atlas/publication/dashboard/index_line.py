"""Part of page Quartier: how long its level lasts, and its index on two scales."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from atlas.publication.dashboard import charts, prose
from atlas.publication.seen import Seen
from atlas.publication.views.fixed_scale import index_line
from atlas.publication.views.persistence import stay_text

_WIDTHS = [1, 1, 1]


def show(past: Sequence[Seen], area_id: str) -> None:
    """Say how long the level lasts; draw both lines where dates share a scale."""
    prose.note(stay_text(past, area_id))
    series = index_line(past, area_id)
    if series is None:
        return
    with st.container(key="index-line"):
        side, told, _ = st.columns(_WIDTHS, gap="large")
    with side:
        st.html(f'<h4 class="chart-title">{escape(series.label)}</h4>')
        charts.show_series_legend(series.places, "")
        charts.show_series(series)
    with told:
        prose.note(
            "Am Maßstab jedes Stichtags gemessen sagt der Index, wo das Gebiet unter allen "
            "steht; am Maßstab eines festen Stichtags, was sich seither bewegt hat, auch wenn "
            "sich alle gleich bewegen. Die Stufe folgt dem ersten."
        )
        prose.note(series.summary)
