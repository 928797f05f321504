"""Page „Lauf“: start a run, follow its steps, read what came of it."""

import streamlit as st

from atlas.confidential.desk import Desk
from atlas.confidential.steps import Step, read_steps
from atlas.desk import acting, work
from atlas.desk.persons import Present
from atlas.errors import AtlasError
from atlas.exchange.datastate import read_data_state
from atlas.publication.dashboard import design, prose
from atlas.publication.views.data_state import RunText, run_text
from atlas.publication.views.table import Table, text
from atlas.words import number_text

_ABOUT = (
    "Ein Lauf nimmt an, was im Eingang liegt und ohne Befund ist, baut jeden Stichtag mit "
    "neuen Daten und prüft ihn. Was keine Freigabe braucht, veröffentlicht er; das andere "
    "wartet auf der Seite Freigabe."
)
_EVERY = 1.0
_FOLLOWED = "_followed_run"
_SAY = {
    "error": st.error,
    "partly": st.warning,
    "running": st.info,
    "ok": st.success,
    "nothing_new": st.success,
}


def page(office: Desk, person: Present) -> None:
    """Draw the page."""
    st.header("Lauf", anchor=False)
    prose.say(_ABOUT)
    is_running = _is_running(office)
    if st.button("Lauf starten", type="primary", disabled=is_running):
        acting.act(office, person, lambda: _start(office, person))
    st.session_state[_FOLLOWED] = is_running
    st.fragment(_follow, run_every=_EVERY if is_running else None)(office)


def _start(office: Desk, person: Present) -> str:
    work.start_run(office, person.account)
    return "Der Lauf hat begonnen. Er geht weiter, auch wenn diese Seite zu ist."


def _is_running(office: Desk) -> bool:
    run = _last_run(office)
    return work.is_working(office) or (run is not None and run.result == "running")


def _last_run(office: Desk) -> RunText | None:
    try:
        state = read_data_state(office.releases_dir)
    except AtlasError:  # the next run writes the file anew
        return None
    return None if state is None else run_text(state)


def _follow(office: Desk) -> None:
    is_running, run = _is_running(office), _last_run(office)
    if is_running != st.session_state[_FOLLOWED]:
        st.rerun()
    if run is not None:
        _SAY[run.result](prose.plain(f"{run.headline} {run.message}".strip()))
    known = run.message if run else ""
    for sentence in () if is_running else work.told_by_last(office):
        if sentence not in known:
            st.warning(prose.plain(sentence))
    steps = read_steps(office.private_dir)
    if steps:
        design.show_table(_table(steps))


def _table(steps: tuple[Step, ...]) -> Table:
    fields = (text("step", "Schritt"), text("state", "Stand"), text("seconds", "Sekunden"))
    title = "Schritte des Laufs, der letzte zuerst"
    return Table(title, fields, tuple(map(_line, reversed(steps))))


def _line(step: Step) -> tuple[str, str, str]:
    if step.seconds is not None:
        return step.name, "fertig", number_text(step.seconds, 1)
    return step.name, "läuft" if step.share is None else f"{100 * step.share:.0f} %", ""
