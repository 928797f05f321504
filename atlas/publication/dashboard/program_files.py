"""Program files that a browser loads once: the atlas's own bundled, Streamlit's in memory.

Streamlit reads each of its hundred files from disk for every new reader and sends it as it is;
here each is deflated once, answered before any routing, and what a page needs is named in its
head, so that the browser does not find out file by file.
"""

import gzip
import hashlib
import mimetypes
import re
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import Response

from atlas.signin.gate import AsgiApp, Receive, Scope, Send

_HERE = Path(__file__).parent
_ASSETS, _LEAFLET = _HERE / "assets", _HERE / "vendor" / "leaflet"
# One request each: a file of its own costs a reader more than its bytes.
_BUNDLES = {
    "map.js": (
        _LEAFLET / "leaflet.js",
        _ASSETS / "base-map.js",
        _ASSETS / "street-names.js",
        _ASSETS / "context-map.js",
        _ASSETS / "map-keys.js",
        _ASSETS / "map-together.js",
        _ASSETS / "atlas-map.js",
    ),
    "map.css": (_LEAFLET / "leaflet.css", _ASSETS / "atlas-map.css"),
    "page.js": tuple(
        _ASSETS / name
        for name in (
            "german.js",
            "drafts.js",
            "asking.js",
            "doors.js",
            "link.js",
            "signed.js",
            "map-files.js",
            "linked-list.js",
        )
    ),
    "page.css": (_ASSETS / "style.css",),
}
_STREAMLIT_DIR = Path(streamlit.__file__).parent / "static" / "static"
_COMPONENT = "streamlit_folium"
_COMPRESSIBLE = {".js", ".css"}
# Parts of Streamlit that a page of the atlas draws at once; it would ask for them one by one.
_DRAWN = (
    "TextInput",
    "Html",
    "Selectbox",
    "ComponentInstance",
    "ButtonGroup",
    "Slider",
    "DownloadButton",
    "PageLink",
    "Button",
)
_IMPORTED = re.compile(rb'(?:from|import)"\./([\w.-]+\.js)"')
_FOREVER = "public, max-age=31536000, immutable"


def asset_url(name: str) -> str:
    """Address of a bundle, with its hash, as seen from the component's document."""
    return f"../..{asset_path(name)}"


@cache
def asset_path(name: str) -> str:
    """Path of a bundle below the server's base path, with its hash."""
    return f"/teile/{hashlib.sha256(_joined(_BUNDLES[name])).hexdigest()[:12]}/{name}"


def asset_response(request: Request, name: str) -> Response | None:
    """Answer with a bundle; ``None`` if there is none of that name."""
    if name not in _BUNDLES:
        return None
    return lasting_response(request, *_BUNDLES[name])


def lasting_response(request: Request, *paths: Path) -> Response:
    """Answer with files, one behind the other, that never change under their address."""
    headers = {"cache-control": _FOREVER, "vary": "accept-encoding"}
    media_type = mimetypes.types_map[paths[0].suffix]
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(_joined(paths), media_type=media_type, headers=headers)
    headers["content-encoding"] = "gzip"
    return Response(_deflated(paths), media_type=media_type, headers=headers)


def head_tags(base: str, document: bytes) -> bytes:
    """Tags for the head of a page: style, script, and what Streamlit will ask for next."""
    style, script = (base + asset_path(name) for name in ("page.css", "page.js"))
    ahead = "".join(
        f'<link rel="modulepreload" crossorigin href="{base}/static/js/{name}">'
        for name in _drawn_parts()
        if name.encode() not in document
    )
    tags = f'<link rel="stylesheet" href="{style}"><script src="{script}"></script>{ahead}'
    return tags.encode()


class ProgramFiles:
    """ASGI middleware: answer for Streamlit's program files before anything else looks."""

    def __init__(self, app: AsgiApp, base_url: str) -> None:
        base = f"/{base_url.strip('/')}" if base_url.strip("/") else ""
        component = f"{base}/component/{_COMPONENT}.st_folium/static"
        self._app = app
        self._files = {
            f"{address}/{path.relative_to(folder).as_posix()}": path
            for address, folder in (
                (f"{base}/static", _STREAMLIT_DIR),
                (component, _component_dir()),
            )
            for path in folder.glob("*/*")
            if path.suffix in _COMPRESSIBLE
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything that is no such file."""
        path = self._files.get(scope["path"]) if scope["type"] == "http" else None
        if path is None:
            await self._app(scope, receive, send)
            return
        await lasting_response(Request(scope), path)(scope, receive, send)


def _component_dir() -> Path:
    """Files of the map's component, which cannot be imported before Streamlit runs."""
    found = find_spec(_COMPONENT)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(_COMPONENT)
    return Path(found.origin).parent / "frontend" / "build" / "static"


def _joined(paths: tuple[Path, ...]) -> bytes:
    return b"\n".join(path.read_bytes() for path in paths)


@lru_cache(maxsize=256)
def _deflated(paths: tuple[Path, ...]) -> bytes:
    return gzip.compress(_joined(paths), compresslevel=6, mtime=0)


@cache
def _drawn_parts() -> tuple[str, ...]:
    """Names of the files that a page is drawn with, each before what it imports."""
    folder = _STREAMLIT_DIR / "js"
    found: dict[str, None] = {}
    waiting = [path for part in _DRAWN for path in folder.glob(f"{part}.*.js")]
    while waiting:
        path = waiting.pop(0)
        if path.name not in found:
            found[path.name] = None
            names = _IMPORTED.findall(path.read_bytes())
            waiting += [folder / name.decode() for name in names]
    return tuple(found)
