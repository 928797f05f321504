"""The level of an area as German sentences, each of one thing."""

import math

from atlas.classify.explain import Explanation, Firmness
from atlas.classify.joint import DRIVERS
from atlas.classify.robustness import NEAR_CUT, STABLE, UNSURE
from atlas.sentences.naming import ESTIMATED, REASON_TEXTS, Words, class_word
from atlas.terms import Reason, Status
from atlas.words import day_text, enumeration, number_text, rounded, rounded_parts

# Digits of an index, and the most that tell it from a cut.
_DIGITS, _FINEST = 2, 9
# Contributions miss their index by no more than this, unless one of them is not there.
_NOISE = 1e-9
_UNCLASSIFIED = "ist nicht klassifiziert"
# What moves a level, after „wegen“, and its pronoun.
DRIVER_TEXTS = {
    "weights": ("der Gewichte", "sie"),
    "scale": ("der Skala", "sie"),
    "left_out": ("der Auswahl der Indikatoren", "sie"),
    "cuts": ("der Grenzen", "sie"),
    "chance": ("des Zufalls kleiner Zahlen", "ihn"),
    "carried": ("der fortgeschriebenen Werte", "sie"),
}
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


def centre_text(explanation: Explanation, plural: str) -> str:
    """Name what the index is measured at: the mean of the areas or the city, and of which day.

    Parameters
    ----------
    plural
        What the areas are called.
    """
    is_city = explanation.mean_base == "city_value"
    name = "Stadt insgesamt" if is_city else f"Durchschnitt der {plural}"
    day = explanation.base_date
    return name if day is None else f"{name} vom {day_text(day)}"


def level_sentence(explanation: Explanation, area_name: str, words: Words) -> str:
    """Name the level of an area and its rank, or say why it has none."""
    level, reason = explanation.level, explanation.reason
    if level is not None and reason == Reason.PUBLISHED_BEFORE:
        name = words.level(explanation.level_item, level)
        told = f"{area_name}: {name}, veröffentlicht, bevor es den Atlas gab"
        if explanation.index is None:
            return f"{told}."
        return f"{told}; Index und Beiträge sind nach der heutigen Regel gerechnet."
    if level is None or explanation.index is None:
        state = _UNCLASSIFIED
        if reason == Reason.PENDING:
            state = f"hat noch keine {class_word(explanation.level_item)}"
        return f"{area_name} {state}: {reason_text(explanation, words)}."
    name = words.level(explanation.level_item, level)
    if explanation.status == Status.ESTIMATED:
        name += ESTIMATED
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
    if level is None or index is None or explanation.reason == Reason.PUBLISHED_BEFORE:
        return ()
    found = []
    if level <= len(cuts):
        found.append((level + 1, _upwards(explanation, index, cuts[level - 1])))
    if level > 1:
        own, far, limit = _told_apart(index, cuts[level - 2])
        text = f"Der Index {own} liegt {far} über der Grenze {limit}"
        is_top = level > len(cuts)
        word = class_word(explanation.level_item)
        found.append((level - 1, f"{text} zur höchsten {word}." if is_top else f"{text}."))
    return tuple(found)


def _upwards(explanation: Explanation, index: float, cut: float) -> str:
    if index == cut:
        word, limit = class_word(explanation.level_item), number_text(cut, _DIGITS)
        return (
            f"Der Index liegt genau auf der Grenze {limit} und bleibt damit in dieser {word}."
        )
    own, far, limit = _told_apart(index, cut)
    return f"Dem Index {own} fehlen {far} bis zur Grenze {limit}."


def _told_apart(index: float, cut: float) -> tuple[str, str, str]:
    """Write index, distance and cut: the distance is that of the two as they are written."""
    digits = _DIGITS
    while digits < _FINEST and rounded(index, digits) == rounded(cut, digits):
        digits += 1
    own, limit = rounded(index, digits), rounded(cut, digits)
    far = number_text(abs(own - limit), digits)
    return number_text(own, digits), far, number_text(limit, digits)


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
    ranks = f"Rang {firmness.rank_low}"
    if firmness.rank_high > firmness.rank_low:
        ranks = f"Rang {firmness.rank_low} bis {firmness.rank_high}"
    where = "dabei" if kept == 1 else "über alle"  # the ranks are those of all replications
    word = class_word(explanation.level_item)
    told = f"gleiche {word} in {_times_text(firmness, kept)} Nachrechnungen"
    if firmness.driver is not None and kept < 1:
        told = _joint_text(firmness, level, word)
    return f"{STABILITY_LABELS[firmness.stability]}: {told}, {where} {ranks}."


def _times_text(firmness: Firmness, kept: float) -> str:
    share = "allen" if kept == 1 else f"{_share_text(kept)} der"
    return f"{share} {number_text(firmness.replications, 0)}"


def _joint_text(firmness: Firmness, level: int, word: str) -> str:
    """Say how often it is each level, and what it hangs on most where it is not stable."""
    kept = firmness.shares[level - 1]
    others = [
        (share, number)
        for number, share in enumerate(firmness.shares, 1)
        if share and number != level
    ]
    told = [f"{word} {level} in {_times_text(firmness, kept)} Nachrechnungen"]
    told += [f"{word} {number} in {_share_text(share)}" for share, number in _by_size(others)]
    text = enumeration(told)
    if firmness.driver and firmness.stability != STABLE and firmness.share_held is not None:
        cause, pronoun = DRIVER_TEXTS[DRIVERS[firmness.driver - 1]]
        text += (
            f", am meisten wegen {cause} (hielte man {pronoun} fest: {word} {level} in "
            f"{_share_text(firmness.share_held)})"
        )
    return text


def _by_size(shares: list[tuple[float, int]]) -> list[tuple[float, int]]:
    return sorted(shares, key=lambda one: (-one[0], one[1]))


def _share_text(kept: float) -> str:
    """Write a share that is not all of them; cut off, so that it reaches no limit too early."""
    tenths = math.floor(round(1000 * kept, 6))
    if not tenths and kept:
        return "weniger als 0,1 %"
    return f"{number_text(tenths / 10, 1)} %"
