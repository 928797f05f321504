"""Head of page Quartier: name, level and trend, where it lies, its workbook."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from atlas.publication import export, palette
from atlas.publication.dashboard import (
    address,
    assessing,
    design,
    downloads,
    papers,
    prose,
    selects,
)
from atlas.publication.dashboard.frame import Context
from atlas.publication.export.excel import quartier_xlsx_bytes
from atlas.publication.export.picture import locator_picture, svg_bytes
from atlas.publication.seen import Seen
from atlas.publication.views.profile import Card, card, location_text, neighbours_of
from atlas.publication.views.table import Table
from atlas.terms import Kind


def show(context: Context, seen: Seen, area_id: str) -> None:
    """Draw the head of one Quartier's page."""
    found = card(seen, Kind.QUARTIER, area_id, context.previous(seen.group))
    with st.container(key="profile-head"):
        text_side, map_side = st.columns([2.6, 1], gap="large")
        with text_side:
            st.header(prose.plain(found.title), anchor=False)
            st.html(design.head_html(found, seen.group_label))
            with st.container(horizontal=True, vertical_alignment="center"):
                papers.offer_profile(context, seen, area_id)
                _offer_workbook(context, area_id)
                _offer_comparison(seen, area_id)
        with map_side:
            st.html(
                _locator(seen, (str(seen.release.path), *seen.kinds), area_id, _fill(found))
            )


def _fill(found: Card) -> str:
    if found.level is None:
        return palette.CLASS_COLOURS[3]
    return palette.colour_of("level", found.level)


def _offer_comparison(seen: Seen, area_id: str) -> None:
    beside = neighbours_of(seen, (area_id,))[: selects.MOST_COMPARED - 1]
    compared = address.join_keys((area_id, *(area.id for area in beside)))
    if beside:
        more = {address.COMPARED_KEY: compared}
        address.link("comparison", "Mit Nachbarn vergleichen → Vergleich", more)


def _offer_workbook(context: Context, area_id: str) -> None:
    newest = context.see(context.refs[0])
    table = export.quartier_table_name(context.seen, area_id)
    name = export.file_name(newest, table, export.XLSX.suffix)
    make = partial(_workbook, context, area_id, assessing.sheets(context, area_id))
    downloads.offer("Alle Jahre als Excel", make, name, export.XLSX.mime)


def _workbook(context: Context, area_id: str, more: Sequence[Table]) -> bytes:
    past = tuple(context.see(ref) for ref in reversed(context.refs))
    return quartier_xlsx_bytes(past, area_id, more)


@st.cache_resource(max_entries=128, show_spinner=False)
def _locator(_seen: Seen, what: tuple[str, ...], area_id: str, fill: str) -> str:
    text = location_text(_seen, area_id)
    picture = svg_bytes(locator_picture(_seen, area_id, text, fill))
    return design.picture_html(picture, text)
