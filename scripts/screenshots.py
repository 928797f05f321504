"""Takes the pictures of docs/bedienung.md and README.md from the demo of Wuppertal.

scripts/demo --no-serve
.venv/bin/python scripts/screenshots.py var
"""

import io
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import FloatRect, Page, ViewportSize, sync_playwright

from atlas.publication import planning
from atlas.publication.planning import Author, Kept, Shelf
from atlas.publication.seen import see
from atlas.release import in_force, list_releases, open_release
from atlas.terms import Kind

PROJECT_DIR = Path(__file__).resolve().parents[1]
IMAGES_DIR = PROJECT_DIR / "docs" / "images"
_LEGEND = ".st-key-map-options"
# File name to address, height of the window, and the last thing that is in the picture.
SHOTS = {
    "karte": ("/?quartier=62", 950, _LEGEND),
    "baubloecke": ("/?quartier=62&ebene=block&thema=migration_share", 950, _LEGEND),
    "quartier": ("/quartier?quartier=62", 1700, ".st-key-beside"),
    "vergleich": ("/vergleich?vergleich=62,64,61,55,63", 1700, ".stVegaLiteChart >> nth=1"),
    "entwicklung": ("/entwicklung", 1000, "iframe"),
    "planung": ("/planung", 1000, ".st-key-files-own"),
    "tabellen": ("/tabellen", 1300, "tbody tr >> nth=9"),
    "datenstand": ("/datenstand", 1300, "tbody tr >> nth=9"),
    "methode": ("/methode", 1300, ".stMarkdown li >> nth=8"),
}
_WIDTH = 1400
_CHROMIUM = "/usr/bin/chromium"
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_STARTED_S = 60
_IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
_DRAWN = """() => window.map && map.atlas && map.atlas.layers.size > 0
    && map.getContainer().dataset.state === "drawn" """
_CALM_MS = 1500  # charts, and the marker of the chosen area, are drawn last
_COLOURS = 256
_MARGIN_PX = 16


def keep_own_areas(home: Path) -> None:
    """Put two own areas into a home that has none: page Planung shows what is kept."""
    engine = planning.open_store(planning.store_url(home / "planning"))
    shelf = Shelf("wuppertal", "own_area", "Eigenes Gebiet")
    if not planning.all_kept(engine, shelf):
        newest = in_force(list_releases(home / "releases" / "wuppertal"))
        seen = see(open_release([*newest.values()][-1].path))
        blocks = [area.id for area in seen.children(Kind.BLOCK, "62")]
        for name, kind, keys in (
            ("Programmgebiet Wichlinghausen", Kind.QUARTIER, ["61", "62"]),
            ("Schulbezirk Nord", Kind.BLOCK, blocks[:40]),
        ):
            content = {"kind": str(kind), "area_ids": sorted(keys)}
            content["edition"] = seen.info.edition.isoformat()
            author = Author("Jugendhilfeplanung", is_verified=False)
            kept = Kept(0, 1, name, content, author, datetime(2025, 3, 3, 9, tzinfo=UTC))
            planning.keep_new(engine, shelf, kept)
    engine.dispose()


def take(home: Path) -> None:
    """Write a PNG of every page to ``docs/images``; the home must hold Wuppertal alone."""
    IMAGES_DIR.mkdir(exist_ok=True)
    keep_own_areas(home)
    with _server(home) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        for name, (address, height, last) in SHOTS.items():
            window: ViewportSize = {"width": _WIDTH, "height": height}
            page = browser.new_page(viewport=window, locale="de-DE")
            page.goto(url + address)
            _wait(page)
            png = _small(page.screenshot(clip=_down_to(page, last)))
            (IMAGES_DIR / f"{name}.png").write_bytes(png)
            page.close()
        browser.close()


def _wait(page: Page) -> None:
    page.wait_for_selector(".foot", timeout=_STARTED_S * 1000, state="attached")
    page.wait_for_selector(_IDLE)
    element = page.query_selector("iframe")
    frame = element.content_frame() if element else None
    if frame is not None:
        frame.wait_for_function(_DRAWN)
    page.wait_for_timeout(_CALM_MS)


def _down_to(page: Page, last: str) -> FloatRect:
    """Part of the window that ends below an element."""
    box = page.locator(last).first.bounding_box()
    if box is None:
        raise SystemExit(f"{page.url} shows no {last}.")
    return {"x": 0, "y": 0, "width": _WIDTH, "height": box["y"] + box["height"] + _MARGIN_PX}


def _small(png: bytes) -> bytes:
    """Keep the colours that cover most: areas stay as they are, edges of letters nearly."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(np.int32)
    packed = pixels @ np.array([1 << 16, 1 << 8, 1])
    codes, places, counts = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.column_stack([codes >> 16, codes >> 8 & 255, codes & 255])
    palette = colours[np.argsort(-counts)[:_COLOURS]]
    far = ((colours[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
    nearest = far.argmin(axis=1).astype(np.uint8)
    reduced = Image.fromarray(nearest[places].reshape(packed.shape), "P")
    reduced.putpalette(palette.astype(np.uint8).tobytes())
    buffer = io.BytesIO()
    reduced.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@contextmanager
def _server(home: Path) -> Iterator[str]:
    """Serve a home directory on a free port, and end this server afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    address = ["--server.address", "127.0.0.1", "--server.port", port]
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", *address],
        cwd=PROJECT_DIR,
        env={**os.environ, "ATLAS_HOME": str(home.resolve())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for_server(f"{url}/_stcore/health", server)
        yield url
    finally:
        server.terminate()
        server.wait()


def _wait_for_server(url: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _STARTED_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:  # a busy machine answers late
            time.sleep(0.3)
    raise SystemExit("The dashboard did not start.")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    take(Path(sys.argv[1]))
