"""Page „Methode“: the rules of a release, from its own text and configuration."""

import streamlit as st

from atlas.publication import views
from atlas.publication.dashboard import design, prose, selects, trials
from atlas.publication.dashboard.frame import Context


def page(context: Context) -> None:
    """Draw the page."""
    with st.container(key="choices", width=260):
        selects.choose_date(context)
    release = context.release
    st.header("Methode", anchor=False)
    for group in views.groups(release):
        for notice in views.level_notices(release, group):
            prose.note(f"{views.group_label(release, group)}: {notice}")
    st.markdown(views.method_markdown(release))
    tables = views.block_tables_table(release)
    if tables is not None:
        prose.say(views.block_note(release))
        design.show_table(tables)
    st.subheader("Tabellenzeichen", anchor=False)
    design.show_table(views.symbol_table(release))
    trials.show(context)
