"""What the dashboard learns: which source has arrived for which date; no values."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread

from atlas.confidential.day import Calendar, Day
from atlas.confidential.desk import Desk, today
from atlas.confidential.intake import waiting_in_inbox
from atlas.confidential.proposals import refused_uploads
from atlas.config import Layout
from atlas.errors import ReleaseError
from atlas.exchange.datastate import (
    FILE_NAME,
    SIGN_OF_LIFE,
    DataState,
    LastRun,
    ReleaseEntry,
    RunOutcome,
    SourceEntry,
    SourceState,
    read_data_state,
    write_data_state,
)
from atlas.exchange.display import write_display


def source_dates(desk: Desk, calendar: Calendar, today: date) -> list[SourceEntry]:
    """State of every source at every reference date that has been opened."""
    waiting = waiting_in_inbox(desk)
    layouts = desk.config.deliveries.layouts
    holds_up = {layout.id: _held_up(desk, layout) for layout in layouts}
    entries = []
    for day in map(calendar.day, calendar.opened):
        for layout in layouts:
            is_waiting = (layout.id, day.reference_date) in waiting
            entry = _source_entry(day, layout, is_waiting, today)
            if entry.state in ("inbox", "due", "overdue"):
                entry = entry.model_copy(update={"holds_up": holds_up[layout.id]})
            entries.append(entry)
    return entries


def write_datastate(desk: Desk, calendar: Calendar, result: RunOutcome, message: str) -> None:
    """Replace both files beside the releases; a German message says how far the run came."""
    finished = datetime.now(UTC).replace(microsecond=0)
    last_run = LastRun(step="run", result=result, message=message, finished=finished)
    _write(desk, calendar, last_run)


def tell_progress(desk: Desk, sentence: str) -> None:
    """Say how far the run is that is under way; when it began stays."""
    with suppress(ReleaseError, OSError):  # nobody waits for a figure because of this
        known = read_data_state(desk.releases_dir)
        if known and known.last_run and known.last_run.result == "running":
            last_run = known.last_run.model_copy(update={"message": sentence})
            state = known.model_copy(update={"last_run": last_run})
            write_data_state(desk.releases_dir, state)


def tell_failure(desk: Desk, sentence: str) -> None:
    """Say that a run failed, whatever it failed at; what else was known stays."""
    known = DataState(format=1, city=desk.config.city.id)
    with suppress(ReleaseError):  # a damaged file is written anew
        known = read_data_state(desk.releases_dir) or known
    finished = datetime.now(UTC).replace(microsecond=0)
    last_run = LastRun(step="run", result="error", message=sentence, finished=finished)
    with suppress(OSError):  # a full disk: without a sign of life the reader knows as well
        write_data_state(desk.releases_dir, known.model_copy(update={"last_run": last_run}))


@contextmanager
def sign_of_life(desk: Desk) -> Iterator[None]:
    """Touch the file while a run lasts, so that readers can tell one that was killed."""
    is_over = Event()

    def touch() -> None:
        while not is_over.wait(SIGN_OF_LIFE.total_seconds() / 4):
            with suppress(OSError):
                os.utime(desk.releases_dir / FILE_NAME)

    thread = Thread(target=touch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def refresh_datastate(desk: Desk, calendar: Calendar) -> None:
    """Bring both files beside the releases up to date after a step that was no run."""
    known = None
    with suppress(ReleaseError):  # a damaged file is written anew
        known = read_data_state(desk.releases_dir)
    _write(desk, calendar, known.last_run if known else None)


def _write(desk: Desk, calendar: Calendar, last_run: LastRun | None) -> None:
    state = DataState(
        format=1,
        city=desk.config.city.id,
        sources=tuple(source_dates(desk, calendar, today())),
        releases=tuple(_entries(calendar)),
        refused=tuple(refused_uploads(desk)),
        last_run=last_run,
    )
    write_data_state(desk.releases_dir, state)
    write_display(desk.releases_dir, desk.config.city)


def _entries(calendar: Calendar) -> Iterator[ReleaseEntry]:
    """List the releases; a damaged one, which says nothing of itself, is left out."""
    for ref in calendar.releases:
        with suppress(ReleaseError):
            yield calendar.sight.entry_of(ref)


def _source_entry(day: Day, layout: Layout, is_waiting: bool, today: date) -> SourceEntry:
    delivery = day.deliveries.get(layout.id)
    due_date = day.reference_date + timedelta(days=layout.due_days)
    if not layout.covers(day.reference_date):
        state: SourceState = "unavailable"
    elif is_waiting:
        state = "inbox"
    elif delivery is not None:
        state = "corrected" if delivery.number > 1 else "accepted"
    else:
        state = "overdue" if today > due_date else "due"
    return SourceEntry(
        source=layout.source,
        label=layout.label,
        reference_date=day.reference_date,
        state=state,
        due_date=due_date,
        number=delivery.number if delivery else 0,
        findings=dict(delivery.arrival.findings) if delivery else {},
    )


def _held_up(desk: Desk, layout: Layout) -> str:
    given = layout.names()
    indicators = desk.config.indicators.indicators
    held = [
        one.label
        for name, one in indicators.items()
        if name in given or given & {term.measure for term in one.terms()}
    ]
    levels = desk.config.levels.at(today())
    parts = {part.id for scale in levels.need.values() for part in scale.parts}
    needs = any(
        name in parts and (name in given or given & {term.measure for term in one.terms()})
        for name, one in indicators.items()
    )
    return ", ".join([*held, *([levels.wording.theme] if needs and layout.is_required else [])])
