"""Page „Planung“: own areas, and all assessments of the city."""

import streamlit as st

from atlas.errors import AtlasError
from atlas.publication.dashboard import (
    address,
    assessment_list,
    design,
    downloads,
    own_areas,
    prose,
    selects,
)
from atlas.publication.dashboard import own_area_form as form
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.planning_database import NOTHING_KEPT, engine_of
from atlas.publication.seen import Seen
from atlas.publication.views.own_area_tables import (
    OWN_NAME,
    member_table,
    own_file_table,
    own_table,
)
from atlas.publication.views.own_areas import HOW_COUNTED, OwnArea, is_of_edition
from atlas.publication.views.table import stamped
from atlas.words import enumeration

_FILE = "eigene-gebiete"


def page(context: Context) -> None:
    """Draw the page."""
    seen = selects.choose_group_and_date(context)
    st.header("Planung", anchor=False)
    try:
        if engine_of(context) is None:
            prose.say(NOTHING_KEPT)
            return
        own_tab, said_tab = st.tabs([OWN_NAME, "Bewertungen"])
        with own_tab:
            _show_own_areas(context, seen)
        with said_tab:
            assessment_list.show(context, seen)
    except AtlasError as error:
        st.error(prose.plain(str(error)))


def _show_own_areas(context: Context, seen: Seen) -> None:
    every = own_areas.kept_areas(context)
    prose.say(HOW_COUNTED)
    if every:
        _show_all(seen, [one.area for one in every])
    with st.container(key="own-form"):
        form.show(context, seen, every)


def _show_all(seen: Seen, owns: list[OwnArea]) -> None:
    with st.container(key="own-areas"):
        design.show_table(own_table(seen, owns))
    strange = [own.name for own in owns if not is_of_edition(seen, own)]
    if strange:
        prose.note(f"Mit anderen Grenzen gewählt, Mitglieder prüfen: {enumeration(strange)}.")
    with st.container(key="files-own", horizontal=True, width="content"):
        tables = (own_file_table(seen, owns), member_table(seen, owns))
        downloads.offer_workbook(seen, "Tabelle als Excel", OWN_NAME, lambda: tables, _FILE)
        downloads.offer_csv(seen, "CSV", lambda: stamped(tables[0], seen), _FILE)
        numbers = address.join_keys(str(own.number) for own in owns[: own_areas.MOST_COMPARED])
        more = {} if address.kept(address.OWN_KEY) else {address.OWN_KEY: numbers}
        address.link("comparison", "Vergleichen → Vergleich", more)
