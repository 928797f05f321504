import pytest
from playwright.sync_api import expect

from atlas.publication.dashboard.pages import PAGES
from tests.browser.conftest import OpenScreen
from tests.browser.sight import cut_in, english_in

_NARROW_PX = 320
# A phone, and a window of 1400 px read at 200 %.
_WIDTHS_PX = (390, 700)


@pytest.mark.parametrize(("title", "path", "name"), PAGES)
def test_page_passes_axe(open_screen: OpenScreen, title: str, path: str, name: str) -> None:
    screen = open_screen(f"/{path}?quartier=11")
    area = "11 Altstadt – " if path == "quartier" else ""
    expect(screen.page).to_have_title(f"{area}{title} – Sozialatlas Musterstadt")
    assert screen.violations() == []
    assert english_in(screen) == []


@pytest.mark.parametrize(("title", "path", "name"), PAGES)
def test_narrow_page_needs_no_sideways_scrolling(
    open_screen: OpenScreen, title: str, path: str, name: str
) -> None:
    screen = open_screen(f"/{path}?quartier=11", width=_NARROW_PX, height=700)
    assert screen.sideways_px() == 0
    assert screen.violations() == []
    for width in _WIDTHS_PX:
        screen.page.set_viewport_size({"width": width, "height": 700})
        screen.settle()
        assert cut_in(screen) == []


def test_quartier_is_chosen_by_keyboard_alone(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.page.get_by_role("combobox", name="Quartier", exact=True).focus()
    screen.page.keyboard.type("Vorst")
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator(".panel h2")).to_have_text("12 Äußere Vorstadt")
    screen.settle()
    assert screen.map().evaluate("map.atlas.markGroup.getLayers().length") == 2


def test_table_says_what_the_map_says(open_screen: OpenScreen) -> None:
    screen = open_screen()
    table = screen.page.get_by_role("table").last
    expect(table.get_by_role("row")).to_have_count(7)
    altstadt = table.get_by_role("row", name="11 Altstadt")
    expect(altstadt).to_contain_text("hoher Handlungsbedarf")
    hidden = table.get_by_role("row", name="22 Hafen")
    expect(hidden).to_contain_text("nicht klassifiziert")
