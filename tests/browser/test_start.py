"""How the dashboard starts where something is not there."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import PROJECT_DIR, OpenScreen, ServeHome, write_musterstadt
from tests.factories import town_config, town_counts, town_info, write_town


def test_serves_without_the_confidential_zone(
    open_screen: OpenScreen, serve: ServeHome, tmp_path: Path
) -> None:
    project, home = tmp_path / "project", tmp_path / "home"
    project.mkdir()
    shutil.copy(PROJECT_DIR / "app.py", project)
    shutil.copytree(PROJECT_DIR / ".streamlit", project / ".streamlit")
    without = shutil.ignore_patterns("confidential", "demo", "__pycache__")
    shutil.copytree(PROJECT_DIR / "atlas", project / "atlas", ignore=without)
    write_musterstadt(home)
    screen = open_screen("/", url=serve(home, project))
    assert len(screen.areas()) == 6
    screen.choose("Quartier", "11 Altstadt")
    expect(screen.page.locator(".panel h2")).to_have_text("11 Altstadt")
    assert not (home / "confidential").exists()


def test_import_of_the_app_pulls_nothing_from_the_office() -> None:
    code = (
        # Without a login it listens to this machine alone, or does not start.
        "from streamlit import config; config.set_option('server.address', '127.0.0.1'); "
        "import sys, app; from atlas.publication.dashboard import main; "
        "print([name for name in sys.modules if name.startswith('atlas.confidential')])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "[]"


def test_says_what_to_do_without_a_release(
    open_screen: OpenScreen, serve: ServeHome, tmp_path: Path
) -> None:
    screen = open_screen("/", url=serve(tmp_path))
    expect(screen.page.locator(".stAlert")).to_contain_text(
        "Noch ist kein Stand veröffentlicht"
    )


def test_offers_a_release_published_meanwhile(
    open_screen: OpenScreen, serve: ServeHome, tmp_path: Path
) -> None:
    config, releases = town_config(), tmp_path / "releases"
    before, later = date(2022, 12, 31), date(2023, 12, 31)
    write_town(releases, town_info(config, before), town_counts(before))
    screen = open_screen("/", url=serve(tmp_path), has_own_clock=True)
    expect(screen.page.locator(".head")).to_contain_text("Stand 31.12.2022")
    news = screen.page.get_by_role("button", name="Neuer Stand verfügbar – laden")
    expect(news).to_have_count(0)
    write_town(releases, town_info(config, later), town_counts(later))
    screen.page.clock.fast_forward("01:05")
    news.click()
    expect(news).to_have_count(0)
    screen.settle()
    screen.choose("Stichtag", "31.12.2023")
    expect(screen.page.locator(".head")).to_contain_text("Stand 31.12.2023")


def test_corrected_release_takes_the_place_of_the_old_one(
    open_screen: OpenScreen, serve: ServeHome, tmp_path: Path
) -> None:
    config, releases, day = town_config(), tmp_path / "releases", date(2022, 12, 31)
    write_town(releases, town_info(config, day), town_counts(day))
    screen = open_screen("/?thema=sgb2_share", url=serve(tmp_path))
    assert screen.areas()["11"]["label"] == "30,0"
    corrected = town_counts(day)
    is_altstadt = (corrected["area_id"] == "11") & (corrected["item"] == "sgb2")
    corrected.loc[is_altstadt & (corrected["group"] == "all"), "value"] = 60.0
    write_town(releases, town_info(config, day, number=2), corrected)
    screen.choose("Quartier", "11 Altstadt")
    expect(screen.page.locator(".foot")).to_contain_text("2022-12-31.2")
    screen.settle()
    assert screen.areas()["11"]["label"] == "20,0"


def test_broken_release_shows_a_sentence_and_no_traceback(
    open_screen: OpenScreen, serve: ServeHome, tmp_path: Path
) -> None:
    config = town_config()
    day = date(2022, 12, 31)
    path = write_town(tmp_path / "releases", town_info(config, day), town_counts(day))
    (path / "cells.parquet").write_bytes(b"PAR1")
    screen = open_screen("/", url=serve(tmp_path))
    alert = screen.page.locator(".stAlert")
    expect(alert).to_contain_text("Release 2022-12-31.1")
    expect(alert).not_to_contain_text("Traceback")
    expect(screen.page.get_by_test_id("stException")).to_have_count(0)


def test_other_dates_stay_open_beside_a_broken_release(
    open_screen: OpenScreen, serve: ServeHome, tmp_path: Path
) -> None:
    config, releases = town_config(), tmp_path / "releases"
    before, later = date(2022, 12, 31), date(2023, 12, 31)
    write_town(releases, town_info(config, before), town_counts(before))
    broken = write_town(releases, town_info(config, later), town_counts(later))
    (broken / "cells.parquet").write_bytes(b"PAR1")
    screen = open_screen("/", url=serve(tmp_path))
    expect(screen.page.locator(".stAlert")).to_contain_text("Release 2023-12-31.1")
    assert screen.violations() == []
    screen.choose("Stichtag", "31.12.2022")
    expect(screen.page.locator(".head")).to_contain_text("Stand 31.12.2022")
    screen.settle()
    assert len(screen.areas()) == 6
