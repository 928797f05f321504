"""What is kept of a delivery for the checks of the next one: aggregates, never a person."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from atlas.confidential.aggregate import Memberships
from atlas.confidential.delivery import Profile
from atlas.confidential.meaning.limits import COUNTED
from atlas.config import Layout

AREA, PERSON, AGE = "area_id", "person", "age"
EMPTY = ""
GONE, REST = "(fort)", "(andere)"
ROWS = "Zeilen"
_AGE_STEP = 10
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
    parts
        For each tenth of this file: its persons, and those of them who are new or changed.
    turned
        Column to code before to code now (``GONE`` for persons not seen again) to number of
        persons; the ways of a handful are summed up in ``REST``.
    emptied
        Column to the number of persons who had a code and have none any more.
    """

    model_config = ConfigDict(frozen=True)

    since: date
    before: int
    now: int
    seen: int
    kept: dict[str, int]
    thinnest: float
    parts: tuple[tuple[int, int], ...] = ()
    turned: dict[str, dict[str, dict[str, int]]] = {}
    emptied: dict[str, int] = {}


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


def comparable(new: Portrait, old: Portrait, names: tuple[str, ...]) -> list[str]:
    """Areas in which all of the series are large enough to be compared at both dates."""
    tables = [portrait.areas[name] for name in names for portrait in (new, old)]
    keys = set.intersection(*(set(table) for table in tables))
    return sorted(key for key in keys if min(table[key] for table in tables) >= COUNTED)
