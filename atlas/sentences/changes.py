"""Changes as German paragraphs."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from atlas.classify.changes import AreaChange, PartChange
from atlas.config.indicators import parse_term
from atlas.sentences.levels import STABILITY_LABELS
from atlas.sentences.naming import ESTIMATED, REASON_TEXTS, Words
from atlas.terms import Reason
from atlas.words import (
    enumeration,
    index_text,
    number_text,
    rounded,
    rounded_parts,
    signed_text,
)

_DIGITS = 2
# Figures that differ by less are the same, computed in another order.
_NOISE = 1e-9
ROBUST, NEAR_LIMIT = "belastbar", "an der Grenze"


@dataclass(frozen=True)
class ChangeSentences:
    """What is said of one move, piece by piece.

    ``firmness`` says how far both levels hold, empty where nobody computed it; ``figures`` has
    a clause per indicator.
    """

    move: str
    firmness: str
    figures: tuple[str, ...]
    drivers: str


def change_text(change: AreaChange, area_name: str, words: Words, earlier: Words) -> str:
    """Say how an area moved between two classifications, with the numbers behind it.

    In the style in which the city of Wuppertal publishes changes: counts, then the indicator
    that they move, then what weighed most.

    Parameters
    ----------
    words, earlier
        What things are called at the later and at the earlier of the two.
    """
    told = change_sentences(change, words, earlier)
    sentences = (f"{area_name}: {told.move}.", told.firmness, "; ".join(told.figures))
    with_stops = (f"{one}." if one and not one.endswith(".") else one for one in sentences)
    return " ".join(sentence for sentence in (*with_stops, told.drivers) if sentence)


def change_sentences(change: AreaChange, words: Words, earlier: Words) -> ChangeSentences:
    """Say the same in pieces: the move, how firm, a clause per indicator, what weighed most."""
    return ChangeSentences(
        move=_move_text(change, words, earlier),
        firmness=_firmness_text(change),
        figures=tuple(_figures(change, words)),
        drivers=_drivers_text(change, words) if change.parts else "",
    )


def _move_text(change: AreaChange, words: Words, earlier: Words) -> str:
    before = _level_text(change, 0, earlier)
    after = _level_text(change, 1, words)
    text = f"von {before} zu {after}" if before != after else f"weiterhin {after}"
    if change.index_before is not None and change.index_after is not None:
        text += f"; {_index_text(change.index_before, change.index_after)}"
    return text


def _level_text(change: AreaChange, at: int, words: Words) -> str:
    """Name the level before (0) or after (1), or say why there is none."""
    level = (change.level_before, change.level_after)[at]
    if level is None:
        reason = (change.reason_before, change.reason_after)[at]
        return f"„nicht klassifiziert“ ({REASON_TEXTS[Reason(reason)]})"
    mark = ESTIMATED if change.is_estimated[at] else ""
    return f"{words.level(change.level_item, level)}{mark}"


def _index_text(before: float, after: float) -> str:
    first, second = index_text(before), index_text(after)
    if math.isclose(before, after, abs_tol=_NOISE):
        return f"der Index bleibt bei {second}"
    if first == second:
        return f"der Index bleibt gerundet bei {second}"
    by = signed_text(_shown_difference(before, after), _DIGITS)
    return (
        f"der Index {'steigt' if after > before else 'sinkt'} von {first} auf {second} ({by})"
    )


def _shown_difference(before: float, after: float) -> float:
    """Difference of two figures as a reader finds it from what is written."""
    return rounded(rounded(after, _DIGITS) - rounded(before, _DIGITS), _DIGITS)


def _firmness_text(change: AreaChange) -> str:
    """Say how firm the levels stand, and of a move whether it is one to rely on."""
    before, after = change.stability
    if before is None or after is None:
        return ""
    words = f"vorher {STABILITY_LABELS[before]}, nachher {STABILITY_LABELS[after]}"
    if change.level_before == change.level_after:
        return f"Robustheit {words}."
    verdict = ROBUST if change.is_robust else NEAR_LIMIT
    return f"Der Wechsel ist {verdict}: Robustheit {words}."


def _figures(change: AreaChange, words: Words) -> Iterator[str]:
    """Each indicator with the counts of its numerator; every count is told once."""
    told: set[str] = set()
    for part in change.parts:
        terms = map(parse_term, words.indicator(part.item).numerator)
        measures = [term.measure for term in terms if term.group in (None, words.group)]
        clause = [
            _count_text(words.people(item), after - before)
            for item, before, after in change.counts
            if item in measures and item not in told
        ]
        told.update(measures)
        if text := ", ".join([*clause, _value_text(part, words)]):
            yield text


def _count_text(label: str, difference: float) -> str:
    number = number_text(abs(difference), 0)
    if difference == 0:
        return f"{label} unverändert"
    direction = "mehr" if difference > 0 else "weniger"
    if abs(difference) == 1:
        return f"{label}: {number} {direction}"
    return f"{number} {label} {direction}"


def _value_text(part: PartChange, words: Words) -> str:
    if part.value_before is None or part.value_after is None:
        return ""
    name = words.name(part.item)
    before = words.number(part.item, part.value_before)
    after = words.amount(part.item, part.value_after)
    if math.isclose(part.value_before, part.value_after, rel_tol=_NOISE):
        return f"{name} unverändert bei {after}"
    if before == words.number(part.item, part.value_after):
        return f"{name} gerundet unverändert bei {after}"
    direction = "gestiegen" if part.value_after > part.value_before else "gesunken"
    return f"{name} von {before} auf {after} {direction}"


def _drivers_text(change: AreaChange, words: Words) -> str:
    strongest = sorted(change.parts, key=lambda part: -abs(part.total))
    total = _shown_total(change)
    amounts = rounded_parts([_or_nothing(part.total) for part in strongest], _DIGITS, total)
    parts = [
        f"{words.name(part.item)} {signed_text(amount, _DIGITS)}"
        for part, amount in zip(strongest, amounts, strict=True)
        if amount
    ]
    listed = f"{enumeration(parts)}, zusammen" if parts else "insgesamt"
    text = f"Den Index verändern {listed} {signed_text(total, _DIGITS)}"
    return f"{text}; davon {_sources(change, total)}." if change.is_split else f"{text}."


def _shown_total(change: AreaChange) -> float:
    """Change of the index as a reader finds it from both, where the parts add up to it."""
    total = math.fsum(part.total for part in change.parts)
    before, after = change.index_before, change.index_after
    if before is None or after is None:
        return rounded(total, _DIGITS)
    is_whole = math.isclose(total, after - before, abs_tol=_NOISE)
    return _shown_difference(before, after) if is_whole else rounded(total, _DIGITS)


def _sources(change: AreaChange, total: float) -> str:
    """Say what the change came from; the rule is named where it had a part in it."""
    sums = [
        math.fsum(part.own_value for part in change.parts),
        math.fsum(part.mean_shift + part.spread_shift for part in change.parts),
        math.fsum(part.rest for part in change.parts),
    ]
    amounts = rounded_parts([_or_nothing(one) for one in sums], _DIGITS, total)
    own, city, rest = (signed_text(amount, _DIGITS) for amount in amounts)
    sources = [
        f"{own} durch die eigenen Werte",
        f"{city} durch Mittel und Streuung aller Gebiete",
    ]
    return enumeration([*sources, f"{rest} durch die Regel"] if amounts[-1] else sources)


def _or_nothing(amount: float) -> float:
    """Take rounding of the machine away, so that it is no part that could be rounded up."""
    return amount if abs(amount) > _NOISE else 0.0
