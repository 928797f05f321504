"""The server goes and comes back while somebody writes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import free_port, start_server, write_musterstadt
from tests.browser.screen import Screen

_TEXT = "Der Spielplatz fehlt noch immer."
_RECONNECTED_MS = 60_000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_musterstadt(tmp_path)
    (tmp_path / "planning").mkdir()
    return tmp_path


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="de-DE")
    yield context
    context.close()


def _begin(context: BrowserContext, port: int) -> Screen:
    screen = Screen.on(f"http://127.0.0.1:{port}", context).open("/quartier?quartier=11")
    screen.page.get_by_text("Bewertung schreiben").click()
    field = screen.page.get_by_role("textbox", name="Bewertung", exact=True)
    field.press_sequentially(_TEXT)
    return screen


def test_a_text_that_is_not_saved_outlives_a_restart(
    home: Path, context: BrowserContext
) -> None:
    port = free_port()
    server = start_server(home, port)
    try:
        screen = _begin(context, port)
        page = screen.page
        server.kill()
        server.wait(timeout=30)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Der Atlas antwortet nicht.", timeout=_RECONNECTED_MS)
        expect(dialog).not_to_contain_text("Streamlit")
        server = start_server(home, port)
        expect(dialog).to_have_count(0, timeout=_RECONNECTED_MS)
        field = page.get_by_role("textbox", name="Bewertung", exact=True)
        expect(field).to_be_visible(timeout=_RECONNECTED_MS)
        expect(field).to_have_value(_TEXT)
        screen.settle()
        page.get_by_role("textbox", name="Name", exact=True).fill("Ada")
        page.get_by_role("button", name="Bewertung speichern").click()
        expect(page.get_by_text("Die Bewertung ist gespeichert.")).to_be_visible()
        assert page.evaluate("sessionStorage.length") == 0
    finally:
        server.kill()
        server.wait(timeout=30)


def test_a_text_that_is_not_saved_outlives_a_reload(
    home: Path, context: BrowserContext
) -> None:
    port = free_port()
    server = start_server(home, port)
    try:
        page = _begin(context, port).page
        page.reload()
        field = page.get_by_role("textbox", name="Bewertung", exact=True)
        expect(field).to_be_visible()
        expect(field).to_have_value(_TEXT)
    finally:
        server.kill()
        server.wait(timeout=30)
