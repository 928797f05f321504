"""What the command line shows: steps on a terminal, sentences, timings."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from atlas.confidential.pipeline import Advance

# Names of files are shown as they are: brackets are no markup, colons no pictures.
out = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)

_KB_PER_MB = 1024


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
