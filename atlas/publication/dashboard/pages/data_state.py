"""Page „Datenstand“: what has arrived, what is due, and the button that computes anew."""

from datetime import UTC, datetime
from typing import BinaryIO

import streamlit as st

from atlas.errors import AtlasError
from atlas.publication import views
from atlas.publication.dashboard import design, prose, requests, selects
from atlas.publication.dashboard.frame import DATE_KEY, Context
from atlas.release import ReleaseRef, list_releases

# When the reader handed something in, and which releases there were.
_ASKED = "_asked_at"
_KNOWN = "_releases_when_asked"
# What came of it: names of new releases.
_NEWS = "_new_releases"
_NOTICE = "_request_notice"
_EVERY = 2.0
_NO_OFFICE = (
    "Der Auftrag liegt bereit, aber niemand holt ihn ab: In der Statistikstelle läuft zurzeit "
    "kein Dienst (atlas watch). Bitte dort Bescheid geben; der Auftrag bleibt liegen."
)
_NOT_CONNECTED = (
    "Dieses Dashboard ist mit keiner Statistikstelle verbunden: Der Auftragsordner requests/ "
    "fehlt. Neu berechnet wird dort mit dem Befehl atlas run."
)


def page(context: Context) -> None:
    """Draw the page."""
    st.header("Datenstand", anchor=False)
    state = _read_state(context)
    for sentence in () if state is None else views.outstanding(state):
        prose.say(sentence)
    if (context.home / "requests").is_dir():
        _offer_run(context)
        _offer_upload(context, state)
    else:
        st.warning(prose.plain(_NOT_CONNECTED))
    if state is not None:
        st.subheader("Lieferungen", anchor=False)
        design.show_table(views.source_table(state))
        st.subheader("Veröffentlichungen", anchor=False)
        design.show_table(views.release_table(state))


def _read_state(context: Context) -> views.DataState | None:
    """Read ``datenstand.json``; say so where there is none or it is damaged."""
    try:
        state = views.read_data_state(context.city_dir)
    except AtlasError as error:
        st.error(prose.plain(str(error)))
        return None
    if state is None:
        prose.say("Die Statistikstelle hat hier noch keinen Datenstand abgelegt.")
    return state


def _offer_run(context: Context) -> None:
    st.subheader("Neu berechnen", anchor=False)
    prose.say(
        "Sind neue Daten da, rechnet die Statistikstelle alle betroffenen Stichtage neu und "
        "veröffentlicht sie."
    )
    st.button("Neu berechnen", type="primary", on_click=_ask, args=(context,))
    if notice := st.session_state.pop(_NOTICE, ""):
        st.error(prose.plain(notice))
    is_waiting = requests.waiting_request(context.home / "requests") is not None
    is_followed = is_waiting or _ASKED in st.session_state
    st.fragment(_follow, run_every=_EVERY if is_followed else None)(context)
    for name in st.session_state.get(_NEWS, ()):
        _offer_release(context, name)


def _ask(context: Context) -> None:
    try:
        requests.request_run(context.home / "requests")
    except AtlasError as error:
        st.session_state[_NOTICE] = str(error)
    else:
        _remember_asking(context)


def _remember_asking(context: Context) -> None:
    st.session_state[_ASKED] = datetime.now(UTC)
    st.session_state[_KNOWN] = [ref.name for ref in context.every_ref]
    st.session_state.pop(_NEWS, None)


def _follow(context: Context) -> None:
    """Say how far the office has come; runs again by itself while something is handed in."""
    run = _last_run(context)
    waiting = requests.waiting_request(context.home / "requests")
    asked = st.session_state.get(_ASKED)
    if run is not None and run.result == "running":
        _show_result(run)
    elif waiting is not None:
        if waiting.is_unheard(datetime.now(UTC)):
            st.warning(prose.plain(_NO_OFFICE))
        else:
            st.info("Der Auftrag ist abgegeben und wartet auf die Statistikstelle …")
    elif asked is None:
        if run is not None:
            _show_result(run)
    elif run is not None and run.finished_at is not None and run.finished_at >= asked:
        _take_news(context)
    else:
        st.info("Die Statistikstelle hat den Auftrag übernommen und rechnet …")


def _last_run(context: Context) -> views.RunText | None:
    try:
        state = views.read_data_state(context.city_dir)
    except AtlasError:  # the page has said so already
        return None
    return None if state is None else views.run_text(state)


def _take_news(context: Context) -> None:
    """Note what is new, then draw the whole page again with it."""
    known = st.session_state.pop(_KNOWN, [])
    del st.session_state[_ASKED]
    names = [ref.name for ref in list_releases(context.city_dir)]
    st.session_state[_NEWS] = [name for name in names if name not in known]
    st.rerun()


def _show_result(run: views.RunText) -> None:
    when = f" ({run.finished})" if run.finished else ""
    text = prose.plain(f"{run.headline}{when}. {run.message}".strip())
    if run.result == "error":
        st.error(text)
    elif run.result == "running":
        st.info(text)
    else:
        st.success(text)


def _offer_release(context: Context, name: str) -> None:
    ref = next((one for one in context.refs if one.name == name), None)
    if ref is None:
        return
    title = views.release_title(context.open(ref))
    st.button(
        f"Neuer Stand {prose.plain(title)} – laden",
        key=f"load-{name}",
        on_click=selects.remember,
        args=(DATE_KEY, ref.reference_date.isoformat()),
    )
    before = _superseded(context, ref)
    if before is None:
        return
    for group in views.groups(context.open(ref)):
        found = views.level_changes(context.open(before), context.open(ref), group)
        if found is not None:
            prose.say(found.summary)
            design.show_table(found.moved)


def _superseded(context: Context, ref: ReleaseRef) -> ReleaseRef | None:
    """Release of the same reference date that a new one takes the place of."""
    same = [one for one in context.every_ref if one.reference_date == ref.reference_date]
    older = [one for one in same if one.number < ref.number]
    return older[0] if older else None


def _offer_upload(context: Context, state: views.DataState | None) -> None:
    sources = context.info(context.refs[0]).config.city.uploads
    if not sources:
        return
    labels = views.upload_labels(state, sources)
    st.subheader("Lieferung abgeben", anchor=False)
    prose.say(
        f"Angenommen wird: {', '.join(labels)}. Das Dashboard liest die Datei nicht; die "
        "Statistikstelle holt sie ab, prüft sie und rechnet neu."
    )
    with st.form("upload", clear_on_submit=True):
        file = st.file_uploader("Datei der Lieferung", type=["csv", "xlsx", "parquet"])
        is_sent = st.form_submit_button("Abgeben")
    if is_sent and file is not None:
        _hand_in(context, file.name, file)
    if waiting := requests.waiting_uploads(context.home / "requests"):
        prose.note(f"Wartet auf die Statistikstelle: {', '.join(waiting)}")


def _hand_in(context: Context, name: str, file: BinaryIO) -> None:
    try:
        plain_name = requests.hand_in(context.home / "requests", name, file)
    except AtlasError as error:
        st.error(prose.plain(str(error)))
        return
    _remember_asking(context)
    st.success(prose.plain(f"{plain_name} ist abgegeben."))
