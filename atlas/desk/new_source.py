"""A new source of this city: a sample in, its layout into the files of the city."""

import tempfile
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from atlas.confidential.desk import Desk
from atlas.confidential.founding import suggest_source, take_source
from atlas.desk import acting
from atlas.desk.founding import kept
from atlas.desk.persons import Present
from atlas.errors import DeliveryError
from atlas.publication.dashboard import prose
from atlas.words import counted

_ABOUT = (
    "Aus einer Probe entsteht das Layout einer Lieferung und kommt in die Dateien dieser "
    "Stadt. Was darin unsicher ist, steht dort als „unsicher“: Das Layout nennt Schlüsselwerte "
    "der Probe, darum zeigt diese Seite es nicht."
)


def offer(office: Desk, person: Present) -> None:
    """Offer to add a source."""
    st.header("Neue Quelle", anchor=False)
    prose.note(_ABOUT)
    with st.form("source", enter_to_submit=False):
        sample = st.file_uploader("Probe einer neuen Lieferung", key="source-sample")
        sheet = st.text_input("Tabellenblatt (leer: das passendste)", key="source-sheet")
        is_sent = st.form_submit_button("Layout ergänzen")
    if is_sent:
        with st.spinner("Die Probe wird gelesen …"):
            acting.act(office, person, lambda: _take(office, sample, sheet.strip()))


def _take(office: Desk, sample: UploadedFile | None, sheet: str) -> str:
    if sample is None:
        raise DeliveryError("Neue Quelle: Probe fehlt. Erwartet: eine Datei, wie sie kommt.")
    with tempfile.TemporaryDirectory() as scratch:
        (path,) = kept(Path(scratch) / "probe", [sample])
        tried = suggest_source(office, path, sheet)
        names = take_source(office, path, tried)
    office.log("layout_added", tried.layout.id, {})
    doubts = len(tried.suggestion.doubts)
    unsure = (
        f" {counted(doubts, 'Stelle', 'Stellen')} darin als unsicher lesen." if doubts else ""
    )
    return f"Ergänzt: {', '.join(names)}.{unsure}"
