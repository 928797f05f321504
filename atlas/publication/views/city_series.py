"""Series of the whole city: what comes weekly or monthly and has no place of its own.

A series is all that one source delivers for the city alone. Its dates come from the releases of
the city alone, and from releases with Quartiere whose date the source has delivered for, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from atlas.config import PublishedConfig
from atlas.publication.views.cells import Cell, cell_of, columns_of, kinds_of
from atlas.publication.views.datasets import Dataset, Entry, Field
from atlas.publication.views.development import Point, Series, summary_of
from atlas.publication.views.items import Item, cell_text, item_of, shown_text
from atlas.publication.views.tables import Column, Table
from atlas.release import Release
from atlas.terms import UNIT_LABELS, Group, Kind
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


def city_date(release: Release) -> CityDate:
    """Read the city's figures of one release.

    A count that has people without a place beside it is left out: it is the sum of the areas,
    a series counts everybody.
    """
    info = release.info
    key = info.config.city.key
    known = (*info.config.indicators.measures, *info.config.indicators.indicators)
    groups = info.config.indicators.groups
    columns = {group: columns_of(release, Kind.CITY, group) for group in groups}
    present = set().union(*columns.values())
    cells = {
        (item, group): cell_of(columns[group], item, key)
        for group in groups
        for item in known
        if item in columns[group] and f"{item}{_UNPLACED}" not in present
    }
    day = info.reference_date
    return CityDate(
        day=day,
        release=info.name,
        is_series=Kind.QUARTIER not in kinds_of(release),
        sources={one.source: one.label for one in info.deliveries if one.reference_date == day},
        cells=cells,
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
            gaps.append(f"{when}: {cell_text(one.config, chosen.item, cell)}")
        else:
            text = shown_text(chosen.item, cell.value, cell.status)
            points.append(Point(one.day, when, series.city, cell.value, text, False))
    return Series(
        item=chosen.id,
        label=chosen.label,
        unit=UNIT_LABELS[chosen.item.unit],
        days=tuple(day_text(one.day) for one in series.dates),
        places=(series.city,),
        points=tuple(points),
        gaps=tuple(gaps),
        summary=summary_of(chosen.label, points),
    )


def series_table(series: CitySeries) -> Table:
    """Tabulate all figures of a series, newest date first."""
    heads = [Column("day", "Stichtag", "", is_number=False)]
    heads += [
        Column(one.id, one.label, UNIT_LABELS[one.item.unit], True) for one in series.items
    ]
    rows = tuple(
        (
            day_text(one.day),
            *(cell_text(one.config, item.item, _cell(one, item)) for item in series.items),
        )
        for one in reversed(series.dates)
    )
    return Table(f"{series.city}: {series.label}", tuple(heads), rows, {})


def series_dataset(series: CitySeries) -> Dataset:
    """All figures of a series for a file, oldest date first."""
    fields = [
        Field("reference_date", "Stichtag"),
        Field("release", "Veröffentlichung"),
        *(Field(one.id, _label_with_unit(one), one.item) for one in series.items),
    ]
    rows: tuple[tuple[Entry, ...], ...] = tuple(
        (one.day, one.release, *(_cell(one, item) for item in series.items))
        for one in series.dates
    )
    return Dataset(series.label, f"{series.city}: {series.label}", tuple(fields), rows)


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


def _label_with_unit(one: SeriesItem) -> str:
    return one.item.label_with_unit.replace(one.item.label, one.label, 1)


def _cell(one: CityDate, item: SeriesItem) -> Cell:
    return one.cells.get(item.key) or cell_of({}, item.key[0], "")
