"""What lies under the pointer is what is told and chosen; the map never leaves the city.

``ATLAS_MAP_WALKS`` says how many walks are drawn, ``ATLAS_MAP_HOME`` on which releases (else on
Wandelstadt), ``ATLAS_MAP_SEED`` which ones.
"""

import logging
import os
import random
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.conftest import ServeHome
from tests.browser.map_land import Extent
from tests.browser.map_truth import Wanderer, open_wanderer
from tests.browser.map_witness import DEVICES, Device
from tests.browser.walk_town import Town

_WALKS = int(os.environ.get("ATLAS_MAP_WALKS", "3"))
_SEED = os.environ.get("ATLAS_MAP_SEED", "atlas")
_STEPS = 3
_LOG = logging.getLogger(__name__)
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
        device = Device(1, has_touch)
        reader = open_wanderer(browser, wandelstadt_url, device, wandelstadt.home)
        reader.page.set_viewport_size({"width": width, "height": height})
        reader.screen.open("/")
        reader.chance = random.Random(number)
        reader.point(scrolled_px)
        reader.close()


def test_moved_map_stays_where_it_is(
    browser: Browser, wandelstadt_url: str, wandelstadt: Town
) -> None:
    reader = open_wanderer(browser, wandelstadt_url, DEVICES[0], wandelstadt.home)
    reader.screen.open("/")
    for _ in range(2):
        reader.screen.map().get_by_role("button", name="Vergrößern").click()
        reader.page.wait_for_timeout(400)
    before = _at_rest(reader)
    for kind in ("Baublöcke", "Quartiere", "Baublöcke", "Quartiere"):
        reader.screen.choose("Ebene", kind)
        reader.screen.settle()
        after = reader.extent()
        assert (after.lat, after.lng, after.zoom) == (before.lat, before.lng, before.zoom)
    for _ in range(3):
        reader.page.reload()
        reader.screen.settle()
        after = reader.extent()
        assert (after.lat, after.lng, after.zoom) == (before.lat, before.lng, before.zoom)
    reader.close()


def test_map_in_another_frame_keeps_its_middle(
    browser: Browser, wandelstadt_url: str, wandelstadt: Town
) -> None:
    reader = open_wanderer(browser, wandelstadt_url, DEVICES[0], wandelstadt.home)
    reader.screen.open("/")
    reader.screen.map().get_by_role("button", name="Vergrößern").click()
    before = _at_rest(reader)
    for width in (1285, 1279, 1283):
        reader.page.set_viewport_size({"width": width, "height": 900})
        after = _at_rest(reader)
        assert (after.lat, after.lng, after.zoom) == (before.lat, before.lng, before.zoom)
    reader.close()


def _at_rest(reader: Wanderer) -> Extent:
    """Extent of the map once it glides no further."""
    seen, now = None, reader.extent()
    while seen != now:
        reader.page.wait_for_timeout(400)
        seen, now = now, reader.extent()
    return now


def test_map_tells_the_truth(browser: Browser, serve: ServeHome, home: Path) -> None:
    url = serve(home)
    readers: dict[Device, Wanderer] = {}
    failures = []
    for number in range(_WALKS):
        device = DEVICES[number % len(DEVICES)]
        if device not in readers:
            readers[device] = open_wanderer(browser, url, device, home)
        failure = _walk(readers[device], number)
        _LOG.info("walk %s: %s", number, failure or "true")
        if failure:
            failures.append(failure)
            readers.pop(device).close()
    for reader in readers.values():
        reader.close()
        assert reader.screen.outside == reader.screen.errors == []
    assert not failures, f"{len(failures)} of {_WALKS}:\n" + "\n".join(failures)


def _walk(reader: Wanderer, number: int) -> str:
    """Why a walk failed; empty where the map told the truth."""
    try:
        reader.walk(random.Random(f"{_SEED}-{number}"), _STEPS)
    except (AssertionError, Error) as error:
        done = ", ".join(reader.done)
        return f"walk {number}, {reader.device}, {done}: {str(error)[:400]}"
    return ""
