"""Sentences on a page: plain text in, shown as it is.

Streamlit reads the text of most of its elements as Markdown; ``Einwohner*innen`` twice in a
sentence would become italics.
"""

import re
from collections.abc import Iterable
from html import escape

import streamlit as st

from atlas.publication.views.meanings import Term

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+|~$:!-])")


def plain(text: str) -> str:
    """Escape text for an element that reads Markdown."""
    return _MARKS.sub(r"\\\1", text)


def say(text: str) -> None:
    """Show a paragraph."""
    st.html(f"<p>{escape(text)}</p>")


def lead(text: str) -> None:
    """Show the paragraph that says the most important."""
    st.html(f'<p class="lead">{escape(text)}</p>')


def note(text: str) -> None:
    """Show a paragraph that steps back."""
    st.html(f'<p class="note">{escape(text)}</p>')


def say_lines(text: str) -> None:
    """Show text that somebody typed, with its line breaks."""
    st.html(f'<p class="typed">{escape(text)}</p>')


def say_terms(terms: Iterable[Term]) -> None:
    """Show terms, each with its sentence beside it."""
    st.html(_terms_html(terms))


def explain_terms(title: str, terms: Iterable[Term]) -> None:
    """Show what words mean to whoever opens the list."""
    summary = f"<summary>{escape(title)}</summary>"
    st.html(f'<details class="meanings">{summary}{_terms_html(terms)}</details>')


def _terms_html(terms: Iterable[Term]) -> str:
    rows = "".join(
        f"<div><dt>{escape(term.name)}</dt><dd>{escape(term.text)}</dd></div>" for term in terms
    )
    return f'<dl class="terms">{rows}</dl>'
