"""Part of page Planung: all assessments of the city, filtered, and the way to each Quartier."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import streamlit as st

from atlas.publication.assessments.overview import (
    STANDING_LABELS,
    Row,
    Standing,
    is_due,
    overview_table,
    rows_of_city,
)
from atlas.publication.dashboard import address, assessing, design, downloads, prose, selects
from atlas.publication.dashboard.frame import Context
from atlas.publication.seen import Seen
from atlas.words import day_here

_EVERY = ""
_WRITTEN, _DUE = "geschrieben", "faellig"
_FILE = "bewertungen"
_NAME = "Bewertungen"


def show(context: Context, seen: Seen) -> None:
    """Draw the list."""
    every = rows_of_city(seen, context.past(seen.group), assessing.standing(context))
    written = [row for row in every if row.said is not None]
    prose.say(_summary(every))
    with st.container(key="assessment-filters", horizontal=True, vertical_alignment="bottom"):
        shown = _filtered(seen, every)
    with st.container(key="assessment-list"):
        if shown:
            design.show_table(overview_table(seen, shown))
        else:
            prose.say("Keine Bewertung passt zu dieser Auswahl.")
    with st.container(key="files-list", horizontal=True, width="content"):
        if written:
            table = overview_table(seen, written)
            downloads.offer_workbook(
                seen, "Alle Bewertungen als Excel", _NAME, lambda: (table,), _FILE
            )
    with st.container(key="to-quartier", width=420):
        if area_id := selects.choose_quartier(context):
            address.link("profile", "Ansehen und bewerten → Quartier", {"quartier": area_id})


def _summary(every: Sequence[Row]) -> str:
    valid = sum(row.standing is Standing.VALID for row in every)
    still_open = sum(row.standing is Standing.OPEN for row in every)
    due = sum(is_due(row, _today()) for row in every)
    told = f" Zur Wiedervorlage fällig: {due}." if due else ""
    return f"Zu diesem Stand bewertet: {valid} von {valid + still_open}.{told}"


def _filtered(seen: Seen, every: Sequence[Row]) -> list[Row]:
    standings = {
        _WRITTEN: "alle geschriebenen",
        **{str(one): label for one, label in STANDING_LABELS.items()},
        _DUE: "Wiedervorlage fällig",
    }
    state = _select("Zustand", standings, 200)
    levels = {_EVERY: "alle Stufen"}
    levels |= {str(step): f"{step} {name}" for step, name in seen.config.levels.labels.items()}
    level = _select("Stufe", levels, 240)
    said = [row.said for row in every if row.said is not None]
    releases = sorted({one.place.release for one in said}, reverse=True)
    release = _select("Zum Stand", {_EVERY: "alle Stände", **{x: x for x in releases}}, 180)
    authors = sorted({one.author.text for one in said})
    author = _select("Verfasst von", {_EVERY: "alle", **{x: x for x in authors}}, 260)
    return [
        row
        for row in every
        if _is_in(row, state, _today())
        and level in (_EVERY, str(row.level))
        and release in (_EVERY, row.release)
        and author in (_EVERY, "" if row.said is None else row.said.author.text)
    ]


def _is_in(row: Row, state: str, day: date) -> bool:
    if state == _WRITTEN:
        return row.said is not None
    return is_due(row, day) if state == _DUE else state == str(row.standing)


def _today() -> date:
    return day_here(datetime.now(UTC))


def _select(label: str, labels: Mapping[str, str], width: int) -> str:
    key = f"assessments-{label}"
    if st.session_state.get(key) not in labels:
        st.session_state[key] = next(iter(labels))
    chosen: str = st.selectbox(
        label,
        tuple(labels),
        format_func=labels.__getitem__,
        key=key,
        width=width,
    )
    return chosen
