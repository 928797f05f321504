"""Who may open the desk at all: whom ``access.toml`` lets in, else this machine."""

import os
from pathlib import Path

from starlette.middleware import Middleware

from atlas.config import load_city
from atlas.desk.persons import ACCESS_VARIABLE, ROLES
from atlas.desk.settings import city_dir
from atlas.errors import ConfigError
from atlas.home import home_from_environment
from atlas.signin import SignIn, open_entrance

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ALONE = (
    "Arbeitsplatz: Ohne Anmeldung hört er nur auf diesem Rechner (127.0.0.1), denn wer ihn "
    f"erreicht, entscheidet. Erwartet: {ACCESS_VARIABLE} mit access.toml; siehe "
    "docs/arbeitsplatz.md, Abschnitt „Anmeldung“."
)


def require_login(access: object, address: str | None) -> None:
    """Stop a desk without a login that would listen to others than this machine.

    Raises
    ------
    ConfigError
        Saying what is expected.
    """
    if not access and address not in _LOOPBACK:
        raise ConfigError(_ALONE)


def sign_in(base_url: str, address: str | None) -> list[Middleware]:
    """List the middleware of the login; none where there is no login.

    Raises
    ------
    ConfigError
        As ``require_login``, or if the login is not set up.
    """
    access = os.environ.get(ACCESS_VARIABLE)
    require_login(access, address)
    if not access:
        return []
    private_dir = home_from_environment().confidential(load_city(city_dir()).city.id)
    entrance = open_entrance(Path(access), private_dir / "sessions")
    return [Middleware(SignIn, entrance=entrance, base=base_url, needs=ROLES)]
