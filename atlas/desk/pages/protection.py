"""Page „Geheimhaltung“: how much is shown and hidden, and what other rules would show."""

from collections.abc import Iterator

import streamlit as st

from atlas.confidential.day import look
from atlas.confidential.desk import Desk
from atlas.confidential.protection import SCOPE_LABELS, scope_lines
from atlas.desk import acting
from atlas.desk.persons import Present
from atlas.errors import DamageError, ReleaseError
from atlas.publication.dashboard import design, prose
from atlas.publication.views.table import Table, number, text
from atlas.release import in_force, list_releases, read_info
from atlas.words import day_text

_ABOUT = (
    "Anzahlen von Zellen, nie Werte: wie viele je Stichtag zu sehen sind und wie viele geheim. "
    "Darunter, wie viele Blockzellen je Kennzahl unter einer anderen Regel zu sehen wären."
)
_NO_BLOCKS = "Diese Stadt hat keine Baublöcke: Quartierwerte schützt jede Regel gleich."
_FOUND = "_scopes"


def page(office: Desk, person: Present) -> None:
    """Draw the page."""
    st.header("Geheimhaltung", anchor=False)
    prose.note(_ABOUT)
    design.show_table(_published(office))
    st.subheader("Andere Regeln", anchor=False)
    days = {day_text(day): day for day in reversed(look(office).opened)}
    if not days:
        prose.say("Noch ist kein Stichtag eröffnet.")
        return
    chosen = st.selectbox("Stichtag", list(days), key="scope-day")
    if st.button("Regeln vergleichen"):
        with st.spinner("Jede Regel wird durchgerechnet …"):
            acting.act(office, person, lambda: _compare(office, chosen))
    title, lines = st.session_state.get(_FOUND, ("", ()))
    if title == chosen and lines:
        scope = SCOPE_LABELS[office.config.protection.scope]
        prose.say(f"In Kraft ist: {scope}, Anzahlen ab {office.config.protection.min_count}.")
        design.show_table(_scopes(title, lines))
    elif title == chosen:
        prose.say(_NO_BLOCKS)


def _compare(office: Desk, chosen: str) -> str:
    days = {day_text(day): day for day in look(office).opened}
    lines = scope_lines(office, look(office).day(days[chosen]))
    st.session_state[_FOUND] = (chosen, tuple(lines))
    return f"Verglichen: Stichtag {chosen}."


def _published(office: Desk) -> Table:
    fields = (
        text("day", "Stichtag"),
        number("number", "Nummer"),
        number("shown", "Anzahlen gezeigt", 0),
        number("hidden", "Anzahlen geheim", 0),
    )
    return Table("Was veröffentlicht ist", fields, tuple(_lines(office)))


def _lines(office: Desk) -> Iterator[tuple[str | int, ...]]:
    for ref in reversed(in_force(list_releases(office.releases_dir)).values()):
        try:
            figures = read_info(ref.path).audit.figures
        except (ReleaseError, DamageError):  # a damaged one is told by atlas doctor
            continue
        shown, hidden = (figures.get(name, 0) for name in ("published", "suppressed"))
        yield day_text(ref.reference_date), ref.number, shown, hidden


def _scopes(title: str, lines: tuple[tuple[str, str, int, dict[str, int]], ...]) -> Table:
    fields = (
        text("measure", "Kennzahl"),
        text("group", "Bezugsgruppe"),
        number("cells", "Blockzellen", 0),
        *(number(scope, f"gezeigt: {label}", 0) for scope, label in SCOPE_LABELS.items()),
        *(
            number(f"not-{scope}", f"geheim: {label}", 0)
            for scope, label in SCOPE_LABELS.items()
        ),
    )
    rows: tuple[tuple[str | int, ...], ...] = tuple(
        (
            measure,
            group,
            cells,
            *(shown[scope] for scope in SCOPE_LABELS),
            *(cells - shown[scope] for scope in SCOPE_LABELS),
        )
        for measure, group, cells, shown in lines
    )
    return Table(f"Blockzellen je Regel, Stichtag {title}", fields, rows)
