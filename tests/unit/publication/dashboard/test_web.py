import asyncio
import gzip
import hashlib
import json
import socket
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from atlas.exchange.display import write_display
from atlas.publication.dashboard import web
from atlas.signin.person import HEADER, Visitor
from atlas.terms import Role
from tests.factories import town_config

PROJECT_DIR = Path(__file__).resolve().parents[4]
_MAP = "/component/streamlit_folium.st_folium/index.html"
# What a map's document may do without a base map, word for word.
_MAP_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; media-src 'self' data: blob:; worker-src 'self' blob:; "
    "frame-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'; object-src 'none'"
)
_HTML = '<!doctype html><html lang="en"><head><script>a=1</script></head><body></body></html>'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "releases" / "musterstadt" / "2023-12-31.1"
    (folder / "map").mkdir(parents=True)
    (folder / "map" / "quartier.0123abcd.json").write_bytes(b'{"features":[]}')
    (folder / "cells.csv").write_text("geheim", encoding="utf-8")
    (folder / "map" / "context-pupils.0123abcd.json").write_bytes(b'{"schools":[]}')
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path


def _ask(
    path: str, headers: Mapping[str, str] | None = None, method: str = "GET", base: str = ""
) -> tuple[int, dict[str, str], bytes]:
    async def document(_: Any) -> HTMLResponse:
        return HTMLResponse(_HTML, headers={"etag": "x"})

    own = web.routes(base)
    rest = Route("/{path:path}", document)
    app = Starlette(routes=[*own, rest], middleware=web.middleware(base, ("", "quartier")))
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    asked = {"host": "localhost:8501", **(headers or {})}
    raw = [(name.encode(), value.encode()) for name, value in asked.items()]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": raw,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "root_path": "",
    }
    # A thread of its own: after browser tests an event loop runs in this one.
    with ThreadPoolExecutor() as pool:
        pool.submit(asyncio.run, app(scope, receive, send)).result()
    found = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(one.get("body", b"") for one in sent[1:])


def test_boundaries_of_a_release_are_served_compressed(home: Path) -> None:
    path = "/karte/musterstadt/2023-12-31.1/quartier.0123abcd.json"
    status, headers, body = _ask(path, {"accept-encoding": "gzip"})
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == b'{"features":[]}'
    assert "immutable" in headers["cache-control"]
    assert _ask(path)[2] == b'{"features":[]}'


@pytest.mark.parametrize(
    "path",
    [
        "/karte/musterstadt/2023-12-31.1/cells.csv",
        "/karte/musterstadt/2023-12-31.1/context-pupils.0123abcd.json",
        "/karte/musterstadt/2023-12-31.1/quartier.ffffffff.json",
        "/karte/musterstadt/2023-12-31.1/quartier.0123abcd.json.bak",
        "/karte/musterstadt/../quartier.0123abcd.json",
        "/karte/../musterstadt/quartier.0123abcd.json",
        "/karte/Musterstadt/2023-12-31.1/quartier.0123abcd.json",
        "/teile/0/style.css",
        "/teile/0/page.css.map",
        "/teile/0/web.py",
    ],
)
def test_nothing_else_is_served(home: Path, path: str) -> None:
    status, headers, body = _ask(path)
    assert status == 404
    assert headers["x-content-type-options"] == "nosniff"
    assert b"geheim" not in body


def test_document_is_german_and_its_own_script_alone_may_run() -> None:
    status, headers, body = _ask("/quartier")
    assert status == 200
    assert b'<html lang="de">' in body
    assert b"page.css" in body
    assert int(headers["content-length"]) == len(body)
    policy = headers["content-security-policy"]
    # openssl dgst -sha256 -binary | base64 of "a=1"
    assert "script-src 'self' 'sha256-wi/qXXQo5c9H72NUyXySI8ldbc3D4NIwD/eQVrH/PYU='" in policy
    assert "default-src 'none'" in policy


def test_document_is_always_whole() -> None:
    asked = {"if-none-match": "x", "accept-encoding": "gzip", "range": "bytes=0-1"}
    status, headers, body = _ask("/", asked)
    assert status == 200
    assert body.endswith(b"</html>")
    assert _ask("/", method="HEAD")[1]["content-length"] == headers["content-length"]


def test_base_path_is_kept() -> None:
    status, _, body = _ask("/atlas/quartier", base="/atlas/")
    assert status == 200
    assert b'href="/atlas/teile/' in body
    assert _ask("/atlas/stadtplan", base="/atlas/")[0] == 404


@pytest.mark.parametrize(
    "path", ["/stadtplan", "/index.html", "/.env", "/quartier.html", "/quartier/static/a.js"]
)
def test_unknown_page_is_german(path: str) -> None:
    status, headers, body = _ask(path)
    assert status == 404
    assert "gibt es nicht" in body.decode()
    assert "script-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/favicon.png", "/manifest.json", "/static/js/index.js"])
def test_files_of_streamlit_are_passed_on(path: str) -> None:
    assert _ask(path)[::2] == (200, _HTML.encode())


def test_component_document_may_evaluate_but_not_connect_elsewhere() -> None:
    _, headers, body = _ask(_MAP)
    policy = headers["content-security-policy"]
    assert "'unsafe-eval'" in policy
    assert "connect-src 'self';" in policy
    assert b"page.css" not in body


def test_map_without_a_base_map_may_load_pictures_from_here_alone(home: Path) -> None:
    assert _ask(_MAP)[1]["content-security-policy"] == _MAP_POLICY


def test_host_of_a_base_map_enters_the_pictures_of_the_map_alone(home: Path) -> None:
    before = {
        path: _ask(path)[1] for path in ("/", "/quartier", "/component/andere/index.html")
    }
    base_map = {"url": "https://a.example/{z}/{x}/{y}", "credit": "©", "max_zoom": 9}
    path = home / "releases" / "musterstadt" / "anzeige.json"
    path.write_text(json.dumps({"format": 1, "base_map": base_map}), encoding="utf-8")
    assert _ask(_MAP)[1]["content-security-policy"] == _MAP_POLICY.replace(
        "img-src 'self' data: blob:", "img-src 'self' data: blob: https://a.example"
    )
    for path_, headers in before.items():
        assert _ask(path_)[1] == headers


def test_vendored_leaflet_is_unmodified() -> None:
    folder = Path(web.__file__).parent / "vendor" / "leaflet"
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = dict(reversed(line.split()) for line in lines)
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert set(sums) == {"LICENSE", "leaflet.css", "leaflet.js"}


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/gibts-nicht", "/karte/a/b/c.json"])
def test_what_is_not_there_is_refused_with_every_header(home: Path, path: str) -> None:
    status, headers, _ = _ask(path)
    assert status == 404
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_small_answers_leave_at_once() -> None:
    async def accepted_option() -> int:
        # As Streamlit makes it: without a protocol.
        with socket.socket(socket.AF_INET) as listening, socket.socket() as reader:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            async with web.answer_at_once(None):
                reader.connect(listening.getsockname())
                with listening.accept()[0] as answer:
                    return answer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    with ThreadPoolExecutor() as pool:
        assert pool.submit(asyncio.run, accepted_option()).result() == 1


def test_server_does_not_look_through_opened_releases_after_every_click() -> None:
    config = tomllib.loads((PROJECT_DIR / ".streamlit/config.toml").read_text("utf-8"))
    assert config["runner"]["postScriptGC"] is False


@pytest.mark.parametrize(
    ("path", "encoding"), [(f"{web._FILES}a.gpkg", ""), ("/_stcore/a", "gzip")]
)
def test_server_is_not_asked_to_deflate_downloads(path: str, encoding: str) -> None:
    heard: list[str] = []

    async def rest(scope: Any, receive: Any, send: Any) -> None:
        heard.append(Headers(scope=scope).get("accept-encoding", ""))
        await PlainTextResponse("")(scope, receive, send)

    app = web.GermanOfflineDocuments(rest, "", ("",))
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "headers": [(b"accept-encoding", b"gzip")],
    }

    async def ignore(_: Any) -> None:
        pass

    with ThreadPoolExecutor() as pool:
        pool.submit(asyncio.run, app(scope, None, ignore)).result()
    assert heard == [encoding]


def _person(*roles: str) -> dict[str, str]:
    """Header of the middleware that says who is there."""
    return {HEADER: Visitor(roles={"": frozenset(map(Role, roles))}).packed().decode()}


@pytest.mark.parametrize("path", ["/", "/quartier", _MAP])
def test_a_site_of_the_city_frames_what_is_for_all_and_only_that(home: Path, path: str) -> None:
    def frames(headers: Mapping[str, str]) -> str:
        _, found, _ = _ask(path, headers)
        parts = found["content-security-policy"].split("; ")
        return next(one for one in parts if one.startswith("frame-ancestors"))

    assert frames({}) == "frame-ancestors 'self'"  # off where nobody says so
    city_dir = home / "releases" / "musterstadt"
    told = {"frame_ancestors": ("https://www.musterstadt.example",)}
    write_display(city_dir, town_config().city.model_copy(update=told))
    open_to_all = "frame-ancestors 'self' https://www.musterstadt.example"
    assert frames({}) == frames(_person("public")) == open_to_all
    for role in ("planning", "office", "auditor"):
        assert frames(_person("public", role)) == "frame-ancestors 'self'"
