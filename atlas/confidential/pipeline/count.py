"""Deliveries of one reference date to counts of every area in the edition in force."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
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
from atlas.confidential.journal import append
from atlas.confidential.pipeline.engine import open_tables
from atlas.confidential.pipeline.office import Office
from atlas.confidential.roll_up import Source, counts_of, shares_of
from atlas.confidential.store import Delivery, current_deliveries
from atlas.config import Layout
from atlas.crosswalk import move_counts, read_crosswalk
from atlas.errors import DeliveryError, GeographyError
from atlas.geography import keys_of
from atlas.terms import NEED_LEVEL, RESIDENTS, Group, Kind, Status

Deliveries = Mapping[str, Delivery]


def reference_dates(office: Office) -> list[date]:
    """Dates that a delivery with residents has opened, oldest first."""
    layouts = {layout.id: layout for layout in office.config.deliveries.layouts}
    current = current_deliveries(office.store_dir)
    return sorted(
        {
            day
            for (name, day), one in current.items()
            if _has_residents(office, layouts.get(name), one)
        }
    )


def series_dates(office: Office) -> list[date]:
    """Dates that only a series has, published for the city alone, oldest first."""
    series = {one.id for one in office.config.deliveries.layouts if one.is_series}
    days = {day for name, day in current_deliveries(office.store_dir) if name in series}
    return sorted(days - {*reference_dates(office)})


def deliveries_of(office: Office, reference_date: date) -> Deliveries:
    """Deliveries that serve one reference date, by layout: the last one within its days."""
    current = current_deliveries(office.store_dir)
    found = {}
    for layout in office.config.deliveries.layouts:
        first = reference_date - timedelta(days=layout.days_before)
        last = reference_date + timedelta(days=layout.days_after)
        days = [day for name, day in current if name == layout.id and first <= day <= last]
        if days:
            found[layout.id] = current[layout.id, max(days)]
    return found


def served_by(office: Office, served: date) -> Deliveries:
    """Deliveries of which the release of one date is made, by layout."""
    is_opened = served in reference_dates(office)
    return deliveries_of(office, served) if is_opened else series_deliveries(office, served)


def series_deliveries(office: Office, reference_date: date) -> Deliveries:
    """Deliveries of series at one date, by layout."""
    current = current_deliveries(office.store_dir)
    return {
        layout.id: delivery
        for layout in office.config.deliveries.layouts
        if layout.is_series and (delivery := current.get((layout.id, reference_date)))
    }


def count(
    office: Office, reference_date: date, deliveries: Deliveries
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count persons and roll up; also place the shares that come ready-made.

    Returns
    -------
    counts, shares
        One row per kind, area_id, group and measure; columns n, status, reason.
    """
    edition = office.config.areas.edition_of(reference_date).id
    areas = pd.DataFrame(office.areas_of(edition)[["kind", "area_id", "parent_id"]])
    with _tables(office, deliveries) as tables:
        sources = [
            _source(office, layout, reference_date, deliveries, tables)
            for layout in office.config.deliveries.layouts
        ]
    indicators = office.config.indicators
    return (
        counts_of(sources, areas, indicators.measures),
        shares_of(sources, areas, [*indicators.indicators, NEED_LEVEL]),
    )


def count_series(
    office: Office, served: date, deliveries: Deliveries, city: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count series for the whole city; a person counts once, wherever they live.

    Parameters
    ----------
    city
        The one area of kind city.

    Returns
    -------
    counts, shares
        As ``count`` gives them, with rows of kind city alone.
    """
    sources = []
    with _tables(office, deliveries) as tables:
        for name, delivery in deliveries.items():
            layout = office.config.deliveries.layout(name)
            if layout.shape == "counts":
                counts = _delivered(delivery.rows_path)[0]
            elif name in tables:
                counts = count_city(tables[name], layout, city["area_id"].iloc[0])
            else:
                counts = _kept(delivery, served)[0]
            items = frozenset(
                (str(measure), Group(group))
                for measure, group in zip(counts["measure"], counts["group"], strict=True)
            )
            sources.append(Source(Kind.CITY, items, counts, {}, is_expected=True))
    indicators = office.config.indicators
    return (
        counts_of(sources, city, indicators.measures),
        shares_of(sources, city, indicators.indicators),
    )


def person_counts(office: Office, served: date) -> dict[str, pd.DataFrame]:
    """Count every register of one date in its own edition, to be kept when its rows go.

    Returns
    -------
    dict
        Layout to one row per area_id, item and group; columns value and status, as a delivery
        of counts has them. Rows without an area hold the persons whom no area holds.
    """
    deliveries = served_by(office, served)
    is_series = served not in reference_dates(office)
    found = {}
    with _tables(office, deliveries) as tables:
        for name in tables:
            layout = office.config.deliveries.layout(name)
            placing = office.config.deliveries.layout(layout.place_from or name)
            if is_series:
                counts = count_city(tables[name], layout, office.config.city.key)
            elif placing.id in tables:
                keys = sorted(_keys_of(office, placing, served))
                counts = _with_unplaced(*_counted(office, layout, tables, keys))
            else:
                continue
            found[name] = counts.rename(columns={"measure": "item", "n": "value"})
    return found


def check_edition(office: Office, layout: Layout, reference_date: date) -> None:
    """Make sure that a delivery in another edition can be moved to the one in force.

    Raises
    ------
    GeographyError
        If there is no crosswalk, or shares would have to be moved.
    """
    new = office.config.areas.edition_of(reference_date).id
    old = layout.edition or new
    if old == new or layout.kind in (None, Kind.CITY):
        return
    place = f"Lieferung {layout.label} zum {reference_date}"
    if layout.names() & set(office.config.indicators.indicators):
        raise _immovable(place, old, new)
    _read_crosswalk(office, layout.kind or Kind.BLOCK, (old, new), place)


def find_geodata(office: Office, file: str) -> Path | None:
    """File of boundaries or shares, as ``areas.toml`` names it."""
    found = [path / file for path in office.geodata_dirs if (path / file).is_file()]
    return found[0] if found else None


def _has_residents(office: Office, layout: Layout | None, delivery: Delivery) -> bool:
    if layout is None or (RESIDENTS, Group.ALL) not in office.config.items_of(layout):
        return False
    if layout.shape == "persons":
        return True
    everybody = [("item", "=", RESIDENTS), ("group", "=", str(Group.ALL))]
    found = pq.read_table(delivery.rows_path, columns=["item"], filters=everybody)
    return bool(found.num_rows)


@contextmanager
def _tables(office: Office, deliveries: Deliveries) -> Iterator[dict[str, ir.Table]]:
    files = {
        name: one.rows_path
        for name, one in deliveries.items()
        if office.config.deliveries.layout(name).shape == "persons" and one.rows_path.exists()
    }
    url = office.config.city.aggregate_url
    with open_tables(url, files, office.scratch_dir) as tables:
        yield tables


def _source(
    office: Office,
    layout: Layout,
    reference_date: date,
    deliveries: Deliveries,
    tables: Mapping[str, ir.Table],
) -> Source:
    placing = office.config.deliveries.layout(layout.place_from or layout.id)
    kind = placing.kind or Kind.BLOCK
    counts: pd.DataFrame | None = None
    unplaced: dict[str, int] = {}
    if layout.id in deliveries and placing.id in deliveries:
        new = office.config.areas.edition_of(reference_date).id
        old = placing.edition or new
        keys = sorted(_keys_of(office, placing, reference_date))
        delivery = deliveries[layout.id]
        if layout.shape == "counts":
            counts, unplaced = _delivered(delivery.rows_path)
        elif layout.id in tables and placing.id in tables:
            _require_same_generation(layout, delivery, deliveries[placing.id])
            counts, unplaced = _counted(office, layout, tables, keys)
            _report_link(office, layout, reference_date, tables)
        else:
            counts, unplaced = _kept(delivery, reference_date)
        place = f"Lieferung {layout.label} zum {delivery.reference_date}"
        counts = _moved(office, counts, kind, (old, new), place)
        if layout.is_series and delivery.reference_date != reference_date:
            told = _told_by_series(unplaced, office.config.protection.min_count)
            counts = counts[~counts["measure"].isin(told)]
            unplaced = {name: n for name, n in unplaced.items() if name not in told}
    items = office.config.items_of(layout)
    return Source(kind, items, counts, unplaced, layout.covers(reference_date))


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
    if not delivery.counts_path(served).exists():
        raise DeliveryError(
            f"Lieferung {delivery.layout} zum {delivery.reference_date}: die Personenzeilen, "
            f"die der {served} braucht, sind nach Ablauf der Aufbewahrung gelöscht. Register "
            "des Stichtags zusammen neu einlesen."
        )
    return _delivered(delivery.counts_path(served))


def _delivered(path: Path) -> tuple[pd.DataFrame, dict[str, int]]:
    rows: pd.DataFrame = pq.read_table(path).to_pandas()
    counts = rows.rename(columns={"item": "measure", "value": "n"})
    is_loose = counts["area_id"].isna() | (counts["area_id"] == "")
    loose = counts[is_loose & (counts["group"] == str(Group.ALL)) & counts["n"].notna()]
    unplaced = {str(name): int(n) for name, n in loose.groupby("measure")["n"].sum().items()}
    return counts[~is_loose], unplaced


def _counted(
    office: Office, layout: Layout, tables: Mapping[str, ir.Table], keys: list[str]
) -> tuple[pd.DataFrame, dict[str, int]]:
    persons, groups = tables[layout.id], office.config.indicators.memberships()
    if layout.place_from is None:
        counts = count_persons(persons, layout, keys, groups)
    else:
        counts = count_linked(persons, tables[layout.place_from], layout, keys, groups)
    return counts, count_unplaced(persons, layout, counts)


def _report_link(
    office: Office, layout: Layout, reference_date: date, tables: Mapping[str, ir.Table]
) -> None:
    if layout.place_from is not None:
        report = link_report(tables[layout.id], tables[layout.place_from], layout)
        details = {name: str(n) for name, n in asdict(report).items()}
        append(office.log_path, "linked", f"{layout.id} {reference_date}", details)


def _keys_of(office: Office, layout: Layout, served: date) -> frozenset[str]:
    edition = layout.edition or office.config.areas.edition_of(served).id
    return keys_of(office.areas_of(edition), layout.kind or Kind.BLOCK)


def _with_unplaced(counts: pd.DataFrame, unplaced: dict[str, int]) -> pd.DataFrame:
    loose = pd.DataFrame(
        [(None, name, str(Group.ALL), n) for name, n in sorted(unplaced.items())],
        columns=["area_id", "measure", "group", "n"],
    ).assign(status=str(Status.PUBLISHED))
    return pd.concat([counts, loose.astype({"n": "Int64"})], ignore_index=True)


def _moved(
    office: Office, counts: pd.DataFrame, kind: Kind, editions: tuple[date, date], place: str
) -> pd.DataFrame:
    old, new = editions
    if old == new or kind == Kind.CITY:
        return counts
    if set(counts["measure"]) & set(office.config.indicators.indicators):
        raise _immovable(place, old, new)
    crosswalk = _read_crosswalk(office, kind, editions, place)
    if lost := sorted(set(counts["area_id"]) - set(crosswalk["from_id"])):
        raise GeographyError(
            f"Umsteigeschlüssel {old} nach {new} ({kind}): Gebiet {lost[0]} des alten "
            "Gebietsstands fehlt. Erwartet: jedes alte Gebiet. Datei prüfen."
        )
    moved = move_counts(counts, crosswalk)
    keys = keys_of(office.areas_of(new), kind)
    unknown = sorted(set(moved["area_id"]) - keys)
    if unknown:
        raise GeographyError(
            f"Umsteigeschlüssel {old} nach {new} ({kind}): Gebiet {unknown[0]} fehlt im "
            f"Gebietsstand {new}. Datei prüfen."
        )
    return _with_empty_areas(moved, keys)


def _immovable(place: str, old: date, new: date) -> GeographyError:
    return GeographyError(
        f"{place}: fertige Anteile gelten für den Gebietsstand {old}, veröffentlicht wird in "
        f"{new}. Anteile lassen sich nicht umrechnen; Lieferung im neuen Gebietsstand "
        "anfordern."
    )


def _read_crosswalk(
    office: Office, kind: Kind, editions: tuple[date, date], place: str
) -> pd.DataFrame:
    old, new = editions
    crosswalk = office.config.areas.crosswalk(old, new, kind)
    path = find_geodata(office, crosswalk.file) if crosswalk else None
    if path is None:
        raise GeographyError(
            f"{place}: gilt für den Gebietsstand {old}, veröffentlicht wird in {new}. "
            f"Erwartet: ein Umsteigeschlüssel für {kind} ([[crosswalks]] in areas.toml). "
            "Umsteigeschlüssel ablegen oder edition in deliveries.toml prüfen."
        )
    return read_crosswalk(path)


def _with_empty_areas(counts: pd.DataFrame, keys: frozenset[str]) -> pd.DataFrame:
    """Give new areas into which nothing moves a zero."""
    items = counts[["group", "measure"]].drop_duplicates()
    grid = items.merge(pd.DataFrame({"area_id": sorted(keys)}), how="cross")
    full = grid.merge(counts, on=["area_id", "group", "measure"], how="left")
    is_empty = full["status"].isna()
    return full.assign(
        n=full["n"].mask(is_empty, 0),
        status=full["status"].mask(is_empty, str(Status.PUBLISHED)),
    )
