"""Sentences on a page: plain text in, shown as it is.

Streamlit reads the text of most of its elements as Markdown; ``Einwohner*innen`` twice in a
sentence would become italics.
"""

import re
from html import escape

import streamlit as st

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+|~$:!-])")


def plain(text: str) -> str:
    """Escape text for an element that reads Markdown."""
    return _MARKS.sub(r"\\\1", text)


def say(text: str) -> None:
    """Show a paragraph."""
    st.html(f"<p>{escape(text)}</p>")


def note(text: str) -> None:
    """Show a paragraph that steps back."""
    st.html(f'<p class="note">{escape(text)}</p>')


def say_lines(text: str) -> None:
    """Show text that somebody typed, with its line breaks."""
    st.html(f'<p class="typed">{escape(text)}</p>')
