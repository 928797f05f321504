"""Page „Anfragen“: what planners ask for and hand in, until somebody answers."""

import streamlit as st

from atlas.confidential import decisions
from atlas.confidential.desk import Desk
from atlas.confidential.proposals import Waiting, refused_uploads, waiting
from atlas.desk import acting
from atlas.desk.persons import Present
from atlas.exchange.requests import waiting_request
from atlas.publication.dashboard import design, prose
from atlas.publication.views.table import Table, text
from atlas.words import day_text, moment_text

_REASON_HELP = (
    "Zum Annehmen nur nötig, wenn Warnungen da sind. Den Grund einer Ablehnung liest die "
    "Planung."
)


def page(office: Desk, person: Present) -> None:
    """Draw the page."""
    st.header("Anfragen", anchor=False)
    _show_request(office)
    found = waiting(office)
    if found:
        design.show_table(_table(found))
        _decide(office, person, found)
    else:
        prose.say("Abgegeben und unbeantwortet ist nichts.")
    for one in refused_uploads(office):
        st.warning(
            prose.plain(f"{one.name}, beiseite seit {moment_text(one.since)}: {one.sentence}")
        )


def _show_request(office: Desk) -> None:
    request = waiting_request(office.home.requests)
    if request is None:
        prose.say("Eine Neuberechnung hat niemand verlangt.")
        return
    since = moment_text(request.since)
    st.info(f"Neuberechnung verlangt seit {since}. Ein Lauf (Seite Lauf) beantwortet sie.")


def _table(found: list[Waiting]) -> Table:
    fields = (
        text("file", "Datei"),
        text("source", "Quelle"),
        text("day", "Stichtag"),
        text("uploader", "abgegeben von"),
        text("when", "am"),
    )
    rows = tuple(
        (
            one.path.name,
            one.layout.label,
            day_text(one.day) if one.day else "",
            one.uploader,
            moment_text(one.note.handed_in),
        )
        for one in found
    )
    return Table("Von der Planung abgegeben", fields, rows)


def _decide(office: Desk, person: Present, found: list[Waiting]) -> None:
    with st.form("proposal", enter_to_submit=False):
        name = st.selectbox("Datei", [one.path.name for one in found], key="proposal-name")
        reason = st.text_area("Begründung", key="proposal-reason", height=80, help=_REASON_HELP)
        with st.container(horizontal=True):
            is_accepted = st.form_submit_button("Annehmen", type="primary")
            is_refused = st.form_submit_button("Ablehnen")
    if is_accepted:
        with st.spinner("Die Datei wird gelesen und angenommen …"):
            acting.act(office, person, lambda: _accept(office, name, reason.strip()))
    if is_refused:
        acting.act(office, person, lambda: _refuse(office, name, reason))


def _accept(office: Desk, name: str, reason: str) -> str:
    decisions.accept_proposal(office, name, reason)
    return f"Angenommen: {name}. Auf der Seite Lauf neu rechnen."


def _refuse(office: Desk, name: str, reason: str) -> str:
    decisions.refuse_proposal(office, name, reason)
    return f"Abgelehnt: {name}. Die Seite Datenstand nennt der Planung den Grund."
