import re

import pytest
from playwright.sync_api import expect

from atlas.publication.palette import CLASS_COLOURS, LEVEL_COLOURS
from tests.browser.conftest import OpenScreen

SETTLED_MS = 700  # longer than streamlit-folium waits before it reports a movement


def test_map_is_drawn_with_every_area_in_its_colour(open_screen: OpenScreen) -> None:
    screen = open_screen()
    areas = screen.areas()
    assert sorted(areas) == ["11", "12", "13", "21", "22", "23"]
    assert areas["11"]["fill"] == LEVEL_COLOURS[3]
    assert areas["11"]["label"] == "4"
    assert screen.pixel("11") == LEVEL_COLOURS[3]
    # Fewer than 50 residents: no level, its own symbol.
    assert areas["22"]["hatch"] == "dots"
    assert areas["22"]["label"] == ""


def test_tooltip_is_escaped_text_with_number_name_and_level(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.page.mouse.move(*screen.place_of("12"))
    tip = screen.map().locator(".atlas-tip")
    expect(tip).to_contain_text("12 Äußere Vorstadt")
    assert screen.areas()["12"]["tip"].startswith("<strong>12 Äußere Vorstadt</strong><br>")


def test_click_and_select_choose_the_same_quartier(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.click_area("12")
    expect(screen.page.locator(".panel h2")).to_have_text("12 Äußere Vorstadt")
    assert screen.chosen("Quartier") == "12 Äußere Vorstadt"
    screen.choose("Quartier", "11 Altstadt")
    expect(screen.page.locator(".panel h2")).to_have_text("11 Altstadt")
    assert screen.map().evaluate("map.atlas.markGroup.getLayers().length") == 2
    screen.click_area("12")
    expect(screen.page.locator(".panel h2")).to_have_text("12 Äußere Vorstadt")


def test_theme_recolours_the_map_by_classes(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.map()
    screen.choose("Thema", "SGB-II-Quote")
    expect(screen.page.locator(".legend-title")).to_contain_text("SGB-II-Quote")
    screen.settle()
    areas = screen.areas()
    assert areas["11"]["fill"] == CLASS_COLOURS[4]
    assert areas["11"]["label"] == "30,0"
    assert screen.pixel("11") == CLASS_COLOURS[4]


def test_other_reference_date_never_keeps_the_old_map(open_screen: OpenScreen) -> None:
    screen = open_screen("/?thema=sgb2_share")
    assert screen.areas()["11"]["label"] == "30,0"
    screen.choose("Stichtag", "31.12.2022")
    expect(screen.page.locator(".head")).to_contain_text("Stand 31.12.2022")
    screen.settle()
    assert screen.areas()["11"]["label"] == "10,0"
    screen.choose("Stichtag", "31.12.2024 · vorläufig")
    expect(screen.page.locator(".head")).to_contain_text("Stand 31.12.2024")
    screen.settle()
    assert screen.areas()["11"]["hatch"] == "dots"
    # Nothing to write on the map: a few areas show their names instead.
    assert screen.areas()["11"]["label"] == "Altstadt"


def test_hidden_values_have_a_hatch_of_their_own(open_screen: OpenScreen) -> None:
    screen = open_screen("/?thema=migration_share&gruppe=u18")
    areas = screen.areas()
    assert areas["13"]["hatch"] == areas["21"]["hatch"] == "diagonal"
    assert areas["13"]["tip"].endswith("geheim")
    legend = screen.page.get_by_role("toolbar", name="Legende")
    expect(legend).to_contain_text(re.compile(r"geheim\s*\(2\)"))


def test_legend_counts_every_area_once(open_screen: OpenScreen) -> None:
    screen = open_screen()
    text = screen.page.get_by_role("toolbar", name="Legende").inner_text()
    assert sum(int(count) for count in re.findall(r"\((\d+)\)", text)) == 6


def test_districts_show_the_levels_of_their_quartiere(open_screen: OpenScreen) -> None:
    screen = open_screen("/?ebene=district")
    areas = screen.areas()
    assert areas["11"]["fill"] == LEVEL_COLOURS[3]
    assert "Stadtbezirk Nord: " in areas["11"]["tip"]
    screen.click_area("21")
    expect(screen.page.locator(".panel h2")).to_have_text("2 Süd")
    assert "gebiet=2" in screen.page.url
    screen.choose("Thema", "Einwohnerdichte")
    screen.settle()
    expect(screen.page.locator(".legend-title")).to_contain_text("Einwohnerdichte")
    assert screen.areas().keys() == {"1", "2"}


def test_districts_without_a_value_carry_their_names(open_screen: OpenScreen) -> None:
    screen = open_screen("/?ebene=district&thema=sgb2_share&stichtag=2024-12-31")
    labels = {key: area["label"] for key, area in screen.areas().items()}
    assert labels == {"1": "Nord", "2": "Süd"}


def test_down_to_the_blocks_and_back(open_screen: OpenScreen) -> None:
    screen = open_screen("/?ebene=district")
    assert len(screen.areas()) == 6
    screen.click_area("12")
    expect(screen.page.locator(".panel h2")).to_have_text("1 Nord")
    screen.page.get_by_role("button", name="Quartiere zeigen").click()
    expect(screen.page.locator(".legend-title")).to_contain_text("Quartiere")
    screen.settle()
    screen.click_area("11")
    expect(screen.page.locator(".panel h2")).to_have_text("11 Altstadt")
    screen.settle()  # a run that ends meanwhile would draw the button anew
    screen.page.get_by_role("button", name="Baublöcke zeigen").click()
    expect(screen.page.locator(".legend-title")).to_contain_text("Baublöcke")
    screen.settle()
    areas = screen.areas()
    assert len(areas) == 12
    assert areas["1101"]["fill"] == areas["1102"]["fill"] == LEVEL_COLOURS[3]
    screen.click_area("1102")
    expect(screen.page.locator(".panel h2")).to_have_text(["11 Altstadt", "1102"])
    screen.page.get_by_role("button", name="Quartiere zeigen").click()
    expect(screen.page.locator(".legend-title")).to_contain_text("Quartiere")


@pytest.mark.parametrize("movement", ["drag", "zoom"])
def test_moving_the_map_runs_nothing(open_screen: OpenScreen, movement: str) -> None:
    screen = open_screen()
    x, y = screen.place_of("13")
    screen.page.wait_for_timeout(SETTLED_MS)
    sent = screen.sent_frames
    if movement == "drag":
        screen.page.mouse.move(x, y)
        screen.page.mouse.down()
        screen.page.mouse.move(x + 80, y + 40, steps=8)
        screen.page.mouse.up()
    else:
        screen.map().get_by_role("button", name="Vergrößern").click()
    screen.page.wait_for_timeout(SETTLED_MS)
    assert screen.sent_frames == sent
