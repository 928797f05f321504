"""Where some Quartiere stand among all of them, indicator by indicator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from atlas.publication.views.cells import (
    Cell,
    Column,
    areas,
    cell_of,
    columns_of,
    known_area,
    parents_of,
    ranks_of,
    shown_values,
)
from atlas.publication.views.items import Item, indicators, place_name, shown_text
from atlas.release import Release
from atlas.terms import STATUS_LABELS, Group, Kind

_Cells = Sequence[tuple[str, Cell]]


@dataclass(frozen=True)
class _Place:
    kind: Kind
    id: str
    name: str


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


def strips_of(release: Release, area_id: str, group: Group) -> Strips:
    """Mark a Quartier, its district and the city among all Quartiere.

    A district or city for which nothing is published is left out.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    area = known_area(release, Kind.QUARTIER, area_id)
    places = [_Place(Kind.QUARTIER, area_id, area.title)]
    for kind, one in parents_of(release, Kind.QUARTIER, area).items():
        if any(cells[one.id].value is not None for cells in _columns(release, kind, group)):
            places.append(_Place(kind, one.id, place_name(release, kind, one.name)))
    return _strips(release, group, places)


def _columns(release: Release, kind: Kind, group: Group) -> list[Column]:
    columns = columns_of(release, kind, group)
    items = indicators(release.info.config, group)
    return [columns[item.id] for item in items if item.id in columns]


def strips_of_many(release: Release, area_ids: Sequence[str], group: Group) -> Strips:
    """Mark some Quartiere among all of them."""
    titles = {area.id: area.title for area in areas(release, Kind.QUARTIER)}
    return _strips(
        release, group, [_Place(Kind.QUARTIER, key, titles[key]) for key in area_ids]
    )


def _strips(release: Release, group: Group, places: Sequence[_Place]) -> Strips:
    kinds = {Kind.QUARTIER, *(place.kind for place in places)}
    columns = {kind: columns_of(release, kind, group) for kind in kinds}
    titles = {area.id: area.title for area in areas(release, Kind.QUARTIER)}
    found = []
    for item in indicators(release.info.config, group):
        cells = columns[Kind.QUARTIER].get(item.id, {})
        every = [(titles[key], cell) for key, cell in cells.items()]
        marked = [
            (place.name, cell_of(columns[place.kind], item.id, place.id)) for place in places
        ]
        if len(set(shown_values(cells).values())) > 1:
            ranks = {titles[key]: rank for key, rank in ranks_of(cells).items()}
            summary = _summary(item, marked, ranks)
            found.append(_strip(item, every, marked, summary))
    return Strips(tuple(place.name for place in places), tuple(found))


def _strip(item: Item, every: _Cells, marked: _Cells, summary: str) -> Strip:
    values = [cell.value for _, cell in (*every, *marked) if cell.value is not None]
    low, high = min(values), max(values)

    def ticks(cells: _Cells) -> tuple[Tick, ...]:
        return tuple(
            Tick(name, _text(item, cell), (cell.value - low) / (high - low))
            for name, cell in cells
            if cell.value is not None
        )

    return Strip(
        label=item.label,
        lowest=item.value_text(low),
        highest=item.value_text(high),
        ticks=ticks(every),
        marks=ticks(marked),
        summary=summary,
    )


def _summary(item: Item, marked: _Cells, ranks: Mapping[str, int]) -> str:
    parts = []
    for name, cell in marked:
        rank = f", Rang {ranks[name]} von {len(ranks)}" if name in ranks else ""
        parts.append(f"{name} {_text(item, cell)}{rank}")
    return f"{item.label}: {'; '.join(parts)}."


def _text(item: Item, cell: Cell) -> str:
    if cell.value is None:
        return STATUS_LABELS[cell.status]
    return shown_text(item, cell.value, cell.status)
