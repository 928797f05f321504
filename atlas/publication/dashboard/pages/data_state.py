"""Page „Datenstand“: what has arrived, what is due, and the button that computes anew."""

from datetime import UTC, datetime

import streamlit as st

from atlas.errors import AtlasError
from atlas.publication import views
from atlas.publication.dashboard import design, requests, selects
from atlas.publication.dashboard.frame import DATE_KEY, Context
from atlas.release import ReleaseRef
from atlas.terms import Group

_KNOWN = "_releases_when_asked"
_NOTICE = "_request_notice"
_EVERY = 2.0
_NO_OFFICE = (
    "Der Auftrag liegt bereit, aber niemand holt ihn ab: In der Statistikstelle läuft zurzeit "
    "kein Dienst (atlas watch). Bitte dort Bescheid geben; der Auftrag bleibt liegen."
)


def page(context: Context) -> None:
    """Draw the page."""
    st.header("Datenstand", anchor=False)
    state = views.read_data_state(context.city_dir)
    if state is None:
        st.info(
            "Die Statistikstelle hat noch keinen Datenstand geschrieben. Er erscheint nach dem "
            "ersten Lauf (atlas run)."
        )
    else:
        for sentence in views.outstanding(state):
            st.write(sentence)
    _show_run(context)
    _offer_upload(context)
    if state is not None:
        design.show_table(views.source_table(state))
        design.show_table(views.release_table(state))


def _show_run(context: Context) -> None:
    st.subheader("Neu berechnen", anchor=False)
    st.write(
        "Sind neue Daten da, rechnet die Statistikstelle alle betroffenen Stichtage neu und "
        "veröffentlicht sie. Das dauert meist unter einer Minute."
    )
    requests_dir = context.home / "requests"
    if not requests_dir.is_dir():
        st.warning(
            "Dieses Dashboard ist mit keiner Statistikstelle verbunden: der Auftragsordner "
            "requests/ fehlt. Neu berechnet wird mit dem Befehl atlas run."
        )
        return
    st.button("Neu berechnen", type="primary", on_click=_ask, args=(context,))
    notice = st.session_state.pop(_NOTICE, "")
    if notice:
        st.error(notice)
    is_waiting = requests.waiting_request(requests_dir) is not None
    is_followed = is_waiting or _KNOWN in st.session_state
    st.fragment(_follow, run_every=_EVERY if is_followed else None)(context)


def _ask(context: Context) -> None:
    try:
        requests.request_run(context.home / "requests")
    except AtlasError as error:
        st.session_state[_NOTICE] = str(error)
        return
    st.session_state[_KNOWN] = [ref.name for ref in context.every_ref]


def _follow(context: Context) -> None:
    """Say how far the office has come; runs again by itself while a request is open."""
    state = views.read_data_state(context.city_dir)
    run = None if state is None else views.run_text(state)
    waiting = requests.waiting_request(context.home / "requests")
    is_running = run is not None and run.result == "running"
    if waiting is not None and not is_running:
        if waiting.is_unheard(datetime.now(UTC)):
            st.warning(_NO_OFFICE)
        else:
            st.info("Der Auftrag ist abgegeben und wartet auf die Statistikstelle …")
    elif run is not None:
        _show_result(run)
    if waiting is None and not is_running and _KNOWN in st.session_state:
        _show_new(context)


def _show_result(run: views.RunText) -> None:
    when = f" ({run.finished})" if run.finished else ""
    text = f"{run.headline}{when}. {run.message}".strip()
    if run.result == "error":
        st.error(text)
    elif run.result == "running":
        st.info(text)
    else:
        st.success(text)


def _show_new(context: Context) -> None:
    known = set(st.session_state[_KNOWN])
    new = [ref for ref in context.newest() if ref.name not in known]
    for ref in new:
        _offer_release(context, ref)


def _offer_release(context: Context, ref: ReleaseRef) -> None:
    st.button(
        f"Neuer Stand {ref.name} – laden",
        key=f"load-{ref.name}",
        on_click=selects.remember,
        args=(DATE_KEY, ref.reference_date.isoformat()),
    )
    older = [one for one in context.every_ref if one.reference_date == ref.reference_date]
    older = [one for one in older if one.number < ref.number]
    if not older:
        return
    before, after = context.open(older[0]), context.open(ref)
    for group in Group:
        found = views.level_changes(before, after, group)
        if found is not None:
            st.write(found.summary)


def _offer_upload(context: Context) -> None:
    uploads = views.upload_labels(context.open(context.refs[0]))
    if not uploads or not (context.home / "requests").is_dir():
        return
    st.subheader("Lieferung abgeben", anchor=False)
    st.write(
        f"Abgegeben werden kann: {', '.join(uploads)}. Das Dashboard liest die Datei nicht; "
        "die Statistikstelle holt sie ab, prüft sie und rechnet neu."
    )
    with st.form("upload", clear_on_submit=True):
        file = st.file_uploader("Datei der Lieferung", type=["csv", "xlsx", "parquet"])
        is_sent = st.form_submit_button("Abgeben")
    if is_sent and file is not None:
        _hand_in(context, file.name, file)
    waiting = requests.waiting_uploads(context.home / "requests")
    if waiting:
        st.write(f"Wartet auf die Statistikstelle: {', '.join(waiting)}")
