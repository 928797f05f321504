"""Series of the whole city: what comes weekly or monthly and has no place of its own.

A series is all that one source delivers for the city alone. Its dates come from the releases of
the city alone, and from releases with Quartiere whose date the source has delivered for, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from atlas.config import PublishedConfig
from atlas.publication.seen import ABSENT, Area, Cell, Seen
from atlas.publication.views.development import Point, Series, gap_text, summary_of
from atlas.publication.views.differences import shown_change
from atlas.publication.views.items import Item, item_of, shown_text
from atlas.publication.views.movement import moved_field
from atlas.publication.views.table import Change, Entry, Place, Table, cells, text
from atlas.terms import STATUS_SYMBOLS, UNIT_LABELS, Group, Kind, Status
from atlas.words import day_text, enumeration

_UNPLACED = ".unplaced"
# Days between two dates, and what they are called.
_RHYTHMS = (
    (range(1, 2), "täglich"),
    (range(6, 9), "wöchentlich"),
    (range(13, 16), "alle zwei Wochen"),
    (range(28, 32), "monatlich"),
    (range(89, 93), "vierteljährlich"),
    (range(180, 185), "halbjährlich"),
    (range(365, 367), "jährlich"),
)
_Key = tuple[str, Group]


@dataclass(frozen=True)
class CityDate:
    """What one release says about the city as a whole.

    Attributes
    ----------
    is_series
        Whether the release holds the city alone.
    sources
        Labels of the sources that delivered for this very date, by their ids.
    cells
        Counts and delivered values of the city by item and group.
    """

    day: date
    release: str
    is_series: bool
    sources: Mapping[str, str]
    cells: Mapping[_Key, Cell]
    config: PublishedConfig


@dataclass(frozen=True)
class SeriesItem:
    """One figure of a series; ``id`` names item and group."""

    id: str
    label: str
    item: Item
    key: _Key


@dataclass(frozen=True)
class CitySeries:
    """All figures of one source over its dates, oldest first.

    Attributes
    ----------
    label
        What the source is called, and how often it delivers.
    elsewhere
        Dates of the source whose figures a release has by area instead, people without a place
        apart.
    """

    id: str
    label: str
    city: str
    items: tuple[SeriesItem, ...]
    dates: tuple[CityDate, ...]
    elsewhere: tuple[date, ...]


def city_date(seen: Seen) -> CityDate:
    """Read the city's figures of one release.

    A count that has people without a place beside it is left out: it is the sum of the areas,
    a series counts everybody.
    """
    info = seen.info
    city = Area(Kind.CITY, seen.config.city.key, seen.config.city.name, "", "")
    sides = {group: seen.through(group) for group in info.config.indicators.groups}
    known = (*seen.config.indicators.measures, *seen.config.indicators.indicators)

    def is_placed(item: str) -> bool:
        unplaced = f"{item}{_UNPLACED}"
        return any(side.holds(Kind.CITY, unplaced) for side in sides.values())

    found = {
        (item, group): side.cell(city, item)
        for group, side in sides.items()
        for item in known
        if side.holds(Kind.CITY, item) and not is_placed(item)
    }
    day = info.reference_date
    return CityDate(
        day=day,
        release=info.name,
        is_series=Kind.QUARTIER not in seen.kinds,
        sources={one.source: one.label for one in info.deliveries if one.reference_date == day},
        cells=found,
        config=info.config,
    )


def city_series(dates: Iterable[CityDate]) -> tuple[CitySeries, ...]:
    """Gather the series of a city by source, in the order of their labels.

    Parameters
    ----------
    dates
        Releases in force, one per reference date.
    """
    ordered = sorted(dates, key=lambda one: one.day)
    found: dict[tuple[str, ...], list[_Key]] = {}
    for key in dict.fromkeys(key for one in ordered if one.is_series for key in one.cells):
        found.setdefault(_sources_of(key, ordered), []).append(key)
    series = [_series(sources, keys, ordered) for sources, keys in found.items()]
    return tuple(sorted(series, key=lambda one: one.label))


def series_line(series: CitySeries, item_id: str) -> Series:
    """Follow one figure over the dates; ``points`` is empty where no date shows a value."""
    chosen = next(one for one in series.items if one.id == item_id)
    points, gaps = [], []
    for one in series.dates:
        cell = _cell(one, chosen)
        when = day_text(one.day)
        if cell.value is None:
            gaps.append(gap_text(when, cell))
        else:
            text = shown_text(chosen.item, cell.value, cell.status)
            points.append(Point(one.day, when, series.city, cell.value, text, False))
    return Series(
        item=chosen.id,
        label=chosen.label,
        unit=UNIT_LABELS[chosen.item.unit],
        days=tuple(one.day for one in series.dates),
        places=(series.city,),
        points=tuple(points),
        gaps=tuple(gaps),
        summary=summary_of(chosen.label, points),
    )


def series_table(series: CitySeries) -> Table:
    """Tabulate all figures of a series, oldest date first."""
    fields = (
        text("reference_date", "Stichtag"),
        text("release", "Veröffentlichung", Place.FILE),
        *(
            replace(cells(replace(one.item, label=one.label)), id=one.id)
            for one in series.items
        ),
    )
    rows: tuple[tuple[Entry, ...], ...] = tuple(
        (one.day, one.release, *(_cell(one, item) for item in series.items))
        for one in series.dates
    )
    title = f"{series.city}: {series.label}"
    return Table(title, fields, rows, series.label, _symbols(series.dates[-1]))


def moved_table(series: CitySeries, keys: Sequence[tuple[str, Group]], last: int) -> Table:
    """Tabulate some figures of a series at its last dates, and how each moved.

    The newest date stands first; a change is told against the date of the series before it.

    Parameters
    ----------
    keys
        Items with their groups; what the series does not have is left out.
    last
        So many dates at most.
    """
    items = [one for key in keys for one in series.items if one.key == key]
    fields = [text("reference_date", "Stichtag")]
    for one in items:
        named = replace(one.item, label=one.label)
        fields += [
            replace(cells(named), id=one.id),
            replace(moved_field(named), id=f"{one.id}."),
        ]
    days = series.dates[-last - 1 :]
    rows = [
        (after.day, *(entry for item in items for entry in _moved(before, after, item)))
        for before, after in zip((None, *days), days, strict=False)
    ]
    rows = rows[-last:][::-1]
    title = f"{series.city}: {series.label}"
    return Table(title, tuple(fields), tuple(rows), series.label, _symbols(series.dates[-1]))


def _moved(before: CityDate | None, after: CityDate, item: SeriesItem) -> tuple[Entry, Entry]:
    now = _cell(after, item)
    if before is None:
        return now, "–"
    was = _cell(before, item)
    return now, Change(was, now, shown_change(item.item, was, now))


def _symbols(one: CityDate) -> Mapping[Status, str]:
    return {**STATUS_SYMBOLS, **one.config.city.symbols}


def _sources_of(key: _Key, dates: Sequence[CityDate]) -> tuple[str, ...]:
    """Find the sources that delivered every time: the figure can come from no other."""
    present = [set(one.sources) for one in dates if one.is_series and key in one.cells]
    return tuple(sorted(set.intersection(*present)))


def _series(
    sources: tuple[str, ...], keys: list[_Key], dates: Sequence[CityDate]
) -> CitySeries:
    delivered = [one for one in dates if set(sources) <= set(one.sources)]
    own = tuple(one for one in delivered if any(key in one.cells for key in keys))
    newest = own[-1]
    labels = enumeration([newest.sources[source] for source in sources])
    rhythm = _rhythm([one.day for one in delivered])
    return CitySeries(
        id="-".join(sources),
        label=f"{labels}, {rhythm}" if rhythm else labels,
        city=newest.config.city.name,
        items=tuple(_item(key, own) for key in keys),
        dates=own,
        elsewhere=tuple(one.day for one in delivered if one not in own),
    )


def _rhythm(days: Sequence[date]) -> str:
    if len(days) < 2:
        return ""
    gap = round(median((b - a).days for a, b in zip(days, days[1:], strict=False)))
    return next((name for between, name in _RHYTHMS if gap in between), "")


def _item(key: _Key, dates: Sequence[CityDate]) -> SeriesItem:
    item, group = key
    config = next(one.config for one in reversed(dates) if key in one.cells)
    described = item_of(config, item)
    suffix = "" if group == Group.ALL else f" ({config.indicators.groups[group].name()})"
    return SeriesItem(f"{item}_{group}", f"{described.label}{suffix}", described, key)


def _cell(one: CityDate, item: SeriesItem) -> Cell:
    return one.cells.get(item.key, ABSENT)
