"""Parts of page Quartier: why the level, what moves, how sure, where it stands among all."""

import streamlit as st

from atlas.publication.dashboard import address, charts, design, prose
from atlas.publication.dashboard.strip_chart import show_strips
from atlas.publication.seen import Seen
from atlas.publication.views.comparison import beside_groups, beside_parents
from atlas.publication.views.definitions import definitions_of
from atlas.publication.views.notices import area_notices, chance_of, level_notices
from atlas.publication.views.reasons import dynamics_of, reasons
from atlas.publication.views.similar import similar_table, similar_to
from atlas.publication.views.spread import strips_of
from atlas.terms import Kind


def show_level(seen: Seen, area_id: str) -> None:
    """Explain level and dynamics of a Quartier, and how sure its numbers are."""
    _show_reasons(seen, area_id)
    _show_dynamics(seen, area_id)
    _show_chance(seen, area_id)


def _show_reasons(seen: Seen, area_id: str) -> None:
    st.subheader("Warum diese Stufe?", anchor=False)
    found = reasons(seen, area_id)
    if found is None:
        prose.say("Für diese Bezugsgruppe wird nicht eingestuft.")
        return
    prose.lead(f"{found.text} {found.drivers}".rstrip())
    notices = (
        *area_notices(seen, area_id),
        *level_notices(seen),
    )
    for notice in notices:
        prose.note(notice)
    if found.table is None:
        return
    with st.container(key="reasons"):
        chart_side, table_side = st.columns(2, gap="large")
    with chart_side:
        prose.say_terms(found.limits)
        charts.show_contributions(found.contributions)
    with table_side:
        design.show_table(found.table)
        words = ", ".join(one.name for one in found.meanings)
        prose.explain_terms(f"Was heißt {words}?", found.meanings)


def _show_dynamics(seen: Seen, area_id: str) -> None:
    found = dynamics_of(seen, area_id)
    if found is None:
        return
    st.subheader("Dynamik", anchor=False)
    prose.lead(found.text)
    with st.container(key="dynamics"):
        prose.say_terms(found.limits)
        if found.table is not None:
            design.show_table(found.table)


def _show_chance(seen: Seen, area_id: str) -> None:
    found = chance_of(seen, area_id)
    if found is None:
        return
    st.subheader("Wie sicher sind die Zahlen?", anchor=False)
    prose.note(found.note)
    if found.level:
        prose.say(found.level)
    design.show_table(found.table)


def show_comparison(seen: Seen, area_id: str, previous: Seen | None) -> None:
    """Set a Quartier beside all others, its district, the city, and the date before."""
    st.subheader("Im Vergleich", anchor=False)
    with st.container(key="beside"):
        chart_side, table_side = st.columns([1, 2], gap="medium")
    with chart_side:
        everybody = f"alle {seen.plural(Kind.QUARTIER)}"
        show_strips(strips_of(seen, area_id), everybody)
    with table_side:
        design.show_table(beside_parents(seen, area_id, previous))
        prose.note("Rang 1 hat den höchsten Wert; geheime Werte haben keinen Rang.")
        prose.explain_terms("Was heißen diese Indikatoren?", definitions_of(seen))


def show_beside(seen: Seen, area_id: str) -> None:
    """Set the groups of a Quartier beside each other, and name those like it."""
    _show_groups(seen, area_id)
    _show_similar(seen, area_id)


def _show_groups(seen: Seen, area_id: str) -> None:
    """Set the groups of a Quartier beside each other, where there are several."""
    if len(seen.groups) > 1:
        st.subheader("Alle und Kinder nebeneinander", anchor=False)
        with st.container(key="groups"):
            design.show_table(beside_groups(seen, area_id))


def _show_similar(seen: Seen, area_id: str) -> None:
    """Name the Quartiere most like this one, and lead to a comparison; nothing without any."""
    found = similar_to(seen, area_id)
    if not found:
        return
    st.subheader(f"Ähnliche {seen.plural(Kind.QUARTIER)}", anchor=False)
    with st.container(key="similar"):
        design.show_table(similar_table(seen, area_id, found))
    prose.note(
        "Nach allen Indikatoren der Stufe, jeder gemessen an seiner Streuung. Die Ähnlichkeit "
        "ordnet; sie ist keine Bewertung."
    )
    keys = address.join_keys((area_id, *(one.area.id for one in found)))
    address.link(
        "comparison", "Mit ähnlichen vergleichen → Vergleich", {address.COMPARED_KEY: keys}
    )
