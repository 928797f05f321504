"""The desk as an ASGI application: ``atlas desk`` serves it."""

import streamlit as st

from atlas.desk.pages import PAGE_PATHS
from atlas.desk.settings import MAX_UPLOAD_MB
from atlas.publication.dashboard import web
from atlas.publication.dashboard.failures import show_failure

_BASE_URL = st.get_option("server.baseUrlPath") or ""

app = st.App(
    "atlas/desk/entry/script.py",
    routes=web.front_end(_BASE_URL),
    middleware=web.middleware(_BASE_URL, PAGE_PATHS, MAX_UPLOAD_MB << 20),
    on_script_error=show_failure,
)
