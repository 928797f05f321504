"""The way of a delivery: bytes, text table, reference dates, checks, normalised tables."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from atlas.confidential.delivery.counts import normalise_counts
from atlas.confidential.delivery.csv_file import read_csv
from atlas.confidential.delivery.ending import settle_end
from atlas.confidential.delivery.findings import (
    Finding,
    Severity,
    find,
    merge_findings,
)
from atlas.confidential.delivery.keys import split_by_date
from atlas.confidential.delivery.persons import count_twins, normalise_persons
from atlas.confidential.delivery.plausibility import check_change, check_slipped, profile
from atlas.confidential.delivery.prepare import prepare
from atlas.confidential.delivery.request import KnownAreas, Profile, Reading, Request
from atlas.confidential.delivery.sheet_file import read_ods, read_xls, read_xlsb, read_xlsx
from atlas.confidential.delivery.spread import spread_dates
from atlas.confidential.delivery.tables import (
    Progress,
    TextTable,
    UnreadableError,
    unreadable,
)
from atlas.confidential.delivery.typed import digest_of, read_database, read_parquet
from atlas.config import Layout
from atlas.words import day_text, number_text

_READERS: dict[str, Callable[[Path, Layout, Progress], TextTable]] = {
    ".csv": read_csv,
    ".ods": read_ods,
    ".parquet": read_parquet,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".xls": read_xls,
    ".xlsb": read_xlsb,
    ".xlsm": read_xlsx,
    ".xlsx": read_xlsx,
}
_BLOCK = 1 << 20
# Rows of areas, items, groups and dates of a Land with 50,000 blocks; more are no counts.
_MOST_COUNT_ROWS = 2_000_000
# A date before it is what a program makes of an empty cell.
_EARLIEST = date(1950, 1, 1)


def read_delivery(path: Path, request: Request) -> Reading:
    """Read and check a file; whatever is wrong with it is a finding, never an exception."""
    return read_content(path.name, path, request)


def read_content(name: str, path: Path, request: Request) -> Reading:
    """Read and check a file of this name whose bytes lie at a path."""
    try:
        digest = _sha256(path)
        table = _reader_of(name)(path, request.layout, _bounded(request))
    except UnreadableError as error:
        return Reading(name, {}, error.findings, 0, "")
    return _read_table(table, request, name, digest)


def _bounded(request: Request) -> Progress:
    """Progress that ends the reading of more rows than counts can have."""
    if request.layout.shape == "persons":
        return request.progress

    def progress(rows: int) -> None:
        request.progress(rows)
        if rows > _MOST_COUNT_ROWS:
            raise unreadable(
                "too_many_rows",
                f"mehr als {number_text(_MOST_COUNT_ROWS, 0)} Zeilen. Erwartet: eine Zeile je "
                "Gebiet und Merkmal. Datei prüfen und neu anfordern.",
            )

    return progress


def read_database_delivery(url: str, request: Request) -> Reading:
    """Read and check a table or view; ``url`` comes from the environment, never from a file."""
    name = request.layout.table
    try:
        table = read_database(url, request.layout, _bounded(request))
    except UnreadableError as error:
        return Reading(name, {}, error.findings, 0, "")
    return _read_table(table, request, name, digest_of(table.columns))


def _read_table(table: TextTable, request: Request, name: str, digest: str) -> Reading:
    if len(table.rows) == 0:
        hint = "keine Zeile unter dem Kopf. Erwartet: mindestens eine. Lieferung neu anfordern."
        empty = find("no_rows", Severity.ERROR, "", hint)
        return Reading(name, {}, (empty,), 0, digest)
    try:
        table, layout, undated = spread_dates(table, request.layout)
    except UnreadableError as error:
        return Reading(name, {}, error.findings, 0, digest)
    request = replace(request, layout=layout)
    table = prepare(table, layout)
    table, cut = settle_end(table, request.layout, _known(table, request))
    split, findings = split_by_date(table, request)
    normalise = normalise_persons if request.layout.shape == "persons" else normalise_counts
    parts: dict[date, pa.Table] = {}
    twins: dict[date, int] = {}
    found = [*undated, *cut, *findings]
    of_dates: dict[date, tuple[Finding, ...]] = {}
    for reference_date, positions in split.items():
        rows = table if len(positions) == len(table.rows) else table.take(positions)
        found.extend(_check_date(reference_date, request))
        if len(split) > 1 and not layout.covers(reference_date):
            continue
        parts[reference_date], of_dates[reference_date] = normalise(
            rows, reference_date, request
        )
        if (count := count_twins(rows, request.layout)) is not None:
            twins[reference_date] = count
    refused = _refused_dates(of_dates, layout)
    parts = {day: part for day, part in parts.items() if day not in refused}
    found.extend(one for day in parts for one in of_dates[day])
    found.extend(_compare(parts, request))
    errors = merge_findings([one for errors in refused.values() for one in errors])
    return Reading(name, parts, merge_findings(found), len(table.rows), digest, twins, errors)


def _refused_dates(
    of_dates: Mapping[date, tuple[Finding, ...]], layout: Layout
) -> Mapping[date, tuple[Finding, ...]]:
    """Dates of a table of counts that alone have errors, and these, named with the date.

    A person under a wrong date would be missed at the right one: registers are taken whole.
    """
    refused = {
        day: tuple(
            replace(
                one, where=", ".join(filter(None, (f"Stichtag {day_text(day)}", one.where)))
            )
            for one in findings
            if one.severity is Severity.ERROR
        )
        for day, findings in of_dates.items()
    }
    refused = {day: errors for day, errors in refused.items() if errors}
    is_alone = layout.shape != "persons" and len(refused) < len(of_dates)
    return refused if is_alone else {}


def _known(table: TextTable, request: Request) -> KnownAreas | None:
    """Areas of the edition of the whole file, at its last reference date."""
    if table.cut is None and table.notes is None:
        return None
    split, _ = split_by_date(table, request)
    return request.areas(max(split)) if split else None


def _check_date(reference_date: date, request: Request) -> Iterator[Finding]:
    day = day_text(reference_date)
    if reference_date > request.today:
        hint = f"Stichtag {day} liegt in der Zukunft. Dateinamen oder Angabe --date prüfen."
        yield find("future_date", Severity.ERROR, "", hint)
    if reference_date < _EARLIEST:
        hint = f"Stichtag {day} liegt vor 1950. Dateinamen, Datumsspalte oder --date prüfen."
        yield find("early_date", Severity.ERROR, "", hint)
    if not request.layout.covers(reference_date):
        hint = f"Stichtag {day} liegt nicht zwischen first_date und last_date des Layouts."
        yield find("not_covered", Severity.INFO, "", hint)


def _compare(parts: Mapping[date, pa.Table], request: Request) -> list[Finding]:
    """Compare each date with the date before in the same file, and with the last delivery."""
    found: list[Finding] = []
    before: Profile | None = None
    for reference_date, part in parts.items():
        new, old = profile(part, request.layout), request.previous(reference_date)
        if before is not None:
            found.extend(check_slipped(new, before))
        if old is not None:
            found.extend((*check_slipped(new, old), *check_change(new, old, request.layout)))
        before = new
    return found


def _reader_of(name: str) -> Callable[[Path, Layout, Progress], TextTable]:
    reader = _READERS.get(Path(name).suffix.lower())
    if reader is None:
        known = ", ".join(sorted(_READERS))
        remedy = "Datei umwandeln; ein Archiv auspacken, eine Textdatei in .txt umbenennen."
        raise unreadable(
            "file_type", f"Dateiart wird nicht gelesen. Erwartet: {known}. {remedy}"
        )
    return reader


def read_nothing(path: Path) -> Reading:
    """Say of a path that cannot be opened as a file why it gives no delivery."""
    return Reading(path.name, {}, _unopened(path).findings, 0, "")


def _sha256(path: Path) -> str:
    if path.exists() and not path.is_file():  # a pipe would wait for ever
        raise _unopened(path)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    except OSError:
        raise _unopened(path) from None
    return digest.hexdigest()


def _unopened(path: Path) -> UnreadableError:
    if not path.exists():
        return unreadable("no_file", "Datei fehlt. Pfad prüfen.")
    if not path.is_file():
        return unreadable(
            "no_file", "ist ein Ordner oder Gerät. Erwartet: eine Datei. Pfad prüfen."
        )
    return unreadable("no_access", "Datei lässt sich nicht öffnen. Rechte prüfen.")
