"""A link that names the release it was copied from: whether that is in force, what is newer."""

import re
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from atlas.publication.dashboard import address, prose, replaced
from atlas.publication.dashboard.frame import DATE_KEY, Context
from atlas.publication.views.changes import release_title
from atlas.publication.views.data_state import pinned_text
from atlas.release import list_releases

_RELEASE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})\.(?P<number>\d{1,6})")


def follow() -> None:
    """Show the date of the release that the address names; call before any select."""
    match = _RELEASE.fullmatch(address.kept(address.PIN_KEY))
    if match is None:
        return
    if not address.kept(DATE_KEY):
        address.keep(DATE_KEY, match["day"])
        st.session_state[DATE_KEY] = match["day"]
    elif address.kept(DATE_KEY) != match["day"]:
        address.forget(address.PIN_KEY)  # the reader has chosen another date


def show(context: Context, place: DeltaGenerator) -> None:
    """Say what became of that release, and offer what is newer."""
    asked, shown = address.kept(address.PIN_KEY), context.ref
    match = _RELEASE.fullmatch(asked)
    if match is None and asked:
        replaced.note("Stand", asked, release_title(context.info(shown)))
        address.forget(address.PIN_KEY)
    if match is None or match["day"] != shown.reference_date.isoformat():
        return
    newest = context.refs[0]
    newer = "" if newest == shown else release_title(context.info(newest))
    every = list_releases(context.city_dir)
    told = pinned_text(context.info(shown), int(match["number"]), every, newer)
    if told:
        place.html(f'<p class="told" role="status">{escape(told)}</p>')
    if newer:
        place.button(
            f"Stand {prose.plain(newer)} zeigen",
            on_click=address.remember,
            args=(DATE_KEY, newest.reference_date.isoformat()),
        )
