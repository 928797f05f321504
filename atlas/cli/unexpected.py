"""What nobody foresaw: one sentence for the user, a report without values for the makers."""

import functools
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from typer.exceptions import Abort, Exit, TyperException

from atlas.cli.options import open_city
from atlas.cli.screen import Screen
from atlas.errors import AtlasError, mended_by_the_operator, trace_of


def told(command: Callable[..., None]) -> Callable[..., None]:
    """Turn any error of a command into an error that the command line prints as a sentence."""

    @functools.wraps(command)
    def guarded(**options: Any) -> None:
        try:
            with mended_by_the_operator():
                command(**options)
        except (AtlasError, TyperException, Exit, Abort):
            raise
        except Exception as error:  # noqa: BLE001 - the boundary of the program
            name = command.__name__
            raise _report(name, error, options) or AtlasError(_bare(name, error)) from None

    return guarded


def _report(name: str, error: Exception, options: dict[str, Any]) -> AtlasError | None:
    """Write the report into the office that the command worked on, if it can be opened."""
    from atlas.confidential.aside import unexpected

    with suppress(Exception):
        home = Path(options["home"])
        if (home / "confidential").is_dir():
            desk = open_city(options["city"], home, Screen())
            return unexpected(desk, f"Befehl {name}", error)
    return None


def _bare(name: str, error: Exception) -> str:
    """Say it without a report; the places in the program hold no value."""
    return (
        f"Befehl {name}: unerwarteter Fehler im Programm. Was veröffentlicht ist, bleibt. "
        "Diese Zeile (ohne Werte) den Entwicklern geben: "
        f"{' < '.join(reversed(trace_of(error)))}"
    )
