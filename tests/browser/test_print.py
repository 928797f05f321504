"""Pages on A4 paper: what they say is there and whole, what one presses is not."""

import pytest

# A4 less the margins, at 96 dots per inch: 186 mm upright, 277 mm across.
PORTRAIT_PX, LANDSCAPE_PX = 703, 1046
PAGES = (
    "/?quartier=11",
    "/quartier?quartier=11",
    "/vergleich?vergleich=11,12",
    "/entwicklung",
    "/tabellen",
    "/datenstand",
    "/methode",
)
WITH_TABLES = tuple(path for path in PAGES if path != "/datenstand")
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


def test_map_is_printed_without_its_buttons(print_page):
    screen = print_page("/?quartier=11")
    frame = screen.map()
    assert not frame.locator(".leaflet-control-zoom").is_visible()
    assert frame.locator("canvas").first.is_visible()
    assert screen.page.locator(".legend").is_visible()
