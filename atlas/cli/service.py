"""Commands that do everything: demo, run, watch, dashboard."""

import os
import shlex
import socket
import sys
import time
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
from atlas.cli.releases import print_cells, print_moves, release_before, superseded_by
from atlas.cli.screen import Screen, err, mended_by_the_operator, out
from atlas.config import find_city_dir, load_city
from atlas.errors import AtlasError
from atlas.terms import STATE_LABELS

if TYPE_CHECKING:
    from atlas.confidential.desk import Desk

_PROJECT_DIR = Path(__file__).resolve().parents[2]
_LOOPBACK = "127.0.0.1"
_SETTLED_SECONDS = 1.0
_LOOK_AGAIN_MS = 5_000  # some network drives report no changes


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
    _run_and_report(desk, "Musterdaten: Neubauten und Unterkünfte")
    _print_later(desk, city, [path for path in files.later if path.exists()])
    if timings:
        screen.print_timings()
    if serve:
        dashboard(city, home, port)


def run(
    city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME, timings: WithTimings = False
) -> None:
    """Nimmt an, was im Eingang liegt, und veröffentlicht jeden Stichtag mit neuen Daten."""
    screen = Screen()
    _run_and_report(open_city(city, home, screen), "")
    if timings:
        screen.print_timings()


def watch(city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME) -> None:
    """Dienst der Statistikstelle: rechnet neu, sobald Eingang oder requests/ sich ändern."""
    from watchfiles import watch as changes_of

    desk = open_city(city, home, Screen())
    out.print(f"Wacht über {desk.home.inbox} und {desk.home.requests}.")
    known: set[tuple[str, int, int]] | None = None
    changes = changes_of(
        *(desk.home.inbox, desk.home.requests),
        recursive=False,
        yield_on_timeout=True,
        rust_timeout=_LOOK_AGAIN_MS,
    )
    for _ in chain((None,), changes):
        if _lying(desk) != known:
            seen = _wait_until_written(desk)
            _run_and_go_on(city, home)
            known = seen & _lying(desk)  # what arrived meanwhile is news


def dashboard(
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    port: Port = DEFAULT_PORT,
    public_url: Annotated[
        str,
        typer.Option(
            envvar="ATLAS_PUBLIC_URL",
            help="Adresse hinter einem Proxy, etwa https://sozialatlas.stadt.de",
        ),
    ] = "",
) -> None:
    """Öffnet das Dashboard auf diesem Rechner."""
    from atlas.publication.dashboard.gate import PUBLIC_URL_VARIABLE, public_addresses

    public_addresses(public_url)
    city_id = load_city(find_city_dir(city)).city.id
    own = {"ATLAS_HOME": str(home.resolve()), "ATLAS_CITY": city_id}
    if public_url:
        own[PUBLIC_URL_VARIABLE] = public_url
    _check_port(port)
    out.print(f"Dashboard: http://localhost:{port}  (beenden mit Strg+C)")
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(_PROJECT_DIR / "app.py")),
        *("--server.address", _LOOPBACK, "--server.port", str(port)),
        *("--server.headless", "true"),
    ]
    os.chdir(_PROJECT_DIR)
    # Streamlit takes the place of this process: who ends it leaves nothing behind.
    os.execve(sys.executable, command, {**os.environ, **own})


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


def _wait_until_written(desk: "Desk") -> set[tuple[str, int, int]]:
    """Wait until no file grows any more: a copy over the network takes its time."""
    before = None
    while before != (now := _lying(desk)):
        before = now
        time.sleep(_SETTLED_SECONDS)
    return now


def _lying(desk: "Desk") -> set[tuple[str, int, int]]:
    """Path, size and time of change of every file that waits."""
    found = set()
    for directory in (desk.home.inbox, desk.home.requests):
        for path in directory.iterdir():
            with suppress(FileNotFoundError):  # taken away meanwhile
                status = path.stat()
                found.add((str(path), status.st_size, status.st_mtime_ns))
    return found


def _run_and_go_on(city: str, home: Path) -> None:
    """Open the office anew, so that changed boundaries and configuration are noticed."""
    try:
        with mended_by_the_operator():
            _run_and_report(open_city(city, home, Screen()), "")
    except AtlasError as error:
        err.print(f"Fehler: {error}")


def _run_and_report(desk: "Desk", reason: str) -> None:
    from atlas.confidential.run import run as run_all
    from atlas.confidential.run import summary

    result = run_all(desk, reason)
    for name in result.unknown:
        err.print(f"Eingang: {name} passt zu keinem Layout dieser Stadt und bleibt liegen.")
    out.print(summary(result))
    for release in result.published:
        info = release.info
        missing = f", es fehlt: {', '.join(info.missing)}" if info.missing else ""
        out.print(f"  {info.name} {STATE_LABELS[info.state]}{missing} ({info.reason})")
    for release in result.published:
        if release.info.supersedes:
            print_moves(release_before(release), release)
            print_cells(superseded_by(release), release)
    if result.errors:
        first, *others = result.errors
        for error in others:
            err.print(f"Fehler: {error}")
        raise first


def _print_later(desk: "Desk", city: str, later: list[Path]) -> None:
    if later:
        move = shlex.join(["mv", *map(str, later), f"{desk.home.inbox}/"])
        program = str(_PROJECT_DIR / ".venv/bin/atlas")
        again = [program, "run", "--city", city, "--home", str(desk.home.root)]
        out.print("Sind die Daten der BA da, genügt ein Befehl:")
        out.print(f"  {move} && {shlex.join(again)}")
