"""Explanations as German sentences, for the page and the council paper alike."""

from atlas.classify.explain import Explanation, PartExplained
from atlas.classify.german import (
    REASON_TEXTS,
    Words,
    class_word,
    enumeration,
    index_text,
    number_text,
    signed_text,
)
from atlas.classify.robustness import NEAR_CUT, STABLE, UNSURE
from atlas.terms import Reason, Status

STABILITY_LABELS = {STABLE: "stabil", NEAR_CUT: "grenznah", UNSURE: "unsicher"}

_CENTRES = {"area_mean": "Mittel", "city_value": "Stadt"}
# Gaps of single indicators, in words that follow their names.
_GAPS = {
    Reason.PENDING: ((Status.MISSING,), ("steht noch aus", "stehen noch aus")),
    Reason.NOT_DELIVERED: ((Status.UNAVAILABLE,), ("liegt nicht vor", "liegen nicht vor")),
    Reason.CONFIDENTIAL: (
        (Status.SUPPRESSED, Status.WITHHELD),
        ("ist geheim", "sind geheim"),
    ),
}


def explanation_text(explanation: Explanation, area_name: str, words: Words) -> str:
    """Say in a paragraph why an area has its level, or why it has none."""
    if explanation.level is not None and explanation.reason == Reason.PUBLISHED_BEFORE:
        level = words.level(explanation.level_item, explanation.level)
        return f"{area_name}: {level}, veröffentlicht, bevor es den Atlas gab."
    if explanation.level is None or explanation.index is None:
        return f"{area_name} ist nicht klassifiziert: {reason_text(explanation, words)}."
    sentences = [
        f"{area_name}: {words.level(explanation.level_item, explanation.level)} mit dem Index "
        f"{index_text(explanation.index)} (Rang {explanation.rank} von {explanation.n_valid}).",
        _parts_text(explanation, words),
        _distance_text(explanation),
        _firmness_text(explanation),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


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


def _parts_text(explanation: Explanation, words: Words) -> str:
    parts = sorted(
        (part for part in explanation.parts if part.contribution is not None),
        key=lambda part: -abs(part.contribution or 0.0),
    )
    texts = enumeration([_part_text(p, explanation.mean_base, words) for p in parts])
    return f"Der Index setzt sich zusammen aus {texts}."


def _part_text(part: PartExplained, mean_base: str, words: Words) -> str:
    value = "" if part.value is None else f" {words.amount(part.item, part.value)}"
    mean = (
        ""
        if part.mean is None
        else f", {_CENTRES[mean_base]} {words.amount(part.item, part.mean)}"
    )
    contribution = signed_text(part.contribution or 0.0, 2)
    return f"{words.name(part.item)}{value} (Beitrag {contribution}{mean})"


def _distance_text(explanation: Explanation) -> str:
    level, distance, cuts = explanation.level, explanation.distance, explanation.cuts
    if level is None or distance is None:
        return ""
    cut = index_text(cuts[min(level, len(cuts)) - 1])
    far = index_text(abs(distance))
    word = class_word(explanation.level_item)
    if level > len(cuts):
        return f"Er liegt {far} über der Grenze {cut} zur höchsten {word}."
    if distance == 0:
        return f"Er liegt genau auf der Grenze {cut} und bleibt damit in dieser {word}."
    return f"Bis zur nächsten {word} (über {cut}) fehlen {far}."


def _firmness_text(explanation: Explanation) -> str:
    firmness, level = explanation.firmness, explanation.level
    if firmness is None or level is None:
        return ""
    kept = firmness.shares[level - 1]
    share = "allen" if kept == 1 else f"{number_text(100 * kept, 1)} % der"
    ranks = f"Rang {firmness.rank_low}"
    if firmness.rank_high > firmness.rank_low:
        ranks = f"Ränge {firmness.rank_low} bis {firmness.rank_high}"
    return (
        "Bei anderen vertretbaren Gewichten, Grenzen und Verfahren bleibt die Stufe in "
        f"{share} Nachrechnungen ({STABILITY_LABELS[firmness.stability]}; {ranks})."
    )
