"""How often the dashboard asks: requests of a first and a second visit, runs of a choice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenScreen

# Chromium asks for the sign of a tab when it has nothing else to do, or not at all.
_BY_CHANCE = {"/favicon.png"}
_COMPONENT = "/component/streamlit_folium.st_folium/index.html"


@contextmanager
def _asked(page: Page) -> Iterator[list[str]]:
    """Paths that the network, not the browser's memory, answers from now on."""
    paths: list[str] = []
    held: set[str] = set()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def answered(event: dict[str, Any]) -> None:
        answer = event["response"]
        is_held = answer.get("fromDiskCache") or event["requestId"] in held
        if not is_held and answer["url"].startswith("http"):
            paths.append(urlsplit(answer["url"]).path)

    session.on("Network.requestServedFromCache", lambda event: held.add(event["requestId"]))
    session.on("Network.responseReceived", answered)
    yield paths
    session.detach()


def test_atlas_sends_its_own_files_in_four_bundles(open_screen: OpenScreen) -> None:
    screen = open_screen("/methode")
    with _asked(screen.page) as paths:
        screen.open("/").map()
    own = sorted(path.rsplit("/", 1)[-1] for path in paths if path.startswith("/teile/"))
    assert own in (["map.css", "map.js"], ["map.css", "map.js", "page.css", "page.js"])


def test_page_is_drawn_with_what_its_head_named(open_screen: OpenScreen) -> None:
    screen = open_screen("/methode")
    late: list[str] = []
    screen.page.on(
        "websocket",
        lambda _: screen.page.on("request", lambda one: late.append(urlsplit(one.url).path)),
    )
    screen.open("/").map()
    assert [path for path in late if path.startswith("/static/js/")] == []


def test_second_visit_loads_no_program_file_again(browser: Browser, dashboard: str) -> None:
    context = browser.new_context()  # no routes: with them Chromium keeps nothing
    _draw(context.new_page(), dashboard)
    page = context.new_page()
    with _asked(page) as paths:
        _draw(page, dashboard)
    assert set(paths) - _BY_CHANCE == {
        "/",
        "/_stcore/health",
        "/_stcore/host-config",
        _COMPONENT,
    }
    context.close()


def _draw(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator(".foot")).to_be_visible()
    map_ = page.frame_locator('iframe[title="streamlit_folium.st_folium"]')
    expect(map_.locator('[data-state="drawn"]')).to_be_visible()
    page.wait_for_timeout(500)  # what comes behind the map


def test_another_date_loads_no_boundaries_again(open_screen: OpenScreen) -> None:
    screen = open_screen("/?ebene=block&quartier=12")
    screen.map()
    asked: list[str] = []
    screen.page.on("request", lambda one: asked.append(urlsplit(one.url).path))
    screen.choose("Stichtag", "31.12.2022")
    expect(screen.page.locator(".head")).to_contain_text("Stand 31.12.2022")
    screen.settle()
    screen.map()
    assert [path for path in asked if path.startswith("/karte/")] == []


def test_theme_and_click_run_the_page_once_each(open_screen: OpenScreen) -> None:
    screen = open_screen("/")
    screen.map()
    before = screen.sent_frames
    screen.choose("Thema", "SGB-II-Quote")
    screen.settle()
    screen.map()
    assert screen.sent_frames - before == 1
    screen.click_area("22")
    expect(screen.page.locator(".panel h2")).to_contain_text("22")
    screen.settle()
    assert screen.sent_frames - before == 2
