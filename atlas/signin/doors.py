"""What a server answers about the login itself: ways in and out, and pages that say why not."""

from collections.abc import Awaitable, Callable, MutableMapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response

from atlas.errors import AtlasError
from atlas.signin.entrance import BACK_PATH, Entrance, local_path
from atlas.signin.person import HEADER, Visitor, is_own_form
from atlas.signin.provider import UnreachableError
from atlas.signin.tokens import NotSignedError

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Door = Callable[[HTTPConnection, Receive, Visitor], Awaitable[Response]]

_MOST_BYTES = 64_000
_ATTEMPT_SECONDS = 600
_HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; frame-ancestors 'none'",
}
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;color:#24211c;max-width:34rem;margin:15vh auto;"
    "padding:1rem}h1{font:600 1.9rem/1.2 Georgia,serif}a{color:#17495a}button{font:inherit;"
    "padding:.5rem 1rem;border:0;border-radius:3px;color:#fff;background:#17495a;"
    "cursor:pointer}:focus-visible{outline:2px solid #17495a;outline-offset:3px}"
)
_LOOK_PATH = "/anmelden/stand"
_AGAIN = "Noch einmal anmelden"


class Doors:
    """The addresses of the login, below the server's base path."""

    def __init__(self, entrance: Entrance, base: str) -> None:
        self._entrance, self._base = entrance, base
        self._doors: dict[tuple[str, str], Door] = {
            ("GET", "/anmelden"): self._begin,
            ("GET", BACK_PATH): self._come_back,
            ("GET", _LOOK_PATH): self._tell_mark,
            ("GET", "/abmelden"): self._ask_to_leave,
            ("POST", "/abmelden"): self._leave,
            ("POST", "/abmelden/vom-anbieter"): self._leave_elsewhere,
        }

    def find(self, scope: MutableMapping[str, Any]) -> Door | None:
        """Find the door of a request; none for everything else."""
        if scope["type"] != "http" or not scope["path"].startswith(self._base):
            return None
        return self._doors.get((scope["method"], scope["path"].removeprefix(self._base)))

    def is_look(self, scope: MutableMapping[str, Any]) -> bool:
        """Whether a page only looks by itself who is there: no use of a session."""
        return bool(scope["path"].removeprefix(self._base) == _LOOK_PATH)

    async def _begin(self, request: HTTPConnection, _: Receive, __: Visitor) -> Response:
        try:
            url, held = await self._entrance.begin(request.query_params.get("zurueck", "/"))
        except AtlasError as error:
            return _page("Anmeldung", str(error), 503)
        response = RedirectResponse(url, 303, _HEADERS)
        self._set(response, self._entrance.attempt_cookie, held, _ATTEMPT_SECONDS)
        return response

    async def _come_back(self, request: HTTPConnection, _: Receive, __: Visitor) -> Response:
        cookies, again = request.cookies, self._link("/anmelden", _AGAIN)
        try:
            session, back = await self._entrance.come_back(
                cookies.get(self._entrance.attempt_cookie, ""),
                dict(request.query_params),
                request.headers.get("user-agent", ""),
            )
        except UnreachableError as error:
            return self._without_attempt(_page("Anmeldung", str(error), 503, again))
        except AtlasError as error:
            return self._without_attempt(_page("Nicht angemeldet", str(error), 403, again))
        # Whoever had a session before has only the new one now.
        self._entrance.sessions.end(cookies.get(self._entrance.cookie, ""))
        response = RedirectResponse(self._base + local_path(back), 303, _HEADERS)
        self._set(response, self._entrance.cookie, session.key, None)
        return self._without_attempt(response)

    async def _tell_mark(self, _: HTTPConnection, __: Receive, visitor: Visitor) -> Response:
        return JSONResponse({"stand": visitor.mark}, headers=_HEADERS)

    async def _ask_to_leave(self, _: HTTPConnection, __: Receive, visitor: Visitor) -> Response:
        if not visitor.form_key:
            return _page(
                "Abmelden", "Hier ist niemand angemeldet.", 200, self._link("/", "Zur Karte")
            )
        form = (
            f'<form method="post" action="{escape(self._base)}/abmelden">'
            f'<input type="hidden" name="marke" value="{escape(visitor.form_key)}">'
            "<button>Auf allen Geräten abmelden</button></form>"
        )
        return _page("Abmelden", f"Angemeldet als {visitor.name}.", 200, form)

    async def _leave(
        self, request: HTTPConnection, receive: Receive, visitor: Visitor
    ) -> Response:
        sent = dict(parse_qsl((await _body(receive)).decode("utf-8", "replace")))
        own = {HEADER: visitor.packed().decode()}
        if not is_own_form(own, sent.get("marke", "")):
            return _page("Abmelden", "Diese Abmeldung kommt nicht von hier.", 403)
        url = await self._entrance.leave(request.cookies.get(self._entrance.cookie, ""))
        response = RedirectResponse(url or f"{self._base}/", 303, _HEADERS)
        response.headers["clear-site-data"] = '"cache", "storage"'
        self._set(response, self._entrance.cookie, "", 0)
        return response

    async def _leave_elsewhere(
        self, _: HTTPConnection, receive: Receive, __: Visitor
    ) -> Response:
        sent = dict(parse_qsl((await _body(receive)).decode("utf-8", "replace")))
        try:
            await self._entrance.leave_elsewhere(sent.get("logout_token", ""))
        except NotSignedError:
            return Response(status_code=400, headers=_HEADERS)
        except AtlasError:
            return Response(status_code=503, headers=_HEADERS)
        return Response(status_code=200, headers=_HEADERS)

    def _set(self, response: Response, name: str, value: str, seconds: int | None) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=self._entrance.is_secure,
            httponly=True,
            samesite="lax",
        )

    def _without_attempt(self, response: Response) -> Response:
        self._set(response, self._entrance.attempt_cookie, "", 0)
        return response

    def _link(self, path: str, text: str) -> str:
        return f'<p><a href="{escape(self._base + path)}">{escape(text)}</a></p>'


def not_let_in(request: HTTPConnection, base: str, *, is_known: bool) -> Response:
    """Answer somebody without the roles that a server needs: the login, or why not."""
    if is_known:
        text = "Ihr Konto hat hier keine Rolle. Bitte an den Betrieb wenden."
        link = f'<p><a href="{escape(base)}/abmelden">Abmelden</a></p>'
        return _page("Kein Zugang", text, 403, link)
    is_page = "text/html" in request.headers.get("accept", "")
    if request.scope["method"] != "GET" or not is_page:
        return _page("Kein Zugang", "Bitte zuerst anmelden.", 401)
    path = request.scope["path"].removeprefix(base) or "/"
    query = request.scope.get("query_string", b"").decode("latin-1")
    back = quote(f"{path}?{query}" if query else path, safe="")
    return RedirectResponse(f"{base}/anmelden?zurueck={back}", 303, _HEADERS)


async def _body(receive: Receive) -> bytes:
    """Read a form; of one that is too large nothing."""
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > _MOST_BYTES or message["type"] == "http.disconnect":
            return b""
        if not message.get("more_body"):
            return body


def _page(title: str, text: str, status: int, more: str = "") -> Response:
    return Response(
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} – Sozialatlas</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1><p>{escape(text)}</p>{more}</main></body></html>",
        status_code=status,
        headers=_HEADERS,
        media_type="text/html",
    )
