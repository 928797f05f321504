"""Own areas, assessments and points as planners meet them on Planung and Vergleich."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.browser.sight import rows_of, values_of
from tests.browser.walk_town import NAMES, Town


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


def test_rectangle_around_points_marks_map_and_rows(
    open_screen: OpenScreen, wandelstadt_url: str, wandelstadt: Town
) -> None:
    screen = open_screen("/vergleich?vergleich=12,11", url=wandelstadt_url)
    page, chart = screen.page, screen.page.get_by_test_id("stVegaLiteChart").last
    chart.scroll_into_view_if_needed()
    screen.settle()
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.97 * box["width"], box["y"] + 0.6 * box["height"], steps=5)
    page.mouse.up()
    expect(page.locator(".st-key-marked-map img")).to_be_visible()
    screen.settle()
    bounds = {
        (name, way): float(number)
        for name, way, number in re.findall(r"([a-z_]+)-(ab|bis)-(-?[\d.]+)", page.url)
    }
    now = wandelstadt.release("2023-12-31.1")
    inside = [set(NAMES)]
    for item in ("density", "migration_share"):
        low, high = bounds[item, "ab"], bounds[item, "bis"]
        values = values_of(now, item).items()
        inside.append({key for key, value in values if low <= round(value, 1) <= high})
    asked = set.intersection(*inside)
    assert 0 < len(asked) < len(NAMES)
    rows = rows_of(page.locator(".st-key-ranking table"))
    assert {row["Nummer"] for row in rows} == asked
    assert screen.violations() == []
    page.get_by_role("button", name="Markierung aufheben").click()
    expect(page.locator(".st-key-ranking tbody tr")).to_have_count(len(NAMES))
    screen.settle()
