"""Deliveries of one reference date to counts of every area in the edition in force."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

import ibis.expr.types as ir
import pandas as pd
import pyarrow.parquet as pq

from atlas.confidential.aggregate import (
    count_city,
    count_linked,
    count_persons,
    count_unplaced,
    link_report,
)
from atlas.confidential.day import Day
from atlas.confidential.desk import Desk
from atlas.confidential.editions import brought_to
from atlas.confidential.engine import open_tables
from atlas.confidential.known import read_known, with_known_sums
from atlas.confidential.roll_up import Source, counts_of, shares_of
from atlas.confidential.store import Delivery
from atlas.config import CityConfig, Layout
from atlas.errors import DeliveryError
from atlas.geography import keys_of, places_of
from atlas.terms import DYNAMIC_LEVEL, NEED_LEVEL, Group, Kind, Status
from atlas.words import first_few

_NAMED_AREAS = 5
_KEY = ["area_id", "group"]


def count(desk: Desk, day: Day) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count persons and roll up; also place the shares that come ready-made.

    Deliveries that contradict each other are told; a series counts for the whole city alone.

    Returns
    -------
    counts, shares
        One row per kind, area_id, group and measure; columns n, status, reason.
    """
    areas = places_of(day.areas)
    indicators = desk.config.indicators
    ready = [
        *indicators.indicators,
        *sorted(indicators.largest()),
        *([] if day.is_series else [NEED_LEVEL, DYNAMIC_LEVEL]),
    ]
    with desk.observer.step(f"{day.reference_date} zählen", None), _tables(desk, day) as tables:
        find = _series_sources if day.is_series else _sources
        sources = find(desk, day, tables)
        counts = counts_of(sources, areas, indicators.measures)
        counts = with_known_sums(counts, read_known(desk, day.reference_date))
        shares = shares_of(sources, areas, ready)
    for doubt in () if day.is_series else contradictions(counts, desk.config):
        desk.observer.say(f"Stichtag {day.reference_date}: {doubt}")
    return counts, shares


def person_counts(desk: Desk, day: Day) -> dict[str, pd.DataFrame]:
    """Count every register of one date in its own edition, to be kept when its rows go.

    Returns
    -------
    dict
        Layout to one row per area_id, item and group; columns value and status, as a delivery
        of counts has them. Rows without an area hold the persons whom no area holds.
    """
    found = {}
    with _tables(desk, day) as tables:
        for name in tables:
            layout = desk.config.deliveries.layout(name)
            placing = desk.config.deliveries.layout(layout.place_from or name)
            if day.is_series:
                counts = count_city(tables[name], layout, desk.config.city.key)
            elif placing.id in tables:
                keys = sorted(_keys_of(desk, day, placing))
                counts = _with_unplaced(*_counted(desk, layout, tables, keys))
            else:
                continue
            found[name] = counts.rename(columns={"measure": "item", "n": "value"})
    return found


def contradictions(counts: pd.DataFrame, config: CityConfig) -> Iterator[str]:
    """Name the Quartiere whose counts contradict each other, one sentence per pair.

    One delivery is checked when it arrives; here deliveries meet. No value is named.

    Parameters
    ----------
    counts
        One row per kind, area_id, group and measure of one reference date; columns n, status.
    """
    measures, groups = config.indicators.measures, config.indicators.groups
    is_known = (counts["kind"] == Kind.QUARTIER) & (counts["status"] == Status.PUBLISHED)
    known = counts[is_known].set_index("measure")
    for part, whole in config.indicators.nesting().items():
        if whole is None or not {part, whole} <= set(known.index):
            continue
        both = known.loc[[part]].merge(known.loc[[whole]], on=_KEY, suffixes=("", "_whole"))
        above = both[both["n"] > both["n_whole"]]
        for group, rows in above.groupby("group", sort=True):
            names = (measures[part].label, measures[whole].label)
            yield (
                f"„{names[0]}“ ist größer als „{names[1]}“ "
                f"({groups[Group(str(group))].name()}) in {_places(rows, config)}. "
                "Erwartet: höchstens gleich. Stichtag und Schlüssel beider Lieferungen "
                "vergleichen."
            )


def _places(rows: pd.DataFrame, config: CityConfig) -> str:
    area_ids = sorted(rows["area_id"].astype(str))
    named = first_few(area_ids, _NAMED_AREAS, "weiteren")
    return f"{config.areas.kinds[Kind.QUARTIER].label} {named}"


@contextmanager
def _tables(desk: Desk, day: Day) -> Iterator[dict[str, ir.Table]]:
    files = {
        name: one.whole_rows()
        for name, one in day.deliveries.items()
        if desk.config.deliveries.layout(name).shape == "persons" and one.rows_path.exists()
    }
    url = desk.config.city.aggregate_url
    with open_tables(url, files, desk.scratch_dir) as tables:
        yield tables


def _series_sources(desk: Desk, day: Day, tables: Mapping[str, ir.Table]) -> list[Source]:
    """Count series for the whole city; a person counts once, wherever they live."""
    sources = []
    for name, delivery in day.deliveries.items():
        layout = desk.config.deliveries.layout(name)
        if layout.shape == "counts":
            counts = _delivered(delivery.whole_rows())[0]
        elif name in tables:
            counts = count_city(tables[name], layout, desk.config.city.key)
        else:
            counts = _kept(delivery, day.reference_date)[0]
        items = frozenset(
            (str(measure), Group(group))
            for measure, group in zip(counts["measure"], counts["group"], strict=True)
        )
        sources.append(Source(Kind.CITY, items, counts, {}, is_expected=True))
    return sources


def _sources(desk: Desk, day: Day, tables: Mapping[str, ir.Table]) -> list[Source]:
    sources = []
    for layout in desk.config.deliveries.layouts:
        placing = desk.config.deliveries.layout(layout.place_from or layout.id)
        counts: pd.DataFrame | None = None
        unplaced: dict[str, int] = {}
        if layout.id in day.deliveries and placing.id in day.deliveries:
            counts, unplaced = _source(desk, day, layout, placing, tables)
        sources.append(
            Source(
                placing.kind or Kind.BLOCK,
                desk.config.items_of(layout),
                counts,
                unplaced,
                layout.covers(day.reference_date),
            )
        )
    return sources


def _source(
    desk: Desk, day: Day, layout: Layout, placing: Layout, tables: Mapping[str, ir.Table]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Give the counts of one delivery on the areas of the date, and of whom no area holds."""
    delivery = day.deliveries[layout.id]
    if layout.shape == "counts":
        counts, unplaced = _delivered(delivery.whole_rows())
    elif layout.id in tables and placing.id in tables:
        _require_same_generation(layout, delivery, day.deliveries[placing.id])
        counts, unplaced = _counted(desk, layout, tables, sorted(_keys_of(desk, day, placing)))
        _log_link(desk, day, layout, tables)
    else:
        counts, unplaced = _kept(delivery, day.reference_date)
    place = f"Lieferung {layout.label} zum {delivery.reference_date}"
    counts = brought_to(desk, day.edition, placing, counts, place)
    if layout.is_series and delivery.reference_date != day.reference_date:
        told = _told_by_series(unplaced, desk.config.protection.min_count)
        counts = counts[~counts["measure"].isin(told)]
        unplaced = {name: n for name, n in unplaced.items() if name not in told}
    return counts, unplaced


def _told_by_series(unplaced: Mapping[str, int], min_count: int) -> list[str]:
    """List the measures that cannot be shown at a date that a series export serves.

    The series prints the total of the same export: less the persons placed at the date, it
    would give too small a number of those whom no area holds.
    """
    return [name for name, n in unplaced.items() if 0 < n < min_count]


def _require_same_generation(layout: Layout, one: Delivery, other: Delivery) -> None:
    if one.arrival.generation != other.arrival.generation:
        raise DeliveryError(
            f"Lieferung {layout.label} zum {one.reference_date}: Personenschlüssel aus einer "
            "anderen Generation als das Register, das den Ort gibt. Erwartet: beide aus "
            "derselben. Beide Register neu einlesen."
        )


def _kept(delivery: Delivery, served: date) -> tuple[pd.DataFrame, dict[str, int]]:
    path = delivery.whole_counts(served)
    if path is None:
        raise DeliveryError(
            f"Lieferung {delivery.layout} zum {delivery.reference_date}: die Personenzeilen, "
            f"die der {served} braucht, sind nach Ablauf der Aufbewahrung gelöscht. Register "
            "des Stichtags zusammen neu einlesen."
        )
    return _delivered(path)


def _delivered(path: Path) -> tuple[pd.DataFrame, dict[str, int]]:
    rows: pd.DataFrame = pq.read_table(path).to_pandas()
    counts = rows.rename(columns={"item": "measure", "value": "n"})
    is_loose = counts["area_id"].isna() | (counts["area_id"] == "")
    loose = counts[is_loose & (counts["group"] == str(Group.ALL)) & counts["n"].notna()]
    unplaced = {str(name): int(n) for name, n in loose.groupby("measure")["n"].sum().items()}
    return counts[~is_loose], unplaced


def _counted(
    desk: Desk, layout: Layout, tables: Mapping[str, ir.Table], keys: list[str]
) -> tuple[pd.DataFrame, dict[str, int]]:
    persons, groups = tables[layout.id], desk.config.indicators.memberships()
    if layout.place_from is None:
        counts = count_persons(persons, layout, keys, groups)
    else:
        counts = count_linked(persons, tables[layout.place_from], layout, keys, groups)
    return counts, count_unplaced(persons, layout, counts)


def _log_link(desk: Desk, day: Day, layout: Layout, tables: Mapping[str, ir.Table]) -> None:
    if layout.place_from is not None:
        report = link_report(tables[layout.id], tables[layout.place_from], layout)
        details = {name: str(n) for name, n in asdict(report).items()}
        desk.log("linked", f"{layout.id} {day.reference_date}", details)


def _keys_of(desk: Desk, day: Day, layout: Layout) -> frozenset[str]:
    areas = desk.areas_of(layout.edition or day.edition)
    return keys_of(areas, layout.kind or Kind.BLOCK)


def _with_unplaced(counts: pd.DataFrame, unplaced: dict[str, int]) -> pd.DataFrame:
    loose = pd.DataFrame(
        [(None, name, str(Group.ALL), n) for name, n in sorted(unplaced.items())],
        columns=["area_id", "measure", "group", "n"],
    ).assign(status=str(Status.PUBLISHED))
    return pd.concat([counts, loose.astype({"n": "Int64"})], ignore_index=True)
