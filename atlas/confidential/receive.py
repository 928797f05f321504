"""One file to accepted deliveries, or to a refusal that leaves everything as it was."""

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from atlas import __version__
from atlas.confidential.control import broken_promise, read_promise
from atlas.confidential.delivery import (
    Copy,
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
    read_apart,
    read_database_delivery,
    read_nothing,
    recognise,
    report_html,
    report_json,
    summarise,
)
from atlas.confidential.desk import Desk, person_key, today
from atlas.confidential.editions import check_edition
from atlas.confidential.log import now
from atlas.confidential.meaning import CHECKS
from atlas.confidential.past import Judged, judge_reading, profile_before, renew_linked
from atlas.confidential.reject import rejected_before
from atlas.confidential.store import Arrival, Delivery, accept, keep_portrait
from atlas.confidential.taking import Stamp, take
from atlas.config import Layout
from atlas.errors import DeliveryError, GeographyError
from atlas.home import write_file
from atlas.integrity import FileKind, seal, unseal
from atlas.terms import Kind
from atlas.words import day_text, enumeration

_FINDINGS = FileKind("Rückmeldung, Datei", 2)

Report = dict[str, Any]
"""Name of a delivery and its findings as ``report_json`` writes them."""


@dataclass(frozen=True)
class Receipt:
    """What became of one file.

    Attributes
    ----------
    accepted
        New deliveries, one per reference date.
    unchanged
        Reference dates that the store already held with the same rows.
    stamp
        Which file was read; None where it was a table of a database.
    sha256
        Of its bytes.
    """

    name: str
    layout: Layout
    accepted: tuple[Delivery, ...]
    unchanged: tuple[date, ...]
    findings: tuple[Finding, ...]
    stamp: Stamp | None
    sha256: str


@dataclass(frozen=True)
class _Read:
    """A delivery that was read and judged."""

    reading: Reading
    judged: Judged
    stamp: Stamp | None


class HeldError(DeliveryError):
    """A delivery whose warnings nobody has accepted yet; ``found`` is the sentence on them."""

    def __init__(self, found: str, name: str) -> None:
        self.found = found
        super().__init__(
            f"{found} Nach Prüfung annehmen mit: atlas import {name} --accept-warnings "
            '"Begründung".'
        )


def layout_of(desk: Desk, path: Path, layout_id: str | None) -> Layout:
    """Layout that is named, else the one that the file name fits.

    Raises
    ------
    DeliveryError
        If no layout fits, naming the patterns.
    """
    layouts = desk.config.deliveries.layouts
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


def read(desk: Desk, path: Path, layout: Layout, claimed: date | None) -> Reading:
    """Read and check one file against configuration, areas and the deliveries before it."""
    return _read(desk, path, layout, claimed).reading


def raise_on_refused(reading: Reading) -> None:
    """Tell of dates that are refused while others of the same file are not.

    Raises
    ------
    DeliveryError
        With the sentence of the most important error, and the dates that are accepted.
    """
    if reading.refused:
        days = enumeration([day_text(day) for day in sorted(reading.parts)])
        raise DeliveryError(
            f"{summarise(reading.refused, reading.name)} Ohne Fehler und davon nicht "
            f"aufgehalten: {days}."
        )


def raise_on_findings(reading: Reading, reason: str) -> None:
    """Stop at errors, and at warnings that nobody has accepted with a reason.

    Raises
    ------
    DeliveryError
        With the sentence of the most important finding, and the way out of it.
    """
    raise_on_errors(reading.findings, reading.name)
    _raise_on_warnings(reading, reason)


def _read(desk: Desk, path: Path, layout: Layout, claimed: date | None) -> _Read:
    reading, stamp = _read_form(desk, path, layout, claimed)
    if any(finding.severity is Severity.ERROR for finding in reading.findings):
        return _Read(reading, Judged((), {}), stamp)
    with desk.observer.step(f"{path.name} mit früheren Lieferungen vergleichen", None):
        judged = judge_reading(desk, layout, reading)
    findings = (*reading.findings, *rejected_before(desk, layout, reading), *judged.findings)
    return _Read(replace(reading, findings=findings), judged, stamp)


def _read_form(
    desk: Desk, path: Path, layout: Layout, claimed: date | None
) -> tuple[Reading, Stamp | None]:
    _, hash_key = person_key(desk.keys_dir)
    with desk.observer.step(f"{path.name} lesen", None) as advance:
        request = Request(
            layout=layout,
            claimed=_claimed(path, layout, claimed),
            hash_key=hash_key,
            areas=lambda day: _known_areas(desk, layout, day),
            previous=lambda day: profile_before(desk, layout, day),
            addresses=_addresses(desk, layout),
            locate=lambda day: _locate(desk, layout, day),
            today=today(),
            nesting=desk.config.indicators.nesting(),
            holders=desk.config.indicators.holders(),
            progress=advance,
        )
        if layout.table:
            return read_database_delivery(_database_url(layout), request), None
        with take(path, desk.private_dir) as taken:
            if taken is None:
                return read_nothing(path), None
            promised = read_promise(path)
            copy = Copy(path.name, taken.content, taken.stamp.size)
            reading = read_apart(copy, request, desk.private_dir)
            broken = broken_promise(promised, reading)
            return replace(reading, findings=(*broken, *reading.findings)), taken.stamp


def receive(
    desk: Desk, path: Path, layout: Layout, claimed: date | None, reason: str
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
        With one sentence; the store is as it was, or it holds the other dates of a file in
        which single ones are refused.
    GeographyError
        If the delivery is in another edition and no crosswalk moves it.
    """
    seen = _read(desk, path, layout, claimed)
    reading = seen.reading
    _keep_findings(desk, reading, layout)
    details = {one: str(n) for one, n in _by_severity(reading.everything()).items()}
    details |= _checks_of(seen.judged)
    try:
        raise_on_findings(reading, reason)
        for day in sorted(reading.parts):
            check_edition(desk, layout, day)
    except (DeliveryError, GeographyError):
        desk.log("refused", f"{layout.id} {path.name}", details)
        raise
    dates = _accept_dates(desk, layout, seen, reason, details)
    if reading.refused:
        desk.log("refused", f"{layout.id} {path.name}", details)
    raise_on_refused(reading)
    return Receipt(path.name, layout, *dates, reading.findings, seen.stamp, reading.sha256)


def _accept_dates(
    desk: Desk, layout: Layout, seen: _Read, reason: str, details: Mapping[str, str]
) -> tuple[tuple[Delivery, ...], tuple[date, ...]]:
    """Store each date that was read; new deliveries, and dates that brought nothing new."""
    reading, judged = seen.reading, seen.judged
    generation, _ = person_key(desk.keys_dir)
    counts = _by_severity(reading.findings)
    arrival = Arrival(reading.sha256, now(), layout.supplier, generation, counts, reason)
    accepted, unchanged = [], []
    for day, rows in sorted(reading.parts.items()):
        passed, held = judged.verdict(day, reading.findings)
        checked = replace(arrival, passed=passed, held=held)
        delivery = accept(desk.store_dir, layout.id, day, rows, checked)
        if delivery is None:
            unchanged.append(day)
            continue
        accepted.append(delivery)
        if (portrait := judged.portraits.get(day)) is not None:
            keep_portrait(delivery, portrait.model_dump_json())
        renew_linked(desk, layout, day)
        subject = f"{layout.id} {day}.{delivery.number}"
        desk.log("accepted", subject, {**details, "sha256": reading.sha256})
    return tuple(accepted), tuple(unchanged)


def _by_severity(findings: Sequence[Finding]) -> dict[str, int]:
    severities = Counter(finding.severity for finding in findings)
    return {str(severity): severities[severity] for severity in Severity}


def _keep_findings(desk: Desk, reading: Reading, layout: Layout) -> None:
    """Write the report of one delivery as JSON and HTML; it names rows and rules, no values."""
    directory = desk.private_dir / "findings" / layout.source
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{reading.name}.json"
    report = json.loads(report_json(reading.everything(), reading.name))
    write_file(path, seal(_FINDINGS, report, __version__).encode("utf-8", "surrogatepass"))
    html = report_html(reading.everything(), reading.name)
    write_file(path.with_suffix(".html"), html.encode())


def examine(desk: Desk, path: Path) -> Reading:
    """Read and check a file and keep what was found, without accepting anything.

    Raises
    ------
    DeliveryError
        If no layout fits, or the file is no longer there.
    """
    layout = layout_of(desk, path, None)
    if not path.exists():
        raise DeliveryError(
            f"Datei {path.name}: liegt nicht mehr da. Erwartet: eine Datei, die noch niemand "
            "angenommen oder abgelehnt hat."
        )
    reading = read(desk, path, layout, None)
    _keep_findings(desk, reading, layout)
    return reading


def report_of(desk: Desk, layout: Layout, path: Path) -> Report | None:
    """Read what the last look at a file found; None where it lies there unread as it is.

    Raises
    ------
    DamageError
        If the report is not as it was written.
    """
    kept = desk.private_dir / "findings" / layout.source / f"{path.name}.json"
    is_of_this = kept.exists() and kept.stat().st_mtime >= path.stat().st_ctime
    return unseal(_FINDINGS, kept) if is_of_this else None


def stored_findings(desk: Desk, source: str) -> list[Report]:
    """Read the reports of the latest deliveries with findings, of one source or of all.

    Raises
    ------
    DamageError
        If one is not as it was written.
    """
    pattern = f"{source or '*'}/*.json"
    paths = sorted((desk.private_dir / "findings").glob(pattern))
    reports = [unseal(_FINDINGS, path) for path in paths]
    return [report for report in reports if report["findings"]]


def _checks_of(judged: Judged) -> dict[str, str]:
    """Say in the log which checks of meaning a delivery passed and which held it."""
    if not judged.portraits:
        return {}
    held = sorted({finding.check for finding in judged.findings})
    ran = {check for passed in judged.passed.values() for check in passed}
    passed = [check for check in CHECKS if check in ran and check not in held]
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
        raise HeldError(summarise(warnings, reading.name), reading.name)


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


def _addresses(desk: Desk, layout: Layout) -> Mapping[str, str]:
    if not layout.addresses:
        return {}
    path = desk.find_geodata(layout.addresses)
    return read_addresses(path or desk.geodata_dirs[-1] / layout.addresses)


def _locate(desk: Desk, layout: Layout, day: date) -> Locate:
    edition = layout.edition or desk.config.areas.edition_of(day).id
    return locator(desk.areas_of(edition), layout.kind or Kind.BLOCK, layout.crs)


def _known_areas(desk: Desk, layout: Layout, day: date) -> KnownAreas | None:
    if layout.kind is None:
        return None
    edition = layout.edition or desk.config.areas.edition_of(day).id
    return KnownAreas.of(desk.areas_of(edition), layout.kind, edition)
