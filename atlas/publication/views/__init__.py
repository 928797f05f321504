"""Opened releases to tables, figures and German texts, for pages and files alike.

Knows neither Streamlit nor colours. What it computes is display alone: ranks, classes,
rounding; and it reads shown cells only, so nothing it returns can give a hidden one away.
"""

from atlas.publication.views.cells import Area, areas, kinds_of
from atlas.publication.views.items import groups
from atlas.publication.views.map import LegendEntry, MapView, map_kinds, map_view
from atlas.publication.views.notes import (
    BlockTables,
    ReleaseNotes,
    block_note,
    block_tables,
    credit_lines,
    release_notes,
)
from atlas.publication.views.profile import Card, Fact, card
from atlas.publication.views.reasons import Contribution, Explanation, explanation
from atlas.publication.views.tables import Column, Table, area_table
from atlas.publication.views.themes import DYNAMIC, NEED, Theme, themes

__all__ = [
    "DYNAMIC",
    "NEED",
    "Area",
    "BlockTables",
    "Card",
    "Column",
    "Contribution",
    "Explanation",
    "Fact",
    "LegendEntry",
    "MapView",
    "ReleaseNotes",
    "Table",
    "Theme",
    "area_table",
    "areas",
    "block_note",
    "block_tables",
    "card",
    "credit_lines",
    "explanation",
    "groups",
    "kinds_of",
    "map_kinds",
    "map_view",
    "release_notes",
    "themes",
]
