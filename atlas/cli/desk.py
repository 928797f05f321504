"""Command that opens the office's own screen."""

import os
from typing import Annotated

import typer

from atlas.cli.options import DEFAULT_CITY, DEFAULT_HOME, City, HomeDir
from atlas.cli.service import serve
from atlas.config import find_city_dir, load_city

_PORT = 8502


def desk(
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    port: Annotated[int, typer.Option(help="Anschluss des Arbeitsplatzes")] = _PORT,
) -> None:
    """Öffnet den Arbeitsplatz der Statistikstelle auf diesem Rechner."""
    from atlas.desk.settings import CITY_VARIABLE, MAX_UPLOAD_MB

    city_dir = find_city_dir(city)
    load_city(city_dir)
    own = {"ATLAS_HOME": str(home.resolve()), CITY_VARIABLE: str(city_dir.resolve())}
    os.umask(0o077)  # set once: what works side by side there must not change it back and forth
    upload = ("--server.maxUploadSize", str(MAX_UPLOAD_MB))
    serve("Arbeitsplatz", "desk_app.py", port, own, *upload)
