"""Own areas and assessments as planners meet them on page Planung."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen


def test_own_area_is_refused_then_kept_then_removed(open_screen: OpenScreen) -> None:
    screen = open_screen("/planung?gruppe=u18")
    page = screen.page
    page.get_by_role("combobox", name="Quartiere des Gebiets").focus()
    for typed in ("Vorst", "Bahn"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        screen.settle()
    table = page.locator(".st-key-own-sums table")
    expect(table).to_contain_text("enthält geheime Werte")
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Bezeichnung").fill("Programm West")
    save = page.get_by_role("button", name="Gebiet speichern")
    save.click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("der Name fehlt")
    assert screen.violations() == []
    page.get_by_role("textbox", name="Name", exact=True).fill("Jugendamt")
    save.click()
    expect(page.get_by_text("Gespeichert: Programm West")).to_be_visible()
    screen.settle()
    expect(page.locator(".st-key-own-areas table")).to_contain_text("2 Quartiere")
    assert screen.violations() == []
    page.get_by_role("button", name="Gebiet löschen").click()
    expect(page.get_by_text("Gelöscht: Programm West")).to_be_visible()
    page.get_by_role("tab", name="Bewertungen").click()
    expect(page.get_by_text("Zu diesem Stand bewertet")).to_be_visible()
    assert screen.violations() == []
