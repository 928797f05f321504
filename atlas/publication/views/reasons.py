"""Why a Quartier has its level and its class of dynamics, as ``classify`` explains them."""

from collections.abc import Sequence
from dataclasses import dataclass

from atlas.classify import Explanation, PartExplained, level_table, rule_of
from atlas.publication.seen import Seen
from atlas.publication.views.contributions import (
    DIGITS,
    SUM,
    Contribution,
    carried_text,
    centre_of,
    contribution_table,
    contributions_of,
    explained_of,
    explanation_of,
    method_of,
    part_fields,
)
from atlas.publication.views.items import NO_LEVEL, item_of
from atlas.publication.views.meanings import Term
from atlas.publication.views.notices import meanings_of
from atlas.publication.views.table import Table, number, text
from atlas.sentences import (
    Words,
    class_word,
    firmness_text,
    level_sentence,
    limit_texts,
    reason_text,
    shown_contributions,
)
from atlas.terms import DYNAMIC_LEVEL, NEED_LEVEL, Kind
from atlas.words import day_text, enumeration, signed_text

_EVEN = 0.005
# The drivers that a sentence names; the table has them all.
_NAMED = 3
_GAP = "–"
_NOTHING_ADDS = "Kein Indikator trägt etwas zum Index bei."
_CITY = "Stadt insgesamt"


@dataclass(frozen=True)
class Reasons:
    """Level of one Quartier with its reason.

    Attributes
    ----------
    text, drivers
        Level and rank; which indicators weigh most. ``drivers`` is empty without a level.
    limits
        Distance to the levels above and below, robustness.
    meanings
        What the words of this explanation mean.
    contributions
        Empty without a level.
    """

    text: str
    drivers: str
    limits: tuple[Term, ...]
    meanings: tuple[Term, ...]
    contributions: tuple[Contribution, ...]
    table: Table | None


@dataclass(frozen=True)
class Dynamics:
    """Class of one Quartier with its reason; ``table`` is ``None`` without a class."""

    text: str
    limits: tuple[Term, ...]
    table: Table | None


def reasons(seen: Seen, area_id: str) -> Reasons | None:
    """Explain the level of one Quartier; ``None`` where the group has no levels.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    explained = explanation_of(seen, area_id)
    if explained is None:
        return None
    title = seen.area(Kind.QUARTIER, area_id).title
    found = contributions_of(seen, area_id)
    return Reasons(
        text=level_sentence(explained, title, _words(seen)),
        drivers=f"{_drivers(seen, explained, found)} {carried_text(seen, explained)}".strip(),
        limits=_limits(explained),
        meanings=meanings_of(seen, explained) if found else (),
        contributions=found,
        table=contribution_table(seen, area_id),
    )


def dynamics_of(seen: Seen, area_id: str) -> Dynamics | None:
    """Explain the dynamics of one Quartier; ``None`` where the group has none.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    if not seen.has_dynamics:
        return None
    area = seen.area(Kind.QUARTIER, area_id)
    explained = explained_of(seen, "dynamic", area_id)
    title = f"{area.title}: Beiträge zum Index der Dynamik, {seen.group_label}, {seen.day}"
    table = None if explained.index is None else _dynamics_table(seen, title, explained)
    return Dynamics(
        level_sentence(explained, area.title, _words(seen)), _limits(explained), table
    )


def need_by_dynamics(seen: Seen) -> Table | None:
    """Count Quartiere by level of need and class of dynamics; ``None`` without either."""
    if not (seen.has_levels and seen.has_dynamics):
        return None
    counts = level_table(seen.items(), seen.items(), NEED_LEVEL, DYNAMIC_LEVEL)
    need, dynamic = (item_of(seen.config, item) for item in (NEED_LEVEL, DYNAMIC_LEVEL))
    fields = [text("need", f"{need.label} \\ {dynamic.label}")]
    fields += [
        number(f"to_{step}", dynamic.level_text(step) if step else "ohne Klasse")
        for step in map(int, counts.columns)
    ]
    rows = tuple(
        (need.level_text(step) if step else NO_LEVEL, *(int(n) or None for n in row))
        for step, row in zip(counts.index, counts.to_numpy().tolist(), strict=True)
    )
    title = (
        f"{seen.plural(Kind.QUARTIER)} nach {need.label} und {dynamic.label}, "
        f"{seen.group_label}, {seen.day}"
    )
    return Table(title, tuple(fields), rows, f"{need.label} und {dynamic.label}")


def _limits(explained: Explanation) -> tuple[Term, ...]:
    """Distances to the levels above and below, and how far the level holds."""
    word = class_word(explained.level_item)
    found = [Term(f"Zu {word} {to}", text) for to, text in limit_texts(explained)]
    if text := firmness_text(explained):
        found.append(Term("Robustheit", text))
    return tuple(found)


def unclassified_reason(seen: Seen, area_id: str) -> str:
    """Say why a Quartier has no level, as a clause; empty where the group has no levels."""
    explained = explanation_of(seen, area_id)
    return "" if explained is None else reason_text(explained, _words(seen))


def main_reason(seen: Seen, area_id: str) -> str:
    """One plain sentence on what pushes the index most; empty without a level."""
    explained = explanation_of(seen, area_id)
    if explained is None or explained.index is None:
        return ""
    found = contributions_of(seen, area_id)
    if not method_of(seen).is_standardising:
        is_there = bool(found) and found[0].amount > 0
        return f"Am meisten trägt bei: {found[0].label} {found[0].value}." if is_there else ""
    is_above = explained.index > 0
    pushing = [
        one for one in found if abs(one.amount) >= _EVEN and (one.amount > 0) == is_above
    ]
    if not pushing:
        return ""
    first = pushing[0]
    centre = centre_of(seen, explained)
    beside = [f"{centre} {first.mean}"]
    if explained.mean_base == "area_mean" and first.city:
        beside.append(f"{_CITY} {first.city}")
    where = "über" if is_above else "unter"
    return (
        f"Der Index liegt {where} dem {_measure_text(explained)}, vor allem wegen: "
        f"{first.label} {first.value} ({', '.join(beside)})."
    )


def _measure_text(explained: Explanation) -> str:
    """Say at what the index is measured, after „dem“."""
    measure = "Durchschnitt"
    if explained.mean_base == "city_value":
        measure = "Wert der Stadt insgesamt"
    day = explained.base_date
    return measure if day is None else f"{measure} vom {day_text(day)}"


def _drivers(seen: Seen, explained: Explanation, found: tuple[Contribution, ...]) -> str:
    """Name the indicators that raise and lower the index, the strongest first."""
    if not found:
        return ""
    if not method_of(seen).is_standardising:
        adding = [one for one in found if one.amount > 0]
        return (
            f"Zum Index tragen bei: {_named(adding, 'weitere')}." if adding else _NOTHING_ADDS
        )
    context = [one for one in found if _is_context(seen, one)]
    found = tuple(one for one in found if one not in context)
    raising = [one for one in found if one.amount >= _EVEN]
    lowering = [one for one in found if one.amount <= -_EVEN]
    more = seen.config.levels.wording.more
    base = f"im Durchschnitt der {seen.plural(Kind.QUARTIER)}"
    if explained.mean_base == "city_value":
        base = "in der Stadt insgesamt"
    if explained.base_date is not None:
        base += f" am {day_text(explained.base_date)}"
    parts = [
        f"{share} {more} als {base} bei {_named(some, 'weiteren')}."
        for share, some in (("Mehr", raising), ("Weniger", lowering))
        if some
    ]
    parts += _context_texts(seen, explained, context)
    return " ".join(parts) or f"In allen Indikatoren so viel {more} wie {base}."


def _is_context(seen: Seen, one: Contribution) -> bool:
    return seen.config.indicators.indicators[one.item].is_context


def _context_texts(
    seen: Seen, explained: Explanation, context: Sequence[Contribution]
) -> list[str]:
    """Say of indicators of the surroundings where they lie, never that they mean need."""
    signs = {p.item: p.sign for p in rule_of(seen.config.levels, "need", seen.group).parts}
    sides = (("Über", 1), ("Unter", -1))
    measure = f"Durchschnitt der {seen.plural(Kind.QUARTIER)}"
    if explained.mean_base == "city_value":
        measure = "Wert der Stadt insgesamt"
    if explained.base_date is not None:
        measure += f" vom {day_text(explained.base_date)}"
    return [
        f"{where} dem {measure}: {enumeration(labels)}."
        for where, side in sides
        if (
            labels := [
                one.label for one in context if side * signs[one.item] * one.amount >= _EVEN
            ]
        )
    ]


def _named(found: Sequence[Contribution], others: str) -> str:
    """Join labels, the one that weighs most first; ``others`` is the word for the rest."""
    labels = [one.label for one in found]
    more = len(labels) - _NAMED
    if more > 1:
        labels = [*labels[:_NAMED], f"{more} {others}"]
    if len(labels) > 1:
        labels[0] += " (am stärksten)"
    return enumeration(labels)


def _words(seen: Seen) -> Words:
    return Words(seen.config.indicators, seen.config.levels)


def _dynamics_table(seen: Seen, title: str, explained: Explanation) -> Table:
    words = _words(seen)
    parts = sorted(explained.parts, key=lambda part: -abs(part.contribution or 0.0))
    shown = shown_contributions(explained, DIGITS)
    rows = [_dynamics_row(part, words, shown.get(part.item)) for part in parts]
    rows.append((SUM, "", "", "", _signed(explained.index)))
    centre = centre_of(seen, explained)
    return Table(title, part_fields(centre, "z-Wert"), tuple(rows))


def _dynamics_row(part: PartExplained, words: Words, shown: float | None) -> tuple[str, ...]:
    amounts = [
        _GAP if value is None else words.amount(part.item, value)
        for value in (part.value, part.mean)
    ]
    return words.name(part.item), *amounts, _signed(part.z), _signed(shown)


def _signed(value: float | None) -> str:
    return _GAP if value is None else signed_text(value, DIGITS)
