"""Where the interface says that it is, and below which path it answers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from atlas.publication.api.server import Setting, make_app

_PUBLIC = ("https://daten.stadt.example/api", "http://daten.intern")


def _status(setting: Setting, path: str, host: str) -> tuple[int, bytes]:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", host.encode())],
    }
    app = make_app(setting)
    with ThreadPoolExecutor() as pool:
        pool.submit(asyncio.run, app(scope, receive, send)).result()
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:])


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("daten.stadt.example", b"https://daten.stadt.example/api/collections"),
        ("daten.intern", b"http://daten.intern/api/collections"),
        # a proxy that does not pass the name on
        ("127.0.0.1:8503", b"https://daten.stadt.example/api/collections"),
    ],
)
def test_links_lead_to_where_readers_come_from(home: Path, host: str, base: bytes) -> None:
    setting = Setting(home / "releases" / "musterstadt", _PUBLIC)
    status, body = _status(setting, "/api/conformance", host)
    assert status == 200
    status, body = _status(setting, "/api/collections", host)
    assert base in body
    assert _status(setting, "/conformance", host)[0] == 404


def test_a_name_that_nobody_declared_is_refused(home: Path) -> None:
    setting = Setting(home / "releases" / "musterstadt", _PUBLIC)
    assert _status(setting, "/api/collections", "evil.example")[0] == 403


def test_a_city_of_which_nothing_is_published_has_one_sentence(tmp_path: Path) -> None:
    status, body = _status(Setting(tmp_path / "musterstadt"), "/", "localhost:8503")
    assert status == 404
    assert "Noch ist kein Stand veröffentlicht".encode() in body
