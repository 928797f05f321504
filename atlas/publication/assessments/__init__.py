"""Assessments („Bewertungen“): what planners say a level means for their work.

Kept beside the releases and never in one. Knows no page: the dashboard shows and writes them.
"""

from atlas.publication.assessments.record import (
    MAX_MEASURES,
    MAX_TEXT,
    Assessment,
    Place,
    about_text,
    current,
    earlier,
    review_day,
)
from atlas.publication.assessments.store import (
    history,
    save,
    standing,
)
from atlas.publication.assessments.tables import history_table, machine_table
from atlas.publication.planning import MAX_AUTHOR, Author, open_store, store_url

__all__ = [
    "MAX_AUTHOR",
    "MAX_MEASURES",
    "MAX_TEXT",
    "Assessment",
    "Author",
    "Place",
    "about_text",
    "current",
    "earlier",
    "history",
    "history_table",
    "machine_table",
    "open_store",
    "review_day",
    "save",
    "standing",
    "store_url",
]
