"""Papers: what leaves to be read on paper, made of one release and those before it.

A paper is written once (``edition``, ``profile``, ``own``) as blocks of plain texts, tables of
the views and drawings (``document``), and set by any format of ``FORMATS``. Computes no number
of its own: every figure in it is a published cell, or stands so on the pages.
"""

from collections.abc import Callable
from dataclasses import dataclass

from atlas.publication.report.document import Paper
from atlas.publication.report.edition import edition_paper
from atlas.publication.report.own import issue_of, weekly_paper, yearly_paper
from atlas.publication.report.past import (
    final_before,
    issues_of,
    open_issue,
    past_of,
    past_until,
    series_until,
)
from atlas.publication.report.pdf import pdf_bytes
from atlas.publication.report.profile import chosen_quartiere, profile_paper
from atlas.publication.report.word import docx_bytes

__all__ = [
    "FORMATS",
    "PaperFormat",
    "chosen_quartiere",
    "edition_paper",
    "final_before",
    "issue_of",
    "issues_of",
    "open_issue",
    "past_of",
    "past_until",
    "profile_paper",
    "series_until",
    "weekly_paper",
    "yearly_paper",
]


@dataclass(frozen=True)
class PaperFormat:
    """How a paper becomes one file."""

    label: str
    suffix: str
    mime: str
    write: Callable[[Paper], bytes]


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS = {
    "pdf": PaperFormat("PDF", "pdf", "application/pdf", pdf_bytes),
    "docx": PaperFormat("Word", "docx", _WORD, docx_bytes),
}
