"""Page „Datenstand“: what has arrived, what is due, and the button that computes anew."""

from datetime import UTC, datetime

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from atlas.errors import AtlasError
from atlas.exchange import proposals, requests
from atlas.exchange.datastate import DataState, read_data_state
from atlas.exchange.proposals import Proposal
from atlas.publication import assessments
from atlas.publication.dashboard import design, following, prose
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.writer import login
from atlas.publication.views.data_state import (
    outstanding,
    refused_uploads,
    release_table,
    source_table,
    upload_labels,
)

# What to tell after the run that handed something in.
_REFUSED = "_refused"
_ACCEPTED = "_accepted"
_NAME_KEY = "uploader"
_NOT_CONNECTED = (
    "Dieses Dashboard ist mit keiner Statistikstelle verbunden: Der Auftragsordner requests/ "
    "fehlt. Neu berechnet wird dort mit dem Befehl atlas run."
)


def page(context: Context) -> None:
    """Draw the page."""
    st.header("Datenstand", anchor=False)
    state = _read_state(context)
    for sentence in () if state is None else outstanding(state):
        prose.say(sentence)
    if (context.home / "requests").is_dir():
        _offer_run(context)
        _offer_upload(context, state)
    else:
        st.warning(prose.plain(_NOT_CONNECTED))
    for sentence in () if state is None else refused_uploads(state):
        st.warning(prose.plain(sentence))
    if state is not None:
        st.subheader("Lieferungen", anchor=False)
        design.show_table(source_table(state))
        st.subheader("Veröffentlichungen", anchor=False)
        design.show_table(release_table(state))


def _read_state(context: Context) -> DataState | None:
    """Read ``datenstand.json``; say so where there is none or it is damaged."""
    try:
        state = read_data_state(context.city_dir)
    except AtlasError as error:
        st.error(prose.plain(str(error)))
        return None
    if state is None:
        prose.say("Die Statistikstelle hat hier noch keinen Datenstand abgelegt.")
    return state


def _offer_run(context: Context) -> None:
    st.subheader("Neu berechnen", anchor=False)
    prose.say(
        "Sind neue Daten da, rechnet die Statistikstelle alle betroffenen Stichtage neu und "
        "veröffentlicht sie."
    )
    st.button("Neu berechnen", type="primary", on_click=_ask, args=(context,))
    if refused := st.session_state.pop(_REFUSED, ""):
        st.error(prose.plain(refused))
    following.show(context)


def _ask(context: Context) -> None:
    try:
        requests.request_run(context.home / "requests")
    except AtlasError as error:
        st.session_state[_REFUSED] = str(error)
    else:
        following.start(context, requests.REQUEST_NAME)


def _offer_upload(context: Context, state: DataState | None) -> None:
    sources = context.info(context.refs[0]).config.city.uploads
    if not sources:
        return
    labels = upload_labels(state, sources)
    st.subheader("Lieferung abgeben", anchor=False)
    prose.say(
        f"Angenommen wird: {', '.join(labels)}. Das Dashboard liest die Datei nicht; jemand in "
        "der Statistikstelle sieht sie an, nimmt sie an oder lehnt sie ab und rechnet neu."
    )
    uploader = login()
    with st.form("upload", clear_on_submit=True, enter_to_submit=False):
        file = st.file_uploader("Datei der Lieferung", type=["csv", "xlsx", "parquet"])
        if uploader:
            prose.note(f"Angemeldet als {uploader}")
        else:
            st.text_input("Name", key=_NAME_KEY, max_chars=assessments.MAX_AUTHOR)
        is_sent = st.form_submit_button("Abgeben")
    if is_sent:
        _hand_in(context, uploader, file)
    if accepted := st.session_state.pop(_ACCEPTED, ""):
        st.success(prose.plain(f"{accepted} ist abgegeben."))
    paths = proposals.proposed_files(context.proposals_dir)
    if names := [path.name for path in paths]:
        prose.note(f"Wartet auf die Statistikstelle: {', '.join(names)}")


def _hand_in(context: Context, vouched: str, file: UploadedFile | None) -> None:
    uploader = vouched or str(st.session_state.get(_NAME_KEY, "")).strip()
    if file is None:
        st.error("Bitte zuerst eine Datei wählen.")
        return
    if not uploader:
        st.error("Bitte den Namen angeben, damit die Statistikstelle nachfragen kann.")
        return
    try:
        note = Proposal(
            city=context.city,
            name=proposals.checked_name(file.name),
            uploader=uploader,
            is_verified=bool(vouched),
            handed_in=datetime.now(UTC).replace(microsecond=0),
        )
        proposals.propose(context.home / "requests", note, file)
    except AtlasError as error:
        st.error(prose.plain(str(error)))
        return
    following.start(context, file.name)
    st.session_state[_ACCEPTED] = file.name
    st.rerun()  # the part above follows what becomes of it
