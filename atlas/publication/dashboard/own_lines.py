"""Part of page Entwicklung: own areas over all dates, a small line per indicator."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from atlas.publication.dashboard import charts, downloads, prose
from atlas.publication.seen import Seen
from atlas.publication.views.development import Series, development_items
from atlas.publication.views.own_area_series import own_series
from atlas.publication.views.own_area_tables import OWN_NAME, member_table, own_dates_table
from atlas.publication.views.own_areas import HOW_COUNTED, OwnArea, why_no_level

_PER_ROW = 3
_HEIGHT = 160
_FILE = "eigene-gebiete-verlauf"


def show(past: Sequence[Seen], owns: Sequence[OwnArea]) -> None:
    """Draw the lines; the table of all dates beside them holds their numbers."""
    st.subheader(OWN_NAME, anchor=False)
    prose.note(f"{HOW_COUNTED} {why_no_level(past[-1])}")
    found = [own_series(past, owns, item) for item in development_items(past[-1])]
    lines = [line for line in found if line is not None]
    if not lines:
        prose.say("Kein Stichtag zeigt eine Summe.")
        return
    _offer_files(past, owns)
    charts.show_series_legend(max((line.places for line in lines), key=len), "")
    with st.container(key="own-lines"):
        for start in range(0, len(lines), _PER_ROW):
            sides = st.columns(_PER_ROW, gap="medium")
            for side, line in zip(sides, lines[start : start + _PER_ROW], strict=False):
                with side:
                    _show_line(line)


def _offer_files(past: Sequence[Seen], owns: Sequence[OwnArea]) -> None:
    table, newest = own_dates_table(past, owns), past[-1]
    with st.container(key="files-own-lines", horizontal=True, width="content"):
        tables = (table, member_table(newest, owns))
        downloads.offer_workbook(
            newest, "Verlauf als Excel", table.title, lambda: tables, _FILE
        )
        downloads.offer_csv(newest, "CSV", lambda: table, _FILE)


def _show_line(line: Series) -> None:
    gaps = f" Ohne Wert: {', '.join(line.gaps)}." if line.gaps else ""
    st.html(f'<h4 class="chart-title">{escape(line.label)}</h4>')
    about = line.summary.removeprefix(f"{line.label}: ")
    prose.note(f"{line.places[0]}: {about}{gaps}")
    charts.show_series(line, _HEIGHT)
