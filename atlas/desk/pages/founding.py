"""Page „Neue Stadt“: from boundaries and samples a city, drafted, checked, published once."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from atlas.confidential.desk import Desk
from atlas.confidential.founding import Answers
from atlas.desk import acting, new_source
from atlas.desk.founding import Founded, found_city
from atlas.desk.persons import Present
from atlas.publication.dashboard import prose

_ABOUT = (
    "Aus Grenzen und Proben entsteht der Ordner einer Stadt mit ihren sechs Dateien, alles "
    "wird zusammen geprüft und einmal gerechnet. Diese Stadt hier bleibt, wie sie ist. Was "
    "danach zu tun ist, steht in docs/neue-stadt.md."
)
_FOUNDED = "_founded"


def page(office: Desk, person: Present) -> None:
    """Draw the page."""
    st.header("Neue Stadt", anchor=False)
    prose.note(_ABOUT)
    with st.form("found", enter_to_submit=False):
        boundaries = st.file_uploader("Grenzen", accept_multiple_files=True, key="borders")
        samples = st.file_uploader(
            "Proben von Lieferungen", accept_multiple_files=True, key="samples"
        )
        left, right = st.columns(2)
        with left:
            name = st.text_input("Name der Stadt", key="city-name")
            key = st.text_input("Amtlicher Gemeindeschlüssel (acht Stellen)", key="city-key")
            credit = st.text_input("Quellenvermerk der Grenzen", key="city-credit")
        with right:
            label = st.text_input("Ein Gebiet heißt (etwa Stadtteil)", key="city-label")
            plural = st.text_input("Mehrzahl dazu", key="city-plural")
            licence = st.text_input("Lizenz der Grenzen", key="city-licence")
        is_sent = st.form_submit_button("Anlegen und prüfen", type="primary")
    if is_sent:
        answers = Answers(name.strip(), key.strip(), label, plural, credit, licence)
        with st.spinner("Grenzen und Proben werden gelesen …"):
            acting.act(office, person, lambda: _found(office, boundaries, samples, answers))
    if (founded := st.session_state.get(_FOUNDED)) is not None:
        _show(founded)
    new_source.offer(office, person)


def _found(
    office: Desk,
    boundaries: list[UploadedFile],
    samples: list[UploadedFile],
    answers: Answers,
) -> str:
    founded = found_city(office.home, boundaries, samples, answers)
    st.session_state[_FOUNDED] = founded
    office.log("founded", founded.directory.name, {})
    return founded.summary


def _show(founded: Founded) -> None:
    if founded.faults:
        st.subheader("Was falsch ist", anchor=False)
    for number, sentence in enumerate(founded.faults, start=1):
        st.error(prose.plain(f"{number}. {sentence}"))
    if founded.unknown:
        st.subheader("Was niemand aus den Dateien wissen konnte", anchor=False)
    for sentence in founded.unknown:
        prose.say(sentence)
