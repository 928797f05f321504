"""Why a Quartier has its level and its class of dynamics, as ``classify`` explains them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from atlas.classify import Explanation, PartExplained, explain, level_table, rule_of
from atlas.config.methods import Method
from atlas.publication.seen import Seen
from atlas.publication.views.items import NO_LEVEL, item_of
from atlas.publication.views.meanings import Term
from atlas.publication.views.notices import meanings_of
from atlas.publication.views.table import Field, Table, number, text
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
from atlas.words import enumeration, number_text, signed_text

_DIGITS = 2
_EVEN = 0.005
_CENTRES = {"area_mean": "Durchschnitt", "city_value": "Stadt"}
# The drivers that a sentence names; the table has them all.
_NAMED = 3
_GAP = "–"
_SUM = "Index (Summe der Beiträge)"


@dataclass(frozen=True)
class Contribution:
    """What one indicator adds to the index of one area.

    ``amount`` in units of the index; all amounts of an area add up to it. ``text`` says the
    same in words: value, mean and contribution.
    """

    item: str
    label: str
    value: str
    mean: str
    z: str
    amount: float
    amount_text: str
    text: str


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
    found = _contributions(seen, explained)
    return Reasons(
        text=level_sentence(explained, title, _words(seen)),
        drivers=_drivers(seen, explained, found),
        limits=_limits(explained),
        meanings=meanings_of(_method(seen), explained) if found else (),
        contributions=found,
        table=_contribution_table(seen, title, found, explained) if found else None,
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
    explained = _explained(seen, "dynamic", area_id)
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
    fields = [text("need", "Handlungsbedarf \\ Dynamik")]
    fields += [
        number(f"to_{step}", dynamic.level_text(step) if step else "ohne Klasse")
        for step in map(int, counts.columns)
    ]
    rows = tuple(
        (need.level_text(step) if step else NO_LEVEL, *(int(n) or None for n in row))
        for step, row in zip(counts.index, counts.to_numpy().tolist(), strict=True)
    )
    title = (
        f"{seen.plural(Kind.QUARTIER)} nach Handlungsbedarf und Dynamik, "
        f"{seen.group_label}, {seen.day}"
    )
    return Table(title, tuple(fields), rows)


def _limits(explained: Explanation) -> tuple[Term, ...]:
    """Distances to the levels above and below, and how far the level holds."""
    word = class_word(explained.level_item)
    found = [Term(f"Zu {word} {to}", text) for to, text in limit_texts(explained)]
    if text := firmness_text(explained):
        found.append(Term("Robustheit", text))
    return tuple(found)


def explanation_of(seen: Seen, area_id: str) -> Explanation | None:
    """Explanation of a Quartier as ``classify`` gives it, from shown cells alone."""
    return _explained(seen, "need", area_id) if seen.has_levels else None


def unclassified_reason(seen: Seen, area_id: str) -> str:
    """Say why a Quartier has no level, as a clause; empty where the group has no levels."""
    explained = explanation_of(seen, area_id)
    return "" if explained is None else reason_text(explained, _words(seen))


def contributions_of(seen: Seen, area_id: str) -> tuple[Contribution, ...]:
    """Give what each indicator adds to the index, strongest first; empty without a level."""
    explained = explanation_of(seen, area_id)
    return () if explained is None else _contributions(seen, explained)


def main_reason(seen: Seen, area_id: str) -> str:
    """One plain sentence on what pushes the index most; empty without a level."""
    explained = explanation_of(seen, area_id)
    if explained is None or explained.index is None:
        return ""
    found = _contributions(seen, explained)
    if not _method(seen).is_standardising:
        return f"Am meisten trägt bei: {found[0].label} {found[0].value}." if found else ""
    is_above = explained.index > 0
    pushing = [
        one for one in found if abs(one.amount) >= _EVEN and (one.amount > 0) == is_above
    ]
    if not pushing:
        return ""
    return (
        f"Der Index liegt {'über' if is_above else 'unter'} dem Durchschnitt, vor allem wegen: "
        f"{pushing[0].label} {pushing[0].value} ({_CENTRES[explained.mean_base]} "
        f"{pushing[0].mean})."
    )


def _explained(seen: Seen, kind: Literal["need", "dynamic"], area_id: str) -> Explanation:
    rule = rule_of(seen.config.levels, kind, seen.group)
    day = seen.info.reference_date
    return seen.once(
        ("explained", kind, area_id), lambda: explain(seen.items(), rule, day, area_id)
    )


def _drivers(seen: Seen, explained: Explanation, found: tuple[Contribution, ...]) -> str:
    """Name the indicators that raise and lower the index, the strongest first."""
    if not found:
        return ""
    if not _method(seen).is_standardising:
        return f"Zum Index tragen bei: {enumeration([one.label for one in found[:_NAMED]])}."
    raising = [one for one in found if one.amount >= _EVEN]
    lowering = [one for one in found if one.amount <= -_EVEN]
    base = f"im Durchschnitt der {seen.plural(Kind.QUARTIER)}"
    if explained.mean_base == "city_value":
        base = "in der Stadt insgesamt"
    parts = [
        f"{share} Bedarf als {base} bei {_named(some)}."
        for share, some in (("Mehr", raising), ("Weniger", lowering))
        if some
    ]
    return " ".join(parts) or f"In allen Indikatoren so viel Bedarf wie {base}."


def _named(found: Sequence[Contribution]) -> str:
    """Join labels, the one that weighs most first."""
    labels = [one.label for one in found]
    more = len(labels) - _NAMED
    if more > 1:
        labels = [*labels[:_NAMED], f"{more} weiteren"]
    if len(labels) > 1:
        labels[0] += " (am stärksten)"
    return enumeration(labels)


def _method(seen: Seen) -> Method:
    return seen.config.levels.need[seen.group].record


def _words(seen: Seen) -> Words:
    return Words(seen.config.indicators, seen.config.levels)


def _contributions(seen: Seen, explained: Explanation) -> tuple[Contribution, ...]:
    centre = _CENTRES[explained.mean_base]
    shown = shown_contributions(explained, _DIGITS)
    found = [
        _contribution(seen, part, centre, shown.get(part.item, 0.0)) for part in explained.parts
    ]
    present = [one for one in found if one is not None]
    return tuple(sorted(present, key=lambda one: (-abs(one.amount), one.item)))


def _contribution(
    seen: Seen, part: PartExplained, centre: str, shown: float
) -> Contribution | None:
    amount = part.contribution
    if amount is None or part.value is None:
        return None
    item = item_of(seen.config, part.item)
    mean = "" if part.mean is None else item.value_text(part.mean)
    value = item.value_text(part.value)
    beside = f", {centre} {mean}" if mean else ""
    return Contribution(
        item=item.id,
        label=item.label,
        value=value,
        mean=mean,
        z="" if part.z is None else signed_text(part.z, _DIGITS),
        amount=amount,
        amount_text=signed_text(shown, _DIGITS),
        text=f"{item.label} {value}{beside}: {_effect(shown)}.",
    )


def _effect(amount: float) -> str:
    if not amount:
        return "ändert den Index kaum"
    return (
        f"{'hebt' if amount > 0 else 'senkt'} den Index um {number_text(abs(amount), _DIGITS)}"
    )


def _contribution_table(
    seen: Seen, title: str, found: tuple[Contribution, ...], explained: Explanation
) -> Table:
    fields = _part_fields(_CENTRES[explained.mean_base], _method(seen).score.name)
    rows = [(one.label, one.value, one.mean, one.z, one.amount_text) for one in found]
    index = "" if explained.index is None else signed_text(explained.index, _DIGITS)
    rows.append((_SUM, "", "", "", index))
    title = f"{title}: Beiträge zum Index, {seen.group_label}, {seen.day}"
    return Table(title, fields, tuple(rows))


def _dynamics_table(seen: Seen, title: str, explained: Explanation) -> Table:
    words = _words(seen)
    parts = sorted(explained.parts, key=lambda part: -abs(part.contribution or 0.0))
    shown = shown_contributions(explained, _DIGITS)
    rows = [_dynamics_row(part, words, shown.get(part.item)) for part in parts]
    rows.append((_SUM, "", "", "", _signed(explained.index)))
    return Table(title, _part_fields("Durchschnitt", "z-Wert"), tuple(rows))


def _part_fields(centre: str, score: str) -> tuple[Field, ...]:
    return (
        text("item", "Indikator"),
        number("value", "Wert"),
        number("mean", centre),
        number("z", score),
        number("amount", "Beitrag"),
    )


def _dynamics_row(part: PartExplained, words: Words, shown: float | None) -> tuple[str, ...]:
    amounts = [
        _GAP if value is None else words.amount(part.item, value)
        for value in (part.value, part.mean)
    ]
    return words.name(part.item), *amounts, _signed(part.z), _signed(shown)


def _signed(value: float | None) -> str:
    return _GAP if value is None else signed_text(value, _DIGITS)
