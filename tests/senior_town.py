"""Musterstadt with its old people: 100 residents in every block, of three ages.

The register knows nothing but block and age; what it is counted by, a test configures.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from atlas.confidential.desk import Desk
from atlas.confidential.run import run
from atlas.release import Release, list_releases, open_release
from atlas.terms import Group, Kind
from tests.factories import BLOCKS, DAY
from tests.town_office import make_office, put

AGES = (7, 40, 70)
# Per block of each Quartier: of 7, of 40 and of 70 years.
PEOPLE = {
    "11": (20, 60, 20),
    "12": (10, 50, 40),
    "13": (30, 60, 10),
    "21": (20, 40, 40),
    "22": (40, 40, 20),
    "23": (25, 50, 25),
}


def only_residents(tables: dict[str, Any]) -> None:
    """Leave the population register and the density of Musterstadt's configuration."""
    ewo = tables["deliveries"]["layouts"][0]
    del ewo["columns"]["MIGRATION"]
    ewo["measures"] = {"residents": "every_row"}
    tables["deliveries"]["layouts"] = [ewo]
    tables["city"]["uploads"] = []
    indicators = tables["indicators"]
    indicators["measures"] = {"residents": {"label": "Einwohner*innen"}}
    indicators["indicators"] = {"density": indicators["indicators"]["density"]}
    tables["levels"]["need"] = {"all": {"indicators": [{"id": "density"}]}}


def register_csv() -> str:
    """Population register of the town."""
    rows = ["ID;BLOCK;ALTER"]
    for block in BLOCKS:
        for age, count in zip(AGES, PEOPLE[block[:2]], strict=True):
            rows += [f"P{block}-{age}-{n};{block};{age}" for n in range(count)]
    return "\n".join(rows) + "\n"


def published(
    root: Path,
    change: Callable[[dict[str, Any]], None],
    before_run: Callable[[Desk], None] = lambda office: None,
) -> Release:
    """Configure, deliver, run; open what was published."""

    def configure(tables: dict[str, Any]) -> None:
        only_residents(tables)
        change(tables)

    office = make_office(root, configure)
    before_run(office)
    put(office, f"ewo_{DAY}.csv", register_csv())
    run(office, "Erste Veröffentlichung")
    (ref,) = list_releases(office.releases_dir)
    return open_release(ref.path)


def value_of(release: Release, kind: str, area_id: str, item: str, group: str = "all") -> float:
    """Value of one cell, as it was published."""
    cells = release.cells
    is_cell = (cells["kind"] == Kind(kind)) & (cells["area_id"] == area_id)
    is_cell &= (cells["item"] == item) & (cells["group"] == Group(group))
    (row,) = cells[is_cell].itertuples()
    assert row.status == "published"
    return float(row.value)
