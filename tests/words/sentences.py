"""All kinds of sentences that the harness can read, each with its maker and its proof."""

from tests.words.change_proofs import (
    DRIVER_CHANGES,
    FIGURE_CLAUSES,
    FIRMNESS_SENTENCES,
    MOVE_SENTENCES,
)
from tests.words.check_proofs import CHECK_SENTENCES
from tests.words.fixed_proofs import FIXED_LINES, FIXED_MEANS, FIXED_MOVES, FIXED_NOTICES
from tests.words.hindcast_proofs import HINDCAST_SENTENCES
from tests.words.level_proofs import (
    DRIVER_SENTENCES,
    DYNAMIC_SENTENCES,
    LEVEL_SENTENCES,
    MAIN_SENTENCES,
    PART_SENTENCES,
)
from tests.words.limit_proofs import LIMIT_SENTENCES
from tests.words.map_proofs import CHOICES, FLOOR_PLANS, FLOORS, MAP_NOTES, SECRETS
from tests.words.note_proofs import BLOCK_NOTES, MEANINGS
from tests.words.notice_proofs import (
    BOUND_SENTENCES,
    NOTICE_SENTENCES,
    PLAN_SENTENCES,
    POST_SENTENCES,
)
from tests.words.page_proofs import (
    CARD_SENTENCES,
    HIDDEN_SENTENCES,
    PLACE_SENTENCES,
    SERIES_SENTENCES,
    STRIP_SENTENCES,
    TREND_SENTENCES,
)
from tests.words.rule_proofs import RULE_SENTENCES
from tests.words.standing_proofs import SPECIAL_SENTENCES, STAY_SENTENCES
from tests.words.summary_proofs import NOTE_SENTENCES, SUMMARY_SENTENCES

SENTENCES = (
    *LEVEL_SENTENCES,
    *DYNAMIC_SENTENCES,
    *DRIVER_SENTENCES,
    *MAIN_SENTENCES,
    *PART_SENTENCES,
    *LIMIT_SENTENCES,
    *MOVE_SENTENCES,
    *FIRMNESS_SENTENCES,
    *FIGURE_CLAUSES,
    *DRIVER_CHANGES,
    *SUMMARY_SENTENCES,
    *NOTE_SENTENCES,
    *CARD_SENTENCES,
    *TREND_SENTENCES,
    *PLACE_SENTENCES,
    *SERIES_SENTENCES,
    *STRIP_SENTENCES,
    *NOTICE_SENTENCES,
    *HIDDEN_SENTENCES,
    *BLOCK_NOTES,
    *MEANINGS,
    *RULE_SENTENCES,
    *HINDCAST_SENTENCES,
    *POST_SENTENCES,
    *BOUND_SENTENCES,
    *PLAN_SENTENCES,
    *FIXED_NOTICES,
    *FIXED_MOVES,
    *FIXED_LINES,
    *FIXED_MEANS,
    *CHECK_SENTENCES,
    *STAY_SENTENCES,
    *SPECIAL_SENTENCES,
    *MAP_NOTES,
    *CHOICES,
    *FLOORS,
    *FLOOR_PLANS,
    *SECRETS,
)
