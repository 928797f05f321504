"""Takes the picture of README.md from a running demo of Wuppertal.

scripts/demo                                                  (in another window)
.venv/bin/python scripts/screenshots.py http://localhost:8501
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

_IMAGES_DIR = Path(__file__).resolve().parents[1] / "docs" / "images"
_ADDRESS = "/?quartier=62"
_SIZE = {"width": 1400, "height": 1000}
_IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
_DRAWN = """() => window.map && map.atlas && map.atlas.layers.size > 0
    && map.getContainer().dataset.state === "drawn" """


def take(url: str) -> None:
    """Write ``docs/images/karte.png``."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        page = browser.new_page(viewport=_SIZE, locale="de-DE")
        page.goto(url.rstrip("/") + _ADDRESS)
        frame_element = page.wait_for_selector("iframe")
        frame = frame_element.content_frame() if frame_element else None
        if frame is None:
            raise SystemExit("The page shows no map: is a release published?")
        frame.wait_for_function(_DRAWN)
        page.wait_for_selector(_IDLE)
        page.wait_for_timeout(1000)  # the marker of the chosen area is drawn last
        _IMAGES_DIR.mkdir(exist_ok=True)
        page.screenshot(path=_IMAGES_DIR / "karte.png")
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1])
