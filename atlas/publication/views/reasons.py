"""Why a Quartier has its level: the explanation of ``classify`` made ready to show."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from atlas.classify import (
    CITY_ID,
    Explanation,
    PartExplained,
    Words,
    explain,
    firmness_text,
    level_sentence,
    limit_texts,
    reason_text,
    rule_of,
)
from atlas.classify.german import class_word
from atlas.config.methods import Method
from atlas.publication.views.cells import SHOWN, area_of
from atlas.publication.views.items import group_label, item_of, plural
from atlas.publication.views.meanings import Term, meanings_of
from atlas.publication.views.tables import Column, Table
from atlas.release import Release
from atlas.terms import Group, Kind
from atlas.words import day_text, enumeration, number_text, signed_text

_DIGITS = 2
_EVEN = 0.005
_CENTRES = {"area_mean": "Durchschnitt", "city_value": "Stadt"}
# The drivers that a sentence names; the table has them all.
_NAMED = 3


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


def reasons(release: Release, area_id: str, group: Group) -> Reasons | None:
    """Explain the level of one Quartier; ``None`` where the group has no levels.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    explained = explanation_of(release, area_id, group)
    if explained is None:
        return None
    area = area_of(release, Kind.QUARTIER, area_id)
    title = area_id if area is None else area.title
    found = _contributions(release, explained)
    caption = (
        f"{title}: Beiträge zum Index, {group_label(release, group)}, "
        f"{day_text(release.info.reference_date)}"
    )
    method = _method(release, group)
    return Reasons(
        text=level_sentence(explained, title, _words(release)),
        drivers=_drivers(release, group, explained, found),
        limits=limits_of(explained),
        meanings=meanings_of(method, explained) if found else (),
        contributions=found,
        table=_table(caption, found, explained, method) if found else None,
    )


def limits_of(explained: Explanation) -> tuple[Term, ...]:
    """Distances to the levels above and below, and how far the level holds."""
    word = class_word(explained.level_item)
    found = [Term(f"Bis {word} {to}", text) for to, text in limit_texts(explained)]
    if text := firmness_text(explained):
        found.append(Term("Robustheit", text))
    return tuple(found)


def explanation_of(release: Release, area_id: str, group: Group) -> Explanation | None:
    """Explanation of a Quartier as ``classify`` gives it, from shown cells alone."""
    if group not in release.info.config.levels.need:
        return None
    rule = rule_of(release.info.config.levels, "need", group)
    items = items_of(release, group)
    return explain(items, rule, release.info.reference_date, area_id)


def items_of(release: Release, group: Group) -> pd.DataFrame:
    """Cells of all Quartiere and the city as ``classify`` reads them.

    One row per area_id and item; the city stands under its own key of ``classify``.
    """
    cells = release.cells
    is_here = cells["kind"].isin([str(Kind.QUARTIER), str(Kind.CITY)])
    items = cells[is_here & (cells["group"] == str(group))]
    is_shown = items["status"].isin([str(status) for status in SHOWN])
    is_city = items["kind"] == str(Kind.CITY)
    return items.assign(
        value=items["value"].where(is_shown), area_id=items["area_id"].mask(is_city, CITY_ID)
    )


def unclassified_reason(release: Release, area_id: str, group: Group) -> str:
    """Say why a Quartier has no level, as a clause; empty where the group has no levels."""
    explained = explanation_of(release, area_id, group)
    return "" if explained is None else reason_text(explained, _words(release))


def main_reason(release: Release, area_id: str, group: Group) -> str:
    """One plain sentence on what pushes the index most; empty without a level."""
    explained = explanation_of(release, area_id, group)
    if explained is None or explained.index is None:
        return ""
    found = _contributions(release, explained)
    centre = _CENTRES[explained.mean_base]
    if not _method(release, group).is_standardising:
        return f"Am meisten trägt bei: {found[0].label} {found[0].value}." if found else ""
    is_above = explained.index > 0
    pushing = [
        one for one in found if abs(one.amount) >= _EVEN and (one.amount > 0) == is_above
    ]
    if not pushing:
        return ""
    return (
        f"Der Index liegt {'über' if is_above else 'unter'} dem Durchschnitt, vor allem wegen: "
        f"{pushing[0].label} {pushing[0].value} ({centre} {pushing[0].mean})."
    )


def _drivers(
    release: Release, group: Group, explained: Explanation, found: tuple[Contribution, ...]
) -> str:
    """Name the indicators that raise and lower the index, the strongest first."""
    if not found:
        return ""
    if not _method(release, group).is_standardising:
        return f"Zum Index tragen bei: {enumeration([one.label for one in found[:_NAMED]])}."
    raising = [one for one in found if one.amount >= _EVEN]
    lowering = [one for one in found if one.amount <= -_EVEN]
    base = f"im Durchschnitt der {plural(release, Kind.QUARTIER)}"
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


def _method(release: Release, group: Group) -> Method:
    return release.info.config.levels.need[group].record


def _words(release: Release) -> Words:
    config = release.info.config
    return Words(config.indicators, config.levels)


def _contributions(release: Release, explained: Explanation) -> tuple[Contribution, ...]:
    centre = _CENTRES[explained.mean_base]
    found = [_contribution(release, part, centre) for part in explained.parts]
    present = [one for one in found if one is not None]
    return tuple(sorted(present, key=lambda one: (-abs(one.amount), one.item)))


def _contribution(release: Release, part: PartExplained, centre: str) -> Contribution | None:
    amount = part.contribution
    if amount is None or part.value is None:
        return None
    item = item_of(release.info.config, part.item)
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
        amount_text=signed_text(amount, _DIGITS),
        text=f"{item.label} {value}{beside}: {_effect(amount)}.",
    )


def _effect(amount: float) -> str:
    if abs(amount) < _EVEN:
        return "ändert den Index kaum"
    return (
        f"{'hebt' if amount > 0 else 'senkt'} den Index um {number_text(abs(amount), _DIGITS)}"
    )


def _table(
    caption: str, found: tuple[Contribution, ...], explained: Explanation, method: Method
) -> Table:
    heads = (
        Column("item", "Indikator", "", is_number=False),
        Column("value", "Wert", "", is_number=True),
        Column("mean", _CENTRES[explained.mean_base], "", is_number=True),
        Column("z", method.score.name, "", is_number=True),
        Column("amount", "Beitrag", "", is_number=True),
    )
    rows = [(one.label, one.value, one.mean, one.z, one.amount_text) for one in found]
    index = "" if explained.index is None else signed_text(explained.index, _DIGITS)
    rows.append(("Index (Summe der Beiträge)", "", "", "", index))
    return Table(caption, heads, tuple(rows), {})
