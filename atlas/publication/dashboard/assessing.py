"""The part of a page where planners read and write assessments."""

import os
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st
from sqlalchemy import Engine

from atlas.errors import AtlasError
from atlas.publication import views
from atlas.publication.dashboard import assessments, design, prose
from atlas.publication.dashboard.assessments import Assessment, Author, Place
from atlas.publication.dashboard.frame import Context

# Name of the request header in which a proxy with login hands over who is there.
_HEADER_VARIABLE = "ATLAS_AUTHOR_HEADER"
_SAVED = "_assessment_saved"


def show(context: Context, area_id: str) -> None:
    """Show what is said about a Quartier, and a form to say more; nothing without a store."""
    planning_dir = context.home / "planning"
    if not planning_dir.is_dir():
        return
    st.subheader("Bewertung der Planung", anchor=False)
    prose.note(
        "Was die Stufe für die Arbeit vor Ort bedeutet, beurteilt die Planung selbst. "
        "Bewertungen stehen neben der Veröffentlichung und sind kein Teil von ihr."
    )
    try:
        engine = _engine(planning_dir)
        found = assessments.history(engine, context.city, area_id)
    except AtlasError as error:
        st.error(prose.plain(str(error)))
        return
    place = Place(context.city, area_id, context.ref.name)
    now = assessments.current(found, place.release)
    if now is None:
        prose.say("Zu diesem Stand gibt es noch keine Bewertung.")
    else:
        prose.say(now.text)
        prose.note(f"{now.author.text}, {views.moment_text(now.written_at)}")
    _offer_form(engine, place, "" if now is None else now.text)
    if found:
        with st.expander(f"Alle Bewertungen ({len(found)})"), st.container(key="remarks"):
            design.show_table(assessments.history_table(found))


def sheets(context: Context, area_id: str) -> tuple[views.Dataset, ...]:
    """Give the assessments of a Quartier as a sheet of their own, where there are any."""
    planning_dir = context.home / "planning"
    if not planning_dir.is_dir():
        return ()
    try:
        found = assessments.history(_engine(planning_dir), context.city, area_id)
    except AtlasError:  # the page says so itself
        return ()
    return (assessments.history_dataset(found),) if found else ()


def _offer_form(engine: Engine, place: Place, text: str) -> None:
    login = _login()
    form = f"assessment-{place.area_id}-{place.release}"
    with st.expander("Bewertung schreiben"), st.form(form, enter_to_submit=False):
        written = st.text_area("Bewertung", value=text, max_chars=assessments.MAX_TEXT)
        name = login or st.text_input("Name", max_chars=assessments.MAX_AUTHOR)
        is_sent = st.form_submit_button("Bewertung speichern")
    if is_sent:
        _save(engine, Assessment(place, written, Author(name, bool(login)), datetime.now(UTC)))
    if st.session_state.pop(_SAVED, ""):
        st.success("Die Bewertung ist gespeichert.")


def _save(engine: Engine, assessment: Assessment) -> None:
    try:
        assessments.save(engine, assessment)
    except AtlasError as error:
        st.error(prose.plain(str(error)))
        return
    st.session_state[_SAVED] = "yes"
    st.rerun()


def _login() -> str:
    """Name that a proxy vouches for; empty where no proxy is declared."""
    header = os.environ.get(_HEADER_VARIABLE, "")
    return str(st.context.headers.get(header) or "") if header else ""


def _engine(planning_dir: Path) -> Engine:
    return _opened(assessments.store_url(planning_dir))


@st.cache_resource(max_entries=4, show_spinner=False)
def _opened(url: str) -> Engine:
    return assessments.open_store(url)
