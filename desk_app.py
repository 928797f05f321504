"""The desk as an ASGI application: ``atlas desk`` serves it."""

import sys

import streamlit as st

from atlas.desk import entrance
from atlas.desk.pages import PAGE_PATHS
from atlas.desk.settings import MAX_UPLOAD_MB
from atlas.errors import AtlasError
from atlas.publication.dashboard import web
from atlas.publication.dashboard.failures import show_failure

_BASE_URL = st.get_option("server.baseUrlPath") or ""
try:
    _login = entrance.sign_in(_BASE_URL, st.get_option("server.address"))
except AtlasError as error:
    sys.stderr.write(f"Fehler: {error}\n")
    sys.exit(error.exit_code)

# The gate first: what was not sent to this server learns nothing, not even of a login.
_GATE, *_REST = web.middleware(_BASE_URL, PAGE_PATHS, MAX_UPLOAD_MB << 20)

app = st.App(
    "atlas/desk/entry/script.py",
    routes=web.front_end(_BASE_URL),
    middleware=[_GATE, *_login, *_REST],
    lifespan=web.answer_at_once,
    on_script_error=show_failure,
)
