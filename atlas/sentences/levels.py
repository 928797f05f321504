"""The level of an area as German sentences, each of one thing."""

import math

from atlas.classify.explain import Explanation
from atlas.classify.robustness import NEAR_CUT, STABLE, UNSURE
from atlas.sentences.naming import REASON_TEXTS, Words, class_word
from atlas.terms import Reason, Status
from atlas.words import enumeration, index_text, number_text, rounded, rounded_parts

# Contributions miss their index by no more than this, unless one of them is not there.
_NOISE = 1e-9
_UNCLASSIFIED = "ist nicht klassifiziert"
STABILITY_LABELS = {STABLE: "stabil", NEAR_CUT: "grenznah", UNSURE: "unsicher"}

# Gaps of single indicators, in words that follow their names.
_GAPS = {
    Reason.PENDING: ((Status.MISSING,), ("fällt später an", "fallen später an")),
    Reason.NOT_DELIVERED: ((Status.UNAVAILABLE,), ("liegt nicht vor", "liegen nicht vor")),
    Reason.CONFIDENTIAL: (
        (Status.SUPPRESSED, Status.WITHHELD),
        ("ist geheim", "sind geheim"),
    ),
}


def level_sentence(explanation: Explanation, area_name: str, words: Words) -> str:
    """Name the level of an area and its rank, or say why it has none."""
    level, reason = explanation.level, explanation.reason
    if level is not None and reason == Reason.PUBLISHED_BEFORE:
        name = words.level(explanation.level_item, level)
        return f"{area_name}: {name}, veröffentlicht, bevor es den Atlas gab."
    if level is None or explanation.index is None:
        state = _UNCLASSIFIED
        if reason == Reason.PENDING:
            state = f"hat noch keine {class_word(explanation.level_item)}"
        return f"{area_name} {state}: {reason_text(explanation, words)}."
    name = words.level(explanation.level_item, level)
    return f"{area_name}: {name}, Rang {explanation.rank} von {explanation.n_valid}."


def reason_text(explanation: Explanation, words: Words) -> str:
    """Say why an area is not classified, as a clause without full stop."""
    reason = Reason(explanation.reason)
    if reason is Reason.EXCLUDED:
        return (
            f"von Hand ausgenommen ({explanation.note})" if explanation.note else "ausgenommen"
        )
    if reason is Reason.FEW_RESIDENTS:
        least = number_text(words.levels.min_residents, 0)
        return f"hier leben weniger als {least} Menschen"
    if reason in _GAPS:
        statuses, verbs = _GAPS[reason]
        gaps = [words.name(p.item) for p in explanation.parts if p.status in statuses]
        if gaps:
            return f"{enumeration(gaps)} {verbs[len(gaps) > 1]}"
    return REASON_TEXTS[reason]


def limit_texts(explanation: Explanation) -> tuple[tuple[int, str], ...]:
    """Say how far the index is from the cuts around its level, upwards first.

    Returns
    -------
        The level beyond each cut, with the sentence; one pair where there is no level above or
        none below, nothing without an index.
    """
    level, index, cuts = explanation.level, explanation.index, explanation.cuts
    if level is None or index is None:
        return ()
    found = []
    if level <= len(cuts):
        found.append((level + 1, _upwards(explanation, index, cuts[level - 1])))
    if level > 1:
        cut = cuts[level - 2]
        far, limit = index_text(index - cut), index_text(cut)
        text = f"Der Index {index_text(index)} liegt {far} über der Grenze {limit}"
        is_top = level > len(cuts)
        word = class_word(explanation.level_item)
        found.append((level - 1, f"{text} zur höchsten {word}." if is_top else f"{text}."))
    return tuple(found)


def _upwards(explanation: Explanation, index: float, cut: float) -> str:
    limit, far = index_text(cut), index_text(cut - index)
    if index == cut:
        word = class_word(explanation.level_item)
        return (
            f"Der Index liegt genau auf der Grenze {limit} und bleibt damit in dieser {word}."
        )
    return f"Dem Index {index_text(index)} fehlen {far} bis zur Grenze {limit}."


def shown_contributions(explanation: Explanation, digits: int) -> dict[str, float]:
    """Round the contributions of an area so that they add up to its index as it is shown."""
    known = {
        part.item: part.contribution
        for part in explanation.parts
        if part.contribution is not None
    }
    total, index = math.fsum(known.values()), explanation.index
    if index is not None and math.isclose(total, index, abs_tol=_NOISE):
        total = index
    amounts = rounded_parts(list(known.values()), digits, rounded(total, digits))
    return dict(zip(known, amounts, strict=True))


def firmness_text(explanation: Explanation) -> str:
    """Say how far the level holds under other choices; empty where nobody computed it."""
    firmness, level = explanation.firmness, explanation.level
    if firmness is None or level is None:
        return ""
    kept = firmness.shares[level - 1]
    share = "allen" if kept == 1 else f"{number_text(100 * kept, 1)} % der"
    ranks = f"Rang {firmness.rank_low}"
    if firmness.rank_high > firmness.rank_low:
        ranks = f"Rang {firmness.rank_low} bis {firmness.rank_high}"
    where = "dabei" if kept == 1 else "über alle"  # the ranks are those of all replications
    word = class_word(explanation.level_item)
    return (
        f"{STABILITY_LABELS[firmness.stability]}: gleiche {word} in {share} Nachrechnungen, "
        f"{where} {ranks}."
    )
