"""Who lies beside whom; the borders of a release are measured once."""

from collections.abc import Sequence

import streamlit as st

from atlas.publication import views
from atlas.release import Release


def neighbours(release: Release, chosen: Sequence[str]) -> tuple[views.Area, ...]:
    """Quartiere beside any of the chosen ones, the longest common border first."""
    return views.neighbours_of(release, _borders(release, str(release.path)), chosen)


def location(release: Release, area_id: str) -> str:
    """Say where a Quartier lies."""
    return views.location_text(release, _borders(release, str(release.path)), area_id)


@st.cache_resource(max_entries=32, show_spinner=False)
def _borders(_release: Release, path: str) -> views.Borders:
    return views.borders_of(_release)
