"""The planner's way without a mouse: everything reached, always seen, never trapped."""

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from atlas.publication.dashboard.pages import PAGES
from tests.browser import file_cells
from tests.browser.conftest import OpenScreen
from tests.browser.keyboard import tab_to, tour_of
from tests.browser.planner import Planner
from tests.browser.screen import TIMEOUT_MS, Screen

TITLES = [title for title, _, _ in PAGES]
MAP_BUTTONS = ["Vergrößern", "Verkleinern", "Ganze Stadt"]


@pytest.mark.parametrize(("title", "path", "name"), PAGES)
def test_tab_reaches_everything_and_leaves(
    open_screen: OpenScreen, wandelstadt_url: str, title: str, path: str, name: str
) -> None:
    screen = open_screen(f"/{path}?quartier=12&vergleich=12,11", url=wandelstadt_url)
    tour = tour_of(screen)
    assert tour.unreached == []
    assert tour.unseen == []
    assert tour.has_ended
    stops = [stop.strip() for stop in tour.stops]
    assert stops[0] == "Zum Inhalt springen"
    assert stops[1 : len(TITLES) + 1] == TITLES
    if path == "":
        at = stops.index(MAP_BUTTONS[0])
        assert stops[at : at + 3] == MAP_BUTTONS
        assert stops.index("Quartier") < at < stops.index("Tabelle als Excel")


def choose(screen: Screen, select: str, typed: str) -> None:
    tab_to(screen, select)
    screen.page.keyboard.type(typed)
    screen.page.keyboard.press("Enter")
    screen.settle()


def test_planner_needs_no_mouse(planner: Planner, tmp_path: Path) -> None:
    screen, page = planner.screen, planner.page
    tab_to(screen, "Handlungsbedarf")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    screen.settle()
    assert screen.chosen("Thema") == "SGB-II-Quote"
    choose(screen, "Ebene", "Baubl")
    assert screen.chosen("Ebene") == "Baublöcke"
    choose(screen, "Quartier", "21")
    expect(page.locator(".panel h2")).to_have_text("21 Waldheim")
    zooms_the_map(screen)
    tab_to(screen, "Profil")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Warum diese Stufe?")).to_be_visible()
    screen.settle()
    writes_an_assessment(screen)
    tab_to(screen, "Tabellen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Tabellen", exact=True)).to_be_visible()
    screen.settle()
    takes_the_excel_along(planner, tmp_path)


def zooms_the_map(screen: Screen) -> None:
    frame = screen.map()
    for _ in range(10):
        screen.page.keyboard.press("Tab")
        if frame.evaluate("document.activeElement === map.getContainer()"):
            break
    for key, sign in (("+", ">"), ("-", "<")):
        frame.wait_for_function("!map._animatingZoom", timeout=TIMEOUT_MS)
        zoom = frame.evaluate("map.getZoom()")
        screen.page.keyboard.press(key)
        frame.wait_for_function(f"map.getZoom() {sign} {zoom}", timeout=TIMEOUT_MS)


def writes_an_assessment(screen: Screen) -> None:
    page = screen.page
    tab_to(screen, "Bewertung schreiben")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Bewertung")).to_be_visible()
    tab_to(screen, "Bewertung")
    page.keyboard.type("Der Jugendtreff bleibt.")
    tab_to(screen, "Name")
    page.keyboard.type("Jugendhilfeplanung")
    tab_to(screen, "Bewertung speichern")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stAlert")).to_have_text("Die Bewertung ist gespeichert.")
    expect(page.locator(".typed")).to_have_text("Der Jugendtreff bleibt.")
    screen.settle()


def takes_the_excel_along(planner: Planner, folder: Path) -> None:
    tab_to(planner.screen, "Alle Quartiere als Excel")
    with planner.page.expect_download() as waiting:
        planner.page.keyboard.press("Enter")
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == "wandelstadt_quartiere_2023-12-31.1.xlsx"
    assert openpyxl.load_workbook(path).sheetnames[0] == "Quartiere Alle"
    found = file_cells.of_excel(path)
    assert found.keys() == file_cells.of_release(planner.now, "quartier").keys()
