"""Page „Protokoll“: who did what, searchable, and whether nothing of it is missing."""

import streamlit as st

from atlas.confidential.desk import Desk
from atlas.confidential.log import events, follows_from, head_of
from atlas.desk import chronicle
from atlas.desk.persons import Present
from atlas.errors import AtlasError
from atlas.publication.dashboard import design, prose
from atlas.words import counted

_ABOUT_HEAD = (
    "Der Kopf steht für alles bis hierher. Wer ihn anderswo notiert, kann später prüfen, ob "
    "das Protokoll seither nur länger geworden ist."
)


def page(office: Desk, person: Present) -> None:
    """Draw the page."""
    st.header("Protokoll", anchor=False)
    try:
        every = list(events(office.log_path))
    except AtlasError as error:
        st.error(prose.plain(str(error)))
        return
    total = counted(len(every), "Eintrag", "Einträge")
    st.success(f"Ganz: {total}, jeder hält den vorigen.")
    search = st.text_input("Suchen (alle Wörter)", key="log-search")
    found = chronicle.lines_of(every, search)
    design.show_table(chronicle.log_table(found))
    if len(found) > chronicle.SHOWN:
        prose.note(f"Gezeigt sind {chronicle.SHOWN} von {len(found)}; mehr mit atlas log.")
    _show_head(office)


def _show_head(office: Desk) -> None:
    st.subheader("Kopf", anchor=False)
    prose.note(_ABOUT_HEAD)
    st.code(head_of(office.log_path) or "–", language=None, wrap_lines=True)
    noted = st.text_input("Früher notierter Kopf", key="log-head").strip()
    if noted and follows_from(office.log_path, noted):
        st.success("Seit diesem Kopf ist das Protokoll nur länger geworden.")
    elif noted:
        st.error("Dieser Kopf kommt im Protokoll nicht vor: Es ist seither neu geschrieben.")
