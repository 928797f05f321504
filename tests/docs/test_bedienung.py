"""The page for planners shows every page of the dashboard, in pictures that load quickly."""

import re
import runpy

import pytest
from PIL import Image

from atlas.publication.dashboard.pages import PAGES
from tests.command import PROJECT_DIR

PAGE = (PROJECT_DIR / "docs" / "bedienung.md").read_text(encoding="utf-8")
SHOTS = runpy.run_path(str(PROJECT_DIR / "scripts" / "screenshots.py"))["SHOTS"]
_PICTURE = re.compile(r"!\[([^\]]+)\]\(images/([\w-]+)\.png\)")
_MOST_BYTES = 250_000


def test_every_picture_stands_on_the_page_and_says_what_it_shows() -> None:
    shown = {name: text for text, name in _PICTURE.findall(PAGE)}
    assert shown.keys() == SHOTS.keys()
    assert all(len(text) > 40 for text in shown.values())


def test_every_page_of_the_dashboard_is_pictured_and_named() -> None:
    paths = {address.removeprefix("/").partition("?")[0] for address, _, _ in SHOTS.values()}
    assert paths == {path for _, path, _ in PAGES}
    assert [title for title, _, _ in PAGES if f"*{title}*" not in PAGE] == []


@pytest.mark.parametrize("name", SHOTS)
def test_pictures_are_sharp_and_small(name: str) -> None:
    path = PROJECT_DIR / "docs" / "images" / f"{name}.png"
    with Image.open(path) as picture:
        assert picture.width == 1400
    assert path.stat().st_size <= _MOST_BYTES


def test_ten_sections_for_ten_minutes() -> None:
    numbers = re.findall(r"^## (\d+) ", PAGE, re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 11)]
