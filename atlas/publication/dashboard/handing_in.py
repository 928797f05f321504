"""A file that a reader hands in for the office: taken unread, as a proposal."""

from datetime import UTC, datetime

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from atlas.errors import AtlasError
from atlas.exchange import proposals
from atlas.exchange.datastate import DataState
from atlas.exchange.proposals import Proposal
from atlas.publication import assessments
from atlas.publication.dashboard import following, prose
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.writer import login
from atlas.publication.views.data_state import upload_labels

# What to tell after the run that handed something in.
_ACCEPTED = "_accepted"
_NAME_KEY = "uploader"


def offer(context: Context, state: DataState | None) -> None:
    """Draw the form, for the sources of which the city takes files here."""
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
