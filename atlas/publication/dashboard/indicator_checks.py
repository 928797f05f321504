"""Part of page Methode: the examination of the indicators behind the level, by group."""

from html import escape

import streamlit as st

from atlas.publication.dashboard import design, downloads, prose
from atlas.publication.seen import Seen
from atlas.publication.views.indicator_check import MEANINGS, check_of, check_table
from atlas.publication.views.table import Table

_NAME = "pruefung-der-indikatoren"


def show(seen: Seen) -> None:
    """Warn, sum up and tabulate, a group after the other; nothing where nobody has a level."""
    sides = [seen.through(group) for group in seen.groups]
    found = [(side, check) for side in sides if (check := check_of(side)) is not None]
    if not found:
        return
    st.subheader("Prüfung der Indikatoren", anchor=False)
    for side, check in found:
        st.html(f'<h4 class="chart-title">{escape(side.group_label)}</h4>')
        for warning in check.warnings:
            prose.say(warning)
        prose.note(check.summary)
        with st.container(key=f"indicator-check-{side.group}"):
            left, right = st.columns(2, gap="large")
        with left:
            design.show_table(check.parts)
        with right:
            design.show_table(check.pairs)
    prose.explain_terms("Was heißen diese Zahlen?", MEANINGS)

    def tables() -> list[Table]:
        return [table for _, check in found for table in (check.parts, check.pairs)]

    with st.container(key="indicator-check-files", horizontal=True, width="content"):
        title = "Prüfung der Indikatoren"
        downloads.offer_workbook(seen, "Prüfung als Excel", title, tables, _NAME)
        downloads.offer_csv(seen, "CSV", lambda: check_table(seen), _NAME)
