"""What each indicator adds to the index of a Quartier, as ``classify`` explains it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from atlas.classify import Explanation, PartExplained, explain, rule_of
from atlas.config.methods import Method
from atlas.publication.seen import Seen
from atlas.publication.views.items import item_of
from atlas.publication.views.table import Field, Table, number, text
from atlas.sentences import ESTIMATED, centre_text, shown_contributions
from atlas.terms import Kind
from atlas.words import day_text, enumeration, number_text, signed_text

DIGITS = 2
SUM = "Index (Summe der Beiträge)"
# Before an indicator below its sub-index.
_INSIDE = "davon "


@dataclass(frozen=True)
class Contribution:
    """What one indicator adds to the index of one area.

    ``mean``: at what it is measured; ``city``: the value of the whole city; ``amount`` in units
    of the index: all amounts of an area add up to it, and those ``shown`` to it as it is shown.
    ``text`` says value, mean and
    contribution in words.
    """

    item: str
    label: str
    value: str
    mean: str
    city: str
    z: str
    amount: float
    shown: float
    amount_text: str
    text: str


def explanation_of(seen: Seen, area_id: str) -> Explanation | None:
    """Explanation of a Quartier as ``classify`` gives it, from shown cells alone."""
    return explained_of(seen, "need", area_id) if seen.has_levels else None


def contributions_of(seen: Seen, area_id: str) -> tuple[Contribution, ...]:
    """Give what each indicator adds to the index, strongest first; empty without a level."""
    explained = explanation_of(seen, area_id)
    return () if explained is None else _contributions(seen, explained)


def explained_of(seen: Seen, kind: Literal["need", "dynamic"], area_id: str) -> Explanation:
    """Explanation of the level or the class of a Quartier, found once."""
    rule = rule_of(seen.config.levels, kind, seen.group)
    day = seen.info.reference_date
    return seen.once(
        ("explained", kind, area_id), lambda: explain(seen.items(), rule, day, area_id)
    )


def method_of(seen: Seen) -> Method:
    """Give the method of the levels of the group."""
    return seen.config.levels.need[seen.group].record


def centre_of(seen: Seen, explained: Explanation) -> str:
    """Name what the index of an area is measured at."""
    return centre_text(explained, seen.plural(Kind.QUARTIER))


def carried_text(seen: Seen, explained: Explanation) -> str:
    """Name the indicators whose values are carried forward; empty where none are."""
    carried = [
        item_of(seen.config, part.item).label
        for part in explained.parts
        if part.value is None and part.contribution is not None
    ]
    if not carried:
        return ""
    return f"Geschätzt mit dem Wert vom {_carried_day(seen)}: {enumeration(carried)}."


def _carried_day(seen: Seen) -> str:
    """Date from which missing values are carried forward: the last one that is referred to."""
    own = seen.info.reference_date
    days = [date.fromisoformat(name.partition(".")[0]) for name in seen.info.references]
    return day_text(max(day for day in days if day < own))


def _contributions(seen: Seen, explained: Explanation) -> tuple[Contribution, ...]:
    centre = centre_of(seen, explained)
    shown = shown_contributions(explained, DIGITS)
    found = [
        _contribution(seen, part, centre, shown.get(part.item, 0.0)) for part in explained.parts
    ]
    present = [one for one in found if one is not None]
    return tuple(sorted(present, key=lambda one: (-abs(one.amount), one.item)))


def _contribution(
    seen: Seen, part: PartExplained, centre: str, shown: float
) -> Contribution | None:
    amount = part.contribution
    if amount is None:
        return None
    item = item_of(seen.config, part.item)
    mean = "" if part.mean is None else item.value_text(part.mean)
    if part.value is None:
        value = f"Wert vom {_carried_day(seen)}{ESTIMATED}"
    else:
        value = item.value_text(part.value)
    city = seen.value(seen.city, item.id)
    beside = f", {centre} {mean}" if mean else ""
    return Contribution(
        item=item.id,
        label=item.label,
        value=value,
        mean=mean,
        city="" if city is None else item.value_text(city),
        z="" if part.z is None else signed_text(part.z, DIGITS),
        amount=amount,
        shown=shown,
        amount_text=signed_text(shown, DIGITS),
        text=f"{item.label} {value}{beside}: {_effect(shown)}.",
    )


def _effect(amount: float) -> str:
    if not amount:
        return "ändert den Index kaum"
    return (
        f"{'hebt' if amount > 0 else 'senkt'} den Index um {number_text(abs(amount), DIGITS)}"
    )


def contribution_table(seen: Seen, area_id: str) -> Table | None:
    """Tabulate what adds up to the index of a Quartier; ``None`` without an index."""
    explained = explanation_of(seen, area_id)
    found = contributions_of(seen, area_id)
    if explained is None or not found:
        return None
    centre = centre_of(seen, explained)
    fields = part_fields(centre, method_of(seen).score.name)
    rows = list(_rows(seen, explained, found))
    index = "" if explained.index is None else signed_text(explained.index, DIGITS)
    rows.append((SUM, "", "", "", index))
    area = seen.area(Kind.QUARTIER, area_id)
    title = f"{area.title}: Beiträge zum Index, {seen.group_label}, {seen.day}"
    return Table(title, fields, tuple(rows))


def _rows(
    seen: Seen, explained: Explanation, found: tuple[Contribution, ...]
) -> Iterator[tuple[str, ...]]:
    """Rows of the indicators, below those of their sub-indices where the rule has any."""
    if not explained.themes:
        yield from map(_row, found)
    themes = sorted(explained.themes, key=lambda one: -abs(one.contribution or 0.0))
    for theme in themes:
        inner = [one for one in found if one.item in theme.items]
        item = item_of(seen.config, theme.item)
        value = "" if theme.index is None else item.value_text(theme.index)
        total = math.fsum(one.shown for one in inner)
        yield (item.label, value, "", "", signed_text(total, DIGITS))
        yield from (_row(one, _INSIDE) for one in inner)


def _row(one: Contribution, before: str = "") -> tuple[str, ...]:
    return f"{before}{one.label}", one.value, one.mean, one.z, one.amount_text


def part_fields(centre: str, score: str) -> tuple[Field, ...]:
    """Fields of a table of contributions."""
    return (
        text("item", "Indikator"),
        number("value", "Wert"),
        number("mean", centre),
        number("z", score),
        number("amount", "Beitrag"),
    )
