"""Serves the plain map; Leaflet comes from this server, or the map would stay empty offline."""

from pathlib import Path

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from atlas.publication.dashboard import web

_LEAFLET = Path(web.__file__).parent / "vendor" / "leaflet"

app = st.App(
    str(Path(__file__).with_name("page.py")),
    routes=[Mount("/leaflet", StaticFiles(directory=_LEAFLET))],
)
