"""Opened releases to tables, figures and German texts, for pages and files alike.

Knows neither Streamlit nor colours. What it computes is display alone: ranks, classes,
rounding; and it reads shown cells only, so nothing it returns can give a hidden one away.
"""

from atlas.publication.views.cells import Area, areas, kinds_of, without_blocks
from atlas.publication.views.chance import Chance, chance_of
from atlas.publication.views.change_map import change_map
from atlas.publication.views.changes import Changes, Move, level_changes, release_title
from atlas.publication.views.comparison import (
    beside_each_other,
    beside_groups,
    beside_parents,
    block_table,
)
from atlas.publication.views.data_state import (
    RunText,
    outstanding,
    release_table,
    run_text,
    source_table,
    upload_labels,
)
from atlas.publication.views.datasets import (
    Dataset,
    Entry,
    Field,
    block_history_dataset,
    group_dataset,
    history_dataset,
    machine_dataset,
    quartier_title,
    reason_dataset,
)
from atlas.publication.views.development import (
    Point,
    Series,
    development_items,
    development_table,
    series_of,
)
from atlas.publication.views.differences import difference_dataset, difference_table
from atlas.publication.views.dynamics import Dynamics, dynamics_of, need_by_dynamics
from atlas.publication.views.items import group_label, groups, indicators, plural, singular
from atlas.publication.views.map import LegendEntry, MapView, map_kinds, map_view
from atlas.publication.views.meanings import Term
from atlas.publication.views.method import block_tables_table, method_markdown
from atlas.publication.views.neighbours import Borders, borders_of, location_text, neighbours_of
from atlas.publication.views.notes import (
    BlockTables,
    ReleaseNotes,
    block_note,
    block_tables,
    credit_lines,
    release_notes,
)
from atlas.publication.views.notices import area_notices, level_notices
from atlas.publication.views.profile import Card, Fact, card
from atlas.publication.views.reasons import Contribution, Reasons, reasons
from atlas.publication.views.remarks import (
    remarks_dataset,
    remarks_table,
    symbol_table,
    symbols_of,
)
from atlas.publication.views.resources import (
    BASIS_LABELS,
    PLAN_NAME,
    PlanView,
    has_children,
    plan_view,
)
from atlas.publication.views.scatter import Scatter, Spot, scatter_of
from atlas.publication.views.strips import Strip, Strips, Tick, strips_of, strips_of_many
from atlas.publication.views.tables import Column, Table, area_table
from atlas.publication.views.themes import DYNAMIC, NEED, Theme, themes
from atlas.publication.views.trial import TRIAL_MARK, TrialView, trial_of
from atlas.publication.views.trial_choice import (
    Choice,
    official_choice,
    suggested_cuts,
    suggested_part_cuts,
    trial_levels,
)
from atlas.words import moment_text

__all__ = [
    "Area",
    "BASIS_LABELS",
    "BlockTables",
    "Borders",
    "Card",
    "Chance",
    "Changes",
    "Choice",
    "Column",
    "Contribution",
    "DYNAMIC",
    "Entry",
    "Dataset",
    "Dynamics",
    "Fact",
    "Field",
    "LegendEntry",
    "MapView",
    "Move",
    "NEED",
    "PLAN_NAME",
    "PlanView",
    "Point",
    "Reasons",
    "ReleaseNotes",
    "RunText",
    "Scatter",
    "Series",
    "Spot",
    "TRIAL_MARK",
    "Strip",
    "Strips",
    "Table",
    "Term",
    "Theme",
    "Tick",
    "TrialView",
    "area_notices",
    "area_table",
    "areas",
    "beside_each_other",
    "beside_groups",
    "beside_parents",
    "block_history_dataset",
    "block_note",
    "block_table",
    "block_tables",
    "block_tables_table",
    "borders_of",
    "card",
    "change_map",
    "chance_of",
    "credit_lines",
    "development_items",
    "development_table",
    "difference_dataset",
    "difference_table",
    "dynamics_of",
    "group_dataset",
    "group_label",
    "groups",
    "indicators",
    "has_children",
    "history_dataset",
    "kinds_of",
    "level_changes",
    "level_notices",
    "location_text",
    "machine_dataset",
    "map_kinds",
    "map_view",
    "method_markdown",
    "need_by_dynamics",
    "neighbours_of",
    "official_choice",
    "moment_text",
    "outstanding",
    "plan_view",
    "plural",
    "quartier_title",
    "reason_dataset",
    "reasons",
    "release_notes",
    "release_table",
    "release_title",
    "remarks_dataset",
    "remarks_table",
    "run_text",
    "scatter_of",
    "series_of",
    "singular",
    "source_table",
    "strips_of",
    "strips_of_many",
    "suggested_cuts",
    "suggested_part_cuts",
    "symbol_table",
    "symbols_of",
    "themes",
    "trial_levels",
    "trial_of",
    "upload_labels",
    "without_blocks",
]
