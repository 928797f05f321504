"""What becomes of a request or a file that the reader handed in, until the new release.

Reads ``datenstand.json`` and ``requests/``; starts nothing itself.
"""

from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from atlas.errors import AtlasError
from atlas.exchange import proposals, requests
from atlas.exchange.datastate import read_data_state
from atlas.publication.dashboard import address, design, prose
from atlas.publication.dashboard.frame import DATE_KEY, Context
from atlas.publication.seen import Seen
from atlas.publication.views.changes import level_changes, release_title
from atlas.publication.views.data_state import RunText, run_text
from atlas.release import ReleaseRef, list_releases
from atlas.terms import State

# Whether something that the reader handed in is on its way, its name, and which releases there
# were.
_ASKED = "_asked"
_NAME = "_handed_in"
_KNOWN = "_releases_when_asked"
# What came of it: names of new releases.
_NEWS = "_new_releases"
_EVERY = 2.0
_NO_OFFICE = (
    "Der Auftrag liegt bereit, aber niemand holt ihn ab: In der Statistikstelle läuft zurzeit "
    "kein Dienst (atlas watch). Bitte dort Bescheid geben; der Auftrag bleibt liegen."
)
_NOT_TAKEN = (
    "Die Datei ist seit Tagen abgegeben, aber niemand holt sie ab: Sie wartet darauf, dass "
    "jemand in der Statistikstelle sie annimmt oder ablehnt (atlas proposals). Bitte dort "
    "Bescheid geben."
)


def start(context: Context, name: str) -> None:
    """Remember that the reader has just handed in something of this name."""
    st.session_state[_ASKED] = True
    if name != requests.REQUEST_NAME or not _own_proposal(context).is_file():
        st.session_state[_NAME] = name
    # Who asks again while the office works has not seen yet what it publishes meanwhile.
    st.session_state.setdefault(_KNOWN, [ref.name for ref in context.every_ref])


def show(context: Context) -> None:
    """Say how far the office has come; follows by itself while something is under way."""
    run = _last_run(context)
    is_followed = (
        _ASKED in st.session_state
        or (run is not None and run.result == "running")
        or requests.waiting_request(context.home / "requests") is not None
    )
    st.fragment(_follow, run_every=_EVERY if is_followed else None)(context)
    for name in st.session_state.get(_NEWS, ()):
        _offer_release(context, name)


def _follow(context: Context) -> None:
    # The office tells of a step before it takes the trace of the one before away; looked at
    # in the same order, there is no gap between them.
    proposal = _own_proposal(context)
    is_waiting = proposal.is_file()
    request = requests.waiting_request(context.home / "requests")
    run = _last_run(context)
    if run is not None and run.result == "running":
        _show_result(run)
    elif request is not None:
        _show_request(request, run)
    elif is_waiting:
        _show_proposal(proposal)
    elif _ASKED in st.session_state:
        _take_news(context)
    else:
        _show_result(run)


def _own_proposal(context: Context) -> Path:
    """Where what this reader handed in lies, as long as it waits."""
    return context.proposals_dir / str(st.session_state.get(_NAME) or requests.REQUEST_NAME)


def _show_request(waiting: requests.Waiting, run: RunText | None) -> None:
    if not waiting.is_unheard(datetime.now(UTC)):
        st.info("Der Auftrag ist abgegeben und wartet auf die Statistikstelle …")
    elif (
        run is not None and run.result in ("error", "partly") and _is_after(run, waiting.since)
    ):
        _show_result(run)  # the office hears the request and fails before it takes it
    else:
        st.warning(prose.plain(_NO_OFFICE))


def _is_after(run: RunText, moment: datetime) -> bool:
    """Whether a run ended since then; the office notes whole seconds."""
    return run.finished_at is not None and run.finished_at >= moment.replace(microsecond=0)


def _show_proposal(path: Path) -> None:
    if proposals.is_unheard(path, datetime.now(UTC)):
        st.warning(prose.plain(_NOT_TAKEN))
    else:
        st.info(
            prose.plain(
                f"Die Datei {path.name} ist abgegeben und wartet auf die Statistikstelle: "
                "Jemand sieht sie an und nimmt sie an oder lehnt sie ab."
            )
        )


def _last_run(context: Context) -> RunText | None:
    try:
        state = read_data_state(context.city_dir)
    except AtlasError:  # the page says so itself
        return None
    return None if state is None else run_text(state)


def _show_result(run: RunText | None) -> None:
    if run is None:
        return
    text = prose.plain(f"{run.headline} {run.message}".strip())
    if run.result == "error":
        st.error(text)
    elif run.result == "partly":
        st.warning(text)
    elif run.result == "running":
        st.info(text)
    else:
        st.success(text)


def _take_news(context: Context) -> None:
    """Note what is new, then draw the whole page again with it."""
    known = st.session_state.pop(_KNOWN, [])
    st.session_state.pop(_NAME, None)
    del st.session_state[_ASKED]
    names = [ref.name for ref in list_releases(context.city_dir)]
    news = [name for name in names if name not in known]
    st.session_state[_NEWS] = [*news, *st.session_state.get(_NEWS, ())]
    st.rerun()


def _offer_release(context: Context, name: str) -> None:
    ref = next((one for one in context.refs if one.name == name), None)
    if ref is None:
        return
    after = context.see(ref)
    st.button(
        f"Neuer Stand {prose.plain(release_title(after.info))} – laden",
        key=f"load-{name}",
        on_click=address.remember,
        args=(DATE_KEY, ref.reference_date.isoformat()),
    )
    before = _compared_with(context, ref)
    if before is not None:
        _show_changes(context.see(before), after)


def _compared_with(context: Context, ref: ReleaseRef) -> ReleaseRef | None:
    """Find the final release before this one: of its own date, else of the date before."""
    same = [one for one in context.every_ref if one.reference_date == ref.reference_date]
    older = [one for one in same if one.number < ref.number]
    if older and context.info(older[0]).state is State.FINAL:
        return older[0]
    earlier = [one for one in context.refs if one.reference_date < ref.reference_date]
    return earlier[0] if earlier else None


def _show_changes(before: Seen, after: Seen) -> None:
    prose.note(f"Gegenüber {release_title(before.info)}:")
    for group in after.groups:
        side = after.through(group)
        found = level_changes(before.through(group), side)
        if found is None:
            continue
        prose.say(f"{side.group_label}: {found.summary}")
        if found.moves:
            design.show_table(found.moved)
