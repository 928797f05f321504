"""Page „Datenstand“: what has arrived, what is due, and the button that computes anew."""

import streamlit as st

from atlas.errors import AtlasError
from atlas.exchange import requests
from atlas.exchange.datastate import DataState, read_data_state
from atlas.publication.dashboard import design, following, handing_in, prose
from atlas.publication.dashboard.frame import Context
from atlas.publication.views.data_state import (
    hindcast_texts,
    outstanding,
    refused_uploads,
    release_table,
    source_table,
)

# What to tell after the run that asked for something.
_REFUSED = "_refused"
_NOT_CONNECTED = (
    "Dieses Dashboard ist mit keiner Statistikstelle verbunden: Der Auftragsordner requests/ "
    "fehlt. Neu berechnet wird dort mit dem Befehl atlas run."
)
_HINDCAST = (
    "Welche Stufe hätte ein Gebiet gehabt, solange eine späte Zahl noch ausstand und der Wert "
    "des vorigen Stichtags für sie galt? Verglichen mit der endgültigen Stufe:"
)


def page(context: Context) -> None:
    """Draw the page."""
    st.header("Datenstand", anchor=False)
    state = _read_state(context)
    for sentence in () if state is None else outstanding(state):
        prose.say(sentence)
    if context.sight.may_plan:
        _offer_requests(context, state)
    if state is not None:
        st.subheader("Lieferungen", anchor=False)
        design.show_table(source_table(state))
        st.subheader("Veröffentlichungen", anchor=False)
        design.show_table(release_table(state))
        _show_hindcasts(context, state)


def _offer_requests(context: Context, state: DataState | None) -> None:
    if (context.home / "requests").is_dir():
        _offer_run(context)
        handing_in.offer(context, state)
    else:
        st.warning(prose.plain(_NOT_CONNECTED))
    for sentence in () if state is None else refused_uploads(state):
        st.warning(prose.plain(sentence))


def _show_hindcasts(context: Context, state: DataState) -> None:
    """Say how good levels were while a figure was late, where the city asks for it."""
    groups = context.seen.config.indicators.groups
    told = hindcast_texts(state, {name: one.label for name, one in groups.items()})
    if told:
        st.subheader("Rückschau auf vorläufige Stufen", anchor=False)
        prose.say(_HINDCAST)
    for sentence in told:
        prose.say(sentence)


def _read_state(context: Context) -> DataState | None:
    """Read ``datenstand.json``; say so where there is none or it is damaged."""
    try:
        state = read_data_state(context.city_dir)
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
    if refused := st.session_state.pop(_REFUSED, ""):
        st.error(prose.plain(refused))
    following.show(context)


def _ask(context: Context) -> None:
    try:
        requests.request_run(context.home / "requests")
    except AtlasError as error:
        st.session_state[_REFUSED] = str(error)
    else:
        following.start(context, requests.REQUEST_NAME)
