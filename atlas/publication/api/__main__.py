"""``python -m atlas.publication.api``: serve the interface of one city.

The environment says of what: ``ATLAS_HOME``, ``ATLAS_CITY``, and where people sign in
``ATLAS_ACCESS``; ``ATLAS_PUBLIC_URL`` names the addresses behind a proxy.
"""

import argparse
import os
import sys
from pathlib import Path

from atlas.config import load_access
from atlas.errors import AtlasError, ConfigError
from atlas.home import home_from_environment
from atlas.publication.api.server import Setting, make_app
from atlas.signin import open_entrance
from atlas.signin.gate import ACCESS_VARIABLE, PUBLIC_URL_VARIABLE, public_addresses


def main() -> None:
    """Serve until somebody ends it."""
    import uvicorn  # takes along what is installed for its reloading, the office's part too

    options = argparse.ArgumentParser(prog="atlas api")
    options.add_argument("--address", default="127.0.0.1")
    options.add_argument("--port", type=int, default=8503)
    given = options.parse_args()
    try:
        app = make_app(_setting())
    except AtlasError as error:
        sys.stderr.write(f"Fehler: {error}\n")
        sys.exit(error.exit_code)
    uvicorn.run(
        app,
        host=given.address,
        port=given.port,
        proxy_headers=False,  # else anybody chooses the address that a proxy is known by
        server_header=False,
        lifespan="off",
        log_level="warning",
    )


def _setting() -> Setting:
    home, city = home_from_environment(), os.environ.get("ATLAS_CITY", "")
    if not city:
        raise ConfigError("ATLAS_CITY: nicht gesetzt. Erwartet: der Kurzname der Stadt (id).")
    told = os.environ.get(PUBLIC_URL_VARIABLE, "")
    public_addresses(told)
    urls = [part.strip() for part in told.split(",") if part.strip()]
    entrance = None
    if path := os.environ.get(ACCESS_VARIABLE):
        urls.insert(0, load_access(Path(path)).public_url)
        entrance = open_entrance(Path(path), home.api_sessions)
    return Setting(home.releases(city), tuple(urls), entrance)


if __name__ == "__main__":
    main()
