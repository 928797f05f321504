"""Tab „Stellen verteilen“ of page Vergleich: posts by need and number of children."""

import streamlit as st

from atlas.classify import Plan
from atlas.errors import AtlasError
from atlas.publication.dashboard import address, design, downloads, prose, selects
from atlas.publication.dashboard.numbers import kept_number_field, number_of
from atlas.publication.seen import Seen
from atlas.publication.views.resources import (
    BASIS_LABELS,
    PLAN_NAME,
    PlanView,
    has_children,
    plan_view,
)
from atlas.publication.views.table import stamped
from atlas.sentences import ROUNDING_LABELS
from atlas.terms import Kind

_STEPS = {"1": "ganze Stellen", "0.5": "halbe Stellen", "0.25": "Viertelstellen"}
_FIRST_POSTS = 20.0
_MOST_POSTS = 5000
_FILE = "stellen"
_ABOUT = (
    "Eine Zahl von Stellen, etwa der Schulsozialarbeit, nach Handlungsbedarf und Zahl der "
    "Kinder und Jugendlichen. Eine Rechnung mit veröffentlichten Zahlen, keine Entscheidung: "
    "was nicht veröffentlicht ist, wird nicht geschätzt."
)


def show(seen: Seen) -> None:
    """Draw the tab for one group's levels."""
    prose.say(_ABOUT)
    if not seen.has_levels:
        prose.say("Für diese Bezugsgruppe wird nicht eingestuft.")
        return
    if not has_children(seen):
        prose.say("Die Zahl der Kinder und Jugendlichen liegt für diesen Stichtag nicht vor.")
        return
    try:
        shared = plan_view(seen, _choose_plan(seen))
    except AtlasError as error:
        st.warning(prose.plain(str(error)))
        return
    prose.say(shared.summary)
    if shared.left_out:
        prose.say(shared.left_out)
    _offer_files(seen, shared)
    with st.container(key="plan"):
        design.show_table(shared.table, shared.table.order("posts"))


def _choose_plan(seen: Seen) -> Plan:
    with st.container(key="plan-choices", horizontal=True, vertical_alignment="bottom"):
        step = selects.choose_kept(
            "Kleinste Einheit", address.STEP_KEY, _STEPS, "plan-step", 170
        )
        posts_text = kept_number_field("Stellen", _FIRST_POSTS, address.POSTS_KEY)
        floor_label = f"Sockel je {seen.singular(Kind.QUARTIER)}"
        floor_text = kept_number_field(floor_label, 0.0, address.FLOOR_KEY)
        by = selects.choose_kept(
            "Maßstab: Kinder mal", address.BASIS_KEY, BASIS_LABELS, "plan-by", 290
        )
        rounding = selects.choose_kept(
            "Rundung", address.ROUNDING_KEY, ROUNDING_LABELS, "plan-rounding", 290
        )
    posts, floor = number_of("Stellen", posts_text), number_of(floor_label, floor_text)
    if posts > _MOST_POSTS:
        raise AtlasError(f"Stellen: höchstens {_MOST_POSTS}. Angabe ändern.")
    return Plan(posts, float(step), floor, by, rounding)


def _offer_files(seen: Seen, shared: PlanView) -> None:
    tables = (shared.table, shared.settings)
    with st.container(key="plan-files", horizontal=True, width="content"):
        downloads.offer_workbook(seen, "Tabelle als Excel", PLAN_NAME, lambda: tables, _FILE)
        downloads.offer_csv(seen, "CSV", lambda: stamped(shared.table, seen), _FILE)
