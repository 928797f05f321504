"""Page „Eingang“: what arrived, what was found in it, take it or refuse it, take it back."""

import streamlit as st

from atlas.confidential import decisions
from atlas.confidential.desk import Desk
from atlas.confidential.receive import HeldError, examine
from atlas.desk import acting, arrivals, taking_back, uploads
from atlas.desk.arrivals import Arrival
from atlas.desk.persons import Present
from atlas.errors import DeliveryError
from atlas.publication.dashboard import design, prose
from atlas.words import counted

_EMPTY = "Im Eingang liegt nichts."
_REASON = "Begründung"
_ACCEPT_HELP = (
    "Annehmen braucht eine Begründung, wenn Warnungen da sind; Ablehnen immer. Keine Werte und "
    "keine Namen hineinschreiben."
)


def page(office: Desk, person: Present) -> None:
    """Draw the page."""
    st.header("Eingang", anchor=False)
    found = arrivals.arrivals(office)
    if found:
        design.show_table(arrivals.inbox_table(found))
        _decide(office, person, found)
    else:
        prose.say(_EMPTY)
    uploads.offer(office, person)
    st.header("Angenommen", anchor=False)
    design.show_table(arrivals.delivery_table(office))
    taking_back.offer(office, person)


def _decide(office: Desk, person: Present, found: list[Arrival]) -> None:
    by_name = {one.path.name: one for one in found}
    chosen = by_name[st.selectbox("Datei", list(by_name), key="inbox-file")]
    if chosen.report is not None and chosen.report["findings"]:
        design.show_table(arrivals.findings_table(chosen.report))
    elif chosen.report is not None:
        prose.say("Die letzte Prüfung hat nichts gefunden.")
    with st.form("decide", clear_on_submit=False, enter_to_submit=False):
        reason = st.text_area(_REASON, key="inbox-reason", height=80, help=_ACCEPT_HELP)
        with st.container(horizontal=True):
            is_checked = st.form_submit_button("Prüfen")
            is_accepted = st.form_submit_button("Annehmen", type="primary")
            is_refused = st.form_submit_button("Ablehnen")
    if is_checked:
        with st.spinner("Die Datei wird gelesen …"):
            acting.act(office, person, lambda: _check(office, chosen))
    if is_accepted:
        with st.spinner("Die Datei wird gelesen und angenommen …"):
            acting.act(office, person, lambda: _accept(office, chosen, reason))
    if is_refused:
        acting.act(office, person, lambda: _refuse(office, chosen, reason))


def _check(office: Desk, chosen: Arrival) -> str:
    reading = examine(office, chosen.path)
    number = len(reading.everything())
    told = counted(number, "Befund", "Befunde") if number else "ohne Befund"
    return f"{chosen.path.name} geprüft: {told}."


def _accept(office: Desk, chosen: Arrival, reason: str) -> str:
    try:
        receipt = decisions.accept_file(office, chosen.path, None, None, reason.strip())
    except HeldError as error:
        raise DeliveryError(
            f"{error.found} Nach Prüfung mit einer Begründung annehmen."
        ) from None
    if not receipt.accepted:
        return f"{chosen.path.name}: ist schon angenommen, nichts Neues."
    names = ", ".join(one.name for one in receipt.accepted)
    return f"Angenommen: {names}. Auf der Seite Lauf neu rechnen."


def _refuse(office: Desk, chosen: Arrival, reason: str) -> str:
    decisions.refuse_file(office, chosen.path.name, reason)
    return f"Abgelehnt: {chosen.path.name}. Die Datei liegt jetzt in inbox/abgelehnt/."
