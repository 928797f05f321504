"""Tab „Stellen verteilen“ of page Vergleich: posts by need and number of children."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from atlas.classify import Plan
from atlas.errors import AtlasError
from atlas.publication import palette
from atlas.publication.dashboard import (
    address,
    design,
    downloads,
    kept_plans,
    plain_maps,
    prose,
    selects,
)
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.numbers import kept_number_field, number_of
from atlas.publication.seen import Seen
from atlas.publication.views.plan_map import plan_map
from atlas.publication.views.present_posts import (
    MAX_PRESENT,
    Present,
    every_quartier,
    read_present,
)
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
_PRESENT = "plan-present"
_ABOUT = (
    "Eine Zahl von Stellen, etwa der Schulsozialarbeit, nach der Stufe und der Zahl der "
    "Kinder und Jugendlichen. Eine Rechnung mit veröffentlichten Zahlen, keine Entscheidung: "
    "was nicht veröffentlicht ist, wird nicht geschätzt."
)


def show(context: Context, seen: Seen) -> None:
    """Draw the tab for one group's levels."""
    prose.say(_ABOUT)
    if not seen.has_levels:
        prose.say("Für diese Bezugsgruppe wird nicht eingestuft.")
        return
    if not has_children(seen):
        prose.say("Die Zahl der Kinder und Jugendlichen liegt für diesen Stichtag nicht vor.")
        return
    kept_plans.choose(context)
    try:
        plan = _choose_plan(seen)
        shared = plan_view(seen, plan, _choose_present(seen))
    except AtlasError as error:
        st.warning(prose.plain(str(error)))
        kept_plans.offer(context)
        return
    prose.say(shared.summary)
    if shared.left_out:
        prose.say(shared.left_out)
    kept_plans.offer(context)
    _offer_files(seen, shared)
    _show_map(seen, shared)
    with st.container(key="plan"):
        order = (*shared.table.order("posts"), len(shared.table.rows))
        summed = replace(shared.table, rows=(*shared.table.rows, shared.sums))
        design.show_table(summed, order)


def _show_map(seen: Seen, shared: PlanView) -> None:
    """Show where the posts go, and what the colours mean."""
    found = plan_map(seen, shared)
    steps = range(1, len(found.entries) + 1)
    looks = {step: palette.class_look(step) for step in steps}
    with st.container(key="plan-map"):
        text = f"{found.title} auf der Karte; alle Zahlen stehen in der Tabelle."
        areas = {key: looks[step] for key, step in found.steps.items()}
        plain_maps.show(seen, text, areas, found.labels)
        entries = [(looks[step], found.entries[step - 1]) for step in steps]
        st.html(design.key_html(found.title, entries))


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
        levels = {str(step): f"{step} {name}" for step, name in _levels(seen).items()}
        least = selects.choose_kept(
            "Stellen ab Stufe", address.LEAST_KEY, levels, "plan-least", 240
        )
    posts, floor = number_of("Stellen", posts_text), number_of(floor_label, floor_text)
    if posts > _MOST_POSTS:
        raise AtlasError(f"Stellen: höchstens {_MOST_POSTS}. Angabe ändern.")
    return Plan(posts, float(step), floor, by, rounding, int(least))


def _levels(seen: Seen) -> Mapping[int, str]:
    return seen.config.levels.labels


def _choose_present(seen: Seen) -> Present:
    """Take posts that are there from a field into which one can paste."""
    st.session_state[_PRESENT] = st.session_state.get(kept_plans.PRESENT, "")
    with st.expander("Vorhandene Stellen", expanded=bool(st.session_state[_PRESENT])):
        text = st.text_area(
            f"Je Zeile ein {seen.singular(Kind.QUARTIER)}: Nummer, Stellen, auf Wunsch „fest“",
            key=_PRESENT,
            height=180,
            max_chars=MAX_PRESENT,
            on_change=_remember_present,
            help="Auch aus Excel; was zwischen Nummer und Stellen steht, zählt nicht.",
        )
        present = read_present(seen, text)
        st.button(
            f"Alle {seen.plural(Kind.QUARTIER)} eintragen", on_click=partial(_write_all, seen)
        )
    return present


def _remember_present() -> None:
    st.session_state[kept_plans.PRESENT] = st.session_state[_PRESENT]


def _write_all(seen: Seen) -> None:
    text = every_quartier(seen, str(st.session_state.get(kept_plans.PRESENT) or ""))
    st.session_state[kept_plans.PRESENT] = text


def _offer_files(seen: Seen, shared: PlanView) -> None:
    tables = (shared.table, shared.settings)
    with st.container(key="plan-files", horizontal=True, width="content"):
        downloads.offer_workbook(seen, "Tabelle als Excel", PLAN_NAME, lambda: tables, _FILE)
        downloads.offer_csv(seen, "CSV", lambda: stamped(shared.table, seen), _FILE)
