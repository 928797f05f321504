"""The planner needs no shell: file in by the page, new release out by the page.

The office watches as a process of its own, the dashboard only lays files into ``requests/``.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from atlas.errors import DeliveryError
from atlas.release import Release
from tests.browser.conftest import PROJECT_DIR, OpenScreen, ServeHome
from tests.browser.planner import Planner
from tests.browser.sight import values_of
from tests.browser.walk_town import CITY, NAMES, Town, late_ba
from tests.browser.wire import Wire
from tests.command import run_atlas

BA_NAME = "ba_2024-12-31.csv"
# No table in any encoding: who reads it fails, who keeps it can be found.
MARK = b"Kennwort-7402"
BROKEN = b"\xff\xfe\x00" + MARK + b"\x00\n"
_OFFICE_MS = 60_000  # the machine may have other work
_HEAR = """() => { window.said = [];
    const hear = () => document.querySelectorAll("[data-testid=stAlert]").forEach((alert) => {
        const text = alert.innerText.trim();
        if (text && window.said.at(-1) !== text) window.said.push(text); });
    new MutationObserver(hear).observe(document.body,
        {characterData: true, childList: true, subtree: true}); }"""

StartWatch = Callable[[Town], None]


@pytest.fixture
def town(wandelstadt: Town, tmp_path: Path) -> Town:
    return replace(wandelstadt, home=Path(shutil.copytree(wandelstadt.home, tmp_path / "home")))


@pytest.fixture
def start_watch(tmp_path: Path) -> Iterator[StartWatch]:
    """Start ``atlas watch`` as the office would; it ends by its own number."""
    started: list[subprocess.Popen[bytes]] = []

    def start(town: Town) -> None:
        with (tmp_path / "watch.log").open("wb") as log:
            command = (
                "watch",
                "--city",
                str(town.city_dir),
                "--home",
                str(town.home),
                "--settle",
                "1",
            )
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "atlas", *command],
                    cwd=tmp_path,
                    env={**os.environ, "PYTHONPATH": str(PROJECT_DIR)},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )

    yield start
    for process in started:
        assert process.poll() is None, (tmp_path / "watch.log").read_text(encoding="utf-8")
        process.kill()
        process.wait(timeout=30)


def test_planner_needs_no_shell(
    open_screen: OpenScreen, serve: ServeHome, town: Town, start_watch: StartWatch
) -> None:
    screen = open_screen("/datenstand", url=serve(town.home))
    before = town.release("2023-12-31.1")
    planner = Planner(screen, before, before)
    sees_what_is_missing(planner)
    hands_in_a_file_that_nobody_reads(planner, town)
    start_watch(town)
    the_office_takes_it(town, DeliveryError.exit_code)
    is_told_why_it_was_refused(planner, town)
    hands_in_the_right_file(planner, town)
    loads_the_final_release(planner, town)
    asks_once_more(planner, town)


def hand_in(page: Page, content: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Datei wählen").click()
    file = {"name": BA_NAME, "mimeType": "text/csv", "buffer": content}
    chooser.value.set_files(file)
    expect(page.get_by_test_id("stFileChipName")).to_have_text(BA_NAME)
    page.get_by_role("textbox", name="Name").fill("Kim")
    page.get_by_role("button", name="Abgeben").click()


def the_office_takes_it(town: Town, expected: int) -> None:
    """A person of the office looks at it and says yes; the checks decide as for every file."""
    done = run_atlas(town.home, "proposals", BA_NAME, "--accept", "--city", town.city_dir)
    assert done.exit_code == expected, done.err


def alert(page: Page, text: str) -> Locator:
    return page.get_by_test_id("stAlert").filter(has_text=text)


def sees_what_is_missing(planner: Planner) -> None:
    page = planner.page
    expect(page.get_by_text("SGB II zum 31.12.2024 noch nicht eingegangen")).to_be_visible()
    expect(page.locator(".head")).to_contain_text(
        "31.12.2024 vorläufig: SGB II fällt später an"
    )
    expect(page.get_by_text("Angenommen wird: SGB II.")).to_be_visible()


def hands_in_a_file_that_nobody_reads(planner: Planner, town: Town) -> None:
    page, wire = planner.page, Wire(planner.page)
    planner.screen.open("/datenstand")  # the wire hears from the first byte
    page.evaluate(_HEAR)
    hand_in(page, BROKEN)
    expect(alert(page, "wartet auf die Statistikstelle")).to_be_visible()
    expect(page.get_by_text(f"Wartet auf die Statistikstelle: {BA_NAME}")).to_be_visible()
    lying = [path for path in town.home.rglob("*") if path.is_file() and holds_mark(path)]
    assert lying == [town.home / "requests" / CITY / BA_NAME]
    assert lying[0].read_bytes() == BROKEN
    for path in (f"/requests/{BA_NAME}", f"/media/{BA_NAME}", f"/app/static/{BA_NAME}"):
        assert MARK not in page.request.get(planner.screen.base_url + path).body()
    wire.hold(page)
    assert len(wire.contents) > 10
    assert not any(MARK in content for content in wire.contents)


def holds_mark(path: Path) -> bool:
    return MARK in path.read_bytes()


def is_told_why_it_was_refused(planner: Planner, town: Town) -> None:
    page = planner.page
    refusal = alert(page, "Abgegeben am")
    expect(refusal).to_be_visible(timeout=_OFFICE_MS)
    expect(refusal).to_contain_text(f"Lieferung {BA_NAME}: Datei ist in UTF-16 gespeichert.")
    expect(refusal).to_contain_text("Erwartet: UTF-8. Datei neu speichern.")
    assert "Traceback" not in page.locator("body").inner_text()
    assert MARK.decode() not in page.locator("body").inner_text()
    assert town.names() == ["2022-12-31.1", "2023-12-31.1", "2024-12-31.1"]


def hands_in_the_right_file(planner: Planner, town: Town) -> None:
    page = planner.page
    planner.screen.settle()  # a form that is drawn anew loses what a robot puts into it
    page.evaluate("window.said = []")
    hand_in(page, late_ba().encode())
    planner.screen.settle()
    page.get_by_role("button", name="Neu berechnen").click()
    wait_until_idle(town)
    assert town.names()[-1] == "2024-12-31.1"  # it waits for a person
    the_office_takes_it(town, 0)
    news = page.get_by_role(
        "button", name="Neuer Stand 31.12.2024, endgültig (Nummer 2) – laden"
    )
    expect(news).to_be_visible(timeout=_OFFICE_MS)
    said = page.evaluate("window.said")
    steps = ("wartet auf die Statistikstelle", "rechnet …", "Die Berechnung läuft seit dem")
    assert any(step in text for text in said for step in steps), said
    assert town.names()[-1] == "2024-12-31.2"
    assert not list((town.home / "requests").rglob("ba_*"))


def loads_the_final_release(planner: Planner, town: Town) -> None:
    page, final = planner.page, town.release("2024-12-31.2")
    assert final.info.state == "final"
    planner.press("Neuer Stand 31.12.2024, endgültig (Nummer 2) – laden")
    expect(page.locator(".head")).to_contain_text("Stand 31.12.2024 · endgültig")
    expect(page.locator(".head")).not_to_contain_text("fällt später an")
    expect(page.get_by_text("noch nicht eingegangen")).to_have_count(0)
    assert_change_list(planner, final)
    planner.go_to("Karte")
    levels = values_of(final, "need_level")
    labels = {key: area["label"] for key, area in planner.screen.areas().items()}
    assert labels == {key: str(int(levels[key])) if key in levels else "" for key in NAMES}
    planner.go_to("Datenstand")


def assert_change_list(planner: Planner, final: Release) -> None:
    for group, name in (("all", "Alle Einwohner*innen"), ("u18", "Kinder und Jugendliche")):
        old, new = (
            values_of(one, "need_level", group=group) for one in (planner.before, final)
        )
        moved = {key for key in old if old[key] != new[key]}
        rows = planner.table(f"Quartiere mit anderer Stufe, {name}")
        assert {row["Nummer"] for row in rows} == moved
        assert "13" in moved
        for row in rows:
            for column, levels in (
                ("Stufe 31.12.2023 Nr. 1", old),
                ("Stufe 31.12.2024 Nr. 2", new),
            ):
                assert row[column].startswith(f"{levels[row['Nummer']]:.0f} ")


def asks_once_more(planner: Planner, town: Town) -> None:
    """Nothing new is said to be nothing new; what was found before stays on the page."""
    page = planner.page
    wait_until_idle(town)
    planner.press("Neu berechnen")
    said = alert(page, "Es gab nichts Neues zu berechnen")
    expect(said).to_be_visible(timeout=_OFFICE_MS)
    assert town.names()[-1] == "2024-12-31.2"
    planner.screen.settle()
    assert_change_list(planner, town.release("2024-12-31.2"))


def wait_until_idle(town: Town) -> None:
    """The wish for a run may have come after the file, and be a run of its own."""
    state_path = town.releases_dir / "datenstand.json"
    end = time.monotonic() + _OFFICE_MS / 1000
    while (town.home / "requests" / "neu-berechnen").exists() or (
        json.loads(state_path.read_text(encoding="utf-8"))["last_run"]["result"] == "running"
    ):
        assert time.monotonic() < end
        time.sleep(0.1)
