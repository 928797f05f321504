"""What a city calls need for action: ready-made words for its levels and for sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from atlas.terms import ATTENTION_LABELS, LEVEL_LABELS, Level

WordingName = Literal["handlungsbedarf", "aufmerksamkeit"]
DEFAULT_WORDING: WordingName = "handlungsbedarf"


@dataclass(frozen=True)
class Wording:
    """Words of one preset.

    ``theme`` names what the levels measure; ``more`` what there is more or less of, after
    "mehr"; ``is_high`` what is so where a level is high, after "wo"; ``labels`` the levels.
    """

    theme: str
    more: str
    is_high: str
    labels: Mapping[Level, str]


WORDINGS: Mapping[WordingName, Wording] = {
    "handlungsbedarf": Wording(
        "Handlungsbedarf", "Bedarf", "der Handlungsbedarf hoch ist", LEVEL_LABELS
    ),
    "aufmerksamkeit": Wording(
        "Aufmerksamkeit",
        "Anlass zu Aufmerksamkeit",
        "besondere Aufmerksamkeit nötig ist",
        ATTENTION_LABELS,
    ),
}
