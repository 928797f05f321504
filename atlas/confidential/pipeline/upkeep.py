"""What an office does besides running: retention, keys, reports of findings."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from atlas.confidential.delivery import Reading, recognise, report_html, report_json
from atlas.confidential.journal import append
from atlas.confidential.keys import rotate_person_key
from atlas.confidential.pipeline.count import (
    person_counts,
    reference_dates,
    series_dates,
    served_by,
)
from atlas.confidential.pipeline.office import Office
from atlas.confidential.store import Delivery, keep_counts, list_deliveries
from atlas.config import Layout
from atlas.errors import DeliveryError
from atlas.home import files_in, remove_file, write_file


def rotate_key(office: Office) -> int:
    """Begin a new generation of person hashes and log it."""
    generation = rotate_person_key(office.keys_dir)
    append(office.log_path, "rotated", f"generation {generation}", {})
    return generation


def purge(office: Office, today: date) -> list[str]:
    """Remove person rows past their retention; keep counts, log and everything published.

    Returns
    -------
    list of str
        The deliveries whose rows were removed, e.g. ``ewo 2019-12-31.1``.
    """
    everything = list_deliveries(office.store_dir)
    expired = [one for one in everything if _is_expired(office, one, today)]
    gone = {one.path for one in expired}
    for day in [*reference_dates(office), *series_dates(office)]:
        current = served_by(office, day)
        if gone & {one.path for one in current.values()}:
            for name, counts in person_counts(office, day).items():
                table = pa.Table.from_pandas(counts, preserve_index=False)
                keep_counts(current[name], day, table)
    done = []
    for one in expired:
        remove_file(one.rows_path)
        subject = f"{one.layout} {one.reference_date}.{one.number}"
        append(office.log_path, "purged", subject, {})
        done.append(subject)
    return done


def purge_inbox(office: Office, today: date) -> list[str]:
    """Remove files with persons that were refused and lie in the inbox past their retention.

    The time runs from the day on which a file came to lie there. An upload that was put aside
    because no layout knows it may hold persons: the shortest retention counts.

    Returns
    -------
    list of str
        Names of the removed files.
    """
    done = []
    kept_for = {path: _retention(office, path) for path in files_in(office.home.inbox)}
    if office.home.refused.is_dir():
        for path in files_in(office.home.refused):
            kept_for[path] = _retention(office, path) or _shortest_retention(office)
    for path, kept in kept_for.items():
        lies_since = datetime.fromtimestamp(path.stat().st_ctime, UTC).date()
        if kept is not None and today > lies_since + kept:
            path.unlink()
            append(office.log_path, "purged", f"inbox {path.name}", {})
            done.append(path.name)
    return done


def _retention(office: Office, path: Path) -> timedelta | None:
    try:
        layout = recognise(path, office.config.deliveries.layouts)
    except DeliveryError:  # more than one layout fits
        return None
    if layout is None or layout.shape != "persons" or layout.retention_days is None:
        return None
    return timedelta(days=layout.retention_days)


def _shortest_retention(office: Office) -> timedelta | None:
    layouts = [one for one in office.config.deliveries.layouts if one.shape == "persons"]
    days = [one.retention_days for one in layouts if one.retention_days is not None]
    return timedelta(days=min(days)) if days else None


def store_findings(office: Office, reading: Reading, layout: Layout) -> Path:
    """Write the report of one delivery as JSON and HTML; it names rows and rules, no values."""
    directory = office.private_dir / "findings" / layout.source
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{reading.name}.json"
    write_file(path, report_json(reading.findings, reading.name).encode())
    html = report_html(reading.findings, reading.name)
    write_file(path.with_suffix(".html"), html.encode())
    return path


def stored_findings(office: Office, source: str) -> list[dict[str, Any]]:
    """Read the reports of the latest deliveries with findings, of one source or of all."""
    pattern = f"{source or '*'}/*.json"
    paths = sorted((office.private_dir / "findings").glob(pattern))
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return [report for report in reports if report["findings"]]


def _is_expired(office: Office, delivery: Delivery, today: date) -> bool:
    layouts = {layout.id: layout for layout in office.config.deliveries.layouts}
    layout = layouts.get(delivery.layout)
    if layout is None or layout.shape != "persons" or layout.retention_days is None:
        return False
    ends = delivery.reference_date + timedelta(days=layout.retention_days)
    return today > ends and delivery.rows_path.exists()
