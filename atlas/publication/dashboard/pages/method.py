"""Page „Methode“: the rules of a release, from its own text and configuration."""

import streamlit as st

from atlas.publication.dashboard import design, indicator_checks, prose, selects, trials
from atlas.publication.dashboard.frame import Context
from atlas.publication.views.definitions import built_in_terms, dictionary_table
from atlas.publication.views.notes import block_note
from atlas.publication.views.notices import level_notices
from atlas.publication.views.remarks import block_tables_table, method_markdown, symbol_table


def page(context: Context) -> None:
    """Draw the page."""
    with st.container(key="choices", width=260):
        selects.choose_date(context)
    seen = context.seen
    st.header("Methode", anchor=False)
    for side in map(seen.through, seen.groups):
        for notice in level_notices(side):
            prose.note(f"{side.group_label}: {notice}")
    with st.container(key="dictionary"):
        design.show_table(dictionary_table(seen))
    st.subheader("Begriffe", anchor=False)
    with st.container(key="words"):
        prose.say_terms(built_in_terms(seen))
    st.markdown(method_markdown(seen))
    indicator_checks.show(seen)
    tables = block_tables_table(seen)
    if tables is not None:
        prose.say(block_note(seen))
        design.show_table(tables)
    st.subheader("Tabellenzeichen", anchor=False)
    design.show_table(symbol_table(seen))
    trials.show(context)
