"""One look at the disk: every reference date with all that its release follows from.

A ``Calendar`` is what lay in the store, beside the releases and in the log at one moment; from
it a ``Day`` is resolved once, and no step asks the disk again. What happens to counts is not
known here.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import pyarrow.parquet as pq

from atlas import __version__
from atlas.confidential.desk import Desk
from atlas.confidential.journal import Journal, read_journal
from atlas.confidential.known import known_files
from atlas.confidential.sight import DatedConfig, Sight
from atlas.confidential.store import Delivery, list_deliveries
from atlas.confidential.store import in_force as stored_in_force
from atlas.config import Layout
from atlas.errors import DamageError
from atlas.release import (
    ReleaseRef,
    in_force,
    list_releases,
    read_info,
    ref_of,
    referred_dates,
)
from atlas.terms import RESIDENTS, Group, Kind


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
        Release in force of this date, or where it is damaged the last whole one before it.
    releases
        All releases of this date that lie on disk, withdrawn ones too.
    number
        Number of the next release: one more than the highest on disk.
    references
        Releases in force of the other dates that its method needs.
    """

    reference_date: date
    config: DatedConfig = field(repr=False, compare=False)
    edition: date
    is_series: bool
    deliveries: Mapping[str, Delivery]
    missing: tuple[str, ...]
    predecessor: ReleaseRef | None
    releases: tuple[ReleaseRef, ...]
    number: int
    references: tuple[ReleaseRef, ...]
    journal: Journal = field(repr=False, compare=False)
    sight: Sight = field(repr=False, compare=False)

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
            "config": self.config.text,
            "deliveries": json.dumps(contents, sort_keys=True),
            "geodata": json.dumps(sight.boundaries_of(self.edition)),
            "references": json.dumps([sight.used_of(ref.path) for ref in self.references]),
            "version": json.dumps(__version__),
        }
        if known := known_files(sight.desk, self.reference_date):
            parts["known"] = json.dumps([path.name for path in known])
        if fixed := self.config.published.levels.fixed:
            parts["fixed"] = json.dumps({group: str(day) for group, day in fixed.items()})
        text = ", ".join(f'"{name}": {part}' for name, part in parts.items())
        return hashlib.sha256(f"{{{text}}}".encode()).hexdigest()

    @cached_property
    def inputs(self) -> str:
        """Identify what comes from outside: deliveries by name, configuration, boundaries.

        Other dates and the program are left out: neither makes right what was withdrawn.
        """
        names = {layout: one.name for layout, one in self.deliveries.items()}
        parts = [names, self.config.text, self.sight.boundaries_of(self.edition)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    @property
    def published_from(self) -> str:
        """Fingerprint under which the predecessor was published; empty if the log has none."""
        before = self.predecessor
        return self.journal.published.get(before.name, "") if before else ""

    @property
    def is_newest(self) -> bool:
        """Whether the release in force is the last of its date: none after it was withdrawn."""
        return self.predecessor is not None and self.predecessor.number == self.number - 1

    @property
    def is_published(self) -> bool:
        """Whether nothing has changed that its release follows from."""
        return self.is_newest and self.published_from == self.fingerprint

    @property
    def is_held(self) -> bool:
        """Whether what was withdrawn would only be built again."""
        after = self.predecessor.number if self.predecessor else 0
        held = self.journal.held_after(self.reference_date, after)
        if not held.isdisjoint({self.inputs, self.fingerprint}):
            return True
        forgotten = [one for one in self.withdrawn if one.name not in self.journal.withdrawn]
        return any(map(self._is_made_of_the_same, forgotten))

    def renumbered(self) -> "Day":
        """Take the first number that was never published, on disk or not."""
        used = self.journal.numbers.get(self.reference_date, 0)
        parts = (name.split(".") for name in self.sight.told)
        told = [int(number) for day, number in parts if day == self.reference_date.isoformat()]
        return replace(self, number=max(self.number, *(n + 1 for n in (used, *told))))

    def is_taken(self, digest: str) -> bool:
        """Whether something else was published under this name, as log or ledger know."""
        known = self.journal.hashes.get(self.name)
        if known is not None:
            return known != digest
        is_lost = self.name not in {name for name, _ in self.journal.built}  # by the log
        return is_lost and self.name in self.sight.told

    def _is_made_of_the_same(self, ref: ReleaseRef) -> bool:
        """Compare deliveries, where a lost log no longer tells all that led to a release."""
        layouts = self.sight.desk.config.deliveries
        served = {
            (layouts.layout(name).source, one.reference_date, one.number)
            for name, one in self.deliveries.items()
        }
        told = read_info(ref.path).deliveries
        return served == {(one.source, one.reference_date, one.number) for one in told}

    @property
    def damaged(self) -> list[ReleaseRef]:
        """Releases after the predecessor that are no longer what was published."""
        after = self.predecessor.number if self.predecessor else 0
        return [one for one in self.releases if not one.is_withdrawn and one.number > after]

    @property
    def withdrawn(self) -> list[ReleaseRef]:
        """Releases that were withdrawn after the one in force, oldest first."""
        after = self.predecessor.number if self.predecessor else 0
        return [one for one in self.releases if one.is_withdrawn and one.number > after]


@dataclass(frozen=True)
class Calendar:
    """All reference dates, as store, releases and log were at one moment.

    Attributes
    ----------
    stored
        Every delivery that was ever accepted, those that were taken back too.
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
    journal: Journal
    sight: Sight

    def day(self, reference_date: date) -> Day:
        """Resolve one reference date."""
        config = self.sight.desk.config
        is_series = reference_date not in self._opened
        dated = self.sight.config_of(reference_date, self._before(reference_date))
        if not is_series:
            dated = self._with_fixed(reference_date, dated)
        deliveries = (
            self._series_of(reference_date) if is_series else self._serving(reference_date)
        )
        absent = [
            one
            for one in config.deliveries.layouts
            if one.covers(reference_date) and one.id not in deliveries
        ]
        missing = [one.label for one in absent if one.is_required and not is_series]
        releases = self._by_date.get(reference_date, ())
        return Day(
            reference_date=reference_date,
            config=dated,
            edition=config.areas.edition_of(reference_date).id,
            is_series=is_series,
            deliveries=deliveries,
            missing=tuple(missing),
            predecessor=self._last_whole(releases),
            releases=releases,
            number=max((ref.number for ref in releases), default=0) + 1,
            references=() if is_series else self._references(reference_date, dated, absent),
            journal=self.journal,
            sight=self.sight,
        )

    def in_order(self) -> list[date]:
        """List the dates of releases, oldest first, after those that others stand on."""
        every = list(self.sight.desk.config.levels.every().values())
        scales = [s for rules in every for s in (*rules.need.values(), *rules.dynamic.values())]
        bases = {scale.base_date for scale in scales}
        bases |= {day for rules in every for day in rules.fixed.values()}
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
            journal=self.journal.with_release(path.name, fingerprint),
        )

    def _last_whole(self, releases: Sequence[ReleaseRef]) -> ReleaseRef | None:
        """Find what the next release follows; others go on referring to what is in force."""
        standing = (ref for ref in reversed(releases) if not ref.is_withdrawn)
        return next(filter(self.sight.is_whole, standing), None)

    @cached_property
    def _opened(self) -> frozenset[date]:
        return frozenset(self.opened)

    @cached_property
    def _in_force(self) -> dict[date, ReleaseRef]:
        return in_force(self.releases)

    @cached_property
    def _by_date(self) -> dict[date, tuple[ReleaseRef, ...]]:
        found: dict[date, tuple[ReleaseRef, ...]] = {}
        for ref in self.releases:
            found[ref.reference_date] = (*found.get(ref.reference_date, ()), ref)
        return found

    @cached_property
    def _referable(self) -> list[date]:
        return sorted(self._opened & {*self._in_force})

    @cached_property
    def _current(self) -> dict[str, dict[date, Delivery]]:
        """Deliveries in force by layout and date, oldest date first."""
        found: dict[str, dict[date, Delivery]] = {}
        for (layout, day), one in stored_in_force(self.stored).items():
            found.setdefault(layout, {})[day] = one
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

    def _before(self, reference_date: date) -> date | None:
        """Find the date before one that is opened; a series has no levels and no past."""
        place = bisect_right(self.opened, reference_date) - 1
        is_opened = place > 0 and self.opened[place] == reference_date
        return self.opened[place - 1] if is_opened else None

    def _with_fixed(self, reference_date: date, dated: DatedConfig) -> DatedConfig:
        """Name the first date of the same rule whose scale the comparable index keeps."""
        rules = self.sight.desk.config.levels
        edition, levels = rules.edition_at(reference_date), dated.published.levels
        first: dict[Group, date] = {}
        for day in self._referable:
            if day > reference_date or {*levels.comparable()} <= {*first}:
                break
            if day < reference_date and rules.edition_at(day) == edition:
                scaled = self.sight.scaled_of(self._in_force[day])
                first = dict.fromkeys(scaled, day) | first
        first = dict.fromkeys(levels.comparable(), reference_date) | first
        update = {"levels": levels.with_fixed(first)}
        return replace(dated, published=dated.published.model_copy(update=update))

    def _references(
        self, reference_date: date, config: DatedConfig, absent: Sequence[Layout]
    ) -> tuple[ReleaseRef, ...]:
        """Find releases that the method needs; to carry from the last where something lacks."""
        days = referred_dates(
            config.published, reference_date, self._referable, is_waiting=bool(absent)
        )
        return tuple(self._in_force[day] for day in days)


def look(desk: Desk) -> Calendar:
    """Look at the disk once."""
    layouts = {layout.id: layout for layout in desk.config.deliveries.layouts}
    opening = {
        name: layout.shape
        for name, layout in layouts.items()
        if not layout.is_series and (RESIDENTS, Group.ALL) in desk.config.items_of(layout)
    }
    stored = tuple(list_deliveries(desk.store_dir))
    current = stored_in_force(stored)
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
        journal=read_journal(desk.log_path),
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
