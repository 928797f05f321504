import re
from pathlib import Path

from PIL import Image

from atlas.publication.dashboard.design import LEVEL_COLOURS
from tests.browser.conftest import OpenScreen
from tests.browser.screen import Screen

_NAME = "musterstadt_karte-handlungsbedarf-alle-quartiere_2023-12-31.1"


def _save(screen: Screen, kind: str, folder: Path) -> Path:
    frame = screen.map()
    with screen.page.expect_download() as waiting:
        frame.get_by_role("button", name=f"Karte als Bild ({kind})").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_svg_has_title_legend_date_and_source(open_screen: OpenScreen, tmp_path: Path) -> None:
    path = _save(open_screen(), "SVG", tmp_path)
    assert path.name == f"{_NAME}.svg"
    svg = path.read_text(encoding="utf-8")
    assert svg.count("<path") == 6 + 2
    assert LEVEL_COLOURS[3] in svg
    for text in (
        "Sozialatlas Musterstadt",
        "Handlungsbedarf · Alle · Quartiere · 31.12.2023",
        "hoher Handlungsbedarf (1)",
        "Stand 31.12.2023 · endgültig · Veröffentlichung 2023-12-31.1 · Musterdaten",
        "Stadt Musterstadt (CC-BY-4.0)",
    ):
        assert text in svg
    assert not re.search("https?://(?!www.w3.org/2000/svg)", svg)


def test_png_shows_the_colours_of_the_map(open_screen: OpenScreen, tmp_path: Path) -> None:
    path = _save(open_screen(), "PNG", tmp_path)
    assert path.name == f"{_NAME}.png"
    with Image.open(path) as picture:
        assert picture.width == 2400
        found = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or []}
    dark = tuple(int(LEVEL_COLOURS[3][place : place + 2], 16) for place in (1, 3, 5))
    assert dark in found
