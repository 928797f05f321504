"""The city around the areas on the map, and the search, in Chromium."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen, ServeHome
from tests.context_town import write_context_town

# Share of pixels of the canvas above the areas that anything is drawn on.
_DRAWN = """() => {
    const canvas = map.atlas.context.canvas._container;
    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    let seen = 0;
    for (let at = 3; at < data.length; at += 4) seen += data[at] > 0;
    return seen / (data.length / 4); }"""
_IS_THERE = "() => map.getContainer().dataset.context === 'drawn'"
_POINT = """(name) => {
    const one = map.atlas.context.seen.find((one) => one.point.name.includes(name));
    const point = map.layerPointToContainerPoint([one.x, one.y]);
    return [point.x, point.y]; }"""
_SCHOOLS = "gewaesser%2Cbahn%2Cparks%2Cschulen"


@pytest.fixture(scope="module")
def url(serve: ServeHome, tmp_path_factory: pytest.TempPathFactory) -> str:
    home = tmp_path_factory.mktemp("home")
    write_context_town(home / "releases", home)
    for name in ("requests", "planning"):
        (home / name).mkdir()
    return serve(home)


def test_lines_points_and_the_areas_under_them(open_screen: OpenScreen, url: str) -> None:
    screen = open_screen("/?zeigen=-", url=url)
    frame = screen.map()
    frame.wait_for_function(_IS_THERE)
    names_alone = frame.evaluate(_DRAWN)
    assert names_alone > 0
    screen.page.get_by_role("button", name="Auf der Karte zeigen").click()
    for name in ("Gewässer", "Bahn", "Grün", "■ Schulen"):
        screen.page.get_by_text(name, exact=True).last.click()
        screen.settle()
    frame.wait_for_function("() => map.atlas.context.seen.length === 2")
    assert frame.evaluate(_DRAWN) > 1.5 * names_alone
    assert screen.violations() == []
    screen.page.keyboard.press("Escape")
    x, y = frame.evaluate(_POINT, "Markt")
    box = frame.frame_element().bounding_box()
    assert box is not None
    screen.page.mouse.move(box["x"] + x - 3, box["y"] + y)
    screen.page.mouse.move(box["x"] + x, box["y"] + y, steps=3)
    tip = frame.locator(".atlas-tip")
    expect(tip).to_contain_text("Schule <b>am Markt</b> · Am Markt 1")
    expect(tip).to_contain_text("12 Äußere Vorstadt")
    screen.page.mouse.click(box["x"] + x, box["y"] + y)
    expect(screen.page.locator(".panel h2")).to_have_text("12 Äußere Vorstadt")


def test_streets_have_names_from_near(open_screen: OpenScreen, url: str) -> None:
    frame = open_screen("/?zeigen=-", url=url).map()
    frame.wait_for_function(_IS_THERE)
    frame.evaluate("() => map.setView(map.getCenter(), 17, { animate: false })")
    frame.wait_for_function("() => map.atlas.context.streets.written.length > 0")
    written = set(frame.evaluate("() => map.atlas.context.streets.written"))
    assert written <= {"Lange Straße", "Hafengasse"}


def test_search_by_keyboard_leads_to_the_place(open_screen: OpenScreen, url: str) -> None:
    screen = open_screen(f"/methode?zeigen={_SCHOOLS}", url=url, width=390, height=844)
    field = screen.page.get_by_role("combobox", name="Suche", exact=True)
    field.focus()
    screen.page.keyboard.type("hafengasse")
    expect(screen.page.get_by_role("option", name="„hafengasse“ suchen")).to_be_visible()
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator(".panel h2")).to_have_text("22 Hafen")
    expect(screen.page.get_by_text("Hafengasse (Straße) liegt in 22 Hafen.")).to_be_visible()
    screen.settle()  # another page is drawn, with a map of its own
    frame = screen.map()
    frame.wait_for_function("() => map.atlas.context.wanted.place")
    place = frame.evaluate("() => map.atlas.context.wanted.place.at")
    assert frame.evaluate("([x, y]) => map.getBounds().contains([y, x])", place)
    assert screen.violations() == []
    assert screen.sideways_px() == 0
