"""Panel „Was wäre, wenn?“ of page Methode: another rule on the published values."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape

import streamlit as st

from atlas.errors import ConfigError
from atlas.publication import views
from atlas.publication.dashboard import design, prose, selects
from atlas.publication.dashboard.drawings import drawing_of
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.map_element import draw_map
from atlas.release import Release
from atlas.terms import Group, Kind

_NUMBER = re.compile(r"[-−]?\d+(?:[.,]\d+)?")
_ABOUT = (
    "Andere Gewichte, Grenzen und Verfahren auf dieselben veröffentlichten Werte. Nichts davon "
    "wird gespeichert oder veröffentlicht."
)
_CUT_NAMES = ("Grenze zu Stufe 2", "Grenze zu Stufe 3", "Grenze zu Stufe 4")
_CUT_UNITS = {
    "zscore": "Grenzen des Index in Standardabweichungen",
    "fixed": "Grenzen als Punktzahlen",
}
_CUT_SHARES = "Grenzen als Anteile der Gebiete, zwischen 0 und 1"


def show(context: Context) -> None:
    """Draw the panel for the release that the page shows."""
    release = context.release
    st.subheader("Was wäre, wenn?", anchor=False)
    prose.say(_ABOUT)
    with st.container(key="trial-group", width=260):
        group = selects.choose_group(context)
    if group not in release.info.config.levels.need:
        prose.say("Für diese Bezugsgruppe wird nicht eingestuft.")
        return
    choice = _choose(release, group)
    try:
        levels = views.trial_levels(release, group, choice)
        trial = views.trial_of(release, levels, group, _base(context, group))
    except ConfigError as error:
        st.warning(prose.plain(str(error)))
        return
    if trial is not None:
        _show_trial(context, trial)


def _choose(release: Release, group: Group) -> views.Choice:
    official = views.official_choice(release, group)
    key = f"trial-{release.info.config.city.id}-{group}"
    with st.container(key="trial-method", width=420):
        method = st.selectbox(
            "Verfahren",
            tuple(views.METHOD_LABELS),
            index=tuple(views.METHOD_LABELS).index(official.method),
            format_func=views.METHOD_LABELS.__getitem__,
            key=f"{key}-method",
        )
    labels = {one.id: one.label for one in views.indicators(release.info.config, group)}
    weights = _choose_weights(key, official, labels)
    part_cuts: Mapping[str, tuple[float, ...]] = {}
    if method == "fixed":
        chosen = {item: label for item, label in labels.items() if weights[item]}
        part_cuts = _choose_part_cuts(release, group, f"{key}-limits", chosen)
    prose.note(_CUT_UNITS.get(method, _CUT_SHARES))
    suggested = views.suggested_cuts(release, group, method)
    cuts = _choose_cuts(f"{key}-{method}", suggested)
    return views.Choice(method, cuts, weights, part_cuts)


def _choose_weights(
    key: str, official: views.Choice, labels: Mapping[str, str]
) -> dict[str, float]:
    prose.note("Gewichte; 0 lässt einen Indikator weg")
    weights = {}
    with st.container(key="trial-weights", horizontal=True):
        for item, label in labels.items():
            weights[item] = st.number_input(
                label,
                min_value=0.0,
                value=float(official.weights[item]),
                step=0.25,
                key=f"{key}-weight-{item}",
                width=210,
            )
    return weights


def _choose_cuts(key: str, suggested: tuple[float, ...]) -> tuple[float, ...]:
    cuts = []
    with st.container(key="trial-cuts", horizontal=True):
        for place, name in enumerate(_CUT_NAMES):
            cuts.append(
                st.number_input(
                    name,
                    value=float(suggested[place]),
                    step=0.05,
                    key=f"{key}-cut-{place}",
                    width=210,
                )
            )
    # A number that was typed as 0,1 is meant as 0,1.
    return tuple(round(cut, 6) for cut in cuts)


def _choose_part_cuts(
    release: Release, group: Group, key: str, labels: Mapping[str, str]
) -> dict[str, tuple[float, ...]]:
    prose.note("Feste Grenzen je Indikator, mit Strichpunkt; jede überschrittene ist ein Punkt")
    limits = {}
    with st.container(key="trial-limits", horizontal=True):
        for item, label in labels.items():
            suggested = views.suggested_part_cuts(release, group, item)
            text = st.text_input(
                f"Grenzen {label}",
                value="; ".join(f"{cut:g}".replace(".", ",") for cut in suggested),
                key=f"{key}-{item}",
                width=260,
            )
            limits[item] = _numbers(text)
    return limits


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(
        float(number.replace(",", ".").replace("−", "-")) for number in _NUMBER.findall(text)
    )


def _base(context: Context, group: Group) -> Release | None:
    """Release of the date whose scale the city froze."""
    day = context.release.info.config.levels.need[group].base_date
    found = [ref for ref in context.refs if ref.reference_date == day]
    return context.open(found[0]) if found else None


def _show_trial(context: Context, trial: views.TrialView) -> None:
    with st.container(key="trial", border=True):
        st.html(f'<p><span class="badge">{escape(trial.mark)}</span></p>')
        prose.say(trial.summary)
        map_side, table_side = st.columns(2, gap="large")
        with map_side:
            name = f"trial-{context.release.path.name}-{Kind.QUARTIER}"
            chosen = selects.kept(selects.QUARTIER_KEY)
            drawing = replace(drawing_of(context.release, trial.map), selected=chosen)
            draw_map(drawing, context.city, name, _choose_quartier)
            st.html(design.legend_html(trial.map))
        with table_side:
            design.show_table(trial.matrix)
            for note in trial.notes:
                prose.note(note)
        if trial.moved.rows:
            design.show_table(trial.moved, marked=selects.kept(selects.QUARTIER_KEY))


def _choose_quartier(area_id: str) -> None:
    selects.remember(selects.QUARTIER_KEY, area_id)
