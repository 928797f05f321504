"""One Quartier over the reference dates, each as its newest release shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from atlas.publication.views.cells import (
    area_of,
    cell_of,
    column,
    columns_of,
    parents_of,
)
from atlas.publication.views.items import (
    Item,
    cell_text,
    group_label,
    indicators,
    item_of,
    measures,
    place_name,
    shown_text,
)
from atlas.publication.views.tables import Column, Table, level_text
from atlas.release import Release
from atlas.terms import (
    NEED_LEVEL,
    STATE_LABELS,
    UNIT_LABELS,
    Group,
    Kind,
    State,
    Unit,
)
from atlas.words import day_text


@dataclass(frozen=True)
class Point:
    """One shown value at one reference date; ``place`` names whose it is."""

    day: date
    day_text: str
    place: str
    value: float
    text: str
    is_provisional: bool


@dataclass(frozen=True)
class Series:
    """One item over the reference dates: the Quartier first, then its district and the city.

    A count stands alone, a city's would dwarf it. ``days`` are all reference dates; ``gaps``
    says which of them show no value for the Quartier.
    """

    item: str
    label: str
    unit: str
    days: tuple[str, ...]
    places: tuple[str, ...]
    points: tuple[Point, ...]
    gaps: tuple[str, ...]
    summary: str


def series_of(
    releases: Sequence[Release], area_id: str, group: Group, item: str
) -> Series | None:
    """Follow one item of a Quartier; ``None`` where no date shows a value.

    Parameters
    ----------
    releases
        Newest number of each reference date, oldest date first.
    """
    newest = releases[-1]
    described = item_of(newest.info.config, item)
    places: list[str] = []
    points: list[Point] = []
    gaps: list[str] = []
    for release in releases:
        for kind, key, name in _places(release, area_id, described):
            cell = cell_of({item: column(release, kind, group, item)}, item, key)
            if name not in places:
                places.append(name)
            if cell.value is not None:
                points.append(
                    _point(
                        release,
                        name,
                        cell.value,
                        shown_text(described, cell.value, cell.status),
                    )
                )
            elif kind == Kind.QUARTIER:
                text = cell_text(release.info.config, described, cell)
                gaps.append(f"{day_text(release.info.reference_date)}: {text}")
    if not points:
        return None
    own = [point for point in points if point.place == places[0]]
    return Series(
        item=item,
        label=described.label,
        unit=UNIT_LABELS[described.unit],
        days=tuple(day_text(release.info.reference_date) for release in releases),
        places=tuple(places),
        points=tuple(points),
        gaps=tuple(gaps),
        summary=summary_of(described.label, own),
    )


def development_items(release: Release, group: Group) -> tuple[str, ...]:
    """Items whose development is shown: the indicators of the group, then residents."""
    config = release.info.config
    items = [item.id for item in indicators(config, group)]
    return (*items, measures(config)[0].id)


def development_table(releases: Sequence[Release], area_id: str, group: Group) -> Table:
    """Level and all values of a Quartier, one row per reference date, oldest first."""
    newest = releases[-1]
    config = newest.info.config
    items = [*indicators(config, group), *measures(config)]
    heads = [
        Column("day", "Stichtag", "", is_number=False),
        Column("state", "Stand", "", is_number=False),
    ]
    has_level = group in config.levels.need
    if has_level:
        heads.append(Column(NEED_LEVEL, "Handlungsbedarf", "", is_number=False))
    heads += [Column(item.id, item.label, UNIT_LABELS[item.unit], True) for item in items]
    rows = []
    for release in releases:
        columns = columns_of(release, Kind.QUARTIER, group)
        row = [day_text(release.info.reference_date), STATE_LABELS[release.info.state]]
        if has_level:
            row.append(_level(release, area_id, group))
        row += [
            cell_text(release.info.config, item, cell_of(columns, item.id, area_id))
            for item in items
        ]
        rows.append(tuple(row))
    area = area_of(newest, Kind.QUARTIER, area_id)
    title = area_id if area is None else area.title
    caption = f"{title}: Entwicklung, {group_label(newest, group)}"
    return Table(caption, tuple(heads), tuple(rows), {"day": tuple(range(len(rows)))})


def _places(release: Release, area_id: str, item: Item) -> list[tuple[Kind, str, str]]:
    area = area_of(release, Kind.QUARTIER, area_id)
    if area is None:
        return []
    found = [(Kind.QUARTIER, area.id, area.title)]
    if item.unit is Unit.COUNT:
        return found
    for kind, parent in parents_of(release, Kind.QUARTIER, area).items():
        found.append((kind, parent.id, place_name(release, kind, parent.name)))
    return found


def _point(release: Release, place: str, value: float, text: str) -> Point:
    day = release.info.reference_date
    is_provisional = release.info.state is State.PROVISIONAL
    mark = " (vorläufig)" if is_provisional else ""
    return Point(day, day_text(day), place, value, f"{text}{mark}", is_provisional)


def summary_of(label: str, own: Sequence[Point]) -> str:
    """Say in one sentence where a line begins and where it ends."""
    if not own:
        return f"{label}: kein Wert veröffentlicht."
    first, last = own[0], own[-1]
    if first is last:
        return f"{label}: {first.text} am {first.day_text}."
    return f"{label}: {first.text} am {first.day_text}, {last.text} am {last.day_text}."


def _level(release: Release, area_id: str, group: Group) -> str:
    columns = columns_of(release, Kind.QUARTIER, group)
    cell = cell_of(columns, NEED_LEVEL, area_id)
    if cell.value is not None:
        return level_text(release, NEED_LEVEL, cell.value)
    return cell_text(release.info.config, item_of(release.info.config, NEED_LEVEL), cell)
