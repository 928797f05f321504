"""What the dashboard's server answers: requests to its own names, from its own pages."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from atlas.errors import ConfigError
from atlas.signin.gate import Gate, public_addresses

_PUBLIC = "https://sozialatlas.stadt.example, http://atlas.intern:8080"
Headers = Sequence[tuple[str, str]]


def _knock(kind: str, headers: Headers, public: str = "", login: str = "") -> Any:
    """What came through, or the first answer of the gate itself."""
    seen: list[Any] = []

    async def app(scope: Any, _: Any, __: Any) -> None:
        seen.append(scope)

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        seen.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers]
    gate = Gate(app, public_addresses(public), login)
    # A thread of its own: after browser tests an event loop runs in this one.
    with ThreadPoolExecutor() as pool:
        pool.submit(asyncio.run, gate({"type": kind, "headers": raw}, receive, send)).result()
    return seen[0]


def _is_open(kind: str, headers: Headers, public: str = "", login: str = "") -> bool:
    return bool(_knock(kind, headers, public, login)["type"] == kind)


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("host", "origin", "public", "expected"),
    [
        ("localhost:8501", None, "", True),
        ("127.0.0.1:8501", "http://127.0.0.1:8501", "", True),
        ("[::1]:8501", "http://[::1]:8501", "", True),
        ("LOCALHOST:8501", "http://localhost:8501", "", True),
        # a name that somebody else lets point here
        ("evil.example:8501", "http://evil.example:8501", "", False),
        ("evil.example:8501", None, "", False),
        ("localhost.evil.example", None, "", False),
        ("127.0.0.1@evil.example", None, "", False),
        # a page of another server, or of another program on this machine
        ("localhost:8501", "https://evil.example", "", False),
        ("localhost:8501", "http://localhost:9999", "", False),
        ("localhost:8501", "null", "", False),
        ("localhost:8501", "", "", False),
        # a proxy that passes the name on, and one that does not
        ("sozialatlas.stadt.example", "https://sozialatlas.stadt.example", _PUBLIC, True),
        ("127.0.0.1:8501", "https://sozialatlas.stadt.example", _PUBLIC, True),
        ("atlas.intern:8080", "http://atlas.intern:8080", _PUBLIC, True),
        ("sozialatlas.stadt.example", "http://sozialatlas.stadt.example:81", _PUBLIC, False),
        ("sozialatlas.stadt.example", "https://evil.example", _PUBLIC, False),
        ("atlas.intern:8081", None, _PUBLIC, False),
        ("sozialatlas.stadt.example", "https://sozialatlas.stadt.example", "", False),
    ],
)
def test_who_is_answered(
    kind: str, host: str, origin: str | None, public: str, expected: bool
) -> None:
    headers = [("host", host)]
    headers += [] if origin is None else [("origin", origin)]
    assert _is_open(kind, headers, public) is expected


def test_refusals_come_at_once_and_say_why() -> None:
    assert _knock("websocket", [("host", "evil.example")]) == {
        "type": "websocket.close",
        "code": 1008,
    }
    answer = _knock("http", [("host", "evil.example")])
    assert answer["status"] == 403
    assert (b"x-content-type-options", b"nosniff") in answer["headers"]


def test_streamlit_never_compares_origins_itself() -> None:
    """It would ask an outside host for the address of this machine."""
    headers = [("host", "localhost:8501"), ("origin", "http://localhost:8501")]
    assert _knock("http", headers)["headers"] == [(b"host", b"localhost:8501")]


@pytest.mark.parametrize("names", [("host", "host"), ("origin", "origin"), ()])
def test_host_and_origin_are_sent_once(names: Sequence[str]) -> None:
    host = [] if names and names[0] == "host" else [("host", "localhost")]
    headers = [*host, *((name, "localhost") for name in names)]
    assert _is_open("http", headers) is (not names)
    assert not _is_open("http", [])


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (("content-length", "5342880"), None),
        (("content-length", "5342881"), 413),
        (("content-length", "-1"), 413),
        (("transfer-encoding", "chunked"), 413),
    ],
)
def test_more_than_a_file_may_have_is_never_kept_in_memory(
    header: tuple[str, str], status: int | None
) -> None:
    headers = [("host", "localhost"), header]
    assert _is_open("http", headers) is (status is None)
    if status:
        assert _knock("http", headers)["status"] == status


def test_two_names_of_who_is_there_are_one_too_many() -> None:
    host, proxy = ("host", "localhost"), ("X-Remote-User", "meier")
    forged = ("x-remote-user", "amtsleitung")
    assert _is_open("websocket", [host, proxy], login="X-Remote-User")
    assert not _is_open("websocket", [host, forged, proxy], login="X-Remote-User")
    assert not _is_open("http", [host, proxy, forged], login="X-Remote-User")
    assert _is_open("http", [host, proxy, forged])


@pytest.mark.parametrize(
    "text", ["sozialatlas.stadt.example", "ftp://a.example", "https://", "https://a:b"]
)
def test_public_address_must_be_one(text: str) -> None:
    with pytest.raises(ConfigError, match="ATLAS_PUBLIC_URL: keine Adresse"):
        public_addresses(text)


def test_pages_of_other_servers_reach_what_is_for_others_alone() -> None:
    seen: list[str] = []

    def app(name: str) -> Any:
        async def answer(_: Any, __: Any, ___: Any) -> None:
            seen.append(name)

        return answer

    async def send(_: Any) -> None:
        seen.append("refused")

    gate = Gate(app("own"), public_addresses(_PUBLIC), "", others=app("others"))
    for headers in (
        [(b"host", b"atlas.intern:8080"), (b"origin", b"http://atlas.intern:8080")],
        [(b"host", b"atlas.intern:8080"), (b"origin", b"https://evil.example")],
        [(b"host", b"evil.example"), (b"origin", b"https://evil.example")],
    ):
        with ThreadPoolExecutor() as pool:
            told = {"type": "http", "headers": headers}
            pool.submit(asyncio.run, gate(told, None, send)).result()
    assert seen == ["own", "others", "refused", "refused"]
