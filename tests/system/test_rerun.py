"""Running again: nothing new without new input, the same bytes without the releases."""

import shutil
from pathlib import Path

import pytest

from tests.command import PROJECT_DIR, files_below, run_atlas

DATES = ("2011-12-31", "2017-12-31", "2021-12-31", "2022-12-31")


@pytest.fixture
def published_home(flensburg_home: Path, tmp_path: Path) -> Path:
    return shutil.copytree(flensburg_home, tmp_path / "published")


def test_demo_publishes_every_year_of_flensburg(flensburg_home: Path) -> None:
    names = {path.name for path in (flensburg_home / "releases/flensburg").glob("*-12-31.1")}
    assert {f"{day}.1" for day in DATES} <= names
    assert "2012-12-31.1" not in names  # age groups alone, no residents, open no date


def test_eight_real_years_are_let_through_without_a_warning(flensburg_home: Path) -> None:
    asked = run_atlas(flensburg_home, "findings", "--city", "flensburg")
    assert asked.exit_code == 0, asked.err
    assert "Warnung" not in asked.out


def test_second_run_says_that_nothing_is_new(published_home: Path) -> None:
    before = files_below(published_home / "releases")
    second = run_atlas(published_home, "run", "--city", "flensburg")
    assert second.exit_code == 0, second.err
    assert second.out.strip() == "Nichts Neues: alle Lieferungen sind schon verarbeitet."
    after = files_below(published_home / "releases")
    del before["flensburg/datenstand.json"], after["flensburg/datenstand.json"]  # time of run
    assert after == before


def test_deleted_releases_come_back_byte_by_byte(published_home: Path) -> None:
    releases_dir = published_home / "releases" / "flensburg"
    before = files_below(releases_dir)
    shutil.rmtree(releases_dir)
    again = run_atlas(published_home, "run", "--city", "flensburg")
    assert again.exit_code == 0, again.err
    after = files_below(releases_dir)
    del before["datenstand.json"], after["datenstand.json"]  # holds the time of the run
    assert len(before) > 50
    assert after == before


def test_same_file_again_is_nothing_new(published_home: Path) -> None:
    source = PROJECT_DIR / "atlas/demo/data/flensburg"
    for path in source.glob("*.csv"):
        shutil.copy(path, published_home / "inbox")
    third = run_atlas(published_home, "run", "--city", "flensburg")
    assert third.exit_code == 0, third.err
    assert third.out.startswith("Nichts Neues")
    assert not list((published_home / "inbox").iterdir())
