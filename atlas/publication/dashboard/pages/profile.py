"""Page „Quartier“: one Quartier's level and why, its values, its past, its blocks."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from atlas.publication.dashboard import (
    assessing,
    block_room,
    charts,
    design,
    index_line,
    level_reasons,
    profile_head,
    prose,
    selects,
)
from atlas.publication.dashboard.frame import Context
from atlas.publication.seen import Seen
from atlas.publication.views.areas import area_table
from atlas.publication.views.development import (
    Series,
    development_items,
    development_table,
    series_of,
)
from atlas.terms import Kind, State

_CHARTS_PER_ROW = 3
_ON_PAPER = "profile-on-paper"


def page(context: Context) -> None:
    """Draw the page."""
    seen, area_id = _choose(context)
    if not area_id:
        st.header(seen.singular(Kind.QUARTIER), anchor=False)
        st.info("Oben nach Name oder Nummer suchen, oder auf der Karte anklicken.")
        design.show_table(area_table(seen, Kind.QUARTIER))
        return
    profile_head.show(context, seen, area_id)
    level_reasons.show_level(seen, area_id)
    assessing.show(context, area_id)
    level_reasons.show_comparison(seen, area_id, context.previous(seen.group))
    _show_more(context, seen, area_id)


def _show_more(context: Context, seen: Seen, area_id: str) -> None:
    """Show what stands on paper only if one asks: a profile is one sheet."""
    name = "on-paper" if st.session_state.get(_ON_PAPER) else "screen-only"
    with st.container(key=name):
        level_reasons.show_beside(seen, area_id)
        _show_development(context.past(seen.group), area_id)
        block_room.show(context, seen, area_id)
    st.checkbox("Auch das Weitere drucken, nicht nur das erste Blatt", key=_ON_PAPER)


def _choose(context: Context) -> tuple[Seen, str]:
    with st.container(key="choices"):
        quartier_side, group_side, date_side = st.columns([2.2, 1.7, 1.6], gap="small")
        with date_side:
            selects.choose_date(context)
        with group_side:
            seen = selects.choose_group(context)
        with quartier_side:
            area_id = selects.choose_quartier(context)
    return seen, area_id


def _show_development(past: Sequence[Seen], area_id: str) -> None:
    st.subheader("Entwicklung", anchor=False)
    # One date is no development: the table says it all.
    items = development_items(past[-1]) if len(past) > 1 else ()
    shown = [one for item in items if (one := series_of(past, area_id, item)) is not None]
    if shown:
        places = max((series.places for series in shown), key=len)
        charts.show_series_legend(places, _marks(past))
    for start in range(0, len(shown), _CHARTS_PER_ROW):
        sides = st.columns(_CHARTS_PER_ROW, gap="large")
        for side, series in zip(sides, shown[start : start + _CHARTS_PER_ROW], strict=False):
            with side:
                _show_series(series)
    index_line.show(past, area_id)
    with st.container(key="development"):
        design.show_table(development_table(past, area_id))


def _marks(past: Sequence[Seen]) -> str:
    is_mixed = any(seen.info.state is State.PROVISIONAL for seen in past)
    return "● endgültig, ◆ vorläufig" if is_mixed else ""


def _show_series(series: Series) -> None:
    gaps = f" Ohne Wert: {', '.join(series.gaps)}." if series.gaps else ""
    st.html(f'<h4 class="chart-title">{escape(series.label)}</h4>')
    prose.note(series.summary.removeprefix(f"{series.label}: ") + gaps)
    charts.show_series(series)
