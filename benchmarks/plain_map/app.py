"""Serves the plain map; Leaflet comes from this server, or the map would stay empty offline."""

from pathlib import Path

import streamlit as st

from atlas.publication.dashboard import web

app = st.App(str(Path(__file__).with_name("page.py")), routes=web.routes(""))
