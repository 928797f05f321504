"""ASGI middleware in front of a server: who is there, until when.

Everything below gets one header that says who is there, and never one that came from outside.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from typing import Any

from starlette.requests import HTTPConnection

from atlas.signin.doors import Doors, not_let_in
from atlas.signin.entrance import Entrance
from atlas.signin.person import HEADER, Visitor
from atlas.signin.sessions import Session
from atlas.terms import Role

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

SIGNED_OUT = 4401
# Seconds between looks at the own session of a websocket.
TOLD_WITHIN = 2.0
_REFUSED = 1008


class Everybody:
    """Nobody signs in; everybody has the same roles."""

    def __init__(self, app: AsgiApp, roles: Iterable[Role]) -> None:
        self._app = app
        self._visitor = Visitor(roles={"": frozenset(roles)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on with the same visitor."""
        await self._app(_stamped(scope, self._visitor), receive, send)


class SignIn:
    """Let people in; see the package."""

    def __init__(
        self,
        app: AsgiApp,
        entrance: Entrance,
        base: str = "",
        needs: frozenset[Role] = frozenset(),
        is_use: Callable[[Message], bool] = bool,
    ) -> None:
        self._app, self._entrance, self._needs = app, entrance, needs
        self._is_use = is_use
        self._base = f"/{base.strip('/')}" if base.strip("/") else ""
        self._doors = Doors(entrance, self._base)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what concerns the login; pass the rest on with who is there."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        visitor, session = await self._visitor(scope)
        door = self._doors.find(scope)
        if door is not None:
            response = await door(HTTPConnection(scope), receive, visitor)
            await response(scope, receive, send)
        elif self._needs and not visitor.has_one_of(self._needs):
            await self._refuse(scope, receive, send, is_known=bool(visitor.name))
        elif scope["type"] == "websocket" and session is not None:
            line = _Line(receive, send, partial(self._is_still, scope, visitor), self._is_use)
            await self._app(_stamped(scope, visitor), line.receive, line.send)
        else:
            await self._app(_stamped(scope, visitor), receive, send)

    async def _visitor(self, scope: Scope) -> tuple[Visitor, Session | None]:
        connection = HTTPConnection(scope)
        if self._entrance.access.proxy is not None:
            return self._vouched(connection), None
        is_used = scope["type"] == "http" and not self._doors.is_look(scope)
        session = await self._session(connection, is_used=is_used)
        return self._entrance.visitor_of(session), session

    async def _session(self, connection: HTTPConnection, *, is_used: bool) -> Session | None:
        key = connection.cookies.get(self._entrance.cookie, "")
        agent = connection.headers.get("user-agent", "")
        return await self._entrance.session_of(key, agent, is_used=is_used)

    async def _is_still(self, scope: Scope, visitor: Visitor, *, is_used: bool) -> bool:
        session = await self._session(HTTPConnection(scope), is_used=is_used)
        return session is not None and self._entrance.visitor_of(session) == visitor

    def _vouched(self, connection: HTTPConnection) -> Visitor:
        """Who is there as a proxy says; from any other address its headers count nothing."""
        access = self._entrance.access
        proxy, client = access.proxy, connection.client
        nobody = Visitor(roles=access.roles_of(frozenset()))
        # Port 0: the address is one that a request named, not the one it came from.
        if proxy is None or client is None or not client.port:
            return nobody
        with suppress(ValueError):
            if any(ip_address(client.host) in network for network in proxy.networks):
                names = connection.headers.getlist(proxy.name_header)
                groups = connection.headers.getlist(proxy.groups_header)
                # Of two names one was sent by the reader and not by the proxy.
                if len(names) == 1 and names[0].strip() and len(groups) <= 1:
                    held = {one.strip() for part in groups for one in part.split(",")}
                    return Visitor(_utf8(names[0]), "", access.roles_of(frozenset(held - {""})))
        return nobody

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, *, is_known: bool
    ) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _REFUSED})
            return
        response = not_let_in(HTTPConnection(scope), self._base, is_known=is_known)
        await response(scope, receive, send)


class _Line:
    """A websocket that ends with the session of its reader."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        is_still: Callable[..., Awaitable[bool]],
        is_use: Callable[[Message], bool],
    ) -> None:
        self._receive, self._send, self._is_still = receive, send, is_still
        self._is_use, self._was_used = is_use, False
        self._next: asyncio.Future[Message] | None = None
        self._is_closed = False
        self._looked = 0.0

    async def receive(self) -> Message:
        """Wait for the next message of the reader, or for the end of the session."""
        loop = asyncio.get_running_loop()
        while True:
            if self._next is None:
                self._next = asyncio.ensure_future(self._receive())
            done, _ = await asyncio.wait({self._next}, timeout=TOLD_WITHIN)
            is_due = loop.time() - self._looked >= TOLD_WITHIN
            if is_due:
                self._looked = loop.time()
                was_used, self._was_used = self._was_used, False
                if not await self._is_still(is_used=was_used):
                    return await self._end()
            if done:
                message, self._next = self._next.result(), None
                self._was_used = self._was_used or self._is_use(message)
                return message

    async def send(self, message: Message) -> None:
        """Send to the reader, as long as the session lasts."""
        if not self._is_closed:
            await self._send(message)

    async def _end(self) -> Message:
        if self._next is not None:
            self._next.cancel()
        if not self._is_closed:
            self._is_closed = True
            with suppress(RuntimeError):  # the reader left at the same moment
                await self._send({"type": "websocket.close", "code": SIGNED_OUT})
        return {"type": "websocket.disconnect", "code": SIGNED_OUT}


def _stamped(scope: Scope, visitor: Visitor) -> Scope:
    if "headers" not in scope:
        return scope
    name = HEADER.encode()
    kept = [one for one in scope["headers"] if one[0].lower() != name]
    return {**scope, "headers": [*kept, (name, visitor.packed())]}


def _utf8(text: str) -> str:
    # Headers arrive as Latin-1, whatever the proxy wrote.
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    return " ".join(text.split())
