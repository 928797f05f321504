import asyncio
import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import streamlit
from starlette.responses import PlainTextResponse

from atlas.publication.dashboard.program_files import (
    ProgramFiles,
    asset_path,
    asset_url,
    head_tags,
)
from atlas.publication.dashboard.web import routes

_STATIC_DIR = Path(streamlit.__file__).parent / "static" / "static"
_DOCUMENT = (_STATIC_DIR.parent / "index.html").read_bytes()


def _ask(app: Any, path: str, encoding: str = "gzip") -> tuple[dict[str, str], bytes]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    headers = [(b"accept-encoding", encoding.encode())]
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
    with ThreadPoolExecutor() as pool:
        pool.submit(asyncio.run, app(scope, receive, send)).result()
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return found, sent[1]["body"]


@pytest.fixture
def streamlit_files() -> ProgramFiles:
    return ProgramFiles(PlainTextResponse("weiter"), "/atlas/")


def _served(name: str, encoding: str = "gzip") -> tuple[dict[str, str], bytes]:
    digest, _, file = asset_path(name).removeprefix("/teile/").partition("/")
    route = routes("")[1]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await route.app(
            {**scope, "path_params": {"digest": digest, "name": file}}, receive, send
        )

    return _ask(app, asset_path(name), encoding)


def test_map_is_one_script_and_one_style() -> None:
    headers, body = _served("map.js")
    assert "javascript" in headers["content-type"]
    assert "immutable" in headers["cache-control"]
    script = gzip.decompress(body)
    assert script == _served("map.js", "")[1]
    places = [script.index(part) for part in (b"Leaflet 1.9.4", b"atlasContext", b"atlasMap =")]
    assert places == sorted(places)
    assert b".atlas-tip" in gzip.decompress(_served("map.css")[1])


def test_address_from_the_map_names_the_same_file() -> None:
    assert asset_url("map.js") == f"../..{asset_path('map.js')}"


def test_files_of_streamlit_come_deflated_and_stay(streamlit_files: ProgramFiles) -> None:
    path = max(_STATIC_DIR.glob("js/protobuf.*.js"))
    headers, body = _ask(streamlit_files, f"/atlas/static/js/{path.name}")
    assert headers["content-encoding"] == "gzip"
    assert "immutable" in headers["cache-control"]
    assert int(headers["content-length"]) == len(body) < path.stat().st_size / 3
    assert gzip.decompress(body) == path.read_bytes()
    assert _ask(streamlit_files, f"/atlas/static/js/{path.name}", "")[1] == path.read_bytes()


def test_script_of_the_component_stays_too(streamlit_files: ProgramFiles) -> None:
    folder = Path(streamlit.__file__).parents[1] / "streamlit_folium/frontend/build/static"
    path = next(folder.glob("js/main.*.js"))
    address = f"/atlas/component/streamlit_folium.st_folium/static/js/{path.name}"
    headers, body = _ask(streamlit_files, address)
    assert "immutable" in headers["cache-control"]
    assert gzip.decompress(body) == path.read_bytes()


@pytest.mark.parametrize(
    "path", ["/atlas/static/js/../index.html", "/static/js/a.js", "/atlas/static/media", "/"]
)
def test_everything_else_is_passed_on(streamlit_files: ProgramFiles, path: str) -> None:
    assert _ask(streamlit_files, path)[1] == b"weiter"


def test_head_names_what_the_page_is_drawn_with_once() -> None:
    tags = head_tags("/atlas", _DOCUMENT).decode()
    named = re.findall(r'rel="modulepreload" crossorigin href="/atlas/static/js/([^"]+)"', tags)
    assert {"Selectbox", "Html", "ComponentInstance"} <= {one.split(".")[0] for one in named}
    assert len(set(named)) == len(named)
    for name in named:
        assert (_STATIC_DIR / "js" / name).is_file()
        assert name.encode() not in _DOCUMENT
