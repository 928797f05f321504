"""Page Quartier in the browser: the way to its neighbours, the long table of its blocks."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenScreen, ServeHome
from tests.factories import town_config, town_counts, town_info, write_town

_MANY = 60


def test_neighbours_are_compared_from_the_profile(open_screen: OpenScreen) -> None:
    screen = open_screen("/quartier?quartier=12")
    page = screen.page
    page.get_by_role("link", name="Mit Nachbarn vergleichen → Vergleich").click()
    expect(page).to_have_url(re.compile("/vergleich.*vergleich=12%2C22%2C11%2C13"))
    heads = ["12 Äußere Vorstadt", "22 Hafen", "11 Altstadt", "13 Bahnhof", "Musterstadt"]
    table = page.get_by_role("table", name="Quartier im Vergleich")
    expect(table.get_by_role("columnheader")).to_have_text(["Kennzahl", *heads])
    page.get_by_role("button", name="+ 23 Stadtwald").click()
    expect(page).to_have_url(re.compile("vergleich=12%2C22%2C11%2C13%2C23"))
    expect(table.get_by_role("columnheader", name="23 Stadtwald")).to_be_visible()
    expect(page.get_by_text("Nachbarn:", exact=True)).to_have_count(0)
    screen.settle()
    assert screen.violations() == []


def test_block_under_the_pointer_is_marked_on_map_and_list(open_screen: OpenScreen) -> None:
    screen = open_screen("/quartier?quartier=12")
    page = screen.page
    page.get_by_text("Baublöcke auf der Karte zeigen").click()
    screen.settle()
    room = page.locator(".st-key-blocks-room")
    tip = screen.map().locator(".atlas-tip")
    pointed = room.locator("tr.is-pointed")
    page.mouse.move(*screen.place_of("1202"))
    expect(tip).to_contain_text("1202")
    expect(pointed).to_have_attribute("data-row", "1202")
    page.mouse.move(5, 5)
    expect(pointed).to_have_count(0)
    expect(tip).to_have_count(0)
    room.locator('tr[data-row="1201"]').hover()
    expect(tip).to_contain_text("1201")
    expect(pointed).to_have_count(0)
    room.get_by_role("button", name="1202", exact=True).focus()
    expect(tip).to_contain_text("1202")


def test_picture_says_where_the_quartier_lies(open_screen: OpenScreen) -> None:
    page = open_screen("/quartier?quartier=12").page
    picture = page.get_by_role("img", name=re.compile("^Lage von 12 Äußere Vorstadt"))
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.complete && one.naturalWidth > 0")


def test_long_table_scrolls_under_its_head_and_is_whole_on_paper(
    open_screen: OpenScreen,
) -> None:
    screen = open_screen("/quartier?quartier=12")
    page = screen.page
    page.get_by_text("Auch das Weitere drucken").click()
    screen.settle()
    region = page.get_by_role("region", name=re.compile("^Baublöcke"))
    region.evaluate(
        """(region, many) => {
            const rows = region.querySelector("tbody");
            while (rows.children.length < many) rows.append(rows.lastChild.cloneNode(true));
        }""",
        _MANY,
    )
    assert region.evaluate("one => one.clientHeight") == pytest.approx(480, abs=2)
    region.focus()
    page.keyboard.press("End")
    expect(region.locator("tbody tr").last).to_be_in_viewport()
    assert _head_offset(page) == pytest.approx(0, abs=2)
    page.emulate_media(media="print")
    assert region.evaluate("one => one.scrollHeight - one.clientHeight") <= 1
    display = region.locator("thead").evaluate("one => getComputedStyle(one).display")
    assert display == "table-header-group"


def test_lines_stand_in_true_time(
    open_screen: OpenScreen, serve: ServeHome, tmp_path: Path
) -> None:
    config = town_config()
    for year in (2011, 2022, 2023):
        day = date(year, 12, 31)
        write_town(tmp_path / "releases", town_info(config, day), town_counts(day))
    page = open_screen("/quartier?quartier=11", url=serve(tmp_path)).page
    chart = page.locator(".st-key-screen-only .stVegaLiteChart").first
    points = chart.locator(".mark-symbol path")
    expect(points).to_have_count(9)  # the Quartier, its district and the city at three dates
    places = {round(one.bounding_box()["x"]) for one in points.all()}
    first, second, third = sorted(places)
    assert (second - first) / (third - second) == pytest.approx(11, rel=0.05)
    expect(chart.get_by_text("2011", exact=True)).to_be_visible()


def _head_offset(page: Page) -> float:
    """How far the head of the focused table is below the top of its region, in pixels."""
    return float(
        page.evaluate(
            """() => { const region = document.activeElement;
                return region.querySelector("thead th").getBoundingClientRect().top
                    - region.getBoundingClientRect().top; }"""
        )
    )
