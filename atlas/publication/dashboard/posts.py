"""Tab „Stellen verteilen“ of page Vergleich: posts by need, for Quartiere or schools."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from atlas.classify import Basis, Plan
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
from atlas.publication.views.plan_table import PLAN_NAME, PlanView, Receivers
from atlas.publication.views.present_posts import (
    MAX_PRESENT,
    Present,
    every_line,
    read_present,
)
from atlas.publication.views.resources import quartiere_of
from atlas.publication.views.school_posts import school_layers, schools_of
from atlas.publication.views.table import stamped
from atlas.sentences import ROUNDING_LABELS
from atlas.terms import Kind

_STEPS = {"1": "ganze Stellen", "0.5": "halbe Stellen", "0.25": "Viertelstellen"}
_FIRST_POSTS = 20.0
_MOST_POSTS = 5000
_FILE = "stellen"
_PRESENT = "plan-present"
_AREAS = ""


def show(context: Context, seen: Seen) -> None:
    """Draw the tab for one group's levels."""
    kept_plans.choose(context)
    receivers = _choose_receivers(seen)
    prose.say(receivers.about)
    if receivers.hindrance:
        prose.say(receivers.hindrance)
        return
    try:
        plan = _choose_plan(receivers)
        shared = receivers.share(plan, _choose_present(receivers))
    except AtlasError as error:
        st.warning(prose.plain(str(error)))
        kept_plans.offer(context)
        return
    prose.say(shared.summary)
    if shared.left_out:
        prose.say(shared.left_out)
    kept_plans.offer(context)
    _offer_files(seen, shared)
    _show_map(seen, receivers, shared)
    with st.container(key="plan"):
        order = (*shared.table.order("posts"), len(shared.table.rows))
        summed = replace(shared.table, rows=(*shared.table.rows, shared.sums))
        design.show_table(summed, order)


def _choose_receivers(seen: Seen) -> Receivers:
    """Choose who gets posts, where a city names schools with their pupils."""
    layers = {layer.id: layer for layer in school_layers(seen)}
    if not layers:
        return quartiere_of(seen)
    labels = {_AREAS: seen.plural(Kind.QUARTIER)}
    labels |= {name: layer.label for name, layer in layers.items()}
    chosen = selects.choose_kept(
        "Verteilen auf", address.RECEIVERS_KEY, labels, "plan-receivers", 290
    )
    return schools_of(seen, layers[chosen]) if chosen else quartiere_of(seen)


def _show_map(seen: Seen, receivers: Receivers, shared: PlanView) -> None:
    """Show where the posts go, and what the colours mean."""
    found = plan_map(receivers, shared)
    steps = range(1, len(found.entries) + 1)
    looks = {step: palette.class_look(step) for step in steps}
    with st.container(key="plan-map"):
        text = f"{found.title} auf der Karte; alle Zahlen stehen in der Tabelle."
        marked = {key: looks[step] for key, step in found.steps.items()}
        if receivers.places:
            spots = ((receivers.places[key], look) for key, look in sorted(marked.items()))
            plain_maps.show_spots(seen, text, tuple(spots))
        else:
            plain_maps.show(seen, text, marked, found.labels)
        entries = [(looks[step], found.entries[step - 1]) for step in steps]
        st.html(design.key_html(found.title, entries))


def _choose_plan(receivers: Receivers) -> Plan:
    with st.container(key="plan-choices", horizontal=True, vertical_alignment="bottom"):
        step = selects.choose_kept(
            "Kleinste Einheit", address.STEP_KEY, _STEPS, "plan-step", 170
        )
        posts_text = kept_number_field("Stellen", _FIRST_POSTS, address.POSTS_KEY)
        floor_label = f"Sockel je {receivers.one}"
        floor_text = kept_number_field(floor_label, 0.0, address.FLOOR_KEY)
        by = _choose_basis(receivers)
        rounding = selects.choose_kept(
            "Rundung", address.ROUNDING_KEY, ROUNDING_LABELS, "plan-rounding", 290
        )
        # Levels and indices of schools are other numbers: each has a place in the address.
        key = address.LEAST_INDEX_KEY if receivers.places else address.LEAST_KEY
        least = selects.choose_kept(
            receivers.least_label, key, receivers.least, f"plan-{key}", 240
        )
    posts, floor = number_of("Stellen", posts_text), number_of(floor_label, floor_text)
    if posts > _MOST_POSTS:
        raise AtlasError(f"Stellen: höchstens {_MOST_POSTS}. Angabe ändern.")
    return Plan(posts, float(step), floor, by, rounding, int(least))


def _choose_basis(receivers: Receivers) -> Basis:
    if not receivers.bases:
        return "level"
    return selects.choose_kept(
        "Maßstab: Kinder mal", address.BASIS_KEY, receivers.bases, "plan-by", 290
    )


def _choose_present(receivers: Receivers) -> Present:
    """Take posts that are there from a field into which one can paste."""
    st.session_state[_PRESENT] = kept_plans.present_text()
    with st.expander("Vorhandene Stellen", expanded=bool(st.session_state[_PRESENT])):
        text = st.text_area(
            "Je Zeile Nummer, Stellen und auf Wunsch „fest“",
            key=_PRESENT,
            height=180,
            max_chars=MAX_PRESENT,
            on_change=_remember_present,
            help="Auch aus Excel; was zwischen Nummer und Stellen steht, zählt nicht.",
        )
        present = read_present(receivers.titles, text)
        st.button(
            f"Alle {receivers.several} eintragen",
            on_click=_write_all,
            args=(receivers.titles,),
        )
    return present


def _remember_present() -> None:
    kept_plans.remember_present(st.session_state[_PRESENT])


def _write_all(titles: Mapping[str, str]) -> None:
    kept_plans.remember_present(every_line(titles, kept_plans.present_text()))


def _offer_files(seen: Seen, shared: PlanView) -> None:
    tables = (shared.table, shared.settings)
    with st.container(key="plan-files", horizontal=True, width="content"):
        downloads.offer_workbook(seen, "Tabelle als Excel", PLAN_NAME, lambda: tables, _FILE)
        downloads.offer_csv(seen, "CSV", lambda: stamped(shared.table, seen), _FILE)
