"""ASGI middleware: an address that does not exist for a role is not answered.

Files of Streamlit's memory (``/media``) have no owner there. What was told to a reader over the
websocket is noted with the roles of that reader; whoever has all of them may fetch it.
"""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response

from atlas.config import City
from atlas.errors import AtlasError
from atlas.publication.access.sight import Sight, sight_of
from atlas.release.read import read_info
from atlas.signin import every_role, has_door
from atlas.terms import Kind, Role

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
_Roles = frozenset[tuple[str, Role]]

# Without its ending: on the wire the tag of the next field follows that at once.
_TOLD = re.compile(rb"/media/([0-9a-f]+)\.")
_MAP_FILE = re.compile(r"/karte/([a-z][a-z0-9_]*)/(\d{4}-\d{2}-\d{2}\.\d+)/([a-z0-9_-]+)\.\S+")
_CONTEXT = ("context-drawn", "context-streets")
_MEDIA, _MAPS, _UPLOADS = "/media/", "/karte/", "/_stcore/upload_file/"
_MOST_TOLD = 20_000


class Guard:
    """Answer for what exists, and nothing else."""

    def __init__(self, app: AsgiApp, base_url: str, releases_dir: Path) -> None:
        self._app, self._releases = app, releases_dir
        self._base = f"/{base_url.strip('/')}" if base_url.strip("/") else ""
        self._told: OrderedDict[str, set[_Roles]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what exists for who is there."""
        if scope["type"] == "websocket":
            roles = every_role(Headers(scope=scope))
            await self._app(scope, receive, self._noting(send, roles))
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        path = scope["path"].removeprefix(self._base)
        refusal = self._refusal(path, headers)
        if refusal is not None:
            await refusal(scope, receive, send)
        elif path.startswith((_MEDIA, _MAPS)):
            await self._app(scope, receive, _private(send))
        else:
            await self._app(scope, receive, send)

    def _refusal(self, path: str, headers: Headers) -> Response | None:
        if path.startswith(_MEDIA):
            is_there = self._may_fetch(path.removeprefix(_MEDIA), every_role(headers))
            return None if is_there else _nothing()
        if path.startswith(_MAPS):
            return None if self._may_draw(path, headers) else _nothing()
        roles = frozenset(role for _, role in every_role(headers))
        if path.startswith(_UPLOADS):
            return None if Role.PLANNING in roles else _nothing()
        page = path.strip("/")
        # Of which city, the page itself asks; here it is enough that there is one.
        return None if Sight(roles).opens(page) else self._to_login(page, headers)

    def _may_fetch(self, name: str, roles: _Roles) -> bool:
        stem = name.partition(".")[0]
        return any(needed <= roles for needed in self._told.get(stem, ()))

    def _may_draw(self, path: str, headers: Headers) -> bool:
        found = _MAP_FILE.fullmatch(path)
        if found is None:
            return True  # no map file: the route says so itself
        city, release, kind = found.groups()
        if kind in _CONTEXT:
            return True
        try:
            house = _city_of(self._releases / city / release)
        except AtlasError:
            return False
        return sight_of(headers, city).shows(Kind(kind), house)

    def _to_login(self, page: str, headers: Headers) -> Response:
        if has_door(headers):
            back = quote(f"/{page}", safe="")
            return RedirectResponse(f"{self._base}/anmelden?zurueck={back}", 303)
        return _nothing()

    def _noting(self, send: Send, roles: _Roles) -> Send:
        async def note_and_send(message: Message) -> None:
            for name in _TOLD.findall(message.get("bytes") or b""):
                self._note(name.decode(), roles)
            await send(message)

        return note_and_send

    def _note(self, name: str, roles: _Roles) -> None:
        self._told.setdefault(name, set()).add(roles)
        self._told.move_to_end(name)
        if len(self._told) > _MOST_TOLD:
            self._told.popitem(last=False)


def _private(send: Send) -> Send:
    """Let no cache between keep what may be for some alone."""

    async def send_private(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [
                (name, value.replace(b"public", b"private"))
                if name.lower() == b"cache-control"
                else (name, value)
                for name, value in message["headers"]
            ]
            message = {**message, "headers": headers}
        await send(message)

    return send_private


def _nothing() -> Response:
    headers = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
    return Response("Nicht gefunden.", 404, headers, media_type="text/plain; charset=utf-8")


@lru_cache(maxsize=512)
def _city_of(release_path: Path) -> City:
    return read_info(release_path).config.city
