"""A release as readers see it: areas, cells and ranks, indexed once and shared by all views.

A cell has a value only where its status lets it be shown, whatever the file holds; nothing
that stands on this module can give a hidden value away. Indexed lazily: what nobody asks for is
never made. A release does not change, so what is found once stays true; who holds a ``Seen``
decides how long.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.classify import CITY_ID
from atlas.config import PublishedConfig
from atlas.release import Release, ReleaseInfo
from atlas.terms import (
    AREA_HA,
    STATUS_SYMBOLS,
    Group,
    Kind,
    Reason,
    Status,
)
from atlas.words import day_text

SHOWN = (Status.PUBLISHED, Status.ESTIMATED)
# Looked up for every cell of a city: calling an enumeration takes ten times as long.
_STATUSES = {str(status): status for status in Status}
_REASONS = {str(reason): reason for reason in Reason}
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Area:
    """One area; the parent is that of the next larger kind, empty at the top."""

    kind: Kind
    id: str
    name: str
    parent_id: str
    parent_name: str

    @property
    def title(self) -> str:
        """Number and name; the number alone where the area has no name of its own."""
        return self.id if self.name == self.id else f"{self.id} {self.name}"


@dataclass(frozen=True)
class Cell:
    """One cell as readers may see it: the value is ``None`` unless the status shows it."""

    value: float | None
    status: Status
    reason: Reason


def is_between(kind: Kind) -> bool:
    """Whether a kind lies between Quartier and city: it is made of whole Quartiere."""
    return kind not in (Kind.BLOCK, Kind.QUARTIER, Kind.CITY)


ABSENT = Cell(None, Status.UNAVAILABLE, Reason.NOT_DELIVERED)


@dataclass(frozen=True)
class Rank:
    """Place among all areas of a kind that show a value, highest first."""

    place: int
    of: int


@dataclass(frozen=True, eq=False)
class Seen:
    """A release through one group; ``through`` gives the same release through another."""

    release: Release
    group: Group
    _index: "_Index"

    def through(self, group: Group) -> "Seen":
        """See the same release, and what is known of it, through another group."""
        return replace(self, group=group)

    @property
    def info(self) -> ReleaseInfo:
        """What the release says about itself."""
        return self.release.info

    @property
    def config(self) -> PublishedConfig:
        """Configuration in force."""
        return self.release.info.config

    @property
    def day(self) -> str:
        """Reference date as TT.MM.JJJJ."""
        return day_text(self.info.reference_date)

    @property
    def group_label(self) -> str:
        """What the group is called."""
        return self.config.indicators.groups[self.group].label

    @property
    def group_short(self) -> str:
        """What the group is called where room is scarce."""
        return self.config.indicators.groups[self.group].name()

    @property
    def groups(self) -> tuple[Group, ...]:
        """Bezugsgruppen for which the city has an indicator or a level."""
        config = self.config
        used = {group for one in config.indicators.indicators.values() for group in one.groups}
        used |= {*config.levels.need, *config.levels.dynamic}
        return tuple(group for group in config.indicators.groups if group in used)

    @property
    def has_levels(self) -> bool:
        """Whether the group has levels of need."""
        return self.group in self.config.levels.need

    @property
    def has_dynamics(self) -> bool:
        """Whether the group has classes of dynamics."""
        return self.group in self.config.levels.dynamic

    @property
    def symbols(self) -> Mapping[Status, str]:
        """Table symbols: the city's own, else those of DIN 55301; none for a published cell."""
        return {**STATUS_SYMBOLS, **self.config.city.symbols}

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Kinds of areas that the release holds, from small to large."""
        return self._index.kinds

    @property
    def city(self) -> Area:
        """The whole city."""
        city = self.config.city
        return Area(Kind.CITY, city.key, city.name, "", "")

    def kind_above(self, kind: Kind) -> Kind | None:
        """Next larger kind of the release."""
        return self._index.above[kind]

    def plural(self, kind: Kind) -> str:
        """Say what areas of this kind are called in this city."""
        return self.config.areas.kinds[kind].plural

    def singular(self, kind: Kind) -> str:
        """Say what one area of this kind is called in this city."""
        return self.config.areas.kinds[kind].label

    def place_name(self, area: Area) -> str:
        """Name an area above others with its kind, e.g. ``Stadtbezirk Nord``."""
        is_city = area.kind == Kind.CITY
        return area.name if is_city else f"{self.singular(area.kind)} {area.name}"

    def areas(self, kind: Kind) -> tuple[Area, ...]:
        """Areas of one kind, sorted by key."""
        return tuple(self._index.areas(kind).values())

    def find(self, kind: Kind, area_id: str) -> Area | None:
        """One area by its key; ``None`` if this release has no such area."""
        return self._index.areas(kind).get(area_id)

    def area(self, kind: Kind, area_id: str) -> Area:
        """One area by its key.

        Raises
        ------
        KeyError
            If the release has no such area.
        """
        return self._index.areas(kind)[area_id]

    def parents(self, area: Area) -> tuple[Area, ...]:
        """Areas above one area, from small to large, the city included."""
        above = self.kind_above(area.kind)
        parent = None if above is None else self.find(above, area.parent_id)
        return () if parent is None else (parent, *self.parents(parent))

    def holder(self, kind: Kind, area: Area) -> Area | None:
        """Area of a kind that an area is or lies in; ``None`` if there is none."""
        return next((one for one in (area, *self.parents(area)) if one.kind == kind), None)

    def inside(self, kind: Kind, area: Area) -> tuple[Area, ...]:
        """Areas of a kind that lie in one area of any larger kind, sorted by key."""
        if area.kind == self.kind_above(kind):
            return self.children(kind, area.id)
        return tuple(one for one in self.areas(kind) if self.holder(area.kind, one) == area)

    def children(self, kind: Kind, parent_id: str) -> tuple[Area, ...]:
        """Areas of a kind that lie in one area of the next larger kind, sorted by key."""
        return self._index.children(kind).get(parent_id, ())

    def holds(self, kind: Kind, item: str) -> bool:
        """Whether the release has any cell of an item."""
        return self._key(kind, item) in self._index.rows

    def cell(self, area: Area, item: str) -> Cell:
        """One cell; unavailable if there is no such item or area."""
        row = self._index.places(self._key(area.kind, item)).get(area.id)
        return ABSENT if row is None else self._index.cell(row)

    def value(self, area: Area, item: str) -> float | None:
        """Value of one cell; ``None`` unless it is shown."""
        return self.cell(area, item).value

    def column(self, kind: Kind, item: str) -> Mapping[str, Cell]:
        """Cells of one item by area key, for every area of a kind, in the order of keys."""
        return self.once(
            (kind, item, "column"),
            lambda: {area.id: self.cell(area, item) for area in self.areas(kind)},
        )

    def values(self, kind: Kind, item: str) -> Mapping[str, float]:
        """Values of one item that are shown, by area key."""
        cells = self.column(kind, item).items()
        return {key: cell.value for key, cell in cells if cell.value is not None}

    def rank(self, area: Area, item: str) -> Rank | None:
        """Rank of a shown value among all shown ones of its kind; equal values share it.

        Hidden areas take no part, so a rank says nothing about them.
        """
        value = self.value(area, item)
        if value is None:
            return None
        ordered = self.once(
            (area.kind, item, "ordered"),
            lambda: sorted(self.values(area.kind, item).values()),
        )
        return Rank(len(ordered) - bisect_right(ordered, value) + 1, len(ordered))

    def statuses(self, kind: Kind, item: str) -> frozenset[Status]:
        """Statuses that the cells of one item have."""
        key = self._key(kind, item)
        return self.once((*key, "statuses"), lambda: self._index.statuses(key))

    def items(self) -> pd.DataFrame:
        """Cells of all Quartiere and the city as ``classify`` reads them.

        One row per area_id and item; the city stands under its own key of ``classify``.
        """
        return self.once("items", lambda: _items_of(self.release, self.group))

    def once(self, name: Hashable, make: Callable[[], _Found]) -> _Found:
        """Find out something about this release and group once, and remember it."""
        known = self._index.known
        key = (self.group, name)
        if key not in known:
            known[key] = make()
        found: _Found = known[key]
        return found

    def _key(self, kind: Kind, item: str) -> "_Key":
        # The area in hectares is there in any group.
        group = Group.ALL if item == AREA_HA else self.group
        return str(kind), str(group), item


def see(release: Release, group: Group = Group.ALL) -> Seen:
    """Look at an opened release; keep what is returned, it indexes the release once."""
    return Seen(release, group, _Index(release))


def without_blocks(release: Release) -> Release:
    """Leave out the blocks: a small release for what spans many reference dates."""
    block = str(Kind.BLOCK)
    return replace(
        release,
        cells=release.cells[release.cells["kind"] != block],
        areas=release.areas[release.areas["kind"] != block],
    )


_Key = tuple[str, str, str]


@dataclass(frozen=True, eq=False)
class _Index:
    """Where each cell of a release stands; ``known`` holds what was found out."""

    release: Release
    known: dict[Hashable, Any] = field(default_factory=dict)
    _areas: dict[Kind, dict[str, Area]] = field(default_factory=dict)
    _places: dict[_Key, dict[str, int]] = field(default_factory=dict)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        present = set(self.release.areas["kind"])
        return tuple(
            kind for kind in self.release.info.config.areas.order() if str(kind) in present
        )

    @cached_property
    def rows(self) -> Mapping[_Key, NDArray[np.intp]]:
        """Positions of the cells by kind, group and item."""
        cells = self.release.cells
        found: Any = cells.groupby(["kind", "group", "item"], sort=False).indices
        return dict(found)

    @cached_property
    def _columns(self) -> tuple[NDArray[Any], ...]:
        cells = self.release.cells
        return tuple(
            cells[name].to_numpy(dtype=object)
            for name in ("area_id", "value", "status", "reason")
        )

    @cached_property
    def above(self) -> Mapping[Kind, Kind | None]:
        """Next larger kind of the release, for each kind of the city."""
        chain = self.release.info.config.areas.chain()
        return {
            kind: next((one for one in chain[at + 1 :] if one in self.kinds), None)
            for at, kind in enumerate(chain)
        } | dict.fromkeys(self.release.info.config.areas.overlays(), Kind.CITY)

    def areas(self, kind: Kind) -> dict[str, Area]:
        if kind not in self._areas:
            self._areas[kind] = _areas_of(self.release.areas, kind, self.above[kind])
        return self._areas[kind]

    def children(self, kind: Kind) -> dict[str, tuple[Area, ...]]:
        key = (kind, "children")
        if key not in self.known:
            inside: dict[str, list[Area]] = {}
            for area in self.areas(kind).values():
                inside.setdefault(area.parent_id, []).append(area)
            self.known[key] = {parent: tuple(some) for parent, some in inside.items()}
        found: dict[str, tuple[Area, ...]] = self.known[key]
        return found

    def places(self, key: _Key) -> dict[str, int]:
        """Row of each area that has a cell."""
        if key not in self._places:
            rows = self.rows.get(key, np.empty(0, dtype=np.intp))
            ids = self._columns[0][rows]
            self._places[key] = dict(zip(ids.tolist(), rows.tolist(), strict=True))
        return self._places[key]

    def cell(self, row: int) -> Cell:
        _, values, statuses, reasons = self._columns
        value, status = values[row], _STATUSES[statuses[row]]
        is_shown = status in SHOWN and value == value
        return Cell(value if is_shown else None, status, _REASONS[reasons[row]])

    def statuses(self, key: _Key) -> frozenset[Status]:
        rows = self.rows.get(key, np.empty(0, dtype=np.intp))
        return frozenset(_STATUSES[one] for one in set(self._columns[2][rows].tolist()))


def _areas_of(areas: pd.DataFrame, kind: Kind, above: Kind | None) -> dict[str, Area]:
    larger = areas[areas["kind"] == str(above)]
    parents = dict(zip(larger["area_id"], larger["name"], strict=True))
    chosen = areas[areas["kind"] == str(kind)].sort_values("area_id")
    return {
        area_id: Area(kind, area_id, name, parent_id, parents.get(parent_id, ""))
        for area_id, name, parent_id in zip(
            chosen["area_id"], chosen["name"], chosen["parent_id"], strict=True
        )
    }


def _items_of(release: Release, group: Group) -> pd.DataFrame:
    cells = release.cells
    is_here = cells["kind"].isin([str(Kind.QUARTIER), str(Kind.CITY)])
    items = cells[is_here & (cells["group"] == str(group))]
    is_shown = items["status"].isin([str(status) for status in SHOWN])
    is_city = items["kind"] == str(Kind.CITY)
    return items.assign(
        value=items["value"].where(is_shown), area_id=items["area_id"].mask(is_city, CITY_ID)
    )
