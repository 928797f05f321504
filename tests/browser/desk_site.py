"""A desk with a login in front of it, as its people open it in Chromium."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from atlas.confidential import decisions
from atlas.confidential.desk import Desk
from atlas.confidential.log import Account, acting_as
from atlas.confidential.run import run
from tests.browser.conftest import start_server
from tests.browser.screen import Screen
from tests.browser.wire import Wire
from tests.identity import Identity, free_port, start_identity
from tests.pages.desk_office import waiting_office
from tests.town_office import EARLIER, put, put_small

PEOPLE = {
    "otto": {"name": "Otto Amt", "groups": ["statistik"]},
    "berta": {"name": "Berta Blick", "groups": ["statistik"]},
    "clara": {"name": "Clara Fall", "groups": ["statistik"]},
    "rita": {"name": "Rita Recht", "groups": ["datenschutz"]},
    "gast": {"name": "Gast", "groups": []},
}
_SECRET = "a-secret-of-the-tests-0123456789"
_OFFICE_MS = 60_000  # the machine may have other work


@dataclass
class Site:
    """The desk, its office and its provider."""

    url: str
    office: Desk
    identity: Identity
    browser: Browser
    wires: list[Wire] = field(default_factory=list)

    def come(self, person: str, path: str = "/", width: int = 1400) -> "Seat":
        """Open the desk in a browser of one's own and sign in."""
        self.identity.tell(next=person)
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, locale="de-DE"
        )
        screen = Screen.on(self.url, context)
        screen.page.goto(self.url + path)
        expect(screen.page.locator(".head, main > h1").first).to_be_visible(timeout=_OFFICE_MS)
        return Seat(screen)

    def come_and_be_heard(self, person: str, path: str = "/") -> "Seat":
        """Sign in, then open the page once more, with everything kept that travels."""
        seat = self.come(person, path)
        self.wires.append(Wire(seat.page))
        seat.page.reload()
        expect(seat.page.locator(".head")).to_be_visible(timeout=_OFFICE_MS)
        seat.screen.settle()
        return seat


@dataclass
class Seat:
    """One person at the desk."""

    screen: Screen

    @property
    def page(self) -> Page:
        return self.screen.page

    def open(self, title: str) -> "Seat":
        """Go to a page by its name in the navigation."""
        self.page.get_by_role("link", name=title, exact=True).first.click()
        expect(self.page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        self.screen.settle()
        return self

    def press(self, button: str) -> None:
        self.screen.settle()
        self.page.get_by_role("button", name=button, exact=True).click()

    def write(self, field_name: str, text: str) -> None:
        self.screen.settle()
        self.page.get_by_role("textbox", name=field_name).first.fill(text)

    def hears(self, text: str) -> Locator:
        """Wait for a box that says something."""
        told = self.page.get_by_test_id("stAlert").filter(has_text=text)
        expect(told.first).to_be_visible(timeout=_OFFICE_MS)
        return told

    def says(self) -> str:
        return re.sub(r"\s+", " ", self.page.locator("body").inner_text())


def make_desk_office(root: Path) -> Desk:
    """One date is published by two logins besides the one who built it."""
    office = waiting_office(root, approvals=2, by="login")
    put_small(office, EARLIER)
    with acting_as(Account("Anna", "anna")):
        run(office, "")
    for name in ("Berta", "Clara"):
        with acting_as(Account(name, name)):
            decisions.approve_draft(office, f"{EARLIER}.1")
    decisions.publish_draft(office, f"{EARLIER}.1")
    put(office, "notiz.txt", "wer weiß")
    return office


@contextmanager
def desk_site(root: Path, modules: Path, browser: Browser) -> Iterator[Site]:
    """Start provider and desk; both end with it."""
    office, port = make_desk_office(root), free_port()
    url = f"http://127.0.0.1:{port}"
    client = {
        "client_id": "desk",
        "client_secret": _SECRET,
        "redirect_uris": [f"{url}/anmelden/zurueck"],
        "post_logout_redirect_uris": [f"{url}/"],
    }
    identity = start_identity(modules, [client], root / "provider.log")
    identity.tell(people=PEOPLE, fault={})
    access = root / "access.toml"
    access.write_text(
        f'format = 1\npublic_url = "{url}"\n[provider]\nissuer = "{identity.issuer}"\n'
        'client_id = "desk"\n[roles]\noffice = ["statistik"]\nauditor = ["datenschutz"]\n'
    )
    more = {
        "ATLAS_CITY": str(office.city_dir),
        "ATLAS_ACCESS": str(access),
        "ATLAS_PUBLIC_URL": url,
        "ATLAS_OIDC_SECRET": _SECRET,
    }
    server: subprocess.Popen[bytes] | None = None
    try:
        server = start_server(office.home.root, port, app="desk_app.py", more=more)
        yield Site(url, office, identity, browser)
    finally:
        if server is not None:
            server.terminate()
            server.wait(timeout=30)
        identity.stop()
