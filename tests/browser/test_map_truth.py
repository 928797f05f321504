"""What lies under the pointer is what is told and chosen; the map never leaves the city.

``ATLAS_MAP_WALKS`` says how many walks are drawn, ``ATLAS_MAP_HOME`` on which releases (else on
Wandelstadt), ``ATLAS_MAP_SEED`` which ones.
"""

import os
import random
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.conftest import ServeHome
from tests.browser.map_truth import DEVICES, Device, open_wanderer
from tests.browser.walk_town import Town

_WALKS = int(os.environ.get("ATLAS_MAP_WALKS", "4"))
_SEED = os.environ.get("ATLAS_MAP_SEED", "atlas")
_STEPS = 4
_WINDOWS = {  # width, height, how far the page is scrolled, finger instead of mouse
    "desk": (1400, 900, 300, False),
    "notebook": (1366, 650, 260, False),
    "flat": (1280, 560, 200, False),
    "tablet": (800, 1000, 250, False),
    "phone": (390, 844, 0, True),
}


@pytest.fixture
def home(request: pytest.FixtureRequest) -> Path:
    if given := os.environ.get("ATLAS_MAP_HOME"):
        return Path(given)
    town: Town = request.getfixturevalue("wandelstadt")
    return town.home


@pytest.mark.parametrize("window", _WINDOWS)
def test_first_click_on_a_half_visible_map(
    browser: Browser, wandelstadt_url: str, wandelstadt: Town, window: str
) -> None:
    width, height, scrolled_px, has_touch = _WINDOWS[window]
    for number in range(2):
        chance = random.Random(number)
        device = Device(1, has_touch)
        reader, context = open_wanderer(
            browser, wandelstadt_url, device, wandelstadt.home, chance
        )
        reader.page.set_viewport_size({"width": width, "height": height})
        reader.screen.open("/")
        reader.point(scrolled_px)
        context.close()


def test_moved_map_stays_where_it_is(
    browser: Browser, wandelstadt_url: str, wandelstadt: Town
) -> None:
    reader, context = open_wanderer(
        browser, wandelstadt_url, DEVICES[0], wandelstadt.home, random.Random(1)
    )
    reader.screen.open("/")
    for _ in range(2):
        reader.screen.map().get_by_role("button", name="Vergrößern").click()
        reader.page.wait_for_timeout(400)
    before = reader.extent()
    for kind in ("Baublöcke", "Quartiere", "Baublöcke", "Quartiere"):
        reader.screen.choose("Ebene", kind)
        reader.screen.settle()
        after = reader.extent()
        assert (after.lat, after.lng, after.zoom) == (before.lat, before.lng, before.zoom)
    reader.page.reload()
    reader.screen.settle()
    after = reader.extent()
    assert (after.lat, after.lng, after.zoom) == (before.lat, before.lng, before.zoom)
    context.close()


def test_map_tells_the_truth(browser: Browser, serve: ServeHome, home: Path) -> None:
    url = serve(home)
    failures = [
        failure
        for number in range(_WALKS)
        if (failure := _walk(browser, url, home, number)) is not None
    ]
    assert not failures, f"{len(failures)} of {_WALKS}:\n" + "\n".join(failures)


def _walk(browser: Browser, url: str, home: Path, number: int) -> str | None:
    chance = random.Random(f"{_SEED}-{number}")
    device = DEVICES[number % len(DEVICES)]
    reader, context = open_wanderer(browser, url, device, home, chance)
    try:
        reader.walk(_STEPS)
    except (AssertionError, Error) as error:
        return f"walk {number}, {device}, {', '.join(reader.done)}: {str(error)[:400]}"
    finally:
        context.close()
    assert reader.screen.outside == reader.screen.errors == []
    return None
