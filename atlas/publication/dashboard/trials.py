"""Panel „Was wäre, wenn?“ of page Methode: another rule on the published values."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape

import streamlit as st

from atlas.config.methods import METHODS
from atlas.errors import AtlasError
from atlas.publication.dashboard import address, design, prose, selects
from atlas.publication.dashboard.drawings import drawing_of
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.map_element import draw_map
from atlas.publication.dashboard.numbers import number_field, number_of, numbers_of
from atlas.publication.seen import Seen
from atlas.publication.views.items import indicators
from atlas.publication.views.trial import TrialView, trial_of
from atlas.publication.views.trial_choice import (
    Choice,
    official_choice,
    suggested_cuts,
    suggested_part_cuts,
    trial_levels,
)
from atlas.terms import Kind

_LIMITS_WIDTH = 260
_ABOUT = (
    "Andere Gewichte, Grenzen und Verfahren auf dieselben veröffentlichten Werte. Nichts davon "
    "wird gespeichert oder veröffentlicht."
)
_CUT_NAMES = ("Grenze zu Stufe 2", "Grenze zu Stufe 3", "Grenze zu Stufe 4")


def show(context: Context) -> None:
    """Draw the panel for the release that the page shows."""
    st.subheader("Was wäre, wenn?", anchor=False)
    prose.say(_ABOUT)
    with st.container(key="trial-group", width=260):
        seen = selects.choose_group(context)
    if not seen.has_levels:
        prose.say("Für diese Bezugsgruppe wird nicht eingestuft.")
        return
    try:
        levels = trial_levels(seen, _choose(seen))
        trial = trial_of(seen, levels, _base(context, seen))
    except AtlasError as error:
        st.warning(prose.plain(str(error)))
        return
    if trial is not None:
        _show_trial(context, seen, trial)


def _choose(seen: Seen) -> Choice:
    official = official_choice(seen)
    key = f"trial-{seen.config.city.id}-{seen.group}"
    with st.container(key="trial-method", width=420):
        method = st.selectbox(
            "Verfahren",
            tuple(METHODS),
            index=tuple(METHODS).index(official.method),
            format_func=lambda name: METHODS[name].label,
            key=f"{key}-method",
        )
    every = indicators(seen.config, seen.group)
    labels = {one.id: one.label for one in every if one.id in official.weights}
    # Every field is drawn before one is read: a field that is not drawn forgets its text.
    weights = _weight_fields(key, official, labels)
    if seen.config.levels.need[seen.group].themes:
        prose.note("Die Teilindizes und ihre Gewichte bleiben, wie sie sind")
    record = METHODS[method]
    has_limits = record.has_part_cuts
    limits = _limit_fields(seen, f"{key}-limits", labels) if has_limits else {}
    prose.note(record.cut_unit.note)
    cuts = _cut_fields(f"{key}-{method}", suggested_cuts(seen, method))
    return Choice(
        method=method,
        cuts=tuple(number_of(name, text) for name, text in cuts.items()),
        weights={item: number_of(labels[item], text) for item, text in weights.items()},
        part_cuts={item: numbers_of(labels[item], text) for item, text in limits.items()},
    )


def _weight_fields(key: str, official: Choice, labels: Mapping[str, str]) -> dict[str, str]:
    prose.note("Gewichte; 0 lässt einen Indikator weg")
    with st.container(key="trial-weights", horizontal=True):
        return {
            item: number_field(label, (official.weights[item],), f"{key}-weight-{item}")
            for item, label in labels.items()
        }


def _cut_fields(key: str, suggested: tuple[float, ...]) -> dict[str, str]:
    with st.container(key="trial-cuts", horizontal=True):
        return {
            name: number_field(name, (cut,), f"{key}-{name}")
            for name, cut in zip(_CUT_NAMES, suggested, strict=True)
        }


def _limit_fields(seen: Seen, key: str, labels: Mapping[str, str]) -> dict[str, str]:
    prose.note("Feste Grenzen je Indikator, mit Strichpunkt; jede überschrittene ist ein Punkt")
    with st.container(key="trial-limits", horizontal=True):
        return {
            item: number_field(
                f"Grenzen {label}",
                suggested_part_cuts(seen, item),
                f"{key}-{item}",
                _LIMITS_WIDTH,
            )
            for item, label in labels.items()
        }


def _base(context: Context, seen: Seen) -> Seen | None:
    """Release of the date whose scale the city froze."""
    day = seen.config.levels.need[seen.group].base_date
    found = [ref for ref in context.refs if ref.reference_date == day]
    return context.see(found[0]).through(seen.group) if found else None


def _show_trial(context: Context, seen: Seen, trial: TrialView) -> None:
    with st.container(key="trial", border=True):
        st.html(f'<p><span class="badge">{escape(trial.mark)}</span></p>')
        prose.say(trial.summary)
        map_side, table_side = st.columns(2, gap="large")
        with map_side:
            name = f"trial-{seen.release.path.name}-{Kind.QUARTIER}"
            chosen = address.kept(address.QUARTIER_KEY)
            drawing = replace(drawing_of(seen, trial.map), selected=chosen)
            draw_map(drawing, context.city, name, address.remember_quartier)
            st.html(design.legend_html(trial.map))
        with table_side:
            design.show_table(trial.matrix)
            for note in trial.notes:
                prose.note(note)
        if trial.moved.rows:
            design.show_table(trial.moved, marked=address.kept(address.QUARTIER_KEY))
