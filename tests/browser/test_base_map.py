"""Tiles of a base map: only where configured, only while wanted, only from that server."""

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen, ServeHome, write_musterstadt
from tests.browser.screen import Screen

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
_LOADED = "() => document.querySelectorAll('img.leaflet-tile-loaded').length > 0"
_SWITCH = "Hintergrundkarte"
_FILL_OPACITY = "() => [...map.atlas.layers.values()][0].options.fillOpacity"


class _TileServer:
    """Answers every address with one pixel, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(f"{self.path} {self.headers.get('referer', '')}".strip())
                self.send_response(200)
                self.send_header("content-type", "image/png")
                self.send_header("content-length", str(len(_PIXEL)))
                self.end_headers()
                self.wfile.write(_PIXEL)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def tiles() -> Iterator[_TileServer]:
    server = _TileServer()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    write_musterstadt(home)
    return home


@pytest.fixture(scope="module")
def url(serve: ServeHome, home: Path) -> str:
    return serve(home)


def _configure(home: Path, origin: str) -> None:
    base_map = {"url": f"{origin}/k/{{z}}/{{x}}/{{y}}.png", "credit": "© Beispielamt 2025"}
    content = {"format": 1, "base_map": {**base_map, "max_zoom": 18}}
    path = home / "releases" / "musterstadt" / "anzeige.json"
    path.write_text(json.dumps(content), encoding="utf-8")


def _switch(screen: Screen) -> None:
    screen.page.get_by_text(_SWITCH, exact=True).click()
    screen.settle()


def test_tiles_load_while_the_reader_wants_them(
    open_screen: OpenScreen, home: Path, url: str, tiles: _TileServer
) -> None:
    _configure(home, tiles.origin)
    screen = open_screen(url=url)
    note = screen.page.get_by_text("kommen von außerhalb des Atlas, von 127.0.0.1")
    expect(note).to_be_visible()
    assert len(screen.areas()) == 6
    assert tiles.asked == []
    _switch(screen)
    frame = screen.map()
    frame.wait_for_function(_LOADED)
    expect(frame.get_by_text("© Beispielamt 2025")).to_be_visible()
    assert frame.evaluate(_FILL_OPACITY) < 1
    assert all(one.startswith("/k/") and "http" not in one for one in tiles.asked)
    assert "hintergrund" not in screen.page.url
    assert screen.violations() == []
    _switch(screen)
    screen.map().wait_for_function("() => !document.querySelector('img.leaflet-tile')")
    assert frame.evaluate(_FILL_OPACITY) == 1
    expect(frame.get_by_text("© Beispielamt 2025")).to_have_count(0)
    asked = len(tiles.asked)
    screen.choose("Thema", "Einwohnerdichte")
    screen.settle()
    assert len(screen.areas()) == 6
    assert len(tiles.asked) == asked


def test_no_address_turns_the_tiles_on(
    open_screen: OpenScreen, home: Path, url: str, tiles: _TileServer
) -> None:
    _configure(home, tiles.origin)
    screen = open_screen("/?hintergrund=an", url=url, width=320)
    assert len(screen.areas()) == 6
    assert tiles.asked == []
    _switch(screen)
    screen.map().wait_for_function(_LOADED)
    assert screen.sideways_px() == 0


def test_city_without_a_base_map_asks_nobody(
    open_screen: OpenScreen, tiles: _TileServer
) -> None:
    screen = open_screen()
    expect(screen.page.get_by_text(_SWITCH, exact=True)).to_have_count(0)
    assert len(screen.areas()) == 6
    assert screen.map().evaluate(_FILL_OPACITY) == 1
    assert tiles.asked == []


def test_any_other_server_is_refused_by_the_browser(
    open_screen: OpenScreen, home: Path, url: str, tiles: _TileServer
) -> None:
    _configure(home, tiles.origin)
    other = _TileServer()
    screen = open_screen(url=url)
    screen.map().evaluate(
        """(address) => new Promise((done) => {
            const picture = new Image();
            picture.onload = picture.onerror = done;
            picture.src = address; })""",
        f"{other.origin}/k/1/1/1.png",
    )
    screen.map().evaluate(
        "(address) => fetch(address).catch(() => 0)", f"{tiles.origin}/k/1/1/1.png"
    )
    screen.page.evaluate(
        """(address) => new Promise((done) => {
            const picture = new Image();
            picture.onload = picture.onerror = done;
            picture.src = address; })""",
        f"{tiles.origin}/k/1/1/1.png",
    )
    other.stop()
    assert other.asked == []
    assert tiles.asked == []
    refused = [text for text in screen.errors if "Content Security Policy" in text]
    assert len(refused) >= 3
    screen.errors.clear()


def test_map_is_whole_when_no_tile_comes(
    open_screen: OpenScreen, home: Path, url: str, tiles: _TileServer
) -> None:
    _configure(home, tiles.origin)
    tiles.stop()
    screen = open_screen(url=url)
    _switch(screen)
    assert len(screen.areas()) == 6
    note = screen.map().get_by_role("status")
    expect(note).to_have_text("Die Hintergrundkarte ist zurzeit nicht erreichbar.")
    screen.click_area("11")
    expect(screen.page.locator(".panel h2")).to_contain_text("Altstadt")
    assert all("ERR_CONNECTION_REFUSED" in text for text in screen.errors)
    screen.errors.clear()
