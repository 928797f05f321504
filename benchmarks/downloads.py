"""Every file that the dashboard hands out: how long its reader waits for it.

Each button of each page is pressed once, as a reader does it for the first time.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from atlas.publication.dashboard.pages import PAGES
from benchmarks.map_rounds import rest
from benchmarks.served import cpu_seconds, served

_BUTTON = '[data-testid="stDownloadButton"] button'
_WAIT_MS = 120_000


@dataclass(frozen=True)
class Handed:
    """One file: where its button stands, what came, seconds until it was there."""

    page: str
    button: str
    name: str
    kb: float
    seconds: float
    cpu: float


def measure_downloads(browser: Browser, home: Path, release: Path) -> list[Handed]:
    """Press every button of every page."""
    with served("app.py", home, release) as (url, process):
        context = browser.new_context(
            viewport={"width": 1400, "height": 900}, locale="de-DE", accept_downloads=True
        )
        page = context.new_page()
        handed = [
            one
            for title, path, _ in PAGES
            for one in _of_page(page, f"{url}/{path}?quartier=01&ebene=block", title, process)
        ]
        context.close()
    return handed


def _of_page(page: Page, address: str, title: str, process: int) -> Iterator[Handed]:
    page.goto(address)
    page.wait_for_selector(".foot", timeout=_WAIT_MS)
    rest(page)
    buttons = page.locator(_BUTTON)
    for place in range(buttons.count()):
        button = buttons.nth(place)
        if not button.is_visible():
            continue
        label = button.inner_text().strip()
        before, began = cpu_seconds(process), time.perf_counter()
        with page.expect_download(timeout=_WAIT_MS) as waiting:
            button.click()
        path = waiting.value.path()
        seconds = time.perf_counter() - began
        cpu = cpu_seconds(process) - before
        name = waiting.value.suggested_filename
        yield Handed(title, label, name, path.stat().st_size / 1000, seconds, cpu)
        rest(page)
