"""Sentences about levels, changes and posts: made from records of ``classify``, in one room.

Knows what things are called in a city and how German is written; computes nothing. A sentence
says one thing, with numbers that the record holds, so that it can be read back.
"""

from atlas.sentences.changes import (
    NEAR_LIMIT,
    ROBUST,
    ChangeSentences,
    change_sentences,
    change_text,
)
from atlas.sentences.hindcasts import hindcast_sentence
from atlas.sentences.levels import (
    STABILITY_LABELS,
    centre_text,
    firmness_text,
    level_sentence,
    limit_texts,
    reason_text,
    shown_contributions,
)
from atlas.sentences.naming import ESTIMATED, Words, change_label, change_unit, class_word
from atlas.sentences.posts import ROUNDING_LABELS, post_reason, school_reason

__all__ = [
    "ESTIMATED",
    "NEAR_LIMIT",
    "ROBUST",
    "ROUNDING_LABELS",
    "STABILITY_LABELS",
    "ChangeSentences",
    "Words",
    "centre_text",
    "change_label",
    "change_sentences",
    "change_text",
    "change_unit",
    "class_word",
    "firmness_text",
    "hindcast_sentence",
    "level_sentence",
    "limit_texts",
    "post_reason",
    "school_reason",
    "reason_text",
    "shown_contributions",
]
