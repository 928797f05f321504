"""A browser without a screen, for tests of the login: cookies, and redirects one by one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2

from tests.identity import Identity

AGENT = "Firefox of the tests"


@dataclass
class Site:
    """A server with a login, and its provider."""

    url: str
    identity: Identity
    directory: Path

    @property
    def cookie(self) -> str:
        return f"atlas-{urlsplit(self.url).port}"

    def reader(self, agent: str = AGENT) -> "Reader":
        return Reader(self, httpx2.Client(trust_env=False, headers={"user-agent": agent}))


@dataclass
class Reader:
    """A browser: its own cookies, following redirects one by one."""

    site: Site
    client: httpx2.Client
    trail: list[str] = field(default_factory=list)

    @property
    def session(self) -> str:
        return str(self.client.cookies.get(self.site.cookie, ""))

    def open(
        self, url: str, person: str = "", until: Callable[[str], bool] | None = None
    ) -> Any:
        """Follow an address to its end; ``until`` stops before an address is asked."""
        answer = None
        for _ in range(12):
            if until and until(url):
                return url
            self.trail.append(url)
            answer = self.client.get(url, headers={"x-person": person})
            if "location" not in answer.headers:
                return answer
            url = str(answer.url.join(answer.headers["location"]))
        raise AssertionError(self.trail)

    def sign_in(self, person: str, back: str = "/wer/stadt") -> Any:
        asked = urlencode({"zurueck": back})
        return self.open(f"{self.site.url}/anmelden?{asked}", person)

    def answer_of_provider(self, person: str) -> str:
        """Begin a login, and stop with the provider's answer in hand."""
        url = f"{self.site.url}/anmelden"
        return str(self.open(url, person, until=lambda one: "/anmelden/zurueck" in one))

    def who(self, city: str = "stadt", **headers: str) -> Any:
        answer = self.client.get(f"{self.site.url}/wer/{city}", headers=headers)
        return answer.json() if answer.status_code == 200 else answer.status_code
