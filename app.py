"""The dashboard as an ASGI application: ``streamlit run app.py`` serves it."""

import streamlit as st

from atlas.publication.dashboard import web
from atlas.publication.dashboard.failures import show_failure
from atlas.publication.dashboard.pages import PAGE_PATHS

_BASE_URL = st.get_option("server.baseUrlPath") or ""

app = st.App(
    "atlas/publication/dashboard/entry/script.py",
    routes=web.routes(_BASE_URL),
    middleware=web.middleware(_BASE_URL, PAGE_PATHS),
    lifespan=web.answer_at_once,
    on_script_error=show_failure,
)
