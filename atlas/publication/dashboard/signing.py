"""Who is signed in: the line above every page, and what stands where nothing is shown."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from atlas.publication.dashboard import prose
from atlas.publication.dashboard.frame import Context
from atlas.signin import has_door, person_of

_NOTHING = (
    "Von dieser Stadt ist ohne Anmeldung nichts zu sehen. Wer ein Konto mit einer Rolle hat, "
    "meldet sich oben an; Rollen vergibt der Betrieb."
)


def show() -> None:
    """Draw the line; nothing where nobody can sign in."""
    headers = st.context.headers
    if not has_door(headers):
        return
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    root = f"/{base}" if base else ""
    name = person_of(headers).name
    if name:
        text = f'{escape(name)} · <a href="{root}/abmelden" target="_self">Abmelden</a>'
    else:
        text = f'<a href="{root}/anmelden?{_back(root)}" target="_top">Anmelden</a>'
    st.html(f'<p class="signing">{text}</p>')


def is_outside(context: Context) -> bool:
    """Whether nothing of the city exists for the reader; says so."""
    if not context.sight.is_blind(context.info(context.ref).config.city):
        return False
    show()
    st.info(prose.plain(_NOTHING))
    return True


def _back(root: str) -> str:
    """Name the page to come back to, with what was chosen on it."""
    path = (st.context.url or "").split("://")[-1].partition("/")[2].split("?")[0]
    own = f"/{path}".removeprefix(root) or "/"
    query = urlencode(st.query_params.to_dict())
    return urlencode({"zurueck": f"{own}?{query}" if query else own})
