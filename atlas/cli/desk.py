"""Command that opens the office's own screen."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from atlas.cli.options import DEFAULT_CITY, DEFAULT_HOME, City, HomeDir, Port
from atlas.cli.service import serve
from atlas.config import find_city_dir, load_access, load_city
from atlas.errors import ConfigError

_PORT = 8502


def desk(
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    port: Port = _PORT,
    access: Annotated[
        Path | None,
        typer.Option(
            envvar="ATLAS_ACCESS", help="access.toml: wer sich anmelden darf", metavar="DATEI"
        ),
    ] = None,
) -> None:
    """Öffnet den Arbeitsplatz der Statistikstelle auf diesem Rechner."""
    if find_spec("streamlit") is None:
        raise ConfigError(
            "Arbeitsplatz: die Pakete der Oberfläche fehlen. Erwartet: eine Einrichtung mit "
            "requirements.lock. Wie das Dashboard einrichten (docs/betrieb.md)."
        )
    from atlas.desk.persons import ACCESS_VARIABLE
    from atlas.desk.settings import CITY_VARIABLE, MAX_UPLOAD_MB
    from atlas.signin.gate import PUBLIC_URL_VARIABLE

    city_dir = find_city_dir(city)
    load_city(city_dir)
    own = {"ATLAS_HOME": str(home.resolve()), CITY_VARIABLE: str(city_dir.resolve())}
    if access is not None:
        own[PUBLIC_URL_VARIABLE] = load_access(access).public_url
        own[ACCESS_VARIABLE] = str(access.resolve())
    os.umask(0o077)  # set once: what works side by side there must not change it back and forth
    upload = ("--server.maxUploadSize", str(MAX_UPLOAD_MB))
    serve("Arbeitsplatz", "desk_app.py", port, own, *upload)
