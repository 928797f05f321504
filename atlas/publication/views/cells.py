"""Pick cells and areas of an opened release.

A column maps every area of a kind, in the order of keys, to its cell of one item. A cell has a
value only where its status lets it be shown, whatever the file holds.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from atlas.release import Release
from atlas.terms import AREA_HA, KINDS, Group, Kind, Reason, Status

SHOWN = (Status.PUBLISHED, Status.ESTIMATED)


@dataclass(frozen=True)
class Area:
    """One area; the parent is that of the next larger kind, empty at the top."""

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


Column = Mapping[str, Cell]
Columns = Mapping[str, Column]
# Looked up for every cell of a city: calling an enumeration takes ten times as long.
_STATUSES = {str(status): status for status in Status}
_REASONS = {str(reason): reason for reason in Reason}
_ABSENT = Cell(None, Status.UNAVAILABLE, Reason.NOT_DELIVERED)


def kinds_of(release: Release) -> tuple[Kind, ...]:
    """Kinds of areas that the release holds, from small to large."""
    present = set(release.areas["kind"])
    return tuple(kind for kind in KINDS if str(kind) in present)


def kind_above(release: Release, kind: Kind) -> Kind | None:
    """Next larger kind of the release."""
    larger = [one for one in kinds_of(release) if KINDS.index(one) > KINDS.index(kind)]
    return larger[0] if larger else None


def without_blocks(release: Release) -> Release:
    """Leave out the blocks: a small release for what spans many reference dates."""
    block = str(Kind.BLOCK)
    return replace(
        release,
        cells=release.cells[release.cells["kind"] != block],
        areas=release.areas[release.areas["kind"] != block],
    )


def areas(release: Release, kind: Kind) -> tuple[Area, ...]:
    """Areas of one kind, sorted by key."""
    above = kind_above(release, kind)
    parents = {} if above is None else _names(release, above)
    chosen = release.areas[release.areas["kind"] == str(kind)].sort_values("area_id")
    return tuple(
        Area(area_id, name, parent_id, parents.get(parent_id, ""))
        for area_id, name, parent_id in zip(
            chosen["area_id"], chosen["name"], chosen["parent_id"], strict=True
        )
    )


def area_of(release: Release, kind: Kind, area_id: str) -> Area | None:
    """One area by its key; ``None`` if this release has no such area."""
    return next((area for area in areas(release, kind) if area.id == area_id), None)


def known_area(release: Release, kind: Kind, area_id: str) -> Area:
    """One area by its key.

    Raises
    ------
    KeyError
        If the release has no such area.
    """
    area = area_of(release, kind, area_id)
    if area is None:
        raise KeyError(area_id)
    return area


def parents_of(release: Release, kind: Kind, area: Area) -> dict[Kind, Area]:
    """Areas above one area, from small to large, the city included."""
    found: dict[Kind, Area] = {}
    above = kind_above(release, kind)
    while above is not None:
        parent = area_of(release, above, area.parent_id)
        if parent is None:
            break
        found[above], area = parent, parent
        above = kind_above(release, above)
    return found


def children_of(release: Release, kind: Kind, parent_id: str) -> tuple[str, ...]:
    """Keys of the areas of a kind that lie in one area, sorted."""
    chosen = release.areas[release.areas["kind"] == str(kind)]
    return tuple(sorted(chosen.loc[chosen["parent_id"] == parent_id, "area_id"]))


def columns_of(release: Release, kind: Kind, group: Group) -> Columns:
    """All columns of a kind and group by item; the area in hectares is there in any group."""
    cells = release.cells
    is_group = cells["group"] == str(group)
    if group != Group.ALL:
        is_group |= cells["item"] == AREA_HA
    chosen = cells[(cells["kind"] == str(kind)) & is_group]
    keys = _keys(release, kind)
    return {str(item): _column(rows, keys) for item, rows in chosen.groupby("item", sort=True)}


def column(release: Release, kind: Kind, group: Group, item: str) -> Column:
    """One column; where the release holds no such cell, the status says unavailable."""
    cells = release.cells
    is_item = (cells["item"] == item) & (cells["kind"] == str(kind))
    wanted = Group.ALL if item == AREA_HA else group
    rows = cells[is_item & (cells["group"] == str(wanted))]
    return _column(rows, _keys(release, kind))


def cell_of(columns: Columns, item: str, area_id: str) -> Cell:
    """One cell of columns; unavailable if there is no such item or area."""
    return columns.get(item, {}).get(area_id, _ABSENT)


def shown_values(cells: Column) -> dict[str, float]:
    """Values of a column that are shown, by area key."""
    return {key: cell.value for key, cell in cells.items() if cell.value is not None}


def ranks_of(cells: Column) -> dict[str, int]:
    """Rank of each shown value among all shown ones, highest first; equal values share it.

    Hidden areas take no part, so a rank says nothing about them.
    """
    values = shown_values(cells)
    ordered = sorted(values.values())
    return {
        key: len(ordered) - bisect_right(ordered, value) + 1 for key, value in values.items()
    }


def _names(release: Release, kind: Kind) -> dict[str, str]:
    chosen = release.areas[release.areas["kind"] == str(kind)]
    return dict(zip(chosen["area_id"], chosen["name"], strict=True))


def _keys(release: Release, kind: Kind) -> list[str]:
    return sorted(release.areas.loc[release.areas["kind"] == str(kind), "area_id"])


def _column(rows: pd.DataFrame, keys: list[str]) -> Column:
    parts = (rows[name].tolist() for name in ("area_id", "value", "status", "reason"))
    found = {key: _cell(*cell) for key, *cell in zip(*parts, strict=True)}
    return {key: found.get(key, _ABSENT) for key in keys}


def _cell(value: float, status: str, reason: str) -> Cell:
    state = _STATUSES[status]
    is_shown = state in SHOWN and value == value
    return Cell(value if is_shown else None, state, _REASONS[reason])
