"""Part of page Entwicklung: files of how long every level has lasted."""

from collections.abc import Sequence

import streamlit as st

from atlas.publication.dashboard import downloads
from atlas.publication.seen import Seen
from atlas.publication.views.items import NEED
from atlas.publication.views.persistence import stay_table
from atlas.publication.views.table import Table

_NAME = "dauer-der-stufen"


def offer(past: Sequence[Seen], theme: str) -> None:
    """Offer the files beside the levels of all dates; nothing for another theme."""
    newest = past[-1]
    if theme != NEED:
        return

    def tables() -> list[Table]:
        return [
            stay_table([seen.through(group) for seen in past])
            for group in newest.groups
            if newest.through(group).has_levels
        ]

    with st.container(key="lasting-files", horizontal=True, width="content"):
        title = "Dauer der Stufen"
        downloads.offer_workbook(newest, "Dauer der Stufen als Excel", title, tables, _NAME)
        name = f"{_NAME}-{newest.group}"
        downloads.offer_csv(newest, "CSV", lambda: stay_table(past), name)
