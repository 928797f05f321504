"""A file that somebody brings to the desk: into the inbox, whole, as it is."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from atlas.confidential.aside import name_objection
from atlas.confidential.desk import Desk
from atlas.desk import acting
from atlas.desk.persons import Present
from atlas.errors import DeliveryError
from atlas.home import add_file

_TURN = "_upload_turn"


def offer(office: Desk, person: Present) -> None:
    """Offer to lay a file into the inbox."""
    turn = st.session_state.get(_TURN, 0)
    with st.form("upload", enter_to_submit=False):
        # Another name each time: what was laid in is no longer chosen.
        given = st.file_uploader("Datei in den Eingang legen", key=f"upload-{turn}")
        is_sent = st.form_submit_button("In den Eingang legen")
    if is_sent and given is not None:
        st.session_state[_TURN] = turn + 1
        acting.act(office, person, lambda: _lay_in(office, given))


def _lay_in(office: Desk, given: UploadedFile) -> str:
    path = office.home.inbox / given.name
    if path.parent != office.home.inbox:
        raise DeliveryError("Datei: Name ist ein Pfad. Erwartet: ein einfacher Dateiname.")
    if objection := name_objection(path):
        raise DeliveryError(objection)
    try:
        add_file(path, given.getvalue())
    except FileExistsError:
        raise DeliveryError(
            f"Datei {given.name}: liegt schon im Eingang. Erwartet: ein anderer Name, oder die "
            "Datei dort zuerst annehmen oder ablehnen."
        ) from None
    office.log("laid_in", given.name, {})
    return f"Im Eingang: {given.name}."
