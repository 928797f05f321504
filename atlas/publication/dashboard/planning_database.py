"""The database of the planning as pages open it: once per process."""

import streamlit as st
from sqlalchemy import Engine

from atlas.publication import planning
from atlas.publication.dashboard.frame import Context

NOTHING_KEPT = (
    "Hier wird nichts aufbewahrt: Der Ordner planning/ fehlt. Der Betrieb kann ihn anlegen."
)


def engine_of(context: Context) -> Engine | None:
    """Open the database; ``None`` where nobody keeps anything, or nothing of it exists.

    Raises
    ------
    AtlasError
        If it cannot be opened.
    """
    if not context.sight.may_plan:
        return None
    url = planning.store_url(context.home / "planning")
    return _opened(url) if url else None


@st.cache_resource(max_entries=4, show_spinner=False)
def _opened(url: str) -> Engine:
    return planning.open_store(url)
