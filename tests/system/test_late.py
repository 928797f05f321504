"""Late, corrected, deleted: carry forward, dates that stand on others, retention of series.

The town and its numbers are those of ``tests.year_town``.
"""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from atlas.confidential.desk import Desk, open_desk
from atlas.confidential.publish import verify
from atlas.confidential.run import RunResult, run
from atlas.confidential.upkeep import purge, rotate_key
from atlas.home import Home
from atlas.release import Release, list_releases, open_release
from tests.factories import BLOCKS
from tests.town_office import Watcher, ba_csv, write_city
from tests.year_town import (
    BA_2024,
    TOWN_2024,
    alw_rows,
    deliveries_of_2023,
    deliveries_of_january,
    ewo_csv,
    lay_in,
    shown,
    year_tables,
)

REASON = "Doppelte Zeile, eine Person"
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def open_town(tmp_path: Path) -> Callable[[Change], Desk]:
    def make(change: Change) -> Desk:
        tables = year_tables()
        change(tables)
        city_dir = write_city(tmp_path / "city", tables)
        return open_desk(city_dir, Home(tmp_path / "home"), Watcher())

    return make


def receive(office: Desk, files: dict[str, str]) -> RunResult:
    lay_in(office.home.root, files)
    result = run(office, REASON)
    assert not result.errors
    return result


def names(result: RunResult) -> list[str]:
    return [release.info.name for release in result.published]


def newest(office: Desk, day: str) -> Release:
    refs = [r for r in list_releases(office.releases_dir) if str(r.reference_date) == day]
    return open_release(refs[-1].path)


def levels(release: Release) -> dict[str, object]:
    return shown(release.cells, "quartier", "need_level")


def statuses(release: Release, item: str) -> set[tuple[str, str]]:
    """Status and reason of the four Quartiere with enough people."""
    cells = release.cells
    chosen = cells[
        (cells["kind"] == "quartier")
        & (cells["item"] == item)
        & (cells["group"] == "all")
        & cells["area_id"].isin(["11", "12", "13", "21"])
    ]
    return set(zip(chosen["status"], chosen["reason"], strict=True))


# ---- a level before the BA has delivered ----


def carry_forward(tables: dict[str, Any]) -> None:
    tables["levels"]["provisional"] = "carry_forward"


def test_level_with_last_years_share(open_town: Callable[[Change], Desk]) -> None:
    """2024 has 30, 15, 10 and 4 % of 2023 until July; the weeks between lend no value."""
    office = open_town(carry_forward)
    receive(office, deliveries_of_2023())
    receive(office, deliveries_of_january())
    provisional = newest(office, "2024-12-31")
    assert provisional.info.references == ("2023-12-31.1",)
    assert statuses(provisional, "need_level") == {("estimated", "fortgeschrieben")}
    assert statuses(provisional, "sgb2_share") == {("missing", "ausstehend")}
    before = newest(office, "2023-12-31")
    shares = shown(before.cells, "quartier", "sgb2_share")
    assert [shares[key] for key in ("11", "12", "13", "21")] == [30, 15, 10, 4]
    assert {k: v for k, v in levels(provisional).items() if k < "22"} == {
        "11": 4,
        "12": 2,
        "13": 1,
        "21": 1,
    }
    result = receive(office, {"ba_2024-12-31.csv": ba_csv(BA_2024)})
    assert names(result) == ["2024-12-31.2"]
    final = newest(office, "2024-12-31")
    assert statuses(final, "need_level") == {("published", "")}
    # Nothing is carried any more; the comparable index has its scale from there.
    assert final.info.references == ("2023-12-31.1",)


def test_correction_reaches_what_was_carried_forward(
    open_town: Callable[[Change], Desk],
) -> None:
    """In 2023 Quartier 21 had 40 of 100 in SGB II, not 4: the estimate for 2024 follows."""
    office = open_town(carry_forward)
    receive(office, deliveries_of_2023())
    receive(office, {"ewo_2024-12-31.csv": ewo_csv(TOWN_2024)})
    assert levels(newest(office, "2024-12-31"))["21"] == 1
    corrected = ba_csv(
        {
            "11": (90, 30),
            "12": (30, 10),
            "13": (10, 3),
            "21": (40, 0),
            "22": (3, 0),
            "23": (0, 0),
        }
    )
    result = receive(office, {"ba_2023-12-31.csv": corrected})
    assert names(result) == ["2023-12-31.2", "2024-12-31.2"]
    estimate = newest(office, "2024-12-31")
    assert estimate.info.references == ("2023-12-31.2",)
    assert estimate.info.supersedes == "2024-12-31.1"
    index = shown(estimate.cells, "quartier", "need_index")["21"]
    before = open_release(office.releases_dir / "2024-12-31.1")
    assert index > shown(before.cells, "quartier", "need_index")["21"]
    for ref in list_releases(office.releases_dir):
        verify(office, ref.path)
    assert run(office, "").is_nothing_new


def test_final_dates_take_only_their_scale_from_a_correction_before_them(
    open_town: Callable[[Change], Desk],
) -> None:
    """With every source in, nothing is carried: the comparable index alone looks back."""
    office = open_town(carry_forward)
    receive(office, deliveries_of_2023())
    receive(
        office,
        {**deliveries_of_january(), "ba_2024-12-31.csv": ba_csv(BA_2024)},
    )
    before = newest(office, "2024-12-31").cells
    people, *rest = BLOCKS["1201"]
    town = {**BLOCKS, "1201": (people + 10, *rest)}
    result = receive(office, {"ewo_2023-12-31.csv": ewo_csv(town)})
    assert names(result) == ["2023-12-31.2", "2024-12-31.2"]
    after = newest(office, "2024-12-31").cells
    moved = ~before.eq(after).all(axis="columns") & before["value"].notna()
    assert set(before.loc[moved, "item"]) <= {"need_index.fixed", "need_level.fixed"}


# ---- retention ----


def keep_short(tables: dict[str, Any]) -> None:
    for layout in tables["deliveries"]["layouts"]:
        if layout["shape"] == "persons":
            layout["retention_days"] = 30


def hashes_held(office: Desk) -> set[str]:
    """Person hashes that stand in the rows of the store."""
    found: set[str] = set()
    for path in office.store_dir.glob("*/*/rows.parquet"):
        table = pq.read_table(path)
        if "person" in table.column_names:
            found.update(table["person"].drop_null().to_pylist())
    return found


def test_after_a_purge_no_person_is_left_in_any_file(
    open_town: Callable[[Change], Desk],
) -> None:
    """Register, weekly series, the week that served the date, and a superseded register."""
    office = open_town(keep_short)
    receive(office, {"ewo_2024-12-31.csv": ewo_csv()})
    receive(office, deliveries_of_january())
    persons = hashes_held(office)
    assert len(persons) > 700
    before = {
        ref.name: open_release(ref.path).cells for ref in list_releases(office.releases_dir)
    }
    done = purge(office, date(2025, 6, 1))
    assert len(done) == 5  # two numbers of the register, three weeks
    for path in office.home.root.rglob("*"):
        if path.is_file():
            assert not persons_in(path, persons), path
    assert not hashes_held(office)
    assert run(office, "").is_nothing_new
    result = receive(office, {"ba_2024-12-31.csv": ba_csv(BA_2024)})
    (final,) = result.published
    for item in ("residents", "migrants", "refugees"):
        cells = before["2024-12-31.2"]
        assert shown(final.cells, "quartier", item) == shown(cells, "quartier", item)
    assert shown(final.cells, "city", "refugees.unplaced") == {"99999000": 3}
    rebuild(office)
    for name in ("2024-12-22.1", "2024-12-29.1"):
        again = open_release(office.releases_dir / name)
        assert shown(again.cells, "city", "refugees") == {"99999000": 36}


def persons_in(path: Path, persons: set[str]) -> bool:
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        texts = (column for column in table.columns if str(column.type) == "string")
        return any(persons & set(column.to_pylist()) for column in texts)
    return bool(persons & set(re.findall("[0-9a-f]{64}", path.read_text("latin-1"))))


def rebuild(office: Desk) -> None:
    """Lose every release; the counts that were kept bring them back."""
    for ref in list_releases(office.releases_dir):
        for file in sorted(ref.path.rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()
        ref.path.rmdir()
    assert not run(office, "").errors


# ---- a new generation of keys ----


def test_registers_of_two_generations_hold_up_their_date_alone(
    open_town: Callable[[Change], Desk],
) -> None:
    """After ``key rotate`` both registers of a date are read again; other dates go on."""
    office = open_town(lambda tables: None)
    receive(office, deliveries_of_2023())
    assert rotate_key(office) == 2
    corrected = {**BLOCKS, "2101": (50, 4, 8, 3)}
    lay_in(office.home.root, {"ewo_2023-12-31.csv": ewo_csv(corrected)})
    lay_in(office.home.root, {"ewo_2024-12-31.csv": ewo_csv(TOWN_2024)})
    result = run(office, REASON)
    assert names(result) == ["2024-12-31.1"]
    (error,) = result.failed
    assert "Generation" in str(error)
    state = json.loads((office.releases_dir / "datenstand.json").read_text(encoding="utf-8"))
    assert state["last_run"]["result"] == "partly"
    assert "Generation" in state["last_run"]["message"]
    result = receive(office, {"alw_2023-12-31.csv": alw_rows()})
    assert names(result) == ["2023-12-31.2"]
    assert shown(newest(office, "2023-12-31").cells, "quartier", "residents")["21"] == 110
