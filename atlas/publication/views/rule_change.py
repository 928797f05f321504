"""What a new rule moved and what the figures moved, at the date from which the rule holds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from atlas.classify import FORMER
from atlas.publication.seen import Seen
from atlas.terms import NEED_LEVEL, Kind
from atlas.words import counted, enumeration

_BY_FIGURES, _BY_RULE, _BY_BOTH = "Zahlen", "Regel", "Zahlen und Regel"


@dataclass(frozen=True)
class RuleChange:
    """Between two releases the rule changed; the later one tells levels by both rules.

    Attributes
    ----------
    causes
        Why the level of a Quartier is another one, by its key; only where it is.
    hidden
        Keys of the Quartiere that figures and rule moved by as much, in opposite directions.
    """

    causes: Mapping[str, str]
    hidden: tuple[str, ...]

    def sentences(self, after: Seen) -> tuple[str, ...]:
        """Say how many moves are whose."""
        counts = Counter(self.causes.values())
        words = (
            (_BY_FIGURES, "durch die Zahlen, auch nach der früheren Regel"),
            (_BY_RULE, "allein durch die neue Regel"),
            (_BY_BOTH, "durch beides"),
        )
        parts = [f"{counts[cause]} {told}" for cause, told in words if counts[cause]]
        told = [
            f"Zum {after.day} hat die Regel der Einstufung gewechselt; dieser Stichtag ist "
            "nach beiden Regeln gerechnet."
        ]
        if parts:
            told.append(f"Eine andere Stufe haben {enumeration(parts)}.")
        if self.hidden:
            names = after.singular(Kind.QUARTIER), after.plural(Kind.QUARTIER)
            number = counted(len(self.hidden), *names)
            told.append(f"Zahlen und Regel heben sich auf, die Stufe ist dieselbe: {number}.")
        return tuple(told)


def rule_change(before: Seen, after: Seen) -> RuleChange | None:
    """Split the moves; ``None`` unless the later release tells levels by the earlier rule."""
    # Which date the comparable index refers to is no rule of the levels.
    rules = before.config.levels.model_copy(update={"fixed": {}})
    former = after.config.former
    if former is None or former.model_copy(update={"fixed": {}}) != rules:
        return None
    old, by_old = _levels(before, NEED_LEVEL), _levels(after, NEED_LEVEL + FORMER)
    new = _levels(after, NEED_LEVEL)
    causes, hidden = {}, []
    for key in sorted(old.keys() & by_old.keys() & new.keys()):
        is_by_figures, is_by_rule = by_old[key] != old[key], new[key] != by_old[key]
        if new[key] != old[key]:
            both = _BY_BOTH if is_by_figures and is_by_rule else ""
            causes[key] = both or (_BY_FIGURES if is_by_figures else _BY_RULE)
        elif is_by_figures:
            hidden.append(key)
    return RuleChange(causes, tuple(hidden))


def _levels(seen: Seen, item: str) -> dict[str, float | None]:
    """Level of every Quartier by its key; ``None`` where the rule gives none."""
    column = seen.column(Kind.QUARTIER, item)
    return {key: cell.value for key, cell in column.items() if cell is not None}
