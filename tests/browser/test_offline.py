import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from atlas.publication.dashboard.pages import PAGES
from tests.browser.conftest import OpenScreen

_BROKEN_RULES = """() => { window.broken = [];
    document.addEventListener("securitypolicyviolation",
        (event) => window.broken.push(event.violatedDirective)); }"""


def _get(url: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, dict(answer.headers.items()), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers.items()), error.read()


@pytest.mark.parametrize(("title", "path", "name"), PAGES)
def test_no_page_asks_another_host(
    open_screen: OpenScreen, title: str, path: str, name: str
) -> None:
    # What left the machine and what the console says is judged when the screen closes.
    screen = open_screen(f"/{path}?quartier=11")
    expect(screen.page.get_by_role("link", name=title, exact=True)).to_be_visible()
    expect(screen.page.locator(".head")).to_contain_text("Musterdaten")
    expect(screen.page.locator(".head")).to_contain_text("Einstufung des Programms")
    expect(screen.page.get_by_test_id("stException")).to_have_count(0)


def test_browser_itself_refuses_other_hosts(open_screen: OpenScreen) -> None:
    screen = open_screen("/methode")
    screen.page.evaluate(_BROKEN_RULES)
    screen.page.evaluate("fetch('https://tiles.example.org/1.png').catch(() => 0)")
    screen.page.wait_for_function("window.broken.length > 0")
    screen.page.evaluate(
        """() => { const script = document.createElement("script");
            script.textContent = "window.isOwned = true"; document.body.append(script); }"""
    )
    screen.page.wait_for_function("window.broken.length > 1")
    assert screen.page.evaluate("window.isOwned") is None
    assert screen.outside == []
    assert len(screen.errors) == 3
    assert all("Content Security Policy" in text or "fetch" in text for text in screen.errors)
    screen.errors.clear()


def test_document_is_german_and_strict(dashboard: str) -> None:
    status, headers, body = _get(f"{dashboard}/")
    assert status == 200
    assert b'<html lang="de"' in body
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "http" not in policy


def test_map_document_may_evaluate_but_not_connect(dashboard: str) -> None:
    address = f"{dashboard}/component/streamlit_folium.st_folium/index.html"
    _, headers, body = _get(address)
    policy = headers["content-security-policy"]
    assert "script-src 'self' 'unsafe-inline' 'unsafe-eval'" in policy
    assert "connect-src 'self'" in policy
    assert b'<html lang="de"' in body


def test_unknown_address_gets_a_german_page(dashboard: str) -> None:
    status, _, body = _get(f"{dashboard}/stadtplan")
    assert status == 404
    assert "Diese Seite gibt es nicht" in body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "cells.parquet",
        "datapackage.json",
        "..%2Fdatapackage.json",
        "%2e%2e/datapackage.json",
        "block.0000000000000000.json",
        "..%2f..%2f..%2f..%2fserver.log",
    ],
)
def test_server_hands_out_boundaries_alone(dashboard: str, path: str) -> None:
    status, _, body = _get(f"{dashboard}/karte/musterstadt/2023-12-31.1/{path}")
    assert status in {400, 404}
    assert b"residents" not in body


def test_boundaries_are_compressed_and_kept_forever(dashboard: str, musterstadt: Path) -> None:
    folder = musterstadt / "releases" / "musterstadt" / "2023-12-31.1" / "map"
    name = next(folder.glob("quartier.*.json")).name
    request = urllib.request.Request(
        f"{dashboard}/karte/musterstadt/2023-12-31.1/{name}",
        headers={"accept-encoding": "gzip"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert "immutable" in answer.headers["cache-control"]
    status, _, body = _get(f"{dashboard}/karte/musterstadt/2023-12-31.1/{name}")
    assert status == 200
    assert body == (folder / name).read_bytes()
