"""Axe, and German alone, where a page has been opened, filled in or refused something."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenScreen
from tests.browser.screen import Screen
from tests.browser.sight import english_in


def fill(page: Page, name: str, text: str) -> None:
    field = page.get_by_role("textbox", name=name, exact=True)
    field.fill(text)
    field.press("Tab")


def open_list(screen: Screen) -> None:
    screen.page.get_by_role("combobox", name="Stichtag").click()
    expect(screen.page.get_by_role("option")).to_have_count(3)


def list_without_a_match(screen: Screen) -> None:
    screen.page.get_by_role("combobox", name="Quartier", exact=True).fill("Nirgendwo")
    expect(screen.page.get_by_text("Kein Treffer")).to_be_visible()


def list_of_several(screen: Screen) -> None:
    screen.page.get_by_role("combobox", name="Quartiere (bis zu fünf)").click()
    expect(screen.page.get_by_role("option")).to_have_count(8)


def list_that_is_full(screen: Screen) -> None:
    screen.page.get_by_role("combobox", name="Quartiere (bis zu fünf)").click()
    expect(screen.page.get_by_text("Mehr als 5 gehen nicht.")).to_be_visible()


def moved_in_time(screen: Screen) -> None:
    axis = screen.page.get_by_role("slider", name="Zeitachse")
    axis.focus()
    screen.page.keyboard.press("ArrowLeft")
    expect(screen.page).to_have_url(re.compile("stichtag=2023-12-31"))
    screen.settle()
    assert screen.chosen("Stichtag") == "31.12.2023"
    themes = screen.buttons("Thema")
    themes.first.focus()
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("Enter")
    expect(screen.page).to_have_url(re.compile("thema=density"))


def blocks_on_the_map(screen: Screen) -> None:
    screen.page.get_by_text("Baublöcke auf der Karte zeigen").click()
    row = screen.page.get_by_role("button", name="1202", exact=True)
    row.focus()
    screen.page.keyboard.press("Enter")
    expect(screen.page).to_have_url(re.compile("gebiet=1202"))
    screen.settle()
    assert screen.map().evaluate("map.atlas.markGroup.getLayers().length") > 0
    expect(row).to_be_focused()
    screen.click_area("1201")
    expect(screen.page).to_have_url(re.compile("gebiet=1201"))
    expect(screen.page.locator("[data-show-row]")).to_have_attribute("data-show-row", "1201")


def emptied_select(screen: Screen) -> None:
    screen.page.get_by_role("combobox", name="Stichtag").fill("")


def tooltip_of_the_map(screen: Screen) -> None:
    screen.page.mouse.move(*screen.place_of("1202"))
    expect(screen.map().locator(".atlas-tip")).to_contain_text("geheim")


def posts_shared_out(screen: Screen) -> None:
    screen.page.get_by_role("tab", name="Stellen verteilen").click()
    expect(screen.page.locator(".st-key-plan table")).to_be_visible()


def posts_without_a_number(screen: Screen) -> None:
    fill(screen.page, "Stellen", "viele")
    expect(screen.page.get_by_test_id("stAlert")).to_contain_text("keine Zahl")


def what_if_changed(screen: Screen) -> None:
    screen.page.get_by_role("textbox", name="Einwohnerdichte").scroll_into_view_if_needed()
    fill(screen.page, "Einwohnerdichte", "0")
    expect(screen.page.locator(".st-key-trial table")).to_have_count(2)


def what_if_refused(screen: Screen) -> None:
    fill(screen.page, "Einwohnerdichte", "viel")
    expect(screen.page.get_by_test_id("stAlert")).to_contain_text("keine Zahl")


def hint_of_the_form(screen: Screen) -> None:
    screen.page.get_by_text("Bewertung schreiben").click()
    expect(screen.page.get_by_role("textbox", name="Name")).to_be_visible()
    screen.page.get_by_role("button", name="Hinweis zu „Bewertung“").hover()
    expect(screen.page.get_by_role("tooltip")).to_contain_text("Ohne Formatierung")


def assessment_refused(screen: Screen) -> None:
    fill(screen.page, "Bewertung", "Der Spielplatz fehlt.")
    screen.page.get_by_role("button", name="Bewertung speichern").click()
    expect(screen.page.get_by_test_id("stAlert")).to_contain_text("Name")


def assessments_of_before(screen: Screen) -> None:
    fill(screen.page, "Bewertung", "Der Spielplatz ist da.")
    fill(screen.page, "Name", "Jugendhilfeplanung")
    screen.page.get_by_role("button", name="Bewertung speichern").click()
    expect(screen.page.get_by_test_id("stAlert")).to_contain_text("gespeichert")
    screen.page.get_by_text("Alle Fassungen").click()
    expect(screen.page.locator(".st-key-assessments table")).to_be_visible()


def upload_without_a_file(screen: Screen) -> None:
    screen.page.get_by_role("button", name="Abgeben").click()
    expect(screen.page.get_by_test_id("stAlert").last).to_contain_text("Bitte zuerst")


def upload_with_a_file(screen: Screen) -> None:
    with screen.page.expect_file_chooser() as chooser:
        screen.page.get_by_role("button", name="Datei wählen").click()
    file = {"name": "ba_2024-12-31.csv", "mimeType": "text/csv", "buffer": b"1"}
    chooser.value.set_files(file)
    expect(
        screen.page.get_by_role("button", name="ba_2024-12-31.csv entfernen")
    ).to_be_visible()


def filters_open(screen: Screen) -> None:
    screen.page.get_by_role("button", name="Filter und Spalten").click()
    expect(screen.page.get_by_role("textbox", name="Wert des Indikators")).to_be_visible()
    screen.settle()


def bound_typed(screen: Screen) -> None:
    screen.choose("Indikator", "SGB-II-Quote, %")
    screen.settle()
    fill(screen.page, "Wert des Indikators", "viel")
    expect(screen.page.get_by_test_id("stAlert")).to_contain_text("keine Zahl")
    fill(screen.page, "Wert des Indikators", "10")
    expect(screen.page.get_by_text("Quartieren: SGB-II-Quote mindestens 10 %")).to_be_visible()
    screen.settle()


def close_list(screen: Screen) -> None:
    screen.page.keyboard.press("Escape")
    screen.page.keyboard.press("Escape")
    expect(screen.page.get_by_role("option")).to_have_count(0)
    screen.settle()


def nothing(screen: Screen) -> None:
    screen.settle()


def range_typed(screen: Screen) -> None:
    screen.page.get_by_text("Bereich in Zahlen").click()
    fill(screen.page, "Waagrecht von", "viel")
    expect(screen.page.get_by_test_id("stAlert")).to_contain_text("keine Zahl")
    fill(screen.page, "Waagrecht von", "100")
    expect(screen.page.locator(".st-key-marked-map img")).to_be_visible()
    screen.settle()


# Each page is opened once; its states follow each other.
STATES: tuple[tuple[str, tuple[Callable[[Screen], None], ...]], ...] = (
    ("/?stichtag=2024-12-31", (nothing, open_list, close_list, list_without_a_match)),
    ("/?stichtag=2024-12-31&daneben=stichtage", (moved_in_time,)),
    ("/?thema=refugee_share&ebene=block&quartier=12", (tooltip_of_the_map, emptied_select)),
    ("/vergleich?vergleich=12,11", (nothing, list_of_several)),
    ("/vergleich?vergleich=12,13", (range_typed,)),
    ("/vergleich?vergleich=11,12,13,14,15", (list_that_is_full,)),
    ("/vergleich", (posts_shared_out, posts_without_a_number)),
    ("/methode", (what_if_changed, what_if_refused)),
    ("/quartier", (nothing,)),
    ("/quartier?quartier=12", (blocks_on_the_map,)),
    ("/quartier?quartier=14", (hint_of_the_form, assessment_refused, assessments_of_before)),
    ("/tabellen", (filters_open, bound_typed)),
    ("/datenstand", (upload_without_a_file, upload_with_a_file)),
)


@pytest.mark.parametrize(("path", "acts"), STATES, ids=[path for path, _ in STATES])
def test_states_pass_axe_in_german(
    open_screen: OpenScreen,
    wandelstadt_url: str,
    path: str,
    acts: tuple[Callable[[Screen], None], ...],
) -> None:
    screen = open_screen(path, url=wandelstadt_url)
    for act in acts:
        act(screen)
        assert english_in(screen) == [], act.__name__
        assert screen.violations() == [], act.__name__
