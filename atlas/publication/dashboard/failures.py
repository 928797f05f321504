"""What a reader sees when something goes wrong: one German sentence, never a traceback."""

import logging

import streamlit as st

from atlas.errors import AtlasError

_LOGGER = logging.getLogger(__name__)


def show_failure(error: Exception) -> bool:
    """Show the message of an error of ours, or that the page failed; log what is a bug."""
    if isinstance(error, AtlasError):
        st.error(str(error), icon=None)
        return True
    _LOGGER.error("page failed", exc_info=error)
    st.error(
        "Diese Seite konnte nicht aufgebaut werden. Bitte neu laden; bleibt der Fehler, hilft "
        "die Statistikstelle."
    )
    return True
