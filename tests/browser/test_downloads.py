from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pyogrio
import pytest
from PIL import Image

from atlas.publication.dashboard.pages import PAGES
from atlas.release import open_release
from tests.browser.conftest import OpenScreen
from tests.browser.screen import Screen

_NAME = "musterstadt_quartiere_2023-12-31.1"


def _download(screen: Screen, button: str, folder: Path) -> Path:
    return screen.download(screen.page.get_by_role("button", name=button, exact=True), folder)


def test_excel_holds_the_quartiere_of_the_release(
    open_screen: OpenScreen, musterstadt: Path, tmp_path: Path
) -> None:
    path = _download(open_screen(), "Tabelle als Excel", tmp_path)
    assert path.name == f"{_NAME}.xlsx"
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["11", "12", "13", "21", "22", "23"]
    cells = open_release(musterstadt / "releases/musterstadt/2023-12-31.1").cells
    altstadt = cells[(cells["area_id"] == "11") & (cells["group"] == "all")]
    share = altstadt.loc[altstadt["item"] == "sgb2_share", "value"].item()
    assert any(
        isinstance(value, int | float) and value == pytest.approx(share, abs=0.05)
        for value in rows[1]
    )


def test_csv_and_geopackage_open(open_screen: OpenScreen, tmp_path: Path) -> None:
    screen = open_screen()
    csv = _download(screen, "CSV", tmp_path)
    assert csv.name == f"{_NAME}.csv"
    assert len(csv.read_text(encoding="utf-8").splitlines()) > 6
    gpkg = _download(screen, "GeoPackage", tmp_path)
    assert gpkg.name == f"{_NAME}.gpkg"
    assert pyogrio.read_info(gpkg)["features"] == 6


def test_map_on_screen_is_a_picture_with_its_name(
    open_screen: OpenScreen, tmp_path: Path
) -> None:
    screen = open_screen("/?thema=sgb2_share&quartier=11")
    name = "musterstadt_karte-sgb-ii-quote-alle-quartiere_2023-12-31.1"
    svg = _download(screen, "Karte als SVG", tmp_path)
    assert svg.name == f"{name}.svg"
    texts = {
        one.text for one in ElementTree.parse(svg).iter("{http://www.w3.org/2000/svg}text")
    }
    assert "SGB-II-Quote · Alle · Quartiere · 31.12.2023 · Angaben in %" in texts
    drawn = {area["label"] for area in screen.areas().values() if area["label"]}
    assert drawn
    assert drawn <= texts
    png = _download(screen, "Karte als PNG", tmp_path)
    assert png.name == f"{name}.png"
    assert Image.open(png).size == (2246, 1588)


@pytest.mark.parametrize("path", [path for _, path, _ in PAGES if path])
def test_quartiere_are_one_click_away(
    open_screen: OpenScreen, path: str, tmp_path: Path
) -> None:
    file = _download(open_screen(f"/{path}"), "Alle Quartiere als Excel", tmp_path)
    assert file.name == f"{_NAME}.xlsx"
    openpyxl.load_workbook(file)
