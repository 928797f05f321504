"""A page, or the whole app, as Streamlit runs it in tests."""

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

_SECONDS = 60  # the machine may have other work


def open_page(name: str, **address: str) -> AppTest:
    """Open one page by its module, at an address."""
    return _opened(_page, {"name": name}, address)


def open_app(**address: str) -> AppTest:
    """Open the whole app at an address."""
    return _opened(_main, {}, address)


def html_of(app: AppTest) -> str:
    """Everything on the page that is HTML of its own."""
    return " ".join(element.proto.body for element in app.get("html"))


def _opened(
    script: Callable[..., None], given: dict[str, Any], address: dict[str, str]
) -> AppTest:
    app = AppTest.from_function(script, kwargs=given, default_timeout=_SECONDS)
    for key, value in address.items():
        app.query_params[key] = value
    return app.run()


def _page(name: str) -> None:
    from importlib import import_module

    from atlas.publication.dashboard import address
    from atlas.publication.dashboard.frame import find_context

    address.read_address()
    context = find_context()
    import_module(f"atlas.publication.dashboard.pages.{name}").page(context)
    address.write_address()


def _main() -> None:
    from atlas.publication.dashboard.main import main

    main()
