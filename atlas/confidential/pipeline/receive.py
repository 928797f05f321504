"""One file to accepted deliveries, or to a refusal that leaves everything as it was."""

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from atlas.confidential.delivery import (
    Finding,
    KnownAreas,
    Locate,
    Reading,
    Request,
    Severity,
    claimed_date,
    locator,
    raise_on_errors,
    read_addresses,
    read_database_delivery,
    read_delivery,
    recognise,
    summarise,
)
from atlas.confidential.journal import append, now
from atlas.confidential.keys import person_key
from atlas.confidential.meaning import CHECKS
from atlas.confidential.pipeline.count import check_edition, find_geodata
from atlas.confidential.pipeline.office import Office
from atlas.confidential.pipeline.past import Judged, judge_reading, profile_before, renew_linked
from atlas.confidential.pipeline.upkeep import store_findings
from atlas.confidential.store import Arrival, Delivery, accept, keep_portrait
from atlas.config import Layout
from atlas.errors import DeliveryError, GeographyError
from atlas.geography import keys_of
from atlas.terms import Kind


@dataclass(frozen=True)
class Receipt:
    """What became of one file.

    Attributes
    ----------
    accepted
        New deliveries, one per reference date.
    unchanged
        Reference dates that the store already held with the same rows.
    """

    name: str
    layout: Layout
    accepted: tuple[Delivery, ...]
    unchanged: tuple[date, ...]
    findings: tuple[Finding, ...]


def layout_of(office: Office, path: Path, layout_id: str | None) -> Layout:
    """Layout that is named, else the one that the file name fits.

    Raises
    ------
    DeliveryError
        If no layout fits, naming the patterns.
    """
    layouts = office.config.deliveries.layouts
    if layout_id is not None:
        named = [one for one in layouts if one.id == layout_id]
        if not named:
            known = ", ".join(one.id for one in layouts)
            raise DeliveryError(
                f"Layout {layout_id}: steht nicht in deliveries.toml. Erwartet: eines von "
                f"{known}. Angabe --layout prüfen."
            )
        return named[0]
    tables = {one.table: one for one in layouts if one.table}
    found = tables.get(path.name) or recognise(path, layouts)
    if found is None:
        patterns = ", ".join(one.file or one.table for one in layouts)
        raise DeliveryError(
            f"Lieferung {path.name}: kein Layout passt zum Dateinamen. Erwartet: {patterns}. "
            "Datei umbenennen oder --layout angeben."
        )
    return found


def read(office: Office, path: Path, layout: Layout, claimed: date | None) -> Reading:
    """Read and check one file against configuration, areas and the deliveries before it."""
    return _read(office, path, layout, claimed)[0]


def raise_on_findings(reading: Reading, reason: str) -> None:
    """Stop at errors, and at warnings that nobody has accepted with a reason.

    Raises
    ------
    DeliveryError
        With the sentence of the most important finding, and the way out of it.
    """
    raise_on_errors(reading.findings, reading.name)
    _raise_on_warnings(reading, reason)


def _read(
    office: Office, path: Path, layout: Layout, claimed: date | None
) -> tuple[Reading, Judged]:
    reading = _read_form(office, path, layout, claimed)
    if any(finding.severity is Severity.ERROR for finding in reading.findings):
        return reading, Judged((), {})
    with office.observer.step(f"{path.name} mit früheren Lieferungen vergleichen", None):
        judged = judge_reading(office, layout, reading)
    return replace(reading, findings=(*reading.findings, *judged.findings)), judged


def _read_form(office: Office, path: Path, layout: Layout, claimed: date | None) -> Reading:
    _, hash_key = person_key(office.keys_dir)
    with office.observer.step(f"{path.name} lesen", None) as advance:
        request = Request(
            layout=layout,
            claimed=_claimed(path, layout, claimed),
            hash_key=hash_key,
            areas=lambda day: _known_areas(office, layout, day),
            previous=lambda day: profile_before(office, layout, day),
            addresses=_addresses(office, layout),
            locate=lambda day: _locate(office, layout, day),
            today=datetime.now(UTC).date(),
            nesting=office.config.indicators.nesting(),
            holders=office.config.indicators.holders(),
            progress=advance,
        )
        if layout.table:
            return read_database_delivery(_database_url(layout), request)
        return read_delivery(path, request)


def receive(
    office: Office, path: Path, layout: Layout, claimed: date | None, reason: str
) -> Receipt:
    """Read a file and accept what it holds.

    Parameters
    ----------
    claimed
        Reference date, where neither the file name nor a column gives it.
    reason
        Why warnings are accepted; empty: they are not.

    Raises
    ------
    DeliveryError
        With one sentence; the store is as it was.
    GeographyError
        If the delivery is in another edition and no crosswalk moves it.
    """
    reading, judged = _read(office, path, layout, claimed)
    store_findings(office, reading, layout)
    severities = Counter(finding.severity for finding in reading.findings)
    details = {str(severity): str(severities[severity]) for severity in Severity}
    details |= _checks_of(judged)
    try:
        raise_on_findings(reading, reason)
        for day in sorted(reading.parts):
            check_edition(office, layout, day)
    except (DeliveryError, GeographyError):
        append(office.log_path, "refused", f"{layout.id} {path.name}", details)
        raise
    generation, _ = person_key(office.keys_dir)
    counts = {str(severity): severities[severity] for severity in Severity}
    arrival = Arrival(reading.sha256, now(), layout.supplier, generation, counts, reason)
    accepted, unchanged = [], []
    for day, rows in sorted(reading.parts.items()):
        delivery = accept(office.store_dir, layout.id, day, rows, arrival)
        if delivery is None:
            unchanged.append(day)
        else:
            accepted.append(delivery)
            if (portrait := judged.portraits.get(day)) is not None:
                keep_portrait(delivery, portrait.model_dump_json())
            renew_linked(office, layout, day)
            subject = f"{layout.id} {day}.{delivery.number}"
            append(office.log_path, "accepted", subject, {**details, "sha256": reading.sha256})
    return Receipt(path.name, layout, tuple(accepted), tuple(unchanged), reading.findings)


def _checks_of(judged: Judged) -> dict[str, str]:
    """Say in the log which checks of meaning a delivery passed and which held it."""
    if not judged.portraits:
        return {}
    held = sorted({finding.check for finding in judged.findings})
    passed = [check for check in CHECKS if check not in held]
    return {"held": ", ".join(held), "passed": ", ".join(passed)}


def _database_url(layout: Layout) -> str:
    url = os.environ.get(layout.database, "")
    if not url:
        raise DeliveryError(
            f"Lieferung {layout.table}: Umgebungsvariable {layout.database} fehlt. Erwartet: "
            "die Adresse der Datenbank, z. B. postgres://benutzer@rechner/datenbank. Vor dem "
            "Aufruf setzen."
        )
    return url


def _raise_on_warnings(reading: Reading, reason: str) -> None:
    warnings = [one for one in reading.findings if one.severity is Severity.WARNING]
    if warnings and not reason:
        raise DeliveryError(
            f"{summarise(warnings, reading.name)} Nach Prüfung annehmen mit: atlas import "
            f'{reading.name} --accept-warnings "Begründung".'
        )


def _claimed(path: Path, layout: Layout, claimed: date | None) -> date | None:
    if layout.table or (claimed and recognise(path, [layout]) is None):
        return claimed
    named = claimed_date(path, layout)
    if claimed and named and claimed != named:
        raise DeliveryError(
            f"Lieferung {path.name}: --date nennt einen anderen Stichtag als der Dateiname. "
            "Erwartet: derselbe. Angabe --date weglassen oder Datei umbenennen."
        )
    return claimed or named


def _addresses(office: Office, layout: Layout) -> Mapping[str, str]:
    if not layout.addresses:
        return {}
    path = find_geodata(office, layout.addresses)
    return read_addresses(path or office.geodata_dirs[-1] / layout.addresses)


def _locate(office: Office, layout: Layout, day: date) -> Locate:
    edition = layout.edition or office.config.areas.edition_of(day).id
    return locator(office.areas_of(edition), layout.kind or Kind.BLOCK, layout.crs)


def _known_areas(office: Office, layout: Layout, day: date) -> KnownAreas | None:
    if layout.kind is None:
        return None
    edition = layout.edition or office.config.areas.edition_of(day).id
    return KnownAreas(edition, keys_of(office.areas_of(edition), layout.kind))
