"""Where Quartiere stand among all of them: on one line per indicator, by two in a plane."""

from collections.abc import Sequence
from dataclasses import dataclass

from atlas.publication.seen import Area, Cell, Seen
from atlas.publication.views.items import (
    Item,
    indicators,
    item_of,
    level_text,
    mark_of,
    shown_text,
)
from atlas.terms import NEED_LEVEL, STATUS_LABELS, Kind

_Marked = Sequence[tuple[str, Area]]


@dataclass(frozen=True)
class Tick:
    """One shown value; ``place`` is 0 at the lowest value of the strip and 1 at the highest."""

    name: str
    text: str
    place: float


@dataclass(frozen=True)
class Strip:
    """All Quartiere on one line by their value of one indicator.

    Attributes
    ----------
    lowest, highest
        Values at both ends, with unit.
    ticks
        Every Quartier with a shown value.
    marks
        What is marked and has a shown value, in the order of the names of ``Strips``.
    summary
        The same in words.
    """

    label: str
    lowest: str
    highest: str
    ticks: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    summary: str


@dataclass(frozen=True)
class Strips:
    """One strip per indicator; ``names`` are those of the marks."""

    names: tuple[str, ...]
    strips: tuple[Strip, ...]


@dataclass(frozen=True)
class Spot:
    """One area that shows both values; ``level`` is 0 where it has none."""

    area_id: str
    title: str
    x: float
    y: float
    x_text: str
    y_text: str
    level: int
    level_text: str


@dataclass(frozen=True)
class Scatter:
    """All areas with both values; ``left_out`` counts those that hide one of them."""

    title: str
    x_label: str
    y_label: str
    spots: tuple[Spot, ...]
    left_out: int


def strips_of(seen: Seen, area_id: str) -> Strips:
    """Mark a Quartier, its district and the city among all Quartiere.

    A district or city for which nothing is published is left out.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    area = seen.area(Kind.QUARTIER, area_id)
    items = indicators(seen.config, seen.group)
    above = [
        (seen.place_name(one), one)
        for one in seen.parents(area)
        if any(seen.value(one, item.id) is not None for item in items)
    ]
    return _strips(seen, [(area.title, area), *above])


def strips_of_many(seen: Seen, area_ids: Sequence[str]) -> Strips:
    """Mark some Quartiere among all of them."""
    chosen = [seen.area(Kind.QUARTIER, key) for key in area_ids]
    return _strips(seen, [(area.title, area) for area in chosen])


def scatter_of(seen: Seen, x_item: str, y_item: str) -> Scatter:
    """Set two indicators of all Quartiere against each other."""
    x, y = (item_of(seen.config, item) for item in (x_item, y_item))
    every = seen.areas(Kind.QUARTIER)
    spots = [spot for area in every if (spot := _spot(seen, area, x, y))]
    parts = (
        f"{y.label} gegen {x.label}",
        seen.plural(Kind.QUARTIER),
        seen.group_label,
        seen.day,
    )
    return Scatter(
        ", ".join(parts),
        x.label_with_unit,
        y.label_with_unit,
        tuple(spots),
        len(every) - len(spots),
    )


def _strips(seen: Seen, marked: _Marked) -> Strips:
    items = indicators(seen.config, seen.group)
    found = [
        _strip(seen, item, marked)
        for item in items
        if len(set(seen.values(Kind.QUARTIER, item.id).values())) > 1
    ]
    return Strips(tuple(name for name, _ in marked), tuple(found))


def _strip(seen: Seen, item: Item, marked: _Marked) -> Strip:
    every = [(area.title, area) for area in seen.areas(Kind.QUARTIER)]
    values = [
        value
        for _, area in (*every, *marked)
        if (value := seen.value(area, item.id)) is not None
    ]
    low, high = min(values), max(values)

    def ticks(places: _Marked) -> tuple[Tick, ...]:
        return tuple(
            Tick(name, _text(item, cell), (cell.value - low) / (high - low))
            for name, area in places
            if (cell := seen.cell(area, item.id)).value is not None
        )

    return Strip(
        label=item.label,
        lowest=item.value_text(low),
        highest=item.value_text(high),
        ticks=ticks(every),
        marks=ticks(marked),
        summary=_summary(seen, item, marked),
    )


def _summary(seen: Seen, item: Item, marked: _Marked) -> str:
    parts = []
    for name, area in marked:
        rank = seen.rank(area, item.id) if area.kind == Kind.QUARTIER else None
        ranked = "" if rank is None else f", Rang {rank.place} von {rank.of}"
        parts.append(f"{name} {_text(item, seen.cell(area, item.id))}{ranked}")
    return f"{item.label}: {'; '.join(parts)}."


def _text(item: Item, cell: Cell) -> str:
    if cell.value is None:
        return STATUS_LABELS[cell.status]
    return shown_text(item, cell.value, cell.status)


def _spot(seen: Seen, area: Area, x: Item, y: Item) -> Spot | None:
    first, second = seen.value(area, x.id), seen.value(area, y.id)
    if first is None or second is None:
        return None
    cell = seen.cell(area, NEED_LEVEL)
    level = cell.value
    return Spot(
        area_id=area.id,
        title=area.title,
        x=first,
        y=second,
        x_text=x.value_text(first),
        y_text=y.value_text(second),
        level=0 if level is None else int(level),
        level_text=level_text(seen.config, NEED_LEVEL, level) + mark_of(cell),
    )
