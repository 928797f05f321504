"""The server goes and comes back while somebody writes."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from atlas.publication import assessments
from atlas.publication.assessments import Assessment, Author, Place
from tests.browser.conftest import free_port, start_server, write_musterstadt
from tests.browser.screen import Screen
from tests.identity import MISSING, Identity, installed_modules, start_identity

_TYPED = {
    "Bewertung": "Der Spielplatz fehlt noch immer.",
    "Maßnahmen": "Fläche an der Schule sichern.",
    "Wiedervorlage": "01.06.2026",
}
_RECONNECTED_MS = 60_000
_SECRET = "a-secret-of-the-tests-0123456789"
_ADDRESS = "/quartier?quartier=11"

Serve = Callable[..., subprocess.Popen[bytes]]


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


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def serve(home: Path, port: int) -> Iterator[Serve]:
    """Start the server, each time on the same port; the last one ends with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(**more: str) -> subprocess.Popen[bytes]:
        started.append(start_server(home, port, more=more))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait(timeout=30)


@pytest.fixture
def identity(home: Path, port: int) -> Iterator[Identity]:
    """A provider with two planners, and the file that names it."""
    modules = installed_modules()
    if modules is None:
        pytest.skip(MISSING)
    url = f"http://127.0.0.1:{port}"
    client = {
        "client_id": "atlas",
        "client_secret": _SECRET,
        "redirect_uris": [f"{url}/anmelden/zurueck"],
        "post_logout_redirect_uris": [f"{url}/"],
    }
    identity = start_identity(modules, [client], home / "provider.log")
    names = {"anna": "Anna Plan", "bert": "Bert Bau"}
    people = {one: {"name": name, "groups": ["planung"]} for one, name in names.items()}
    identity.tell(people=people, next="anna", fault={})
    (home / "access.toml").write_text(
        f'format = 1\npublic_url = "{url}"\n[provider]\nissuer = "{identity.issuer}"\n'
        'client_id = "atlas"\n[roles]\nplanning = ["planung"]\n'
    )
    yield identity
    identity.stop()


def _write(page: Page) -> None:
    """Type into every field of the form, and save nothing."""
    page.get_by_text("Bewertung schreiben").click()
    for name, text in _TYPED.items():
        page.get_by_role("textbox", name=name, exact=True).press_sequentially(text)


def _expect_typed(page: Page) -> None:
    for name, text in _TYPED.items():
        field = page.get_by_role("textbox", name=name, exact=True)
        expect(field).to_be_visible(timeout=_RECONNECTED_MS)
        expect(field).to_have_value(text)


def _stop(server: subprocess.Popen[bytes], page: Page) -> None:
    server.kill()
    server.wait(timeout=30)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Der Atlas antwortet nicht.", timeout=_RECONNECTED_MS)
    expect(dialog).not_to_contain_text("Streamlit")


def test_what_is_not_saved_outlives_a_restart(
    serve: Serve, port: int, context: BrowserContext
) -> None:
    server = serve()
    screen = Screen.on(f"http://127.0.0.1:{port}", context).open(_ADDRESS)
    page = screen.page
    _write(page)
    _stop(server, page)
    serve()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=_RECONNECTED_MS)
    _expect_typed(page)
    screen.settle()
    page.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    page.get_by_role("button", name="Bewertung speichern").click()
    expect(page.get_by_text("Die Bewertung ist gespeichert.")).to_be_visible()
    assert page.evaluate("Object.entries(sessionStorage)") == []


def test_what_is_not_saved_outlives_a_reload_and_the_version_of_somebody_else(
    serve: Serve, home: Path, port: int, context: BrowserContext
) -> None:
    serve()
    page = Screen.on(f"http://127.0.0.1:{port}", context).open(_ADDRESS).page
    _write(page)
    page.reload()
    _expect_typed(page)
    expect(page.locator(".draft-note")).to_have_count(0)
    engine = assessments.open_store(assessments.store_url(home / "planning"))
    place = Place("musterstadt", "11", "2023-12-31.1")
    author = Author("Bert", is_verified=False)
    said = Assessment(place, 1, "Es gibt einen.", author, datetime.now(UTC))
    for release in ("2023-12-31.1", "2024-12-31.1"):
        assessments.save(engine, replace(said, place=replace(place, release=release)))
    page.reload()
    _expect_typed(page)
    expect(page.locator(".draft-note").first).to_contain_text("Inzwischen gibt es eine neue")
    expect(page.get_by_text("Es gibt einen.").first).to_be_visible()


def test_what_is_not_saved_outlives_the_end_of_a_login_and_is_for_its_writer_alone(
    serve: Serve, identity: Identity, home: Path, port: int, context: BrowserContext
) -> None:
    more = {"ATLAS_ACCESS": str(home / "access.toml"), "ATLAS_OIDC_SECRET": _SECRET}
    server = serve(**more)
    screen = Screen.on(f"http://127.0.0.1:{port}", context).open(_ADDRESS)
    page = screen.page
    page.get_by_role("link", name="Anmelden", exact=True).click()
    _write(page)
    _stop(server, page)
    for file in (home / "sessions").iterdir():  # whoever was signed in is so no more
        file.unlink()
    serve(**more)
    told = page.locator(".signing")
    expect(told).to_contain_text("steht nach dem Anmelden wieder", timeout=_RECONNECTED_MS)
    screen.settle()
    assert screen.violations() == []
    context.clear_cookies()  # the provider remembers who was there
    identity.tell(next="bert")
    page.get_by_role("link", name="Anmelden", exact=True).click()
    expect(told).to_contain_text("Bert Bau", timeout=_RECONNECTED_MS)
    screen.settle()
    assert _TYPED["Bewertung"] not in page.content()
    context.clear_cookies()
    identity.tell(next="anna")
    page.goto(f"http://127.0.0.1:{port}{_ADDRESS}")
    page.get_by_role("link", name="Anmelden", exact=True).click()
    _expect_typed(page)
