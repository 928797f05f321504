"""Commands that show the atlas: demo, dashboard, api."""

import os
import shlex
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn
from urllib.parse import urlsplit

import typer

from atlas.cli.office import run_and_report
from atlas.cli.options import (
    DEFAULT_CITY,
    DEFAULT_HOME,
    DEFAULT_PORT,
    City,
    HomeDir,
    Port,
    WithTimings,
    open_city,
)
from atlas.cli.screen import Screen, out
from atlas.config import find_city_dir, load_access, load_city
from atlas.errors import AtlasError

if TYPE_CHECKING:
    from atlas.confidential.desk import Desk

_PROJECT_DIR = Path(__file__).resolve().parents[2]
_LOOPBACK = "127.0.0.1"
_API_PORT = 8503
# Left alone, the server takes an address that a request names for the one it came from.
_BELIEVED = {"FORWARDED_ALLOW_IPS": ""}
_ALONE = (
    "Nur auf diesem Rechner zu erreichen, denn es gibt keine Anmeldung; siehe docs/betrieb.md, "
    "Abschnitt „Anmeldung und Rollen“."
)
PublicUrl = Annotated[
    str,
    typer.Option(
        envvar="ATLAS_PUBLIC_URL",
        help="Adresse hinter einem Proxy, etwa https://sozialatlas.stadt.de",
    ),
]
AccessFile = Annotated[
    str, typer.Option(envvar="ATLAS_ACCESS", help="access.toml mit Anmeldung und Rollen")
]


def demo(
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    serve: Annotated[bool, typer.Option(help="Danach das Dashboard öffnen")] = True,
    port: Port = DEFAULT_PORT,
    timings: WithTimings = False,
) -> None:
    """Baut die Vorführung einer der drei Städte und öffnet das Dashboard."""
    from atlas.demo import build_demo

    screen = Screen()
    desk = open_city(city, home, screen)
    with screen.step("Musterdaten erzeugen", None) as advance:
        files = build_demo(
            desk.config.city.id, desk.home.root, lambda _, done, __: advance(done)
        )
    # New buildings and shelters change single blocks so much that a real office would ask why.
    run_and_report(desk, "Musterdaten: Neubauten und Unterkünfte", lambda path: True)
    _print_later(desk, city, [path for path in files.later if path.exists()])
    if timings:
        screen.print_timings()
    if serve:
        dashboard(city, home, port)


def dashboard(  # noqa: PLR0913 - one argument per option of the command
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    port: Port = DEFAULT_PORT,
    public_url: PublicUrl = "",
    access: AccessFile = "",
    address: Annotated[
        str, typer.Option(help="Worauf es hört; ohne Anmeldung nur auf diesem Rechner")
    ] = _LOOPBACK,
    insecure_network: Annotated[
        bool,
        typer.Option("--insecure-network", help="Ohne Anmeldung im Netz; nie mit Baublöcken"),
    ] = False,
) -> None:
    """Öffnet das Dashboard auf diesem Rechner."""
    city_id = load_city(find_city_dir(city)).city.id
    own = {"ATLAS_HOME": str(home.resolve()), "ATLAS_CITY": city_id}
    if insecure_network:
        address, own["ATLAS_INSECURE_NETWORK"] = "0.0.0.0", "1"
    own |= _told_of_login(public_url, access)
    _check_port(port)
    if not (access or insecure_network):
        out.print(_ALONE)
    serve("Dashboard", "app.py", port, own, "--server.address", address)


def api(  # noqa: PLR0913 - one argument per option of the command
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    port: Port = _API_PORT,
    public_url: PublicUrl = "",
    access: AccessFile = "",
    address: Annotated[str, typer.Option(help="Worauf es hört")] = _LOOPBACK,
) -> None:
    """Startet die Schnittstelle für Programme (OGC API Features) auf diesem Rechner."""
    own = {
        "ATLAS_HOME": str(home.resolve()),
        "ATLAS_CITY": load_city(find_city_dir(city)).city.id,
        **_told_of_login(public_url, access),
    }
    _check_port(port)
    out.print(f"Schnittstelle: http://localhost:{port}  (beenden mit Strg+C)")
    command = (sys.executable, "-m", "atlas.publication.api")
    os.chdir(_PROJECT_DIR)
    os.execve(
        sys.executable,
        [*command, "--address", address, "--port", str(port)],
        {**os.environ, **_BELIEVED, **own},
    )


def serve(
    name: str, app: str, port: int, environment: Mapping[str, str], *options: str
) -> NoReturn:
    """Let a server of this project take the place of this process, on loopback."""
    _check_port(port)
    out.print(f"{name}: http://localhost:{port}  (beenden mit Strg+C)")
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(_PROJECT_DIR / app)),
        *("--server.address", _LOOPBACK, "--server.port", str(port)),
        *("--server.headless", "true", *options),
    ]
    os.chdir(_PROJECT_DIR)
    # Streamlit takes the place of this process: who ends it leaves nothing behind.
    os.execve(sys.executable, command, {**os.environ, **_BELIEVED, **environment})


def _told_of_login(public_url: str, access: str) -> dict[str, str]:
    """Check what the operator says of addresses and login; give it as the server reads it."""
    from atlas.signin.gate import PUBLIC_URL_VARIABLE, public_addresses

    public_addresses(public_url)
    told = {PUBLIC_URL_VARIABLE: public_url} if public_url else {}
    if access:
        public_url = load_access(Path(access)).public_url
        told["ATLAS_ACCESS"] = str(Path(access).resolve())
    if path := urlsplit(public_url.partition(",")[0]).path.strip("/"):
        told["STREAMLIT_SERVER_BASE_URL_PATH"] = path
    return told


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, port))
        except OSError:
            raise AtlasError(
                f"Anschluss {port}: ist nicht frei. Erwartet: ein freier Anschluss über 1023. "
                "Das andere Programm beenden (vielleicht läuft der Atlas schon) oder mit "
                "--port einen anderen wählen."
            ) from None


def _print_later(desk: "Desk", city: str, later: list[Path]) -> None:
    if later:
        move = shlex.join(["mv", *map(str, later), f"{desk.home.inbox}/"])
        program = str(_PROJECT_DIR / ".venv/bin/atlas")
        again = [program, "run", "--city", city, "--home", str(desk.home.root)]
        out.print("Sind die Daten der BA da, genügt ein Befehl:")
        out.print(f"  {move} && {shlex.join(again)}")
