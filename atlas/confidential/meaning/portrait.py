"""What is kept of a delivery for the checks of the next one: aggregates, never a person."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict

from atlas.confidential.aggregate import Memberships, count_linked, count_persons
from atlas.confidential.delivery import Profile, profile
from atlas.config import Layout
from atlas.terms import Group, Status

AREA, PERSON, AGE = "area_id", "person", "age"
EMPTY = ""
ROWS = "Zeilen"
_AGE_STEP = 10
# A run of neighbouring rows: long enough that chance empties none, short enough to be cut off.
_RUN, _RUNS = 50, 500
Counts = Mapping[str, float]


class Continuity(BaseModel):
    """How a register goes on from the one before it, by the keys of persons in both.

    Attributes
    ----------
    before, now, seen
        Persons with a key in the register before, in this one, and in both.
    kept
        Column to the number of persons seen again whose value is still the same; of ages, who
        are as much older as the time between the dates.
    thinnest
        Smallest share seen again among neighbouring rows of the register before.
    """

    model_config = ConfigDict(frozen=True)

    since: date
    before: int
    now: int
    seen: int
    kept: dict[str, int]
    thinnest: float


class Portrait(BaseModel):
    """Figures of one delivery at one date; nothing in it is about a single person.

    Attributes
    ----------
    codes
        Code column to code (empty: none) to number of persons.
    ages
        Years to number of persons.
    twins
        Rows that another row equals in everything but the key; None where nobody counted.
    areas
        Series (measure, with ``@group`` unless all) to area of the compared kind to count.
    places
        Series to area of the layout's own kind to count; for persons the rows.
    hidden
        Series to number of cells without a value.
    link
        Persons whom the register that gives the place knows, and all with a key.
    """

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    rows: int
    edition: date | None
    codes: dict[str, dict[str, int]] = {}
    ages: dict[int, int] = {}
    twins: int | None = None
    areas: dict[str, dict[str, float]] = {}
    places: dict[str, dict[str, float]] = {}
    hidden: dict[str, int] = {}
    link: tuple[int, int] | None = None
    continuity: Continuity | None = None

    def total(self, series: str) -> float:
        """Sum of a series over all areas."""
        return sum(self.areas.get(series, {}).values())

    def profile(self, layout: Layout) -> Profile:
        """Figures that the size of the next delivery is compared with."""
        by_area = {
            (series, area): n
            for series, found in self.places.items()
            for area, n in found.items()
        }
        if layout.shape == "counts":
            totals = {
                series: sum(map(abs, found.values())) for series, found in self.places.items()
            }
            return Profile(totals, by_area)
        ages: dict[int, int] = {}
        for age, n in self.ages.items():
            ages[age // _AGE_STEP] = ages.get(age // _AGE_STEP, 0) + n
        return Profile({ROWS: float(self.rows)}, by_area, ages)


class Source(NamedTuple):
    """Rows of one delivery and what is needed to count them.

    ``upper`` leads from areas of the layout's kind to areas that are compared (itself where a
    key is missing), ``register`` holds the rows that give the place of linked persons,
    ``groups`` says who belongs to a group.
    """

    rows: pa.Table
    layout: Layout
    edition: date | None
    upper: Mapping[str, str]
    register: pa.Table | None = None
    groups: Memberships = MappingProxyType({})


def draw(source: Source) -> Portrait:
    """Make the portrait of a delivery from its rows."""
    if source.layout.shape == "persons":
        return _draw_persons(source)
    figures = profile(source.rows, source.layout)
    places: dict[str, dict[str, float]] = {series: {} for series in figures.totals}
    for (series, area), n in figures.by_area.items():
        places[series][area] = n
    return Portrait(
        rows=source.rows.num_rows,
        edition=source.edition,
        areas=places,
        places=places,
        hidden=_hidden(source.rows),
    )


def _draw_persons(source: Source) -> Portrait:
    rows, layout = source.rows, source.layout
    names = [name for name, column in layout.columns.items() if column.role == "code"]
    places = _histogram(rows[AREA].drop_null()) if AREA in rows.column_names else {}
    return Portrait(
        rows=rows.num_rows,
        edition=source.edition,
        codes={name: _histogram(rows[name]) for name in names},
        ages={int(age): n for age, n in _histogram(_ages(rows)).items()},
        areas=_areas(source),
        places={ROWS: {area: float(n) for area, n in places.items()}} if places else {},
        link=_link(source),
    )


def _areas(source: Source) -> dict[str, dict[str, float]]:
    """Count every measure as a release would, per area of the compared kind."""
    rows, layout, register = source.rows, source.layout, source.register
    if AREA not in rows.column_names and register is None:
        return {}
    if register is not None and not link_of(rows, register)[0]:
        return {}
    connection = ibis.duckdb.connect()
    try:
        persons = connection.create_table("persons", rows)
        if register is None:
            counts = count_persons(persons, layout, (), source.groups)
        else:
            homes = connection.create_table("homes", register)
            counts = count_linked(persons, homes, layout, (), source.groups)
    finally:
        connection.disconnect()
    return _by_series(counts, source.upper)


def _by_series(counts: pd.DataFrame, upper: Mapping[str, str]) -> dict[str, dict[str, float]]:
    series = counts["measure"].where(
        counts["group"] == str(Group.ALL), counts["measure"] + "@" + counts["group"]
    )
    areas = counts["area_id"].map(lambda key: upper.get(key, key))
    found: dict[str, dict[str, float]] = {}
    summed = counts["n"].astype(float).groupby([series, areas]).sum()
    for key, n in summed.items():
        name, area = map(str, key)  # type: ignore[call-overload]  # pandas: any Hashable
        found.setdefault(name, {})[area] = float(n)
    return found


def _link(source: Source) -> tuple[int, int] | None:
    if source.register is None or PERSON not in source.rows.column_names:
        return None
    return link_of(source.rows, source.register)


def link_of(rows: pa.Table, register: pa.Table) -> tuple[int, int]:
    """Count the persons whom another register knows, and all persons with a key."""
    keys = rows[PERSON].drop_null()
    known = pc.is_in(keys, register[PERSON].drop_null().combine_chunks())
    return pc.sum(known).as_py() or 0, len(keys)


def continuity(source: Source, before: pa.Table, dates: tuple[date, date]) -> Continuity | None:
    """Find the persons of one register again in the next one.

    Parameters
    ----------
    dates
        Of the register before and of this one, in this order whichever is the older.
    """
    rows = source.rows
    if PERSON not in rows.column_names or PERSON not in before.column_names:
        return None
    rows, before = rows.combine_chunks(), before.filter(before[PERSON].is_valid())
    before = before.combine_chunks()
    found = pc.index_in(rows[PERSON], before[PERSON].combine_chunks(), skip_nulls=True)
    is_seen = found.is_valid().to_numpy()
    again, was = rows.filter(pa.array(is_seen)), before.take(found.drop_null())
    is_left = np.zeros(before.num_rows, dtype=bool)
    is_left[found.drop_null().to_numpy()] = True
    columns = [name for name in again.column_names if name not in (PERSON, AGE)]
    kept = {name: _same(again[name], was[name]) for name in columns if name in was.column_names}
    if AGE in again.column_names and AGE in was.column_names:
        kept[AGE] = _aged(again[AGE], was[AGE], dates)
    return Continuity(
        since=dates[0],
        before=before.num_rows,
        now=len(rows) - rows[PERSON].null_count,
        seen=int(is_seen.sum()),
        kept=kept,
        thinnest=_thinnest(is_left),
    )


def _same(one: pa.ChunkedArray, other: pa.ChunkedArray) -> int:
    is_same = pc.equal(pc.fill_null(one, EMPTY), pc.fill_null(other, EMPTY))
    return pc.sum(is_same).as_py() or 0


def _aged(now: pa.ChunkedArray, was: pa.ChunkedArray, dates: tuple[date, date]) -> int:
    before, after = dates
    years = after.year - before.year
    if (after.month, after.day) < (before.month, before.day):
        years -= 1
    most = years if (after.month, after.day) == (before.month, before.day) else years + 1
    gap = pc.subtract(now.cast(pa.int32()), was.cast(pa.int32()))
    is_aged = pc.and_(pc.greater_equal(gap, years), pc.less_equal(gap, most))
    return pc.sum(is_aged).as_py() or 0


def _thinnest(is_left: np.ndarray) -> float:
    size = max(_RUN, len(is_left) // _RUNS)
    runs = len(is_left) // size
    if not runs:
        return 1.0
    # From the end, where files are cut off; the first rows that fill no run are left out.
    return float(is_left[len(is_left) - runs * size :].reshape(runs, size).mean(axis=1).min())


def _ages(rows: pa.Table) -> pa.ChunkedArray:
    if AGE not in rows.column_names:
        return pa.chunked_array([], pa.string())
    return rows[AGE].drop_null().cast(pa.string())


def _histogram(column: pa.ChunkedArray) -> dict[str, int]:
    counts = pc.value_counts(pc.fill_null(column, EMPTY))
    found = zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True)
    return dict(sorted(found))


def _hidden(rows: pa.Table) -> dict[str, int]:
    rest = rows.filter(pc.not_equal(rows["status"], Status.PUBLISHED.value))
    found: dict[str, int] = {}
    for item, group in zip(rest["item"].to_pylist(), rest["group"].to_pylist(), strict=True):
        series = item if group == Group.ALL else f"{item}@{group}"
        found[series] = found.get(series, 0) + 1
    return found
