"""A weekly series and a date served by the same export must not give a third number."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from atlas.confidential.run import run
from atlas.release import open_release
from tests.factories import DAY
from tests.town_office import alw_csv, ba_csv, ewo_csv, make_office, put

WEEK = date(2023, 12, 28)


def _weekly(tables: dict[str, Any]) -> None:
    alw = next(one for one in tables["deliveries"]["layouts"] if one["id"] == "alw")
    alw.update({"is_series": True, "days_before": 7})


@pytest.mark.parametrize(
    ("strangers", "is_shown"), [(0, False), (1, False), (2, True), (5, True)]
)
def test_too_few_unplaced_are_not_told_by_subtraction(
    tmp_path: Path, strangers: int, is_shown: bool
) -> None:
    office = make_office(tmp_path, _weekly)
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    put(office, f"ba_{DAY}.csv", ba_csv())
    # the extract itself has one person whom the population register does not know
    unknown = "".join(f"X{number};24\n" for number in range(strangers))
    put(office, f"alw_{WEEK}.csv", alw_csv() + unknown)
    run(office, "Test")
    cells = open_release(office.releases_dir / f"{DAY}.1").cells
    city = cells[(cells["kind"] == "city") & (cells["group"] == "all")].set_index("item")
    series = open_release(office.releases_dir / f"{WEEK}.1").cells.set_index("item")
    placed = city.loc["refugees"]
    assert (placed["status"] == "published") is is_shown
    if is_shown:
        assert series.loc["refugees", "value"] - placed["value"] == strangers + 1


def _counting_all(tables: dict[str, Any]) -> None:
    tables["deliveries"]["layouts"].append(
        {
            "id": "woche",
            "source": "woche",
            "label": "Wochenzahlen",
            "shape": "counts",
            "file": "woche_{date}.csv",
            "kind": "city",
            "is_series": True,
            "is_required": False,
            "columns": {"ALLE": {"role": "count", "item": "residents"}},
        }
    )


def test_a_series_that_counts_residents_opens_no_date_of_quartiere(tmp_path: Path) -> None:
    office = make_office(tmp_path, _counting_all)
    for day, count in ((WEEK, 7310), (date(2024, 1, 4), 7312)):
        put(office, f"woche_{day}.csv", f"ALLE\n{count}\n")
    run(office, "Test")
    for day, count in ((WEEK, 7310.0), (date(2024, 1, 4), 7312.0)):
        release = open_release(office.releases_dir / f"{day}.1")
        assert set(release.cells["kind"]) == {"city"}
        assert release.info.missing == ()
        residents = release.cells.set_index(["item", "group"]).loc[("residents", "all")]
        assert (residents["value"], residents["status"]) == (count, "published")
