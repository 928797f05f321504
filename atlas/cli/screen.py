"""What the command line shows: steps, sentences, timings, what is wrong; knows no command."""

import io
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column
from typer.exceptions import TyperException

if TYPE_CHECKING:
    from atlas.confidential.desk import Advance

# Names of files are shown as they are: brackets are no markup, colons no pictures.
out = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)

_KB_PER_MB = 1024
_LONGEST_LINE = 40


def unfailing_streams() -> None:
    """Let no output fail: letters that a terminal lacks are replaced, a closed one is no one's.

    Whatever a command has done is done; that nobody reads what it says must not stop it.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name) or io.StringIO()  # closed before the program began
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
        if not isinstance(stream, _Unfailing):
            setattr(sys, name, _Unfailing(stream))


class _Unfailing:
    """A stream that drops what cannot be written; everything else is the stream's own."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@dataclass
class Screen:
    """Shows steps on a terminal and keeps how long each took."""

    timings: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator["Advance"]:
        """Show one step while it lasts."""
        begin = time.perf_counter()
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.completed:,.0f}"),
            TimeElapsedColumn(),
        )
        with Progress(
            *columns, console=err, transient=True, disable=not err.is_terminal
        ) as bar:
            task = bar.add_task(name, total=total)
            yield lambda done: bar.update(task, completed=done)
        self.timings.append((name, time.perf_counter() - begin))

    def say(self, message: str) -> None:
        """Tell one sentence."""
        err.print(message)

    def print_timings(self) -> None:
        """Print seconds per step and the peak of memory."""
        for name, seconds in self.timings:
            out.print(f"{seconds:8.2f} s  {name}")
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KB_PER_MB
        total = sum(seconds for _, seconds in self.timings)
        out.print(f"{total:8.2f} s  zusammen; Speicher höchstens {peak_mb:.0f} MB")


def name_column(title: str, names: Sequence[str]) -> Column:
    """Column of names that other commands ask for: whole, however narrow the terminal is."""
    longest = max(map(len, names), default=0)
    return Column(title, min_width=min(longest, _LONGEST_LINE), overflow="fold")


def usage_sentence(error: TyperException) -> str:
    """Say what cannot be understood and what is expected; empty where help was shown.

    typer has no public classes for these errors, so they are told apart by their names.
    """
    context = getattr(error, "ctx", None)
    command = "atlas" if context is None else str(context.command_path)
    what = _what(error, context, command)
    return f"{what} Erwartet: ein Aufruf, wie {command} --help ihn beschreibt." if what else ""


def _what(error: TyperException, context: Any, command: str) -> str:
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return ""
    if kind == "NoSuchOption":
        return f"{command}: die Option {getattr(error, 'option_name', '')} gibt es nicht."
    if kind == "BadOptionUsage":
        return f"{command}: der Option {getattr(error, 'option_name', '')} fehlt ihr Wert."
    parameter = _parameter(error)
    if kind == "MissingParameter":
        return f"{command}: die Angabe {parameter} fehlt."
    if kind == "BadParameter":
        return f"{command}: die Angabe {parameter} passt nicht."
    is_group = context is not None and hasattr(context.command, "commands")
    return f"{command}: {'diesen Befehl gibt es nicht' if is_group else 'zu viele Angaben'}."


def _parameter(error: TyperException) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    is_option = parameter.param_type_name == "option"
    return str(max(parameter.opts, key=len) if is_option else parameter.name)
