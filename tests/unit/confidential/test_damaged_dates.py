"""Damage holds up the dates that need what is damaged; the others go on, and it is mended."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from atlas.confidential import run as run_room
from atlas.confidential.day import Day, look
from atlas.confidential.desk import Desk
from atlas.confidential.protection import audit_release
from atlas.confidential.publish import verify
from atlas.confidential.recipe import make_draft
from atlas.confidential.run import run, summary
from atlas.exchange.datastate import read_data_state
from atlas.release import open_release
from tests.factories import DAY, SGB2
from tests.town_office import EARLIER, ba_csv, ewo_csv, make_office, put, put_all, reopen


@pytest.fixture(scope="module")
def two_dates_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two dates, published; not to be changed."""
    root = tmp_path_factory.mktemp("two")
    office = make_office(root)
    for day in (EARLIER, DAY):
        put_all(office, day)
        run(office, "")
    return root


@pytest.fixture
def office(two_dates_root: Path, tmp_path: Path) -> Desk:
    return reopen(Path(shutil.copytree(two_dates_root, tmp_path / "office")))


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _cells(office: Desk, name: str) -> pd.DataFrame:
    return open_release(office.releases_dir / name).cells


def _correct(office: Desk, *days: object) -> None:
    for day in days:
        put(office, f"ba_{day}.csv", ba_csv({**SGB2, "11": (92, 31)}))


@pytest.mark.parametrize("file", ["cells.parquet", "datapackage.json", "cells.csv"])
def test_a_damaged_release_is_built_again_as_the_next_number(office: Desk, file: str) -> None:
    before = _cells(office, f"{DAY}.1")
    _flip(office.releases_dir / f"{DAY}.1" / file)
    result = run(office, "")
    assert [one.info.name for one in result.published] == [f"{DAY}.2"]
    assert not result.errors
    again = open_release(office.releases_dir / f"{DAY}.2")
    pd.testing.assert_frame_equal(again.cells, before)
    assert again.info.supersedes is None
    assert again.info.reason == f"anstelle der beschädigten {DAY}.1"
    verify(office, again.path)
    assert audit_release(office, again).is_safe
    assert run(office, "").is_nothing_new


def test_a_corrected_release_that_is_damaged_supersedes_the_last_whole_one(
    office: Desk,
) -> None:
    _correct(office, DAY)
    run(office, "")
    _flip(office.releases_dir / f"{DAY}.2" / "areas.gpkg")
    (again,) = run(office, "").published
    assert (again.info.name, again.info.supersedes) == (f"{DAY}.3", f"{DAY}.1")
    assert run(office, "").is_nothing_new


@pytest.mark.parametrize("file", ["rows.parquet", "delivery.json"])
def test_a_damaged_delivery_holds_up_its_date_alone(office: Desk, file: str) -> None:
    _flip(office.store_dir / "ewo" / f"{DAY}.1" / file)
    _correct(office, EARLIER, DAY)
    result = run(office, "Berichtigung")
    assert [one.info.name for one in result.published] == [f"{EARLIER}.2"]
    (error,) = result.failed
    assert f"{DAY}.1/{file}" in str(error)
    state = read_data_state(office.releases_dir)
    assert state is not None
    assert state.last_run is not None
    assert state.last_run.result == "partly"
    assert state.last_run.message.endswith(str(error))


def test_what_nothing_can_be_rebuilt_from_is_named_and_the_rest_goes_on(office: Desk) -> None:
    _flip(office.releases_dir / f"{DAY}.1" / "cells.parquet")
    _flip(office.store_dir / "ewo" / f"{DAY}.1" / "rows.parquet")
    _correct(office, EARLIER)
    result = run(office, "Berichtigung")
    assert [one.info.name for one in result.published] == [f"{EARLIER}.2"]
    assert "rows.parquet" in str(result.failed[0])
    assert "nicht gebaut: 1 Stichtag" in summary(result)


def test_the_file_that_comes_again_mends_a_delivery(office: Desk) -> None:
    before = _cells(office, f"{DAY}.1")
    _flip(office.releases_dir / f"{DAY}.1" / "cells.parquet")
    _flip(office.store_dir / "ewo" / f"{DAY}.1" / "rows.parquet")
    put(office, f"ewo_{DAY}.csv", ewo_csv())
    result = run(office, "dieselbe Datei noch einmal")
    assert not result.errors
    (again,) = result.published
    pd.testing.assert_frame_equal(again.cells, before)


def test_a_date_that_refers_to_a_damaged_one_waits_for_it(office: Desk) -> None:
    """It never falls back to what was superseded."""
    damaged = office.releases_dir / f"{DAY}.1"
    _flip(damaged / "cells.parquet")
    calendar = look(office)
    assert calendar.day(DAY).predecessor is None
    assert calendar.day(DAY).name == f"{DAY}.2"
    assert calendar.day(EARLIER).is_published


def test_a_fault_of_the_program_at_one_date_stops_no_other(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody foresaw is reported without its text, which may hold a value."""

    def break_down(desk: Desk, day: Day) -> Path:
        if day.reference_date == EARLIER:
            raise RuntimeError("Wert 4711")
        return make_draft(desk, day)

    monkeypatch.setattr(run_room, "make_draft", break_down)
    _correct(office, EARLIER, DAY)
    result = run(office, "")
    assert [one.info.name for one in result.published] == [f"{DAY}.2"]
    (error,) = result.errors
    assert f"Stichtag {EARLIER}: unerwarteter Fehler" in str(error)
    reports = [path.read_text() for path in (office.private_dir / "reports").iterdir()]
    assert reports
    assert all("break_down" in text for text in reports)
    assert "Wert 4711" not in "".join([str(error), *reports, office.log_path.read_text()])
