"""Series of the whole city on page Entwicklung, in a browser."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from atlas.terms import Group
from tests.browser.conftest import OpenScreen, ServeHome, write_musterstadt
from tests.series_town import write_series

WEEKS = {date(2024, 1, 7): 401.0, date(2024, 1, 14): 402.0, date(2024, 1, 21): None}
ADDRESS = "/entwicklung?reihe=alw&kennzahl=migrants_all"


@pytest.fixture(scope="module")
def url(serve: ServeHome, tmp_path_factory: pytest.TempPathFactory) -> str:
    home = tmp_path_factory.mktemp("home")
    write_musterstadt(home)
    for day, value in WEEKS.items():
        write_series(home / "releases", day, ("alw",), {("migrants", Group.ALL): value})
    for month in (1, 2):
        values = {("sgb2", Group.ALL): 70.0 + month, ("residents", Group.ALL): 700.0}
        write_series(home / "releases", date(2024, month, 3), ("akdn",), values)
    return serve(home)


@pytest.mark.parametrize("width", [1400, 320])
def test_series_are_accessible_and_fit(open_screen: OpenScreen, url: str, width: int) -> None:
    screen = open_screen(ADDRESS, url=url, width=width)
    table = screen.page.get_by_role("table", name="Musterstadt: Ausländerregister, wöchentlich")
    expect(table.get_by_role("row")).to_have_count(4)
    expect(table).to_contain_text("geheim")
    charts = screen.page.get_by_test_id("stVegaLiteChart")
    of_city = screen.page.locator(".st-key-city-lines").get_by_test_id("stVegaLiteChart")
    expect(charts).to_have_count(of_city.count() + 1)
    expect(screen.page.get_by_text("Ohne Wert: 21.01.2024")).to_be_visible()
    assert screen.violations() == []
    assert screen.sideways_px() == 0


def test_another_series_is_chosen_and_in_the_address(open_screen: OpenScreen, url: str) -> None:
    screen = open_screen("/entwicklung", url=url)
    # A list closes when its page scrolls.
    screen.page.get_by_role("button", name="Reihe als CSV").scroll_into_view_if_needed()
    screen.settle()
    assert screen.chosen("Reihe") == "AKDN sozial, monatlich"
    screen.choose("Kennzahl", "Empfänger*innen von SGB II")
    screen.settle()
    expect(screen.page.get_by_text("71 am 03.01.2024, 72 am 03.02.2024.")).to_be_visible()
    assert "kennzahl=sgb2_all" in screen.page.url
    screen.choose("Reihe", "Ausländerregister, wöchentlich")
    screen.settle()
    assert "reihe=alw" in screen.page.url
    expect(screen.page.get_by_text("401 am 07.01.2024, 402 am 14.01.2024.")).to_be_visible()


def test_series_are_no_choice_of_a_reference_date(open_screen: OpenScreen, url: str) -> None:
    screen = open_screen("/", url=url)
    screen.page.get_by_role("combobox", name="Stichtag", exact=True).click()
    options = screen.page.get_by_role("option")
    expect(options).to_have_text(["31.12.2024 · vorläufig", "31.12.2023", "31.12.2022"])


def test_series_as_files_hold_what_is_published(
    open_screen: OpenScreen, url: str, tmp_path: Path
) -> None:
    screen = open_screen(ADDRESS, url=url)
    with screen.page.expect_download() as excel:
        screen.page.get_by_role("button", name="Reihe als Excel").click()
    assert excel.value.suggested_filename == "musterstadt_reihe-alw_2024-01-21.1.xlsx"
    excel.value.save_as(tmp_path / "reihe.xlsx")
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "reihe.xlsx").read_bytes()))
    rows = [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()]
    assert rows[0][:3] == ("Stichtag", "Veröffentlichung", "mit Migrationshintergrund")
    assert [(row[0].date(), row[2]) for row in rows[1:3]] == list(WEEKS.items())[:2]
    assert rows[3][2:] == (".", "geheim")
    with screen.page.expect_download() as csv:
        screen.page.get_by_role("button", name="Reihe als CSV").click()
    csv.value.save_as(tmp_path / "reihe.csv")
    assert (tmp_path / "reihe.csv").read_text(encoding="utf-8").splitlines() == [
        "reference_date,release,migrants_all,migrants_all_status",
        "2024-01-07,2024-01-07.1,401,published",
        "2024-01-14,2024-01-14.1,402,published",
        "2024-01-21,2024-01-21.1,,suppressed",
    ]
