"""Values and a method to index, level, explanation, dynamics and robustness: numbers alone.

Pure: no files, no clock. Works on published values alone, so what it gives can disclose nothing
that they do not, and both zones may use it. What is said of them stands in ``sentences``.
"""

from atlas.classify.changes import (
    AreaChange,
    Classification,
    PartChange,
    Published,
    Trial,
    change_of,
    moved_areas,
    what_if,
)
from atlas.classify.dynamics import change_values, level_table
from atlas.classify.explain import (
    Explanation,
    Firmness,
    Notice,
    NoticeCode,
    PartExplained,
    ThemeExplained,
    explain,
    notices_of,
)
from atlas.classify.items import CITY_ID, ITEM_COLUMNS, fixed_items, level_items
from atlas.classify.joint import DRIVERS, joint_items
from atlas.classify.methods import references_of
from atlas.classify.methods.arithmetic import level_of
from atlas.classify.noise import Noise
from atlas.classify.overlap import Overlap, Pair, overlap_of
from atlas.classify.resources import Basis, Plan, share_out
from atlas.classify.rule import CHANGE, FIXED, FORMER, Rule, RuleName, RulePart, rule_of
from atlas.classify.uncertainty import interval_items, level_range_items

__all__ = [
    "AreaChange",
    "Basis",
    "CHANGE",
    "FIXED",
    "FORMER",
    "CITY_ID",
    "Classification",
    "DRIVERS",
    "Explanation",
    "Firmness",
    "ITEM_COLUMNS",
    "Noise",
    "Notice",
    "NoticeCode",
    "Overlap",
    "Pair",
    "PartChange",
    "PartExplained",
    "Plan",
    "Published",
    "Rule",
    "RuleName",
    "RulePart",
    "ThemeExplained",
    "Trial",
    "change_of",
    "change_values",
    "explain",
    "fixed_items",
    "interval_items",
    "joint_items",
    "level_items",
    "level_of",
    "level_range_items",
    "level_table",
    "moved_areas",
    "notices_of",
    "overlap_of",
    "references_of",
    "rule_of",
    "share_out",
    "what_if",
]
