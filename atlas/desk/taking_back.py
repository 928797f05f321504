"""What is wrong and already out: a delivery or a release is taken back, with a reason."""

import streamlit as st

from atlas.confidential import decisions
from atlas.confidential.desk import Desk
from atlas.desk import acting
from atlas.desk.arrivals import deliveries_in_force
from atlas.desk.persons import Present
from atlas.publication.dashboard import prose
from atlas.release import in_force, list_releases
from atlas.words import day_text, enumeration

_ABOUT = (
    "Beides wirkt sofort, und die Begründung lesen auch die Leser*innen: ohne Werte und Namen "
    "schreiben. Mit einer Lieferung wird jede Veröffentlichung zurückgezogen, die auf ihr "
    "beruht. Danach auf der Seite Lauf neu rechnen."
)
_REASON = "Begründung für die Leser*innen"


def offer(office: Desk, person: Present) -> None:
    """Offer to take back a delivery, or the release in force of a reference date."""
    st.header("Zurücknehmen", anchor=False)
    prose.note(_ABOUT)
    left, right = st.columns(2)
    with left:
        _offer_delivery(office, person)
    with right:
        _offer_release(office, person)


def _offer_delivery(office: Desk, person: Present) -> None:
    names = [one.name for one in deliveries_in_force(office)]
    with st.form("reject", enter_to_submit=False):
        name = st.selectbox("Lieferung", names, index=None, key="reject-name")
        reason = st.text_area(_REASON, key="reject-reason", height=80)
        is_sent = st.form_submit_button("Lieferung zurückweisen")
    if is_sent and name:
        acting.act(office, person, lambda: _reject(office, name, reason))


def _reject(office: Desk, name: str, reason: str) -> str:
    done = decisions.take_back(office, name, reason)
    parts = [f"Zurückgewiesen: {done.delivery.name}."]
    if done.successor is not None:
        parts.append(f"Es gilt wieder: {done.successor.name}.")
    if done.withdrawn:
        parts.append(f"Zurückgezogen: {enumeration(list(done.withdrawn))}.")
    return " ".join(parts)


def _offer_release(office: Desk, person: Present) -> None:
    refs = reversed(in_force(list_releases(office.releases_dir)).values())
    titles = {
        f"Stichtag {day_text(ref.reference_date)} (Nummer {ref.number})": ref.name
        for ref in refs
    }
    with st.form("withdraw", enter_to_submit=False):
        title = st.selectbox("Stichtag", list(titles), index=None, key="withdraw-name")
        reason = st.text_area(_REASON, key="withdraw-reason", height=80)
        is_sent = st.form_submit_button("Stichtag zurückziehen")
    if is_sent and title:
        acting.act(office, person, lambda: _withdraw(office, titles[title], reason))


def _withdraw(office: Desk, name: str, reason: str) -> str:
    follower = decisions.withdraw_release(office, name, reason)
    if follower:
        return f"Zurückgezogen: {name}. Es gilt {follower}; ist auch sie falsch, ebenso."
    return f"Zurückgezogen: {name}. Zu diesem Stichtag gilt keine Veröffentlichung mehr."
