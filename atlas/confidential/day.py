"""One look at the disk: every reference date with all that its release follows from.

A ``Calendar`` is what lay in the store, beside the releases and in the log at one moment; from
it a ``Day`` is resolved once, and no step asks the disk again. What happens to counts is not
known here.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pyarrow.parquet as pq

from atlas import __version__
from atlas.confidential.desk import Desk, events
from atlas.confidential.store import Delivery, list_deliveries
from atlas.config import PublishedConfig
from atlas.errors import DamageError
from atlas.exchange.datastate import ReleaseEntry
from atlas.indicators import base_items
from atlas.release import (
    ReleaseRef,
    in_force,
    list_releases,
    read_cells,
    read_info,
    read_state,
    ref_of,
    referred_dates,
)
from atlas.terms import CELL_COLUMNS, RESIDENTS, Group, Kind


@dataclass(frozen=True)
class Day:
    """One reference date, resolved.

    Attributes
    ----------
    is_series
        Only series have delivered: it is published for the city alone.
    deliveries
        Deliveries that serve the date, by layout.
    missing
        Labels of required sources that have not arrived.
    predecessor
        Release in force of this date.
    references
        Releases in force of the other dates that its method needs.
    published_from
        Fingerprint under which the predecessor was published; empty if the log has none.
    """

    reference_date: date
    edition: date
    is_series: bool
    deliveries: Mapping[str, Delivery]
    missing: tuple[str, ...]
    predecessor: ReleaseRef | None
    references: tuple[ReleaseRef, ...]
    published_from: str
    sight: "Sight" = field(repr=False, compare=False)

    @property
    def number(self) -> int:
        """Number of the next release."""
        return self.predecessor.number + 1 if self.predecessor else 1

    @property
    def name(self) -> str:
        """Name of the next release."""
        return f"{self.reference_date.isoformat()}.{self.number}"

    @property
    def areas(self) -> gpd.GeoDataFrame:
        """Areas of the edition, of a series the city alone."""
        areas = self.sight.desk.areas_of(self.edition)
        if self.is_series:
            return areas[areas["kind"] == str(Kind.CITY)].reset_index(drop=True)
        return areas

    @cached_property
    def fingerprint(self) -> str:
        """Identify everything that the release of this date follows from."""
        sight = self.sight
        contents = {name: one.content for name, one in self.deliveries.items()}
        parts = {
            "config": sight.config_text,
            "deliveries": json.dumps(contents, sort_keys=True),
            "geodata": json.dumps(sight.boundaries_of(self.edition)),
            "references": json.dumps([sight.used_of(ref.path) for ref in self.references]),
            "version": json.dumps(__version__),
        }
        text = ", ".join(f'"{name}": {part}' for name, part in parts.items())
        return hashlib.sha256(f"{{{text}}}".encode()).hexdigest()

    @property
    def is_published(self) -> bool:
        """Whether nothing has changed that its release follows from."""
        return self.predecessor is not None and self.published_from == self.fingerprint


class Sight:
    """What one look has read of files whose content counts; each is read once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._boundaries: dict[date, list[str]] = {}
        self._digests: dict[Path, str] = {}
        self._used: dict[Path, str] = {}
        self._entries: dict[ReleaseRef, ReleaseEntry] = {}

    @cached_property
    def config_text(self) -> str:
        """Whole configuration as text, in one order."""
        return json.dumps(self.desk.config.model_dump(mode="json"), sort_keys=True)

    @cached_property
    def published(self) -> PublishedConfig:
        """Configuration as a release holds it."""
        return self.desk.config.published()

    @cached_property
    def settled(self) -> PublishedConfig:
        """Configuration of a date for which every source has arrived: nothing to carry."""
        levels = self.published.levels.model_copy(update={"provisional": "no_level"})
        return self.published.model_copy(update={"levels": levels})

    def boundaries_of(self, edition: date) -> list[str]:
        """Hash every file of an edition, and every crosswalk."""
        if edition not in self._boundaries:
            areas = self.desk.config.areas
            layers = areas.edition_of(edition).layers().values()
            names = [layer.file for layer in layers if layer.file]
            names += [crosswalk.file for crosswalk in areas.crosswalks]
            paths = [self.desk.find_geodata(name) for name in names]
            self._boundaries[edition] = [self._digest_of(path) for path in paths if path]
        return self._boundaries[edition]

    def used_of(self, release: Path) -> str:
        """Identify what other dates use of a release: counts, rates, means and spreads."""
        if release not in self._used:
            indicators = read_info(release).config.indicators
            names = {*indicators.indicators}
            parts = {f"{name}{part}" for name in names for part in (".mean", ".sd")}
            cells = read_cells(release)
            is_used = cells["item"].isin(base_items(indicators) | names | parts)
            is_used &= cells["kind"].isin([Kind.QUARTIER, Kind.CITY])
            text = cells.loc[is_used, list(CELL_COLUMNS)].to_csv(index=False)
            self._used[release] = hashlib.sha256(text.encode()).hexdigest()
        return self._used[release]

    def entry_of(self, ref: ReleaseRef) -> ReleaseEntry:
        """Give what the dashboard is told of a release."""
        if ref not in self._entries:
            state, missing = read_state(ref.path)
            self._entries[ref] = ReleaseEntry(
                reference_date=ref.reference_date,
                number=ref.number,
                state=state,
                missing=missing,
            )
        return self._entries[ref]

    def _digest_of(self, path: Path) -> str:
        if path not in self._digests:
            self._digests[path] = hashlib.sha256(path.read_bytes()).hexdigest()
        return self._digests[path]


@dataclass(frozen=True)
class Calendar:
    """All reference dates, as store, releases and log were at one moment.

    Attributes
    ----------
    stored
        Every delivery that was ever accepted.
    opened
        Dates that a delivery with residents has opened, oldest first.
    series
        Dates that only a series has, published for the city alone, oldest first.
    releases
        Every release, oldest date and number first.
    """

    stored: tuple[Delivery, ...]
    opened: tuple[date, ...]
    series: tuple[date, ...]
    releases: tuple[ReleaseRef, ...]
    _published_from: Mapping[str, str]
    sight: Sight

    def day(self, reference_date: date) -> Day:
        """Resolve one reference date."""
        config = self.sight.desk.config
        is_series = reference_date not in self._opened
        deliveries = (
            self._series_of(reference_date) if is_series else self._serving(reference_date)
        )
        absent = [
            one
            for one in config.deliveries.layouts
            if one.covers(reference_date) and one.id not in deliveries
        ]
        missing = [one.label for one in absent if one.is_required and not is_series]
        predecessor = self._in_force.get(reference_date)
        return Day(
            reference_date=reference_date,
            edition=config.areas.edition_of(reference_date).id,
            is_series=is_series,
            deliveries=deliveries,
            missing=tuple(missing),
            predecessor=predecessor,
            references=() if is_series else self._references(reference_date, bool(absent)),
            published_from=self._published_from.get(predecessor.name, "")
            if predecessor
            else "",
            sight=self.sight,
        )

    def in_order(self) -> list[date]:
        """List the dates of releases, oldest first, after those that others stand on."""
        levels = self.sight.desk.config.levels
        scales = (*levels.need.values(), *levels.dynamic.values())
        bases = {scale.base_date for scale in scales}
        return sorted((*self.opened, *self.series), key=lambda day: (day not in bases, day))

    def again(self) -> "Calendar":
        """Look again, after something has arrived."""
        return replace(look(self.sight.desk), sight=self.sight)

    def with_release(self, path: Path, fingerprint: str) -> "Calendar":
        """Go on from a release that was published, or found to be still right."""
        ref = ref_of(path)
        return replace(
            self,
            releases=tuple(sorted({*self.releases, *([ref] if ref else [])})),
            _published_from={**self._published_from, path.name: fingerprint},
        )

    @cached_property
    def _opened(self) -> frozenset[date]:
        return frozenset(self.opened)

    @cached_property
    def _in_force(self) -> dict[date, ReleaseRef]:
        return in_force(self.releases)

    @cached_property
    def _referable(self) -> list[date]:
        return sorted(self._opened & {*self._in_force})

    @cached_property
    def _current(self) -> dict[str, dict[date, Delivery]]:
        """Deliveries in force by layout and date, oldest date first."""
        found: dict[str, dict[date, Delivery]] = {}
        for one in self.stored:  # by layout, date and number: the last number stays
            found.setdefault(one.layout, {})[one.reference_date] = one
        return found

    @cached_property
    def _days(self) -> dict[str, list[date]]:
        return {layout: list(current) for layout, current in self._current.items()}

    def _serving(self, reference_date: date) -> dict[str, Delivery]:
        """By layout the last delivery within the days that it may lie beside the date."""
        found = {}
        for layout in self.sight.desk.config.deliveries.layouts:
            days = self._days.get(layout.id, [])
            last = bisect_right(days, reference_date + timedelta(days=layout.days_after)) - 1
            first = reference_date - timedelta(days=layout.days_before)
            if last >= 0 and days[last] >= first:
                found[layout.id] = self._current[layout.id][days[last]]
        return found

    def _series_of(self, reference_date: date) -> dict[str, Delivery]:
        return {
            layout.id: delivery
            for layout in self.sight.desk.config.deliveries.layouts
            if layout.is_series
            and (delivery := self._current.get(layout.id, {}).get(reference_date))
        }

    def _references(self, reference_date: date, is_waiting: bool) -> tuple[ReleaseRef, ...]:
        config = self.sight.published if is_waiting else self.sight.settled
        days = referred_dates(config, reference_date, self._referable)
        return tuple(self._in_force[day] for day in days)


def look(desk: Desk) -> Calendar:
    """Look at the disk once."""
    layouts = {layout.id: layout for layout in desk.config.deliveries.layouts}
    opening = {
        name: layout.shape
        for name, layout in layouts.items()
        if (RESIDENTS, Group.ALL) in desk.config.items_of(layout)
    }
    stored = tuple(list_deliveries(desk.store_dir))
    current = {(one.layout, one.reference_date): one for one in stored}
    opened = {
        day
        for (name, day), one in current.items()
        if name in opening and (opening[name] == "persons" or _counts_residents(one))
    }
    series = {day for name, day in current if name in layouts and layouts[name].is_series}
    return Calendar(
        stored=stored,
        opened=tuple(sorted(opened)),
        series=tuple(sorted(series - opened)),
        releases=tuple(list_releases(desk.releases_dir)),
        _published_from={
            event.subject: event.details.get("fingerprint", "")
            for event in events(desk.log_path, holding="published")
            if event.what == "published"
        },
        sight=Sight(desk),
    )


def _counts_residents(delivery: Delivery) -> bool:
    """Whether counts open a date; damaged ones are said to, so that the date says so."""
    everybody = [("item", "=", RESIDENTS), ("group", "=", str(Group.ALL))]
    try:
        rows_path = delivery.whole_rows()
    except DamageError:
        return True
    return bool(pq.read_table(rows_path, columns=["item"], filters=everybody).num_rows)
