"""The interface as an ASGI application: gate, login, roles, and the addresses behind them.

Pages of other servers may read what is for everybody, and nothing else: for them nobody is
signed in. So a geoportal can show the data, and no page can use somebody's login.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from atlas.publication.api import feature_answers, record_answers
from atlas.publication.api.answers import fault_answer
from atlas.publication.api.asking import Asking
from atlas.publication.api.documents import RECORDS
from atlas.publication.api.faults import RequestError, not_found
from atlas.publication.api.links import Site
from atlas.publication.api.shelf import Shelf
from atlas.signin import Entrance, Everybody, SignIn
from atlas.signin.gate import AsgiApp, Gate, public_addresses
from atlas.terms import Role

Answer = Callable[[Asking], Response]

_ITEMS = "/collections/{collection}/items"
_RECORDS = f"/collections/{RECORDS}"
# The first that fits answers: the records are a collection of their own.
_ANSWERS: tuple[tuple[str, Answer], ...] = (
    ("/", feature_answers.landing),
    ("/conformance", feature_answers.conformance),
    ("/api", feature_answers.api),
    ("/dcat.jsonld", record_answers.dcat),
    ("/collections", feature_answers.collections),
    (_RECORDS, record_answers.records),
    (f"{_RECORDS}/items", record_answers.record_items),
    (f"{_RECORDS}/items/{{record}}", record_answers.record_item),
    ("/collections/{collection}", feature_answers.collection),
    ("/collections/{collection}/queryables", feature_answers.queryables),
    (_ITEMS, feature_answers.items),
    (f"{_ITEMS}/{{feature}}", feature_answers.item),
)
_LEAST_BYTES, _EFFORT = 1_000, 4  # a whole city: a tenth of the bytes in a tenth of a second
_NO_BODY = 0


@dataclass(frozen=True)
class Setting:
    """Where an interface stands.

    Attributes
    ----------
    city_dir
        Releases of its city.
    public_urls
        Addresses under which it is reached, the first with the path below which it answers.
    entrance
        Login; without one everybody is the public.
    """

    city_dir: Path
    public_urls: tuple[str, ...] = ()
    entrance: Entrance | None = None

    @property
    def base(self) -> str:
        """Path below which the server answers; empty at the root."""
        path = urlsplit(self.public_urls[0]).path.strip("/") if self.public_urls else ""
        return f"/{path}" if path else ""

    def site_of(self, request: Request) -> Site:
        """Address under which a request reached the server."""
        host = request.headers["host"].lower()
        known = [urlsplit(url) for url in self.public_urls]
        # A proxy that does not pass the name on: links lead to the first public address.
        for one in (*(one for one in known if one.netloc == host), *known):
            return Site(f"{one.scheme}://{one.netloc}{self.base}")
        return Site(f"http://{host}")


def make_app(setting: Setting) -> AsgiApp:
    """Put the interface together."""
    inner = GZipMiddleware(_addresses(setting), _LEAST_BYTES, _EFFORT)
    public = frozenset({Role.PUBLIC})
    own: AsgiApp = Everybody(inner, public)
    if setting.entrance is not None:
        own = SignIn(inner, setting.entrance, base=setting.base)
    others = CORSMiddleware(Everybody(inner, public), ["*"], ("GET", "HEAD"))
    return Gate(
        own,
        public_addresses(",".join(setting.public_urls)),
        _login_header(setting),
        _NO_BODY,
        others,
    )


def _addresses(setting: Setting) -> Starlette:
    shelf = Shelf(setting.city_dir)

    def endpoint(answer: Answer) -> Callable[[Request], Response]:
        return lambda request: answer(Asking(request, shelf, setting.site_of(request)))

    routes = [Route(path, endpoint(answer)) for path, answer in _ANSWERS]
    mounted = [Mount(setting.base, routes=routes)] if setting.base else routes
    return Starlette(
        routes=mounted,
        exception_handlers={RequestError: fault_answer, 404: _nothing_there},
    )


def _nothing_there(request: Request, _: Exception) -> Response:
    return fault_answer(request, not_found())


def _login_header(setting: Setting) -> str:
    proxy = setting.entrance.access.proxy if setting.entrance else None
    return proxy.name_header if proxy else ""
