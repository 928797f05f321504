"""Who may open the desk at all: whom ``access.toml`` lets in, else this machine."""

import os
from pathlib import Path

from starlette.middleware import Middleware

from atlas.config import load_city
from atlas.desk.persons import ACCESS_VARIABLE, ROLES
from atlas.desk.settings import city_dir
from atlas.home import home_from_environment
from atlas.signin import SignIn, open_entrance


def sign_in(base_url: str) -> list[Middleware]:
    """List the middleware of the login; none where there is no login."""
    access = os.environ.get(ACCESS_VARIABLE)
    if not access:
        return []
    private_dir = home_from_environment().confidential(load_city(city_dir()).city.id)
    entrance = open_entrance(Path(access), private_dir / "sessions")
    return [Middleware(SignIn, entrance=entrance, base=base_url, needs=ROLES)]
