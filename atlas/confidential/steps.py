"""How far the run is that works now: its steps, beside the log, for whoever wants to look.

Names of steps and shares of them alone, no number of rows and no value.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from atlas.confidential.desk import Advance, Observer
from atlas.home import write_file

_FILE_NAME = "steps.json"
_PAUSE_S = 0.5


@dataclass
class Step:
    """One step of a run.

    Attributes
    ----------
    share
        How much of it is done, from 0 to 1; None where nobody knows how much there is.
    seconds
        How long it took; None while it lasts.
    """

    name: str
    share: float | None = None
    seconds: float | None = None


class Traced:
    """An observer that also writes down every step."""

    def __init__(self, observer: Observer, directory: Path) -> None:
        self._observer, self._path = observer, directory / _FILE_NAME
        self._steps: list[Step] = []
        self._written = 0.0
        self._write()

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator[Advance]:
        """Open one step; see ``Observer``."""
        begun, one = time.monotonic(), Step(name)
        self._steps.append(one)
        self._write()
        with self._observer.step(name, total) as advance:
            yield lambda done: self._go_on(one, advance, done, total)
        one.share, one.seconds = 1.0, round(time.monotonic() - begun, 1)
        self._write()

    def say(self, message: str) -> None:
        """Tell one sentence."""
        self._observer.say(message)

    def _go_on(self, one: Step, advance: Advance, done: int, total: int | None) -> None:
        advance(done)
        one.share = min(1.0, round(done / total, 2)) if total else None
        if time.monotonic() - self._written > _PAUSE_S:
            self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        content = json.dumps([asdict(one) for one in self._steps], ensure_ascii=False)
        with suppress(OSError):  # no run fails because nobody can watch it
            write_file(self._path, content.encode("utf-8", "backslashreplace"))


def read_steps(directory: Path) -> tuple[Step, ...]:
    """Read the steps of the run that works now or of the last one; none if unreadable."""
    try:
        content = json.loads((directory / _FILE_NAME).read_text(encoding="utf-8"))
        return tuple(Step(**one) for one in content)
    except (OSError, ValueError, TypeError):
        return ()
