"""Values and a method to index, level, explanation, dynamics and robustness.

Pure: no files, no clock. Works on published values alone, so what it gives can disclose nothing
that they do not, and both zones may use it.
"""

from atlas.classify.change_sentences import ChangeSentences, change_sentences, change_text
from atlas.classify.changes import (
    AreaChange,
    Classification,
    PartChange,
    change_of,
    moved_areas,
)
from atlas.classify.dynamics import change_values, level_table
from atlas.classify.explain import Explanation, Firmness, PartExplained, explain
from atlas.classify.german import REASON_TEXTS, Words
from atlas.classify.items import CITY_ID, ITEM_COLUMNS, level_items
from atlas.classify.methods import references_of
from atlas.classify.methods.arithmetic import level_of
from atlas.classify.notices import Notice, NoticeCode, notices_of
from atlas.classify.resources import ROUNDING_LABELS, Basis, Plan, share_out
from atlas.classify.rule import CHANGE, Rule, RuleName, RulePart, rule_of
from atlas.classify.sentences import (
    STABILITY_LABELS,
    firmness_text,
    level_sentence,
    limit_texts,
    reason_text,
)
from atlas.classify.uncertainty import interval_items, level_range_items
from atlas.classify.what_if import Published, Trial, what_if

__all__ = [
    "CHANGE",
    "CITY_ID",
    "ITEM_COLUMNS",
    "REASON_TEXTS",
    "ROUNDING_LABELS",
    "STABILITY_LABELS",
    "AreaChange",
    "Basis",
    "Classification",
    "Explanation",
    "Firmness",
    "Notice",
    "NoticeCode",
    "PartChange",
    "PartExplained",
    "Plan",
    "Published",
    "Rule",
    "RuleName",
    "RulePart",
    "Trial",
    "Words",
    "change_of",
    "ChangeSentences",
    "change_sentences",
    "change_text",
    "change_values",
    "explain",
    "firmness_text",
    "interval_items",
    "level_items",
    "level_of",
    "level_range_items",
    "level_sentence",
    "level_table",
    "limit_texts",
    "moved_areas",
    "notices_of",
    "reason_text",
    "references_of",
    "rule_of",
    "share_out",
    "what_if",
]
