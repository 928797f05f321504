"""What was published is remembered, and protection reckons with it."""

import shutil
from pathlib import Path

import pandas as pd

from atlas.confidential.protection import audit_release, read_ledger
from atlas.confidential.run import run
from atlas.release import open_release
from tests.factories import DAY, SGB2
from tests.town_office import ba_csv, make_office, put, put_all


def _protect_cells(tables: dict) -> None:  # type: ignore[type-arg]
    tables["protection"]["scope"] = "cell"


def test_a_release_enters_the_ledger_with_what_it_shows(tmp_path: Path) -> None:
    office = make_office(tmp_path, _protect_cells)
    put_all(office, DAY)
    run(office, "")
    release = open_release(office.releases_dir / f"{DAY}.1")
    ledger = read_ledger(office, DAY, release.info.edition)
    assert ledger is not None
    assert set(ledger["release"]) == {f"{DAY}.1"}
    assert ledger["parts"].isna().all()
    cells = release.cells.rename(columns={"item": "measure"})
    both = ledger.merge(cells, on=["kind", "area_id", "group", "measure"])
    assert len(both) == len(ledger) > 50
    is_hidden = both["status"] == "suppressed"
    assert is_hidden.any()
    assert (both["n"].isna() == is_hidden).all()
    assert (both["n"].astype(float)[~is_hidden] == both["value"][~is_hidden]).all()


def test_nothing_is_known_of_another_date(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    put_all(office, DAY)
    run(office, "")
    assert read_ledger(office, DAY.replace(year=2001), DAY) is None


def test_a_correction_is_protected_together_with_what_it_corrects(tmp_path: Path) -> None:
    office = make_office(tmp_path, _protect_cells)
    put_all(office, DAY)
    run(office, "")
    put(office, f"ba_{DAY}.csv", ba_csv({**SGB2, "12": (31, 10)}))
    run(office, "")
    second = open_release(office.releases_dir / f"{DAY}.2")
    assert audit_release(office, second).is_safe
    ledger = read_ledger(office, DAY, second.info.edition)
    assert ledger is not None
    assert set(ledger["release"]) == {f"{DAY}.1", f"{DAY}.2"}
    once = open_release(office.releases_dir / f"{DAY}.1").cells
    hidden = once[(once["status"] == "suppressed") & (once["item"] == "migrants")]
    still = second.cells.set_index(["kind", "area_id", "group", "item"])["status"]
    names = pd.MultiIndex.from_frame(hidden[["kind", "area_id", "group", "item"]])
    assert len(names) > 0
    assert (still[names] == "suppressed").all()


def test_deleted_releases_come_back_as_they_were(tmp_path: Path) -> None:
    office = make_office(tmp_path, _protect_cells)
    put_all(office, DAY)
    run(office, "")
    path = office.releases_dir / f"{DAY}.1"
    before = {one.name: one.read_bytes() for one in path.rglob("*") if one.is_file()}
    shutil.rmtree(path)
    run(office, "")
    assert {one.name: one.read_bytes() for one in path.rglob("*") if one.is_file()} == before
