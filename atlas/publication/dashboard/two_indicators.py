"""Part of page Vergleich: two indicators together, a point for each Quartier.

A rectangle around points, or the numbers of its sides, becomes the selection of the table of
Quartiere; a small map shows which ones they are.
"""

from functools import partial

import streamlit as st

from atlas.errors import AtlasError
from atlas.publication import palette
from atlas.publication.dashboard import address, plain_maps, prose, table_room
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.numbers import bound_text, number_of
from atlas.publication.dashboard.scatter_chart import brushed, show_scatter
from atlas.publication.palette import Look
from atlas.publication.seen import Seen
from atlas.publication.views.items import indicators
from atlas.publication.views.point_choice import OPEN, Range, ranges_of, with_ranges
from atlas.publication.views.selection import EVERY, Span, read, select
from atlas.publication.views.spread import scatter_of
from atlas.terms import NEED_LEVEL, Kind

_CHART, _TIMES, _FAULT = "two-indicators", "_two_indicators_times", "_range_fault"
_AXES = ("Waagrecht", "Senkrecht")
_ENDS = ("von", "bis")


def show(context: Context, seen: Seen, chosen: tuple[str, ...]) -> None:
    """Draw the selects, the chart and what is marked; ``chosen`` carry their names."""
    labels = {item.id: item.label for item in indicators(seen.config, seen.group)}
    if len(labels) < 2:
        return
    st.subheader("Zwei Indikatoren zusammen", anchor=False)
    names = tuple(labels)
    axes = []
    for at, side in enumerate(st.columns(2, gap="small")):
        with side:
            axis = st.selectbox(_AXES[at], names, format_func=labels.__getitem__, index=at)
            axes.append(axis)
    scatter = scatter_of(seen, axes[0], axes[1])
    hidden = f" {scatter.left_out} ohne Wert sind nicht dabei." if scatter.left_out else ""
    prose.note(f"{scatter.title}: {len(scatter.spots)} Punkte.{hidden} Die Werte stehen unten.")
    if scatter.spots:
        span = table_room.span_of(context, seen)
        key = f"{_CHART}-{st.session_state.get(_TIMES, 0)}"
        show_scatter(scatter, chosen, key, partial(_take_drawn, span, axes, key))
        _offer_numbers(span, axes)
        _show_marked(span)


def _take_drawn(span: Span, axes: list[str], key: str) -> None:
    drawn = brushed(key)
    ranges: dict[str, Range] = {
        item: drawn.get(axis, OPEN) for axis, item in zip("xy", axes, strict=True)
    }
    _select(with_ranges(span, address.kept(address.SELECTION_KEY), ranges))


def _offer_numbers(span: Span, axes: list[str]) -> None:
    """Draw the sides of the rectangle as fields: for who does not draw, and to be exact."""
    kept = ranges_of(span, address.kept(address.SELECTION_KEY))
    with st.expander("Bereich in Zahlen"), st.container(horizontal=True):
        for name, item in zip(_AXES, axes, strict=True):
            for end, bound in zip(_ENDS, kept.get(item, OPEN), strict=True):
                key = f"{_CHART}-{name}-{end}"
                st.session_state[key] = bound_text(bound)
                keep = partial(_take_typed, span, axes)
                st.text_input(f"{name} {end}", key=key, on_change=keep, width=130)
    if fault := st.session_state.pop(_FAULT, ""):
        st.warning(prose.plain(fault))


def _take_typed(span: Span, axes: list[str]) -> None:
    try:
        typed = {item: _typed(name) for name, item in zip(_AXES, axes, strict=True)}
    except AtlasError as error:
        st.session_state[_FAULT] = str(error)
        return
    _select(with_ranges(span, address.kept(address.SELECTION_KEY), typed))


def _typed(name: str) -> Range:
    least, most = (_typed_end(f"{name} {end}", f"{_CHART}-{name}-{end}") for end in _ENDS)
    return least, most


def _typed_end(label: str, key: str) -> float | None:
    text = str(st.session_state.get(key) or "").strip()
    return number_of(label, text) if text else None


def _show_marked(span: Span) -> None:
    conditions, _ = read(span, address.kept(address.SELECTION_KEY))
    found = select(span, conditions)
    if not found.told:
        prose.note("Um Punkte ein Rechteck ziehen: Karte und Rangliste zeigen dann nur diese.")
        return
    seen = span.seen
    looks = {key: _look(seen, key) for key in found.area_ids}
    with st.container(key="marked-map"):
        plain_maps.show(seen, f"Karte: {found.told}", looks)
    prose.note(f"{found.told} Die Rangliste unten zeigt nur diese.")
    st.button("Markierung aufheben", on_click=_clear, type="tertiary")


def _look(seen: Seen, area_id: str) -> Look:
    level = seen.value(seen.area(Kind.QUARTIER, area_id), NEED_LEVEL)
    return palette.level_looks()[int(level) - 1] if level else palette.plain_look()


def _clear() -> None:
    # A chart of another name is drawn without the rectangle.
    st.session_state[_TIMES] = st.session_state.get(_TIMES, 0) + 1
    _select(EVERY)


def _select(said: str) -> None:
    address.remember(address.SELECTION_KEY, said)
