"""Changes as German paragraphs."""

from atlas.classify.changes import AreaChange, PartChange
from atlas.classify.german import (
    REASON_TEXTS,
    Words,
    enumeration,
    index_text,
    number_text,
    signed_text,
)
from atlas.config.indicators import parse_term
from atlas.terms import Reason

# A part of the index change below this is not worth a word.
_SMALL = 0.005


def change_text(change: AreaChange, area_name: str, words: Words) -> str:
    """Say how an area moved between two classifications, with the numbers behind it.

    In the style in which the city of Wuppertal publishes changes: counts, then the indicator
    that they move, then what weighed most.
    """
    sentences = [_move_text(change, area_name, words), _figures_text(change, words)]
    if change.parts:
        sentences.append(_drivers_text(change, words))
    return " ".join(sentence for sentence in sentences if sentence)


def _move_text(change: AreaChange, area_name: str, words: Words) -> str:
    before = _level_text(change.level_item, change.level_before, change.reason_before, words)
    after = _level_text(change.level_item, change.level_after, change.reason_after, words)
    text = f"von {before} zu {after}" if before != after else f"weiterhin {after}"
    if change.index_before is not None and change.index_after is not None:
        text += f"; {_index_text(change.index_before, change.index_after)}"
    return f"{area_name}: {text}."


def _level_text(level_item: str, level: int | None, reason: str, words: Words) -> str:
    if level is None:
        return f"„nicht klassifiziert“ ({REASON_TEXTS[Reason(reason)]})"
    return words.level(level_item, level)


def _index_text(before: float, after: float) -> str:
    first, second = index_text(before), index_text(after)
    if first == second:
        return f"der Index bleibt gerundet bei {second}"
    return f"der Index {'steigt' if after > before else 'sinkt'} von {first} auf {second}"


def _figures_text(change: AreaChange, words: Words) -> str:
    """Each indicator with the counts of its numerator; every count is told once."""
    told: set[str] = set()
    clauses = []
    for part in change.parts:
        measures = [
            term.measure for term in map(parse_term, words.indicator(part.item).numerator)
        ]
        clause = [
            _count_text(words.indicators.measures[item].label, after - before)
            for item, before, after in change.counts
            if item in measures and item not in told
        ]
        told.update(measures)
        clauses.append(", ".join([*clause, _value_text(part, words)]))
    text = "; ".join(clause for clause in clauses if clause)
    return f"{text}." if text else ""


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
    if before == words.number(part.item, part.value_after):
        return f"{name} gerundet unverändert bei {after}"
    direction = "gestiegen" if part.value_after > part.value_before else "gesunken"
    return f"{name} von {before} auf {after} {direction}"


def _drivers_text(change: AreaChange, words: Words) -> str:
    strongest = sorted(change.parts, key=lambda part: -abs(part.total))
    parts = [
        f"{words.name(part.item)} {signed_text(part.total, 2)}"
        for part in strongest
        if abs(part.total) >= _SMALL
    ]
    own = sum(part.own_value for part in change.parts)
    city = sum(part.mean_shift + part.spread_shift for part in change.parts)
    rest = sum(part.rest for part in change.parts)
    sources = [
        f"{signed_text(own, 2)} durch die eigenen Werte",
        f"{signed_text(city, 2)} durch Mittel und Streuung der ganzen Stadt",
    ]
    if abs(rest) >= _SMALL:
        sources.append(f"{signed_text(rest, 2)} durch die Regel")
    total = signed_text(own + city + rest, 2)
    listed = f"{enumeration(parts)}, zusammen" if parts else "insgesamt"
    return f"Den Index verändern {listed} {total}; davon {enumeration(sources)}."
