"""First part of page Entwicklung: each indicator of the whole city over all dates."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from atlas.publication.dashboard import charts, prose
from atlas.publication.seen import Seen
from atlas.publication.views.development import Series, city_line_of, development_items
from atlas.publication.views.fixed_scale import city_index_line

_PER_ROW = 6
_HEIGHT = 130


def show(past: Sequence[Seen]) -> None:
    """Draw a small line per indicator; nothing where there is one date alone."""
    if len(past) < 2:
        return
    found = [city_index_line(past)]
    found += [city_line_of(past, item) for item in development_items(past[-1])]
    lines = [line for line in found if line is not None]
    if not lines:
        return
    st.subheader(prose.plain(past[-1].config.city.name), anchor=False)
    with st.container(key="city-lines"):
        for start in range(0, len(lines), _PER_ROW):
            sides = st.columns(_PER_ROW, gap="medium")
            for side, line in zip(sides, lines[start : start + _PER_ROW], strict=False):
                with side:
                    _show_line(line)


def _show_line(line: Series) -> None:
    st.html(f'<h4 class="chart-title">{escape(line.label)}</h4>')
    prose.note(line.summary.removeprefix(f"{line.label}: "))
    charts.show_series(line, _HEIGHT)
