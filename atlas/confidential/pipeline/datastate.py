"""``datenstand.json``: which source has arrived for which reference date; no values."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from atlas.confidential.delivery import claimed_date, recognise
from atlas.confidential.pipeline.count import deliveries_of, reference_dates
from atlas.confidential.pipeline.office import Office
from atlas.confidential.pipeline.uploads import refused_uploads
from atlas.confidential.store import Delivery
from atlas.config import Layout
from atlas.errors import DeliveryError, ReleaseError
from atlas.exchange.datastate import (
    DataState,
    LastRun,
    ReleaseEntry,
    RunOutcome,
    SourceEntry,
    SourceState,
    read_data_state,
    write_data_state,
)
from atlas.exchange.display import write_base_map
from atlas.home import files_in
from atlas.release import list_releases, read_info


def source_dates(office: Office, today: date) -> list[SourceEntry]:
    """State of every source at every reference date that has been opened."""
    waiting = _waiting(office)
    return [
        _source_date(office, layout, day, (deliveries.get(layout.id), waiting, today))
        for day in reference_dates(office)
        for deliveries in (deliveries_of(office, day),)
        for layout in office.config.deliveries.layouts
    ]


def write_datastate(office: Office, result: RunOutcome, message: str) -> None:
    """Replace both files beside the releases; a German message says how far the run came."""
    finished = datetime.now(UTC).replace(microsecond=0)
    _write(office, LastRun(step="run", result=result, message=message, finished=finished))


def refresh_datastate(office: Office) -> None:
    """Bring both files beside the releases up to date after a step that was no run."""
    known = None
    with suppress(ReleaseError):  # a damaged file is written anew
        known = read_data_state(office.releases_dir)
    _write(office, known.last_run if known else None)


def _write(office: Office, last_run: LastRun | None) -> None:
    state = DataState(
        format=1,
        city=office.config.city.id,
        sources=tuple(source_dates(office, datetime.now(UTC).date())),
        releases=tuple(_releases(office)),
        refused=tuple(refused_uploads(office)),
        last_run=last_run,
    )
    write_data_state(office.releases_dir, state)
    write_base_map(office.releases_dir, office.config.city.base_map)


def _releases(office: Office) -> list[ReleaseEntry]:
    infos = [read_info(ref.path) for ref in list_releases(office.releases_dir)]
    return [
        ReleaseEntry(
            reference_date=info.reference_date,
            number=info.number,
            state=info.state,
            missing=info.missing,
        )
        for info in infos
    ]


def _waiting(office: Office) -> set[tuple[str, date]]:
    found = set()
    for path in files_in(office.home.inbox):
        try:
            layout = recognise(path, office.config.deliveries.layouts)
            day = claimed_date(path, layout) if layout else None
        except DeliveryError:
            continue
        if layout and day:
            found.add((layout.id, day))
    return found


def _source_date(
    office: Office,
    layout: Layout,
    day: date,
    known: tuple[Delivery | None, set[tuple[str, date]], date],
) -> SourceEntry:
    delivery, waiting, today = known
    due_date = day + timedelta(days=layout.due_days)
    if not layout.covers(day):
        state: SourceState = "unavailable"
    elif (layout.id, day) in waiting:
        state = "inbox"
    elif delivery is not None:
        state = "corrected" if delivery.number > 1 else "accepted"
    else:
        state = "overdue" if today > due_date else "due"
    holds_up = _held_up(office, layout) if state in ("inbox", "due", "overdue") else ""
    return SourceEntry(
        source=layout.source,
        label=layout.label,
        reference_date=day,
        state=state,
        due_date=due_date,
        number=delivery.number if delivery else 0,
        findings=dict(delivery.arrival.findings) if delivery else {},
        holds_up=holds_up,
    )


def _held_up(office: Office, layout: Layout) -> str:
    given = layout.names()
    indicators = office.config.indicators.indicators
    held = [
        one.label
        for name, one in indicators.items()
        if name in given or given & {term.measure for term in one.terms()}
    ]
    parts = {
        part.id for scale in office.config.levels.need.values() for part in scale.indicators
    }
    needs = any(
        name in parts and (name in given or given & {term.measure for term in one.terms()})
        for name, one in indicators.items()
    )
    return ", ".join([*held, *(["Handlungsbedarf"] if needs and layout.is_required else [])])
