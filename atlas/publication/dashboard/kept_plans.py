"""Plans of posts as planners keep them: what was asked for, and the posts that are there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import streamlit as st
from sqlalchemy import Engine

from atlas.errors import AtlasError
from atlas.publication import planning
from atlas.publication.dashboard import address, prose, replaced, writer
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.planning_database import engine_of
from atlas.publication.planning import Kept, Shelf
from atlas.words import moment_text

_PRESENT = "_plan_present"
_WHICH, _NAME, _AUTHOR = "plan-which", "plan-name", "plan-author"
_FILLED, _BASE = "_plan_filled", "_plan_based_on_revision"
_DONE, _REFUSED = "_plan_done", "_plan_refused"
_NONE = ""
_ASKED = (
    address.RECEIVERS_KEY,
    address.POSTS_KEY,
    address.STEP_KEY,
    address.FLOOR_KEY,
    address.BASIS_KEY,
    address.ROUNDING_KEY,
    address.LEAST_KEY,
    address.LEAST_INDEX_KEY,
)


def present_text() -> str:
    """Give what was typed of posts that are there for those who get them now."""
    return str(st.session_state.get(_present_key()) or "")


def remember_present(text: str) -> None:
    """Keep what was typed of posts that are there."""
    st.session_state[_present_key()] = text


def _present_key() -> str:
    """Name of the text; schools and areas have other numbers."""
    return f"{_PRESENT}-{address.kept(address.RECEIVERS_KEY)}"


def choose(context: Context) -> None:
    """Select a kept plan, and put what it asks for into the fields; call before them."""
    found = _found(context)
    asked = address.kept(address.PLAN_KEY)
    if asked and asked not in found:
        replaced.note_in_link("Gespeicherte Verteilung", asked, "")
        address.forget(address.PLAN_KEY)
        asked = _NONE
    if asked and st.session_state.get(_FILLED) != asked:
        _fill(found[asked], {key: address.kept(key) for key in _ASKED})
    if not found:
        return
    st.session_state[_WHICH] = asked
    st.selectbox(
        "Gespeicherte Verteilung",
        (_NONE, *found),
        format_func=lambda key: found[key].title if key else "keine",
        key=_WHICH,
        on_change=partial(_load, found),
        width=320,
    )
    if asked:
        kept = found[asked]
        told = f"{kept.author.text}, {moment_text(kept.written_at)}"
        prose.note(f"Fassung {kept.revision}, {told}")


def offer(context: Context) -> None:
    """Draw the fields that keep what is asked for now under a name, and what came of it."""
    try:
        engine = engine_of(context)
    except AtlasError as error:
        st.error(prose.plain(str(error)))
        return
    if engine is None:
        return
    based_on = _found(context).get(address.kept(address.PLAN_KEY))
    with st.expander("Verteilung speichern", expanded=_REFUSED in st.session_state):
        st.session_state.setdefault(_NAME, "")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(
                "Bezeichnung der Verteilung", key=_NAME, max_chars=planning.MAX_TITLE, width=320
            )
            writer.ask_name(_AUTHOR, 240)
            save = partial(_save, engine, context, None)
            st.button("Neu speichern", on_click=save)
            if based_on is not None:
                change = partial(_save, engine, context, based_on)
                st.button("Änderung speichern", on_click=change)
                st.button("Löschen", on_click=partial(_remove, engine, context, based_on))
    if text := st.session_state.pop(_REFUSED, ""):
        st.error(prose.plain(text))
    if text := st.session_state.pop(_DONE, ""):
        st.success(prose.plain(text))


def _found(context: Context) -> dict[str, Kept]:
    try:
        engine = engine_of(context)
        kept = () if engine is None else planning.all_kept(engine, _shelf(context))
    except AtlasError:  # whoever saves is told
        return {}
    return {str(one.number): one for one in kept}


def _shelf(context: Context) -> Shelf:
    return Shelf(context.city, "posts", "Verteilung")


def _load(found: Mapping[str, Kept]) -> None:
    """Take over everything that the chosen plan asks for."""
    chosen = str(st.session_state[_WHICH])
    address.remember(address.PLAN_KEY, chosen)
    if chosen:
        _fill(found[chosen], {})
    else:
        st.session_state[_FILLED] = chosen


def _fill(kept: Kept, asked: Mapping[str, str]) -> None:
    """Put a plan into fields and address; what the address asks for stays."""
    content = kept.content or {}
    for key in _ASKED:
        address.remember(key, asked.get(key) or str(content.get(key, "")))
    remember_present(str(content.get("present", "")))
    st.session_state[_NAME] = kept.title
    st.session_state[_FILLED] = str(kept.number)
    st.session_state[_BASE] = kept.revision


def _content() -> dict[str, str]:
    asked = {key: address.kept(key) for key in _ASKED}
    return {**asked, "present": present_text()}


def _save(engine: Engine, context: Context, based_on: Kept | None) -> None:
    title = str(st.session_state.get(_NAME) or "")
    author, moment = writer.author_of(_AUTHOR), datetime.now(UTC)
    new = Kept(0, 1, title, _content(), author, moment)
    shelf = _shelf(context)
    try:
        if based_on is None:
            new = replace(new, number=planning.keep_new(engine, shelf, new))
        else:
            base = int(st.session_state.get(_BASE, based_on.revision))
            new = replace(new, number=based_on.number, revision=base + 1)
            planning.keep(engine, shelf, new)
    except AtlasError as error:
        _refuse(error, based_on)
        return
    st.session_state[_DONE] = "Die Verteilung ist gespeichert."
    st.session_state[_FILLED], st.session_state[_BASE] = str(new.number), new.revision
    address.remember(address.PLAN_KEY, str(new.number))


def _remove(engine: Engine, context: Context, based_on: Kept) -> None:
    author, moment = writer.author_of(_AUTHOR), datetime.now(UTC)
    number, revision = based_on.number, based_on.revision + 1
    gone = Kept(number, revision, based_on.title, None, author, moment)
    try:
        planning.keep(engine, _shelf(context), gone)
    except AtlasError as error:
        _refuse(error, based_on)
        return
    st.session_state[_DONE] = "Die Verteilung ist gelöscht."
    address.remember(address.PLAN_KEY, _NONE)


def _refuse(error: AtlasError, based_on: Kept | None) -> None:
    """Say why; who was told of a newer revision may then save on its ground."""
    st.session_state[_REFUSED] = str(error)
    if based_on is not None:
        st.session_state[_BASE] = based_on.revision
