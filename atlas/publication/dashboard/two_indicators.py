"""Part of page Vergleich: two indicators together, a point for each Quartier."""

import streamlit as st

from atlas.publication.dashboard import charts, prose
from atlas.publication.seen import Seen
from atlas.publication.views.items import indicators
from atlas.publication.views.spread import scatter_of


def show(seen: Seen, chosen: tuple[str, ...]) -> None:
    """Draw the selects and the chart; ``chosen`` Quartiere carry their names."""
    labels = {item.id: item.label for item in indicators(seen.config, seen.group)}
    if len(labels) < 2:
        return
    st.subheader("Zwei Indikatoren zusammen", anchor=False)
    x_side, y_side = st.columns(2, gap="small")
    names = tuple(labels)
    with x_side:
        x = st.selectbox("Waagrecht", names, format_func=labels.__getitem__, index=0)
    with y_side:
        y = st.selectbox("Senkrecht", names, format_func=labels.__getitem__, index=1)
    scatter = scatter_of(seen, x, y)
    hidden = f" {scatter.left_out} ohne Wert sind nicht dabei." if scatter.left_out else ""
    prose.note(f"{scatter.title}: {len(scatter.spots)} Punkte.{hidden} Die Werte stehen unten.")
    if scatter.spots:
        charts.show_scatter(scatter, chosen)
