"""Parts of pages Karte and Tabellen: how many people live in the areas of each level."""

from html import escape

import streamlit as st

from atlas.publication.dashboard import design, downloads, prose
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import Seen
from atlas.publication.views.items import NEED
from atlas.publication.views.level_people import people_table
from atlas.publication.views.special_areas import special_note

_NAME = "menschen-je-stufe"


def show(seen: Seen) -> None:
    """Show the table with its files; nothing where the group has no levels."""
    table = people_table(seen)
    if table is None:
        return
    st.subheader("Menschen je Stufe", anchor=False)
    if note := special_note(seen):
        prose.note(note)
    with st.container(key="level-people"):
        design.show_table(table)
    with st.container(key="level-people-files", horizontal=True, width="content"):
        downloads.offer_sheet(seen, "Menschen je Stufe als Excel", table, (_NAME, ""))
        downloads.offer_csv(seen, "CSV", lambda: table, f"{_NAME}-{seen.group}")


def explain(seen: Seen, theme: str) -> None:
    """Open below the legend what the table of page Tabellen says, where the map shows need."""
    table = people_table(seen) if theme == NEED else None
    if table is None:
        return
    heads = [field.label for field in table.fields]
    lines = "".join(
        f"<div><dt>{escape(row[0])}</dt><dd>{escape(_told(heads, row))}</dd></div>"
        for row in rows_of(table)
    )
    special = special_note(seen)
    note = f"<p class='note'>{escape(special)}</p>" if special else ""
    st.html(
        '<details class="meanings"><summary>Wie viele Menschen leben wo?</summary>'
        f'<dl class="terms">{lines}</dl>{note}</details>'
    )


def _told(heads: list[str], row: tuple[str, ...]) -> str:
    parts = [f"{head}: {entry}" for head, entry in zip(heads[1:-1], row[1:-1], strict=True)]
    return "; ".join([*parts, *([f"{heads[-1]}: {row[-1]}"] if row[-1] else [])])
