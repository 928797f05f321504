"""Values and a method to index, level, explanation, dynamics and robustness.

Pure: no files, no clock. Works on published values alone, so what it gives can disclose nothing
that they do not, and both zones may use it.
"""

from atlas.classify.dynamics import change_values
from atlas.classify.items import CITY_ID, ITEM_COLUMNS, level_items
from atlas.classify.methods import level_of, references_of
from atlas.classify.notices import Notice, NoticeCode, notices_of
from atlas.classify.rule import Rule, rule_of

__all__ = [
    "CITY_ID",
    "ITEM_COLUMNS",
    "Notice",
    "NoticeCode",
    "Rule",
    "change_values",
    "level_items",
    "level_of",
    "notices_of",
    "references_of",
    "rule_of",
]
