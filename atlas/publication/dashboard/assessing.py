"""The part of a page where planners read and write assessments."""

from datetime import UTC, datetime
from functools import partial

import streamlit as st
from sqlalchemy import Engine

from atlas.errors import AtlasError
from atlas.publication import assessments, export
from atlas.publication.assessments import Assessment, Place
from atlas.publication.assessments.overview import more_lines, said_texts, signature
from atlas.publication.dashboard import design, downloads, prose, writer
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.planning_database import engine_of
from atlas.publication.export.csv_text import table_csv_bytes
from atlas.publication.seen import Seen
from atlas.publication.views.table import Table
from atlas.terms import Kind
from atlas.words import day_text

_SAVED, _REFUSED = "_assessment_saved", "_assessment_refused"
_NAME_KEY = "assessment-author"
_FILE = "bewertungen"
_HELP = "Ohne Formatierung. Ein leerer Text zieht die Bewertung zurück."
_ABOUT = (
    "Was die Stufe für die Arbeit vor Ort bedeutet, beurteilt die Planung selbst. Bewertungen "
    "stehen neben der Veröffentlichung und sind kein Teil von ihr; jede Fassung "
    "bleibt erhalten."
)


def show(context: Context, area_id: str) -> None:
    """Show what is said about a Quartier, and a form to say more; nothing without a store."""
    try:
        engine = engine_of(context)
        if engine is None:
            return
        st.subheader("Bewertung der Planung", anchor=False)
        with st.container(key="about-assessing"):
            prose.note(_ABOUT)
        revisions = assessments.history(engine, context.city, area_id)
    except AtlasError as error:
        st.error(prose.plain(str(error)))
        return
    place = Place(context.city, area_id, context.ref.name)
    now = assessments.current(revisions, place.release)
    before = assessments.earlier(revisions, place.release)
    if now is None or not now.text:
        prose.say("Zu diesem Stand gibt es noch keine Bewertung.")
    else:
        _show_text(context.seen, now, "")
    if before is not None:
        _show_text(
            context.seen, before, f"Zum Stand {assessments.about_text(before.place.release)}: "
        )
    _offer_form(context.seen, engine, place, (now, before))
    if revisions:
        with (
            st.expander(f"Alle Fassungen, auch zu anderen Ständen ({len(revisions)})"),
            st.container(key="assessments"),
        ):
            design.show_table(assessments.history_table(revisions))


def sheets(context: Context, area_id: str) -> tuple[Table, ...]:
    """Give what is said about a Quartier now as a sheet of its own, where there is any."""
    found = [one for one in standing(context) if one.place.area_id == area_id]
    return (assessments.history_table(found),) if found else ()


def said_of(context: Context, area_id: str) -> str:
    """Write what is said now about a Quartier as this release shows it; empty without any."""
    return said_texts(context.seen, standing(context)).get(area_id, "")


def offer_file(context: Context) -> None:
    """Offer all assessments of the city as CSV, where there are any."""
    found = standing(context)
    if not found:
        return
    names = {area.id: area.name for area in context.seen.areas(Kind.QUARTIER)}
    table = assessments.machine_table(found, names)
    name = export.file_name(context.seen, _FILE, "csv")
    with st.container(key="files-assessments", horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Bewertungen der Planung** ({len(found)})", width=220)
        make = partial(table_csv_bytes, table)
        note = f"{name}: zu allen Ständen, kein Teil der Veröffentlichung"
        downloads.offer_named("Bewertungen als CSV", make, name, export.CSV.mime, note)


def standing(context: Context) -> tuple[Assessment, ...]:
    """Give what is said now about every Quartier; nothing without a store that can be read."""
    try:
        engine = engine_of(context)
        return () if engine is None else assessments.standing(engine, context.city)
    except AtlasError:  # page Quartier says so itself
        return ()


def _show_text(seen: Seen, said: Assessment, about: str) -> None:
    prose.say_lines(said.text)
    more = more_lines(seen, said)
    if more:
        prose.say_lines(more)
    prose.note(f"{about}{signature(said)}")


def _offer_form(
    seen: Seen,
    engine: Engine,
    place: Place,
    said: tuple[Assessment | None, Assessment | None],
) -> None:
    """Offer the text of now to be changed; the first of a release begins with the one before.

    Parameters
    ----------
    said
        What is said about this release and about an earlier one.
    """
    now, before = said
    draft = now or before
    revision = 1 if now is None else now.revision + 1
    text_key = _text_key(place, revision)
    send = partial(_save, engine, place, revision)
    is_refused = _REFUSED in st.session_state
    with (
        st.expander("Bewertung schreiben", expanded=is_refused),
        st.form(f"form-{text_key}", enter_to_submit=False),
    ):
        st.session_state.setdefault(text_key, "" if draft is None else draft.text)
        st.text_area(
            "Bewertung", key=text_key, max_chars=assessments.MAX_TEXT, help=_HELP, height=160
        )
        _offer_more(seen, text_key, draft)
        st.form_submit_button("Bewertung speichern", on_click=send)
    if is_refused:
        st.error(prose.plain(st.session_state.pop(_REFUSED)))
    if st.session_state.pop(_SAVED, ""):
        st.success("Die Bewertung ist gespeichert.")


def _offer_more(seen: Seen, key: str, draft: Assessment | None) -> None:
    """Draw the fields beside the text; each begins with what the draft says."""
    labels = {0: "keine", **seen.config.levels.labels}
    first = ("", "", 0)
    if draft is not None:
        review = "" if draft.review_on is None else day_text(draft.review_on)
        first = (draft.measures, review, draft.own_level or 0)
    for name, value in zip(("measures", "review", "level"), first, strict=True):
        st.session_state.setdefault(f"{name}-{key}", value)
    st.text_area(
        "Maßnahmen", key=f"measures-{key}", max_chars=assessments.MAX_MEASURES, height=90
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Eigene Einschätzung",
            tuple(labels),
            format_func=lambda level: f"{level} {labels[level]}" if level else labels[level],
            key=f"level-{key}",
            width=280,
        )
        writer.ask_name(_NAME_KEY, 280)
        st.text_input(
            "Wiedervorlage",
            key=f"review-{key}",
            max_chars=10,
            width=160,
            placeholder="TT.MM.JJJJ",
        )


def _save(engine: Engine, place: Place, revision: int) -> None:
    """Save the form as this revision; a text that is refused stays in the form."""
    key = _text_key(place, revision)
    text = str(st.session_state[key])
    author = writer.author_of(_NAME_KEY)
    try:
        said = Assessment(
            place,
            revision,
            text,
            author,
            datetime.now(UTC),
            own_level=int(st.session_state[f"level-{key}"]) or None,
            measures=str(st.session_state[f"measures-{key}"]),
            review_on=assessments.review_day(str(st.session_state[f"review-{key}"])),
        )
        assessments.save(engine, said)
    except AtlasError as error:
        st.session_state[_REFUSED] = str(error)
        _keep_fields(engine, place, key)
    else:
        st.session_state[_SAVED] = "yes"


def _keep_fields(engine: Engine, place: Place, key: str) -> None:
    """Put what was refused into the form that follows the revision saved meanwhile."""
    try:
        revisions = assessments.history(engine, place.city, place.area_id)
    except AtlasError:  # the page says so itself
        return
    now = assessments.current(revisions, place.release)
    following = 1 if now is None else now.revision + 1
    for name in ("", "level-", "measures-", "review-"):
        kept = st.session_state[f"{name}{key}"]
        st.session_state[f"{name}{_text_key(place, following)}"] = kept


def _text_key(place: Place, revision: int) -> str:
    return f"assessment-{place.city}-{place.area_id}-{place.release}-{revision}"
