"""Page „Freigabe“: what a draft changes, who stands behind it, approve it or refuse it."""

from pathlib import Path

import streamlit as st

from atlas.confidential import decisions
from atlas.confidential.approvals import Standing, standing, tree_hash
from atlas.confidential.desk import Desk
from atlas.desk import acting
from atlas.desk.drafts import Draft, compare, drafts, standing_table
from atlas.desk.persons import Present
from atlas.publication.dashboard import design, prose

_NOTHING = "Kein Entwurf wartet."
_SIGNED = (
    "Diese Stadt gibt mit Schlüsseln frei (approvers in city.toml). Der private Schlüssel "
    "bleibt bei der Person: freigeben mit atlas approve NAME --key DATEI."
)
_BY_ACCOUNT = (
    "Freigaben zählen hier nach Namen (approvals_by in city.toml ist nicht login): auch solche "
    "aus einer Befehlszeile, für die keine Anmeldung bürgt."
)


def page(office: Desk, person: Present) -> None:
    """Draw the page."""
    st.header("Freigabe", anchor=False)
    found = {one.name: one for one in drafts(office)}
    if not found:
        prose.say(_NOTHING)
        return
    name = st.selectbox("Entwurf", list(found), key="draft-name")
    draft = found[name]
    digest = tree_hash(draft)
    # Whoever presses a button decides on what the page showed them before.
    seen = st.session_state.get(f"seen-{name}", digest)
    st.session_state[f"seen-{name}"] = digest
    _show(compare(str(draft), str(office.releases_dir), digest))
    now = standing(office, draft)
    _show_standing(office, person, now)
    _decide(office, person, draft, now, seen)


def _show(draft: Draft) -> None:
    st.success(prose.plain(draft.verdict))
    for sentence in draft.sentences:
        prose.say(sentence)
    st.subheader("Was sich an den Stufen ändert", anchor=False)
    for summary, table in draft.moved:
        prose.say(summary)
        if table is not None:
            design.show_table(table)
    if not draft.moved:
        prose.say("Nichts, was sich vergleichen ließe.")
    if draft.cells:
        st.subheader("Was zu sehen ist und was nicht mehr", anchor=False)
    for table in draft.cells:
        design.show_table(table)


def _show_standing(office: Desk, person: Present, now: Standing) -> None:
    st.subheader("Vier Augen", anchor=False)
    needed = office.config.city.approvals
    prose.say(f"Nötige Freigaben: {needed}. Es fehlen: {now.missing}.")
    design.show_table(standing_table(now))
    if now.declined is not None:
        st.error(prose.plain(f"Abgelehnt: {now.declined.details.get('reason', '')}"))
    if office.config.city.approvers:
        prose.note(_SIGNED)
    elif person.doubt:
        st.warning(prose.plain(person.doubt))
    elif office.config.city.approvals_by != "login":
        st.warning(prose.plain(_BY_ACCOUNT))


def _decide(office: Desk, person: Present, draft: Path, now: Standing, seen: str) -> None:
    name = draft.name
    with st.form("approve", enter_to_submit=False):
        reason = st.text_area("Begründung (nur zum Ablehnen)", key="draft-reason", height=80)
        with st.container(horizontal=True):
            is_approved = st.form_submit_button("Freigeben", type="primary")
            is_published = st.form_submit_button("Veröffentlichen", disabled=now.missing > 0)
            label = "Ablehnen" if now.declined is None else "Ablehnung zurücknehmen"
            is_declined = st.form_submit_button(label)
    if is_approved:
        acting.act(office, person, lambda: _approve(office, name, seen))
    if is_published:
        with st.spinner("Wird veröffentlicht …"):
            acting.act(office, person, lambda: _publish(office, name))
    if is_declined:
        change = _decline if now.declined is None else _lift
        acting.act(office, person, lambda: change(office, name, reason))


def _approve(office: Desk, name: str, seen: str) -> str:
    missing = decisions.approve_draft(office, name, seen=seen)
    more = f"Es fehlen noch {missing}." if missing else "Er kann veröffentlicht werden."
    return f"Entwurf {name} freigegeben. {more}"


def _publish(office: Desk, name: str) -> str:
    return f"Veröffentlicht: {decisions.publish_draft(office, name).name}."


def _decline(office: Desk, name: str, reason: str) -> str:
    decisions.decline_draft(office, name, reason)
    return f"Entwurf {name} abgelehnt. Frühere Freigaben gelten nicht mehr."


def _lift(office: Desk, name: str, reason: str) -> str:
    decisions.lift_draft(office, name, reason)
    return f"Entwurf {name}: die Ablehnung ist zurückgenommen; alle geben neu frei."
