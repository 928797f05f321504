"""Who writes: the name that a proxy vouches for, else the one that somebody types."""

import os
from collections.abc import Mapping
from contextlib import suppress

import streamlit as st

from atlas.publication.dashboard import prose
from atlas.publication.planning import MAX_AUTHOR, Author
from atlas.signin import person_of
from atlas.signin.gate import LOGIN_HEADER_VARIABLE


def ask_name(key: str, width: int | None = None) -> None:
    """Draw the field „Name“, or say who is logged in."""
    if name := login():
        prose.note(f"Angemeldet als {name}")
    else:
        st.text_input("Name", key=key, max_chars=MAX_AUTHOR, width=width or "stretch")


def author_of(key: str) -> Author:
    """Give who is logged in, else what the field of ``ask_name`` holds."""
    name = login()
    return Author(name or str(st.session_state.get(key) or ""), bool(name))


def login() -> str:
    """Name of who signed in, or for whom a proxy vouches."""
    if person := person_of(st.context.headers).name:
        return person[:MAX_AUTHOR]
    return login_name(st.context.headers, os.environ.get(LOGIN_HEADER_VARIABLE, ""))


def login_name(headers: Mapping[str, str], name: str) -> str:
    """Find the name that a proxy vouches for; empty where no header is declared or sent."""
    value = str(headers.get(name) or "") if name else ""
    # Headers arrive as Latin-1, whatever the proxy wrote.
    with suppress(UnicodeError):
        value = value.encode("latin-1").decode("utf-8")
    return " ".join(value.split())[:MAX_AUTHOR]
