"""One decision as somebody takes it on a page: carried out, then told on the page after it."""

from collections.abc import Callable

import streamlit as st

from atlas.confidential.aside import unexpected
from atlas.confidential.desk import Desk
from atlas.confidential.log import acting_as
from atlas.desk.persons import Present
from atlas.errors import AtlasError, mended_by_the_operator
from atlas.publication.dashboard import prose

_TOLD = "_told"


def act(office: Desk, person: Present, decide: Callable[[], str]) -> None:
    """Decide as this person, then draw the page anew with what came of it."""
    try:
        person.require_decider()
        with acting_as(person.account), mended_by_the_operator():
            st.session_state[_TOLD] = (True, decide())
    except AtlasError as error:
        st.session_state[_TOLD] = (False, str(error))
    except Exception as error:  # noqa: BLE001 - told with a report without values
        st.session_state[_TOLD] = (False, str(unexpected(office, "Arbeitsplatz", error)))
    st.rerun()


def tell() -> None:
    """Say once what came of the last decision."""
    if told := st.session_state.pop(_TOLD, None):
        is_done, text = told
        (st.success if is_done else st.error)(prose.plain(text))
