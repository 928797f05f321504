"""``datenstand.json``: which source has arrived for which reference date; no values."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from atlas.confidential.delivery import claimed_date, recognise
from atlas.confidential.journal import now
from atlas.confidential.pipeline.count import deliveries_of, reference_dates
from atlas.confidential.pipeline.display import write_display
from atlas.confidential.pipeline.office import Office, files_in
from atlas.confidential.pipeline.uploads import refused_uploads
from atlas.confidential.store import Delivery
from atlas.config import Layout
from atlas.errors import DeliveryError
from atlas.release import list_releases, read_info

SourceState = Literal["accepted", "corrected", "inbox", "due", "overdue", "unavailable"]


@dataclass(frozen=True)
class LastRun:
    """The latest run: step, result (ok, nothing_new, error, running) and a German message."""

    step: str
    result: str
    message: str


@dataclass(frozen=True)
class SourceDate:
    """One source at one reference date."""

    source: str
    label: str
    reference_date: date
    state: SourceState
    due_date: date
    number: int
    findings: dict[str, int]
    holds_up: str


def source_dates(office: Office, today: date) -> list[SourceDate]:
    """State of every source at every reference date that has been opened."""
    waiting = _waiting(office)
    return [
        _source_date(office, layout, day, (deliveries.get(layout.id), waiting, today))
        for day in reference_dates(office)
        for deliveries in (deliveries_of(office, day),)
        for layout in office.config.deliveries.layouts
    ]


def write_datastate(office: Office, last_run: LastRun) -> None:
    """Replace ``datenstand.json`` in one step; the file of the display goes along."""
    _write(office, {**asdict(last_run), "finished": now()})


def refresh_datastate(office: Office) -> None:
    """Bring both files beside the releases up to date after a step that was no run."""
    path = office.releases_dir / "datenstand.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    _write(office, known.get("last_run"))


def _write(office: Office, last_run: dict[str, str] | None) -> None:
    rows = source_dates(office, datetime.now(UTC).date())
    content = {
        "format": 1,
        "city": office.config.city.id,
        "sources": [
            {
                **asdict(row),
                "reference_date": row.reference_date.isoformat(),
                "due_date": row.due_date.isoformat(),
            }
            for row in rows
        ],
        "releases": _releases(office),
        "refused": [asdict(one) for one in refused_uploads(office)],
        "last_run": last_run,
    }
    path = office.releases_dir / "datenstand.json"
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    scratch.rename(path)
    write_display(office)


def _releases(office: Office) -> list[dict[str, object]]:
    infos = [read_info(ref.path) for ref in list_releases(office.releases_dir)]
    return [
        {
            "reference_date": info.reference_date.isoformat(),
            "number": info.number,
            "state": info.state,
            "missing": list(info.missing),
        }
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
) -> SourceDate:
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
    return SourceDate(
        layout.source,
        layout.label,
        day,
        state,
        due_date,
        delivery.number if delivery else 0,
        dict(delivery.arrival.findings) if delivery else {},
        holds_up,
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
