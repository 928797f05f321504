"""Changes as German paragraphs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from atlas.classify.changes import AreaChange, PartChange
from atlas.config.indicators import parse_term
from atlas.sentences.naming import REASON_TEXTS, Words
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


@dataclass(frozen=True)
class ChangeSentences:
    """What is said of one move, piece by piece; ``figures`` has a clause per indicator."""

    move: str
    figures: tuple[str, ...]
    drivers: str


def change_text(change: AreaChange, area_name: str, words: Words) -> str:
    """Say how an area moved between two classifications, with the numbers behind it.

    In the style in which the city of Wuppertal publishes changes: counts, then the indicator
    that they move, then what weighed most.
    """
    told = change_sentences(change, words)
    figures = "; ".join(told.figures)
    sentences = (f"{area_name}: {told.move}.", f"{figures}." if figures else "", told.drivers)
    return " ".join(sentence for sentence in sentences if sentence)


def change_sentences(change: AreaChange, words: Words) -> ChangeSentences:
    """Say the same in pieces: the move, a clause per indicator, what weighed most."""
    return ChangeSentences(
        move=_move_text(change, words),
        figures=tuple(_figures(change, words)),
        drivers=_drivers_text(change, words) if change.parts else "",
    )


def _move_text(change: AreaChange, words: Words) -> str:
    before = _level_text(change.level_item, change.level_before, change.reason_before, words)
    after = _level_text(change.level_item, change.level_after, change.reason_after, words)
    text = f"von {before} zu {after}" if before != after else f"weiterhin {after}"
    if change.index_before is not None and change.index_after is not None:
        text += f"; {_index_text(change.index_before, change.index_after)}"
    return text


def _level_text(level_item: str, level: int | None, reason: str, words: Words) -> str:
    if level is None:
        return f"„nicht klassifiziert“ ({REASON_TEXTS[Reason(reason)]})"
    return words.level(level_item, level)


def _index_text(before: float, after: float) -> str:
    first, second = index_text(before), index_text(after)
    if before == after:
        return f"der Index bleibt bei {second}"
    if first == second:
        return f"der Index bleibt gerundet bei {second}"
    return f"der Index {'steigt' if after > before else 'sinkt'} von {first} auf {second}"


def _figures(change: AreaChange, words: Words) -> Iterator[str]:
    """Each indicator with the counts of its numerator; every count is told once."""
    told: set[str] = set()
    for part in change.parts:
        measures = [
            term.measure for term in map(parse_term, words.indicator(part.item).numerator)
        ]
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
    if part.value_before == part.value_after:
        return f"{name} unverändert bei {after}"
    if before == words.number(part.item, part.value_after):
        return f"{name} gerundet unverändert bei {after}"
    direction = "gestiegen" if part.value_after > part.value_before else "gesunken"
    return f"{name} von {before} auf {after} {direction}"


def _drivers_text(change: AreaChange, words: Words) -> str:
    strongest = sorted(change.parts, key=lambda part: -abs(part.total))
    own = sum(part.own_value for part in change.parts)
    city = sum(part.mean_shift + part.spread_shift for part in change.parts)
    rest = sum(part.rest for part in change.parts)
    total = rounded(own + city + rest, _DIGITS)
    amounts = rounded_parts([part.total for part in strongest], _DIGITS, total)
    parts = [
        f"{words.name(part.item)} {signed_text(amount, _DIGITS)}"
        for part, amount in zip(strongest, amounts, strict=True)
        if amount
    ]
    listed = f"{enumeration(parts)}, zusammen" if parts else "insgesamt"
    sources = enumeration(_sources(rounded_parts([own, city, rest], _DIGITS, total)))
    return f"Den Index verändern {listed} {signed_text(total, _DIGITS)}; davon {sources}."


def _sources(amounts: Sequence[float]) -> list[str]:
    """Say what the change came from; the rule is named where it had a part in it."""
    own, city, rest = (signed_text(amount, _DIGITS) for amount in amounts)
    sources = [
        f"{own} durch die eigenen Werte",
        f"{city} durch Mittel und Streuung der ganzen Stadt",
    ]
    return [*sources, f"{rest} durch die Regel"] if amounts[-1] else sources
