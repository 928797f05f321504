"""Assessments („Bewertungen“): what planners say a level means for their work.

Kept beside the releases and never in one. Knows no page: the dashboard shows and writes them.
"""

from atlas.publication.assessments.record import (
    MAX_AUTHOR,
    MAX_TEXT,
    Assessment,
    Author,
    Place,
    about_text,
    current,
    earlier,
)
from atlas.publication.assessments.store import (
    history,
    open_store,
    save,
    standing,
    store_url,
)
from atlas.publication.assessments.tables import history_table, machine_table

__all__ = [
    "MAX_AUTHOR",
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
    "save",
    "standing",
    "store_url",
]
