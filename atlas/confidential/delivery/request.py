"""What reading a delivery needs to know, and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from atlas.confidential.delivery.findings import Finding, sort_findings
from atlas.confidential.delivery.tables import Progress
from atlas.config import Layout
from atlas.terms import Group, Kind

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True)
class KnownAreas:
    """Keys of one kind of area in one edition.

    ``names`` is name to key where one area alone has the name, ``above`` gives for every
    larger kind the key (and name) of an area to the keys that lie in it.
    """

    edition: date
    keys: frozenset[str]
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    above: Mapping[Kind, Mapping[str, frozenset[str]]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, areas: "gpd.GeoDataFrame", kind: Kind, edition: date) -> "KnownAreas":
        """Tell what a delivery may name of the areas of an edition."""
        # Not at the top: the process that reads deliveries needs no geometry.
        from atlas.geography import areas_above, keys_of, names_of

        above, names = areas_above(areas, kind), names_of(areas, kind)
        return cls(edition, keys_of(areas, kind), names, above)


@dataclass(frozen=True)
class Profile:
    """Figures of one reference date of a delivery that the next one is compared with.

    ``totals`` holds item (with ``@u18``) or ``Zeilen`` to its sum; ``by_area`` the same per
    area key; ``ages`` ten-year age group to number of persons.
    """

    totals: Mapping[str, float] = field(repr=False)
    by_area: Mapping[tuple[str, str], float] = field(repr=False)
    ages: Mapping[int, int] = field(default_factory=dict, repr=False)


Holders = Mapping[Group, tuple[Group, ...]]
"""Group to the groups that certainly hold everybody of it."""

Locate = Callable[[npt.NDArray[np.float64], npt.NDArray[np.float64]], list[str | None]]


def _nowhere(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> list[str | None]:
    return [None] * len(x)


def _no_places(reference_date: date) -> Locate:
    return _nowhere


def _no_areas(reference_date: date) -> None:
    return None


def _no_profile(reference_date: date) -> None:
    return None


def _no_progress(rows: int) -> None:
    return None


@dataclass(frozen=True)
class Request:
    """A delivery to be read.

    ``claimed`` is the reference date of the file name or the command line; None lets a column
    with ``role = "date"`` say it. ``areas`` gives the known keys of the layout's kind at a
    reference date (None: keys are not checked). ``previous`` gives the profile of the delivery
    before a reference date. ``addresses`` is address key to area key, ``locate`` gives for a
    reference date the function of coordinates to area keys (None outside). ``nesting`` is
    measure to the measure that it is part of, ``holders`` group to the groups that hold it.
    ``progress`` is called with the number of rows read. ``today`` is the last possible
    reference date.
    """

    layout: Layout
    claimed: date | None
    hash_key: bytes = field(repr=False)
    areas: Callable[[date], KnownAreas | None] = _no_areas
    previous: Callable[[date], Profile | None] = _no_profile
    addresses: Mapping[str, str] = field(default_factory=dict, repr=False)
    locate: Callable[[date], Locate] = _no_places
    nesting: Mapping[str, str | None] = field(default_factory=dict)
    holders: Holders = field(default_factory=dict)
    progress: Progress = _no_progress
    today: date = date.max


@dataclass(frozen=True)
class Reading:
    """A delivery that was read: one table per reference date, and what was found.

    ``parts`` is empty when there is an error that leaves no table. ``rows`` counts the records
    of the file, ``sha256`` is that of its bytes. ``twins`` counts per date the rows that
    another row equals in everything but the key of the person. ``refused`` are the errors of
    single dates among several, which have no part: they hold the others not up.
    """

    name: str
    parts: Mapping[date, pa.Table] = field(repr=False)
    findings: tuple[Finding, ...]
    rows: int
    sha256: str
    twins: Mapping[date, int] = field(default_factory=dict)
    refused: tuple[Finding, ...] = ()

    def everything(self) -> tuple[Finding, ...]:
        """All findings, of the whole file and of dates that are refused."""
        return sort_findings((*self.refused, *self.findings))
