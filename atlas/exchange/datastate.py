"""``datenstand.json``: which delivery has arrived, what is due, how the last run ended.

The statistics office writes the file beside the releases, the dashboard reads it; it holds
states, dates and numbers of findings, never a value.
"""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import SerializerFunctionWrapHandler, ValidationError, model_serializer

from atlas.config import Model
from atlas.errors import ReleaseError
from atlas.home import share_file
from atlas.integrity import with_digest, without_digest
from atlas.terms import State

FILE_NAME = "datenstand.json"
# A run touches the file four times as often.
SIGN_OF_LIFE = timedelta(minutes=1)

SourceState = Literal["accepted", "inbox", "due", "overdue", "corrected", "unavailable"]
# ``partly``: it came to its end and left something to mend; ``error``: nothing came of it.
RunOutcome = Literal["ok", "partly", "error", "nothing_new", "running"]


class SourceEntry(Model):
    """One source at one reference date; ``holds_up`` names what waits for it."""

    source: str
    label: str
    reference_date: date
    state: SourceState
    due_date: date | None = None
    number: int | None = None
    findings: dict[str, int] = {}
    holds_up: str = ""


class HindcastEntry(Model):
    """How many provisional levels of a group would have been wrong, and said to be unsure."""

    group: str
    counted: int
    wrong: int
    unsure: int | None = None


class ReleaseEntry(Model):
    """One release as the office lists it; when and why it was withdrawn, if it was."""

    reference_date: date
    number: int
    state: State
    missing: tuple[str, ...] = ()
    withdrawn: datetime | None = None
    withdrawn_because: str = ""
    hindcasts: tuple[HindcastEntry, ...] = ()

    @model_serializer(mode="wrap")
    def _without_withdrawal(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Say nothing of a withdrawal that never was, nor of what nobody asked for."""
        content: dict[str, Any] = dump(self)
        if not self.hindcasts:
            del content["hindcasts"]
        if self.withdrawn is None:
            del content["withdrawn"], content["withdrawn_because"]
        return content


class RefusedEntry(Model):
    """A file from the dashboard that the office put aside; ``sentence`` says why."""

    name: str
    since: datetime
    sentence: str


class LastRun(Model):
    """How far the office's last run came."""

    step: str = ""
    result: RunOutcome
    message: str = ""
    finished: datetime | None = None


class DataState(Model):
    """Content of ``datenstand.json``."""

    format: Literal[1]
    city: str
    sources: tuple[SourceEntry, ...] = ()
    releases: tuple[ReleaseEntry, ...] = ()
    refused: tuple[RefusedEntry, ...] = ()
    last_run: LastRun | None = None


def read_data_state(city_dir: Path) -> DataState | None:
    """Read what the office wrote beside the releases; ``None`` if it wrote nothing yet.

    A run that has given no sign of life for a while was ended from outside.

    Raises
    ------
    ReleaseError
        If the file is damaged or of another format.
    """
    try:
        with (city_dir / FILE_NAME).open(encoding="utf-8") as file:
            touched = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
            state = DataState.model_validate(without_digest(json.load(file)))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, ValidationError):
        raise ReleaseError(
            f"Datenstand {city_dir.name}/{FILE_NAME}: nicht lesbar oder anderes Format. "
            "Erwartet: die Datei, die atlas run schreibt. Bitte die Statistikstelle, neu zu "
            "berechnen."
        ) from None
    is_running = state.last_run is not None and state.last_run.result == "running"
    if is_running and datetime.now(UTC) - touched > SIGN_OF_LIFE:
        return state.model_copy(update={"last_run": _broken_off(touched)})
    return state


def _broken_off(touched: datetime) -> LastRun:
    message = (
        "Sie wurde abgebrochen, bevor sie fertig war. Was veröffentlicht ist, bleibt. Bitte "
        "die Statistikstelle, den Dienst zu prüfen und neu zu berechnen."
    )
    finished = touched.replace(microsecond=0)
    return LastRun(step="run", result="error", message=message, finished=finished)


def write_data_state(city_dir: Path, state: DataState) -> None:
    """Replace the file in one step."""
    content = json.dumps(
        with_digest(json.loads(_text(state.model_dump()))), ensure_ascii=False, indent=1
    )
    share_file(city_dir / FILE_NAME, content.encode())


def _text(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, default=lambda day: day.isoformat())
