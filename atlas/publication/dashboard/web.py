"""What the dashboard's server answers besides Streamlit: boundaries, bundles, headers.

Routes are public, also behind a login. They hand out boundaries and program files, never a
value of a release. The Content-Security-Policy makes the browser itself refuse any request to
another host; the document of the map alone may load pictures from a configured base map.
"""

import base64
import hashlib
import os
import re
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atlas.exchange.display import frame_origins, tile_origins
from atlas.home import home_from_environment
from atlas.publication.dashboard.program_files import (
    ProgramFiles,
    asset_response,
    head_tags,
    lasting_response,
)
from atlas.signin import every_role
from atlas.signin.gate import (
    MOST_BYTES,
    AsgiApp,
    Gate,
    Message,
    Receive,
    Scope,
    Send,
    gate_of_environment,
)
from atlas.terms import Role

_CITY = re.compile(r"[a-z][a-z0-9_]*")
_RELEASE = re.compile(r"\d{4}-\d{2}-\d{2}\.\d+")
# Kinds of areas, own ones too, and what lies between them.
_BOUNDARIES = re.compile(
    r"(?:[a-z][a-z0-9_]*|context-drawn|context-streets)\.[0-9a-f]{6,64}\.json"
)

# What every document may do: load from this server alone. Streamlit's styles are inline.
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "media-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "frame-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
    "object-src": "'none'",
}
# streamlit-folium evaluates the map's script inside its own document.
_COMPONENT_SCRIPTS = "'self' 'unsafe-inline' 'unsafe-eval'"
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_NOT_DOCUMENTS = ("/static/", "/media/", "/_stcore/", "/karte/", "/teile/")
# How busy the server is, and with what, is nobody's business.
_CLOSED = ("/_stcore/metrics",)
_ROOT_FILES = ("/favicon.png", "/manifest.json")
# What readers download: to deflate it takes the server longer than to send it as it is.
_FILES, _DEFLATING = "/media/", (b"accept-encoding",)
_COMPONENTS = "/component/"
_MAP_COMPONENT = "/component/streamlit_folium.st_folium/"
_SHORTENING = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")


def boundaries_url(city: str, release: str, map_file: str) -> str:
    """Address of one boundary file of a release, as seen from the component's document."""
    return f"../../karte/{city}/{release}/{Path(map_file).name}"


@asynccontextmanager
async def answer_at_once(_app: object) -> AsyncIterator[None]:
    """Let small answers leave at once, for as long as the server runs.

    Streamlit makes its socket without naming a protocol, and asyncio sets TCP_NODELAY where one
    is named only: the second part of every answer then waited 40 ms for the reader to say that
    the first has arrived. What is accepted takes the option over from the socket that listens.
    """
    for listening in _listening_sockets():
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    yield


def _listening_sockets() -> Iterator[socket.socket]:
    for path in Path("/dev/fd").iterdir():
        if path.is_socket():
            with socket.socket(fileno=os.dup(int(path.name))) as found:
                is_tcp = found.family in (socket.AF_INET, socket.AF_INET6)
                if is_tcp and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    yield found


def routes(base_url: str) -> list[Route]:
    """List the atlas's own routes below the server's base path."""
    base = f"/{base_url.strip('/')}" if base_url.strip("/") else ""
    boundaries = Route(f"{base}/karte/{{city}}/{{release}}/{{name}}", _serve_boundaries)
    return [boundaries, *front_end(base_url)]


def front_end(base_url: str) -> list[Route]:
    """List the route of the front-end files alone, for a server that shows no map."""
    base = f"/{base_url.strip('/')}" if base_url.strip("/") else ""
    return [Route(f"{base}/teile/{{digest}}/{{name}}", _serve_asset)]


def middleware(
    base_url: str,
    pages: Sequence[str],
    most_bytes: int = MOST_BYTES,
    who: Sequence[Middleware] = (),
) -> list[Middleware]:
    """List the middleware around Streamlit: gate, policy, language, German error page.

    Parameters
    ----------
    most_bytes
        Of a file that may be handed in.
    who
        What decides who is there, and what exists for whom.
    """
    public, login_header = gate_of_environment()
    return [
        Middleware(Gate, public=public, login_header=login_header, most_bytes=most_bytes),
        *who,
        Middleware(GermanOfflineDocuments, base_url=base_url, pages=tuple(pages)),
        Middleware(ProgramFiles, base_url=base_url),
    ]


def _serve_boundaries(request: Request) -> Response:
    city, release = request.path_params["city"], request.path_params["release"]
    name = request.path_params["name"]
    is_known = _CITY.fullmatch(city) and _RELEASE.fullmatch(release)
    if not is_known or not _BOUNDARIES.fullmatch(name):
        return _not_found()
    path = home_from_environment().root / "releases" / city / release / "map" / name
    if not path.is_file():
        return _not_found()
    return lasting_response(request, path)


def _serve_asset(request: Request) -> Response:
    return asset_response(request, request.path_params["name"]) or _not_found()


def _not_found() -> Response:
    text = "Nicht gefunden."
    return _with_own_headers(
        Response(text, status_code=404, media_type="text/plain; charset=utf-8")
    )


def _with_own_headers(response: Response) -> Response:
    response.headers.update({**_HEADERS, "content-security-policy": policy("'none'")})
    return response


def policy(
    script_sources: str, tile_sources: Sequence[str] = (), framed_by: Sequence[str] = ()
) -> str:
    """Write the Content-Security-Policy.

    Parameters
    ----------
    script_sources
        Where scripts may come from.
    tile_sources
        Origins from which pictures may come besides this server.
    framed_by
        Sites that may show the document in a frame besides this server.
    """
    own = {
        "script-src": script_sources,
        "img-src": " ".join((_POLICY["img-src"], *tile_sources)),
        "frame-ancestors": " ".join((_POLICY["frame-ancestors"], *framed_by)),
    }
    return "; ".join(f"{name} {sources}" for name, sources in ({**_POLICY, **own}).items())


class GermanOfflineDocuments:
    """ASGI middleware: strict policy, ``lang="de"``, and a German page where none is.

    Streamlit answers every unknown address with its own document; here an address that is no
    page of the atlas gets a page that says so.
    """

    def __init__(self, app: AsgiApp, base_url: str, pages: tuple[str, ...]) -> None:
        self._app = app
        self._base = f"/{base_url.strip('/')}" if base_url.strip("/") else ""
        self._pages = {"", *pages}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything that is no HTTP request; give answers their headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(self._base)
        if path in _CLOSED:
            await _not_found()(scope, receive, send)
        elif self._is_document(path):
            await self._answer_document(path, scope, receive, send)
        else:
            asked = _without(scope, _DEFLATING) if path.startswith(_FILES) else scope
            await self._app(asked, receive, _with_headers(send, _component_headers(path)))

    def _styled(self, body: bytes) -> bytes:
        tags = head_tags(self._base, body)
        return body.replace(b"</head>", tags + b"</head>", 1)

    def _is_document(self, path: str) -> bool:
        if path.startswith(_COMPONENTS):
            return path.endswith((".html", "/"))
        return not path.startswith(_NOT_DOCUMENTS) and path not in _ROOT_FILES

    async def _answer_document(
        self, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if not path.startswith(_COMPONENTS) and path.strip("/") not in self._pages:
            page = Response(_missing_page(self._base), status_code=404, media_type="text/html")
            await _with_own_headers(page)(scope, receive, send)
            return
        held = _HeldAnswer()
        await self._app(_plain_request(scope), receive, held.take)
        body = _german(held.body)
        tiles: tuple[str, ...] = ()
        if path.startswith(_COMPONENTS):
            scripts = _COMPONENT_SCRIPTS
        else:
            body, scripts = self._styled(body), _hashed(body)
        if path.startswith(_MAP_COMPONENT):
            tiles = tile_origins(home_from_environment().root)
        await held.release(send, body, policy(scripts, tiles, _framed_by(scope)))


def _framed_by(scope: Scope) -> tuple[str, ...]:
    """Sites that may show this answer in a frame: nobody's, to who is more than the public.

    A site beside this server's own shares its cookies. So that a frame never shows what is not
    for all, and no click in one is made for somebody, whoever is signed in is not framed.
    """
    roles = {role for _, role in every_role(Headers(scope=scope))}
    return frame_origins(home_from_environment().root) if roles == {Role.PUBLIC} else ()


class _HeldAnswer:
    """One answer kept back until its body is whole."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.body = b""

    async def take(self, message: Message) -> None:
        """Keep a part of the answer."""
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")

    async def release(self, send: Send, body: bytes, content_policy: str) -> None:
        """Send the kept answer with another body and the policy."""
        kept = [h for h in self.start["headers"] if h[0].lower() != b"content-length"]
        own = {**_HEADERS, "content-security-policy": content_policy}
        own["content-length"] = str(len(body))
        headers = kept + [(k.encode(), v.encode()) for k, v in own.items()]
        await send({**self.start, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _plain_request(scope: Scope) -> Scope:
    """Ask for the whole, uncompressed document: the policy names hashes of its scripts."""
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    return {**_without(scope, _SHORTENING), "method": method}


def _without(scope: Scope, names: Sequence[bytes]) -> Scope:
    headers = [header for header in scope["headers"] if header[0].lower() not in names]
    return {**scope, "headers": headers}


def _with_headers(send: Send, own: dict[str, str]) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name.lower() for name, _ in message["headers"]}
            more = [(k.encode(), v.encode()) for k, v in own.items() if k.encode() not in names]
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return send_with_headers


def _component_headers(path: str) -> dict[str, str]:
    scripts = _COMPONENT_SCRIPTS if path.startswith(_COMPONENTS) else "'self'"
    return {**_HEADERS, "content-security-policy": policy(scripts)}


def _german(body: bytes) -> bytes:
    body = body.replace(b'<html lang="en"', b'<html lang="de"', 1)
    body = body.replace(b"<title>Streamlit</title>", b"<title>Sozialatlas</title>", 1)
    body = body.replace(
        b"<title>Streamlit Folium Component</title>", b"<title>Karte</title>", 1
    )
    return body.replace(
        b"You need to enable JavaScript to run this app.",
        b"Der Sozialatlas braucht JavaScript. Bitte im Browser einschalten.",
    )


def _hashed(body: bytes) -> str:
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(body))
    hashes = (f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return " ".join(("'self'", *hashes))


def _missing_page(base: str) -> str:
    return (
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Seite nicht gefunden – Sozialatlas</title></head>"
        '<body style="font-family:sans-serif;max-width:34rem;margin:15vh auto;padding:1rem">'
        "<main><h1>Diese Seite gibt es nicht</h1><p>Vielleicht ist die Adresse unvollständig. "
        f'Hier geht es zur <a href="{base}/">Karte des Sozialatlas</a>.</p></main></body>'
        "</html>"
    )
