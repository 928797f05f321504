"""The office at work, once or as a service; when a file is ripe, and what ends no service."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlas.cli.differences import print_cells, print_moves
from atlas.cli.dispatch import hand_out
from atlas.cli.options import DEFAULT_CITY, DEFAULT_HOME, City, HomeDir, WithTimings, open_city
from atlas.cli.screen import Screen, err, mended_by_the_operator, out
from atlas.errors import AtlasError
from atlas.terms import STATE_LABELS

if TYPE_CHECKING:
    from atlas.confidential.desk import Desk
    from atlas.confidential.ripe import Lying
    from atlas.confidential.run import RunResult
    from atlas.release import Release

_SETTLED_SECONDS = 60.0  # a copy over the network may stall
_LOOK_AGAIN_MS = 5_000  # some network drives report no changes
_TRY_AGAIN_SECONDS = 600.0


def run(
    city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME, timings: WithTimings = False
) -> None:
    """Nimmt an, was im Eingang liegt, und veröffentlicht jeden Stichtag mit neuen Daten."""
    from atlas.confidential.ripe import still

    screen = Screen()
    desk = open_city(city, home, screen)
    run_and_report(desk, "", still(desk.home.inbox))
    if timings:
        screen.print_timings()


def watch(
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    settle: Annotated[
        float,
        typer.Option(min=0, help="So viele Sekunden muss eine Datei im Eingang ruhen"),
    ] = _SETTLED_SECONDS,
) -> None:
    """Dienst der Statistikstelle: rechnet neu, sobald Eingang oder requests/ sich ändern."""
    from atlas.confidential.ripe import Lying, Seen, look_at

    desk = open_city(city, home, Screen())
    out.print(f"Wacht über {desk.home.inbox} und {desk.home.requests}.")
    lying = Lying(desk.home.inbox, settle)
    known: frozenset[Seen] | None = None
    due = math.inf
    for _ in _looks((desk.home.inbox, desk.home.requests), settle):
        now = lying.ripe() | look_at(desk.home.requests)
        if now == known and time.monotonic() < due:
            continue
        due = time.monotonic() + _run_and_go_on(city, home, desk, lying)
        known = now & (lying.ripe() | look_at(desk.home.requests))  # what came is news


def _looks(folders: Sequence[Path], settle: float) -> Iterator[None]:
    """Give a turn at every change and every few seconds, whatever becomes of the watcher."""
    from watchfiles import watch as changes_of

    again_ms = min(_LOOK_AGAIN_MS, max(100, int(settle * 500)))
    while True:
        yield
        try:
            for _ in changes_of(
                *folders, recursive=False, yield_on_timeout=True, rust_timeout=again_ms
            ):
                yield
        except (OSError, RuntimeError) as error:  # a folder was moved, no watches are left
            err.print(f"Überwachung unterbrochen ({type(error).__name__}), beginnt von vorn.")
            time.sleep(_LOOK_AGAIN_MS / 1000)


def _run_and_go_on(city: str, home: Path, known: "Desk", lying: "Lying") -> float:
    """Open the office anew, so that changed boundaries and configuration are noticed.

    Returns
    -------
    float
        Seconds until the next try, whatever changes: not soon after a failure that may pass by
        itself; a file that somebody had open does not change when it is closed.
    """
    from atlas.confidential.aside import unexpected
    from atlas.confidential.datastate import tell_failure
    from atlas.confidential.run import run
    from atlas.confidential.taking import StillWrittenError

    try:
        with mended_by_the_operator():
            desk = open_city(city, home, Screen())
            result = run(desk, "", lying.is_ripe)
        _print_run(result)
        if result.errors:
            err.print(f"Fehler: {result.errors[0]}")
    except AtlasError as error:
        failure = str(error)
    except Exception as error:  # noqa: BLE001 - the service lives on and says so
        failure = str(unexpected(known, "Neuberechnung", error))
    else:
        is_open = any(isinstance(error, StillWrittenError) for error in result.errors)
        wait = math.inf if _is_handed_out(desk) else _TRY_AGAIN_SECONDS
        return lying.settle if is_open else wait
    err.print(f"Fehler: {failure}")
    tell_failure(known, failure)
    return _TRY_AGAIN_SECONDS


def _is_handed_out(desk: "Desk") -> bool:
    """Hand over what is due; what fails there takes nothing back that was published."""
    from atlas.confidential.aside import unexpected

    try:
        errors = hand_out(desk)
    except AtlasError as error:
        errors = [error]
    except Exception as error:  # noqa: BLE001 - the service lives on and says so
        errors = [unexpected(desk, "Versand", error)]
    if errors:
        err.print(f"Fehler: {errors[0]}")
    return not errors


def run_and_report(desk: "Desk", reason: str, is_ripe: Callable[[Path], bool]) -> None:
    """Run once and say what came of it; the first error ends the command."""
    from atlas.confidential.run import run as run_all

    result = run_all(desk, reason, is_ripe)
    _print_run(result)
    if result.errors:
        raise result.errors[0]


def _print_run(result: "RunResult") -> None:
    from atlas.confidential.run import summary

    for name in result.unknown:
        err.print(f"Eingang: {name} passt zu keinem Layout dieser Stadt und bleibt liegen.")
    for sentence in result.odd:
        err.print(sentence)
    out.print(summary(result))
    for release in result.published:
        info = release.info
        missing = f", es fehlt: {', '.join(info.missing)}" if info.missing else ""
        out.print(f"  {info.name} {STATE_LABELS[info.state]}{missing} ({info.reason})")
    for release in result.published:
        before, superseded = _compared_with(release)
        if before is not None and superseded is not None:
            print_moves(before, release)
            print_cells(superseded, release)
    for error in result.errors[1:]:
        err.print(f"Fehler: {error}")


def _compared_with(release: "Release") -> "tuple[Release | None, Release | None]":
    """Find with what the levels of a new release are compared, and with what its cells."""
    from atlas.release.differing import release_before, superseded_by

    shelf = release.path.parent
    superseded = superseded_by(release, shelf)
    return (release_before(release, shelf) if superseded else None), superseded
