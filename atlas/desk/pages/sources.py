"""Page „Quellen“: what comes from whom, when it came last, when it is expected."""

import streamlit as st

from atlas.confidential.desk import Desk
from atlas.desk.persons import Present
from atlas.desk.sources import inventory
from atlas.publication.dashboard import design


def page(office: Desk, person: Present) -> None:
    """Draw the page."""
    st.header("Quellen", anchor=False)
    for table in inventory(office):
        design.show_table(table)
