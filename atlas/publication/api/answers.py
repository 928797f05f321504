"""Formats of answers: JSON for programs, pages for people, one sentence where there is none."""

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from atlas.publication.api.faults import RequestError
from atlas.publication.api.links import HTML, JSON
from atlas.publication.api.pages import page

_FORMATS = ("json", "html")
_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "vary": "accept, cookie, origin",
    "x-content-type-options": "nosniff",
}
_PROBLEM = "application/problem+json"


def is_html(request: Request) -> bool:
    """Whether a page is asked for, by ``f`` or by what the browser prefers.

    Raises
    ------
    RequestError
        If another format is asked for.
    """
    asked = request.query_params.get("f")
    if asked is None:
        return HTML in request.headers.get("accept", "")
    if asked not in _FORMATS:
        raise RequestError(406, f"Format: gibt es nicht. Erwartet: {' oder '.join(_FORMATS)}.")
    return asked == "html"


def require_only(request: Request, *names: str) -> None:
    """Refuse parameters that are not known, and those named twice.

    Raises
    ------
    RequestError
        Naming the first.
    """
    for name in request.query_params:
        if name not in names:
            raise RequestError(400, f"Parameter {name[:60]}: gibt es hier nicht.")


def json_answer(content: Mapping[str, object], kind: str = JSON) -> Response:
    """Answer with a document."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return raw_answer(body, kind)


def raw_answer(body: bytes, kind: str, **more: str) -> Response:
    """Answer with what is already written."""
    return Response(body, 200, {**_HEADERS, **more}, media_type=kind)


def page_answer(title: str, body: str, home: str) -> Response:
    """Answer with a page."""
    return Response(page(title, body, home), 200, _HEADERS, media_type=HTML)


def fault_answer(_: Request, fault: Exception) -> Response:
    """Answer with a sentence (RFC 9457)."""
    status = fault.status if isinstance(fault, RequestError) else 500
    content = {"status": status, "title": _titles(status), "detail": str(fault)}
    body = json.dumps(content, ensure_ascii=False).encode()
    return Response(body, status, _HEADERS, media_type=_PROBLEM)


def _titles(status: int) -> str:
    return {400: "Nicht zu lesen", 404: "Gibt es nicht", 406: "Format gibt es nicht"}[status]
