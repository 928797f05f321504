"""The form in which an own area is put together: its members, what they add up to, its name."""

import re
from contextlib import suppress
from dataclasses import replace
from functools import partial

import streamlit as st

from atlas.errors import AtlasError
from atlas.publication.dashboard import address, design, own_areas, prose, writer
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.own_areas import KeptArea
from atlas.publication.seen import Seen
from atlas.publication.views.comparison import beside_each_other
from atlas.publication.views.own_areas import OwnArea, why_no_level
from atlas.terms import Kind
from atlas.words import moment_text

_WHICH, _KIND, _NAME, _AUTHOR = "own-which", "own-kind", "own-name", "own-author"
_QUARTIERE, _BLOCKS, _FROM = "own-quartiere", "own-blocks", "own-blocks-from"
_DONE, _REFUSED, _FILLED = "_own_done", "_own_refused", "_own_filled"
_BASE = "_own_based_on_revision"
_NEW = "neu"
_APART = re.compile(r"[\s,;]+")


def show(context: Context, seen: Seen, every: tuple[KeptArea, ...]) -> None:
    """Draw the form, and what became of it when it was sent."""
    st.subheader("Gebiet anlegen oder ändern", anchor=False)
    with st.container(key="own-choices", horizontal=True):
        based_on = _choose_which(every)
        _choose_kind(seen)
    if based_on is not None:
        kept = based_on.kept
        prose.note(
            f"Fassung {kept.revision}, {kept.author.text}, {moment_text(kept.written_at)}"
        )
        # What the fields began with: who saved meanwhile is not overwritten.
        based_on = replace(based_on, kept=replace(kept, revision=st.session_state[_BASE]))
    draft = _draft(seen, based_on)
    if draft.area_ids:
        _show_sums(seen, draft)
    with st.container(key="own-save", horizontal=True, vertical_alignment="bottom"):
        st.text_input("Bezeichnung", key=_NAME, max_chars=80, width=320)
        writer.ask_name(_AUTHOR, 240)
        st.button(
            "Gebiet speichern", type="primary", on_click=partial(_save, context, seen, based_on)
        )
        if based_on is not None:
            st.button("Gebiet löschen", on_click=partial(_remove, context, based_on))
    if text := st.session_state.pop(_REFUSED, ""):
        st.error(prose.plain(text))
    if text := st.session_state.pop(_DONE, ""):
        st.success(prose.plain(text))


def _choose_which(every: tuple[KeptArea, ...]) -> KeptArea | None:
    found = {str(one.area.number): one for one in every}
    if st.session_state.get(_WHICH) not in found:
        st.session_state[_WHICH] = _NEW
    if not found:
        return None
    chosen: str = st.selectbox(
        "Gebiet",
        (_NEW, *found),
        format_func=lambda key: "neues Gebiet" if key == _NEW else found[key].area.name,
        key=_WHICH,
        width=320,
    )
    based_on = found.get(chosen)
    _fill(chosen, based_on)
    return based_on


def _fill(chosen: str, based_on: KeptArea | None) -> None:
    """Put what is kept into the fields when another area is chosen."""
    if st.session_state.get(_FILLED, _NEW) == chosen:
        return
    st.session_state[_FILLED] = chosen
    st.session_state[_BASE] = 0 if based_on is None else based_on.kept.revision
    area = OwnArea(0, "", Kind.QUARTIER, ()) if based_on is None else based_on.area
    is_block = area.kind == Kind.BLOCK
    st.session_state[_NAME] = area.name
    st.session_state[_KIND] = str(area.kind)
    st.session_state[_QUARTIERE] = [] if is_block else list(area.area_ids)
    st.session_state[_BLOCKS] = ", ".join(area.area_ids) if is_block else ""


def _choose_kind(seen: Seen) -> None:
    kinds = [kind for kind in (Kind.QUARTIER, Kind.BLOCK) if kind in seen.kinds]
    if st.session_state.get(_KIND) not in kinds:
        st.session_state[_KIND] = str(kinds[0])
    if len(kinds) > 1:
        st.selectbox(
            "Besteht aus",
            [str(kind) for kind in kinds],
            format_func=lambda kind: seen.plural(Kind(kind)),
            key=_KIND,
            width=260,
        )


def _draft(seen: Seen, based_on: KeptArea | None) -> OwnArea:
    kind = Kind(st.session_state[_KIND])
    keys = _choose_quartiere(seen) if kind == Kind.QUARTIER else _choose_blocks(seen)
    name = str(st.session_state.get(_NAME) or "Auswahl")
    number = 0 if based_on is None else based_on.area.number
    return OwnArea(number, name, kind, tuple(sorted(keys)))


def _choose_quartiere(seen: Seen) -> set[str]:
    titles = {area.id: area.title for area in seen.areas(Kind.QUARTIER)}
    kept = [key for key in st.session_state.get(_QUARTIERE, []) if key in titles]
    st.session_state[_QUARTIERE] = kept
    chosen = st.multiselect(
        f"{seen.plural(Kind.QUARTIER)} des Gebiets",
        tuple(titles),
        format_func=titles.__getitem__,
        key=_QUARTIERE,
        placeholder="Name oder Nummer",
        select_all=False,
    )
    return set(chosen)


def _choose_blocks(seen: Seen) -> set[str]:
    """Take numbers from a field into which one can paste; a select adds those of a Quartier."""
    titles = {area.id: area.title for area in seen.areas(Kind.QUARTIER)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        whole = st.selectbox(
            f"Alle {seen.plural(Kind.BLOCK)} von",
            tuple(titles),
            index=None,
            format_func=titles.__getitem__,
            key=_FROM,
            placeholder="Name oder Nummer",
            width=320,
        )
        st.button("Dazunehmen", disabled=not whole, on_click=partial(_add_blocks, seen))
    text = st.text_area(
        f"Nummern der {seen.plural(Kind.BLOCK)}",
        key=_BLOCKS,
        height=140,
        max_chars=60_000,
        help="Durch Komma, Leerzeichen oder Zeilen getrennt, auch aus Excel eingefügt.",
    )
    return {key for key in _APART.split(text) if key}


def _add_blocks(seen: Seen) -> None:
    keys = [area.id for area in seen.children(Kind.BLOCK, st.session_state[_FROM] or "")]
    there = {key for key in _APART.split(st.session_state.get(_BLOCKS) or "") if key}
    st.session_state[_BLOCKS] = ", ".join(sorted({*there, *keys}))
    st.session_state[_FROM] = None


def _show_sums(seen: Seen, draft: OwnArea) -> None:
    with st.container(key="own-sums"):
        design.show_table(beside_each_other(seen, (), (draft,)))
    prose.note(why_no_level(seen))


def _save(context: Context, seen: Seen, based_on: KeptArea | None) -> None:
    draft = _read(based_on)
    kept = None if based_on is None else based_on.kept
    try:
        saved = own_areas.save(context, seen, writer.author_of(_AUTHOR), draft, kept)
    except AtlasError as error:
        st.session_state[_REFUSED] = str(error)
        _take_newest(context, based_on)
        return
    st.session_state[_DONE] = f"Gespeichert: {saved.name}."
    st.session_state[_WHICH] = st.session_state[_FILLED] = str(saved.number)
    st.session_state[_BASE] = 1 if kept is None else kept.revision + 1
    address.remember(address.OWN_KEY, _with(str(saved.number)))


def _take_newest(context: Context, based_on: KeptArea | None) -> None:
    """Let who was told of a newer revision save on its ground."""
    number = 0 if based_on is None else based_on.area.number
    with suppress(AtlasError):  # the page says so itself
        for one in own_areas.kept_areas(context):
            if one.area.number == number:
                st.session_state[_BASE] = one.kept.revision


def _with(number: str) -> str:
    """Address of the own areas to compare, this one among them."""
    known = [key for key in address.split_keys(address.kept(address.OWN_KEY)) if key]
    others = [key for key in known if key != number]
    return address.join_keys([*others, number][-own_areas.MOST_COMPARED :])


def _read(based_on: KeptArea | None) -> OwnArea:
    """Read the fields as they stand when the button is pressed."""
    kind = Kind(st.session_state[_KIND])
    keys = st.session_state.get(_QUARTIERE) or []
    if kind == Kind.BLOCK:
        keys = [key for key in _APART.split(st.session_state.get(_BLOCKS) or "") if key]
    number = 0 if based_on is None else based_on.area.number
    name = str(st.session_state.get(_NAME) or "")
    return OwnArea(number, name, kind, tuple(sorted(set(keys))))


def _remove(context: Context, based_on: KeptArea) -> None:
    try:
        own_areas.remove(context, writer.author_of(_AUTHOR), based_on.kept)
    except AtlasError as error:
        st.session_state[_REFUSED] = str(error)
        _take_newest(context, based_on)
        return
    st.session_state[_DONE] = f"Gelöscht: {based_on.area.name}."
    number = str(based_on.area.number)
    known = address.split_keys(address.kept(address.OWN_KEY))
    address.remember(
        address.OWN_KEY, address.join_keys(key for key in known if key not in ("", number))
    )
