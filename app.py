"""The dashboard as an ASGI application: ``streamlit run app.py`` serves it."""

import sys

import streamlit as st

from atlas.errors import AtlasError
from atlas.publication.dashboard import door, web
from atlas.publication.dashboard.failures import show_failure
from atlas.publication.dashboard.pages import PAGE_PATHS

_BASE_URL = st.get_option("server.baseUrlPath") or ""

try:
    _middleware = door.middleware(_BASE_URL, PAGE_PATHS, st.get_option("server.address"))
except AtlasError as error:
    sys.stderr.write(f"Fehler: {error}\n")
    sys.exit(error.exit_code)

app = st.App(
    "atlas/publication/dashboard/entry/script.py",
    routes=web.routes(_BASE_URL),
    middleware=_middleware,
    lifespan=web.answer_at_once,
    on_script_error=show_failure,
)
