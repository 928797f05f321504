"""Who may ask a server of the atlas at all: decided before anything else sees a request.

Streamlit answers to any host name, and asks an outside host for this machine's address when a
page of another server knocks. Here only loopback names and the public addresses that the
operator declared are answered; everything else is refused at once, without a socket.
"""

import os
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from atlas.config import load_access
from atlas.errors import ConfigError
from atlas.exchange.proposals import MAX_BYTES

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

PUBLIC_URL_VARIABLE = "ATLAS_PUBLIC_URL"
ACCESS_VARIABLE = "ATLAS_ACCESS"
# Name of the request header in which a proxy with login hands over who is there.
LOGIN_HEADER_VARIABLE = "ATLAS_LOGIN_HEADER"

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {"http": 80, "https": 443}
_POLICY_VIOLATION = 1008
_REFUSED = (
    "Abgewiesen: Unter diesem Namen oder von dieser Seite aus ist der Sozialatlas nicht "
    f"freigegeben. Der Betrieb nennt seine Adresse in {PUBLIC_URL_VARIABLE}."
)

MOST_BYTES = MAX_BYTES
# A form is a little larger than the file in it; the server keeps all of it in memory.
_FORM_BYTES = 100_000
_TOO_LARGE = "Abgewiesen: größer als {} MB. Bitte der Statistikstelle auf anderem Weg geben."


@dataclass(frozen=True)
class Address:
    """Scheme, host and port of an address, as browsers compare them."""

    scheme: str
    host: str
    port: int


def public_addresses(text: str) -> tuple[Address, ...]:
    """Read the public addresses that the operator declared, separated by commas.

    Raises
    ------
    ConfigError
        If one is no address.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    found = tuple(one for part in parts if (one := _address(part)))
    if len(found) < len(parts):
        raise ConfigError(
            f"{PUBLIC_URL_VARIABLE}: keine Adresse. Erwartet: die Adresse, unter der die "
            "Menschen den Sozialatlas öffnen, etwa https://sozialatlas.stadt.de, mehrere durch "
            "Komma getrennt."
        )
    return found


def _address(text: str) -> Address | None:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return Address(parts.scheme, parts.hostname.rstrip("."), port or _PORTS[parts.scheme])


class Gate:
    """ASGI middleware: refuse what was not sent to this atlas, from one of its own pages.

    ``others`` answers pages of other servers, where they may read something: it must know
    nobody's login. Without it they are refused.
    """

    def __init__(
        self,
        app: AsgiApp,
        public: Iterable[Address],
        login_header: str,
        most_bytes: int = MOST_BYTES,
        others: AsgiApp | None = None,
    ) -> None:
        self._app, self._most_bytes, self._others = app, most_bytes, others
        self._public = frozenset(public)
        self._login = login_header.lower().encode("latin-1")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is allowed, without the origin that was checked here."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif scope["type"] == "http" and _is_too_large(scope, self._most_bytes):
            await _refuse(send, 413, _TOO_LARGE.format(self._most_bytes >> 20))
        elif self._is_allowed(scope):
            headers = [one for one in scope["headers"] if one[0].lower() != b"origin"]
            await self._app({**scope, "headers": headers}, receive, send)
        elif self._others is not None and scope["type"] == "http" and self._is_sent_here(scope):
            await self._others(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            await _refuse(send, 403, _REFUSED)

    def _is_allowed(self, scope: Scope) -> bool:
        # Of two names of who is there, one was sent by the reader and not by the proxy.
        if self._login and len(_values(scope, self._login)) > 1:
            return False
        if not self._is_sent_here(scope):
            return False
        (host,), origins = _values(scope, b"host"), _values(scope, b"origin")
        return all(self._is_own_page(origin, host) for origin in origins)

    def _is_sent_here(self, scope: Scope) -> bool:
        hosts, origins = _values(scope, b"host"), _values(scope, b"origin")
        return len(hosts) == 1 and len(origins) <= 1 and self._is_own_host(hosts[0])

    def _is_own_host(self, host: str) -> bool:
        """Whether a request was sent to a loopback name or to a public one."""
        for scheme in _PORTS:
            address = _address(f"{scheme}://{host}")
            if address and (address.host in _LOOPBACK or address in self._public):
                return True
        return False

    def _is_own_page(self, origin: str, host: str) -> bool:
        """Whether a page of this server sent it; a proxy may leave out the public name."""
        page = _address(origin)
        return page is not None and (
            page in self._public or page == _address(f"{page.scheme}://{host}")
        )


def gate_of_environment() -> tuple[tuple[Address, ...], str]:
    """Public addresses and the login header that the operator declared."""
    public = public_addresses(os.environ.get(PUBLIC_URL_VARIABLE, ""))
    if path := os.environ.get(ACCESS_VARIABLE):
        public = (*public, *public_addresses(load_access(Path(path)).public_url))
    return public, os.environ.get(LOGIN_HEADER_VARIABLE, "")


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _is_too_large(scope: Scope, most_bytes: int) -> bool:
    """Whether a request announces more than a file that may be handed in, or does not say."""
    if _values(scope, b"transfer-encoding"):
        return True
    lengths = _values(scope, b"content-length")
    return any(not one.isdigit() or int(one) > most_bytes + _FORM_BYTES for one in lengths)


async def _refuse(send: Send, status: int, text: str) -> None:
    body = text.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
