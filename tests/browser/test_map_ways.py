"""The map by finger, by keyboard, and for eyes that need other colours or no motion."""

from playwright.sync_api import Browser, expect

from atlas.publication.palette import LEVEL_COLOURS
from tests.browser.conftest import OpenScreen
from tests.browser.map_truth import open_wanderer
from tests.browser.map_witness import Device
from tests.browser.walk_town import NAMES, Town

_OUTLINE = """() => getComputedStyle(map.getContainer()).outlineStyle"""


def test_arrow_keys_go_to_every_quartier_and_enter_chooses(
    open_screen: OpenScreen, wandelstadt_url: str
) -> None:
    screen = open_screen("/?quartier=11", url=wandelstadt_url)
    frame = screen.map()
    frame.locator("#map_div").focus()
    assert frame.evaluate(_OUTLINE) == "solid"
    voice = frame.locator(".atlas-spoken[aria-live=polite]")
    heard = []
    for key in (*["ArrowRight"] * 4, "ArrowDown", *["ArrowLeft"] * 4, "ArrowUp"):
        screen.page.keyboard.press(key)
        heard.append(voice.inner_text())
    places = [text.split(":")[0] for text in heard]
    assert places[0] == "12 Äußere Vorstadt"
    assert set(places) == {f"{key} {name}" for key, name in NAMES.items()}
    expect(frame.locator(".atlas-tip strong")).to_have_text("11 Altstadt")
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator(".panel h2")).to_have_text("12 Äußere Vorstadt")
    assert screen.violations() == []


def test_click_draws_no_frame_around_the_map(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.click_area("12")
    expect(screen.page.locator(".panel h2")).to_have_text("12 Äußere Vorstadt")
    assert screen.map().evaluate(_OUTLINE) == "none"


def test_clicked_area_says_again_what_it_is(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.click_area("12")
    screen.settle()
    x, y = screen.place_of("12")
    screen.page.mouse.move(x + 3, y + 3)
    tip = screen.map().locator(".atlas-tip strong")
    expect(tip).to_have_text("12 Äußere Vorstadt")


def test_tap_is_answered_in_the_map_and_the_menu_closes(
    browser: Browser, wandelstadt_url: str, wandelstadt: Town
) -> None:
    reader = open_wanderer(browser, wandelstadt_url, Device(2, True), wandelstadt.home)
    page = reader.page
    page.set_viewport_size({"width": 390, "height": 844})
    reader.screen.open("/")
    page.touchscreen.tap(*reader.screen.place_of("12"))
    answer = reader.screen.map().locator(".atlas-answer")
    expect(answer).to_be_visible()
    expect(answer).to_contain_text("12 Äußere Vorstadt")
    for _ in range(4):  # until another Quartier lies under the answer
        reader.screen.map().get_by_role("button", name="Vergrößern").tap()
        page.wait_for_timeout(300)
    box = answer.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] - 4)
    page.wait_for_timeout(300)
    reader.screen.settle()
    expect(answer).to_contain_text("12 Äußere Vorstadt")
    page.get_by_role("button", name="Seiten zeigen").click()
    page.get_by_role("link", name="Datenstand").click()
    expect(page.get_by_role("heading", name="Datenstand")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Methode")).not_to_be_in_viewport()
    reader.close()


def test_own_colours_and_no_motion(browser: Browser, wandelstadt_url: str) -> None:
    context = browser.new_context(forced_colors="active", reduced_motion="reduce")
    page = context.new_page()
    page.goto(wandelstadt_url)
    entries = page.get_by_role("toolbar", name="Legende").get_by_role("button")
    expect(entries.nth(3)).to_be_visible()
    level = tuple(int(LEVEL_COLOURS[3][at : at + 2], 16) for at in (1, 3, 5))
    seen = entries.nth(3).evaluate("one => getComputedStyle(one, '::before').backgroundColor")
    assert seen == f"rgb{level}"
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_function("() => window.map && map.atlas")
    kept = "[map.options.zoomAnimation, map.options.fadeAnimation, map.options.inertia]"
    assert frame.evaluate(kept) == [False, False, False]
    page.goto(f"{wandelstadt_url}/vergleich")
    line = "one => getComputedStyle(one).textDecorationLine"
    chosen = page.get_by_role("tab", selected=True)
    expect(chosen).to_be_visible()
    assert chosen.evaluate(line) == "underline"
    assert page.get_by_role("tab", selected=False).evaluate(line) == "none"
    context.close()
