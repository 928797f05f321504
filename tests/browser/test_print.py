"""Pages on A4 paper: what they say is there and whole, what one presses is not."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.paper import smallest_letters, texts_per_sheet

# A4 less the margins, at 96 dots per inch: 186 mm upright, 277 mm across.
PORTRAIT_PX, LANDSCAPE_PX = 703, 1046
PAGES = (
    "/?quartier=11",
    "/quartier?quartier=11",
    "/vergleich?vergleich=11,12",
    "/entwicklung",
    "/planung",
    "/tabellen",
    "/datenstand",
    "/methode",
)
WITH_TABLES = tuple(path for path in PAGES if path not in ("/datenstand", "/planung"))
PRESSED = (
    "header",
    ".st-key-choices",
    ".stButton",
    ".stDownloadButton",
    ".stSelectbox",
    ".stForm",
    "[data-testid=stFileUploader]",
)


@pytest.fixture
def print_page(open_screen):
    def print_(path):
        screen = open_screen(path, width=PORTRAIT_PX, height=1000)
        screen.page.emulate_media(media="print")
        return screen

    return print_


@pytest.mark.parametrize("path", PAGES)
def test_paper_shows_what_a_page_says_and_nothing_to_press(print_page, path):
    page = print_page(path).page
    assert page.locator(".head h1").is_visible()
    for selector in PRESSED:
        shown = [one for one in page.locator(selector).all() if one.is_visible()]
        assert shown == [], selector


def test_shared_out_posts_are_on_paper_without_the_fields_that_ask_for_them(open_screen):
    screen = open_screen("/vergleich?stellen=12", width=PORTRAIT_PX, height=1000)
    page = screen.page
    page.get_by_role("tab", name="Stellen verteilen").click()
    screen.settle()
    page.emulate_media(media="print")
    expect(page.get_by_text(re.compile("^12 Stellen; "))).to_be_visible()
    expect(page.get_by_role("table", name="Stellen verteilen")).to_be_visible()
    assert not [one for one in page.locator(".stTextInput").all() if one.is_visible()]


@pytest.mark.parametrize("path", WITH_TABLES)
def test_tables_fit_the_width_of_the_paper(print_page, path):
    page = print_page(path).page
    is_wide = page.evaluate("getComputedStyle(document.body).page") == "wide"
    width = LANDSCAPE_PX if is_wide else PORTRAIT_PX
    page.set_viewport_size({"width": width, "height": 1000})
    rights = page.locator(".table table").evaluate_all(
        "tables => tables.filter(one => one.offsetParent)"
        ".map(one => one.getBoundingClientRect().right)"
    )
    assert rights
    assert all(right <= width + 1 for right in rights)


def test_heads_stand_on_every_sheet(print_page):
    """Chromium repeats the heads of a table, but not the buttons in them."""
    heads = print_page("/tabellen").page.locator(".table thead button")
    assert heads.count() > 3
    shown = heads.evaluate_all("all => all.map((one) => getComputedStyle(one).display)")
    assert set(shown) == {"contents"}


def test_no_canvas_wipes_what_lies_below_it(print_page):
    """A canvas that is no group of its own would clear the areas under it on paper."""
    frame = print_page("/?quartier=11").map()
    opacities = frame.locator(".leaflet-pane canvas").evaluate_all(
        "all => all.map((one) => Number(getComputedStyle(one).opacity))"
    )
    assert opacities
    assert all(0.99 < opacity < 1 for opacity in opacities)


def test_map_is_printed_without_its_buttons(print_page):
    screen = print_page("/?quartier=11")
    frame = screen.map()
    assert not frame.locator(".leaflet-control-zoom").is_visible()
    assert frame.locator("canvas").first.is_visible()
    assert screen.page.get_by_role("toolbar", name="Legende").is_visible()


@pytest.mark.parametrize("path", [*PAGES, "/?ebene=block&thema=migration_share&quartier=11"])
def test_no_sheet_is_empty(open_screen, path):
    sheets = texts_per_sheet(open_screen(path).page)
    assert sheets[0] > 5  # head and more
    assert all(sheets)


def test_profile_is_one_sheet_unless_one_asks_for_more(open_screen):
    screen = open_screen("/quartier?quartier=11")
    assert len(texts_per_sheet(screen.page)) == 1
    more = "Auch das Weitere drucken, nicht nur das erste Blatt"
    screen.page.get_by_text(more).click()
    screen.settle()
    assert len(texts_per_sheet(screen.page)) > 1


@pytest.mark.parametrize("width", [1000, 1400, 1920])
def test_letters_of_a_profile_can_be_read_on_paper(open_screen, width):
    """Charts are pictures of their columns: the wider the window, the smaller their letters."""
    page = open_screen("/quartier?quartier=11", width=width).page
    expect(page.locator("[data-testid=stVegaLiteChart] svg").nth(1)).to_be_visible()
    assert smallest_letters(page) >= 7
    assert len(texts_per_sheet(page)) == 1


@pytest.mark.parametrize("path", ["/entwicklung", "/"])
def test_whole_city_is_on_the_paper(open_screen, path):
    frame = open_screen(path).map()
    frame.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert frame.evaluate("[map.getSize().x, map.getSize().y]") == [697, 451]
    # All of it inside, with a little room at the edge.
    assert frame.evaluate(
        """() => [...map.atlas.layers.values()].every((layer) =>
            [layer.getBounds().getNorthWest(), layer.getBounds().getSouthEast()]
                .map((place) => map.latLngToContainerPoint(place))
                .every(({x, y}) => x > 5 && x < 692 && y > 5 && y < 446))"""
    )
    frame.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert frame.evaluate("map.getSize().x") > 699


def test_legend_stands_below_the_map_on_paper(print_page):
    page = print_page("/?ebene=block&thema=migration_share&quartier=11").page
    boxes = [
        page.locator(one).first.bounding_box() for one in ("iframe", ".st-key-legend", ".panel")
    ]
    ends = [(box["y"], box["y"] + box["height"]) for box in boxes]
    assert ends[0][1] <= ends[1][0]
    assert ends[1][1] <= ends[2][0]
