"""Commands about releases: build, verify, approve, publish, diff, export."""

import math
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from atlas.cli.changes import print_cells, print_moves
from atlas.cli.options import (
    DEFAULT_CITY,
    DEFAULT_HOME,
    City,
    DateOption,
    DraftArgument,
    HomeDir,
    find_drafts,
    find_release,
    open_city,
    parse_date,
)
from atlas.cli.screen import Screen, out
from atlas.errors import DeliveryError
from atlas.terms import STATUS_LABELS, Kind, Status

if TYPE_CHECKING:
    from atlas.confidential.pipeline import Office
    from atlas.release import Release


def build(
    city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME, reference_date: DateOption = ""
) -> None:
    """Baut den Entwurf eines Stichtags (ohne Angabe: aller Stichtage)."""
    from atlas.confidential.pipeline import build as build_draft
    from atlas.confidential.pipeline import only_one, reference_dates

    office = open_city(city, home, Screen())
    wanted = parse_date(reference_date)
    days: list[date] = [day for day in reference_dates(office) if wanted in (None, day)]
    if not days:
        raise DeliveryError(
            "Stichtag: keine Lieferung mit Einwohner*innen angenommen. Erst atlas import."
        )
    with only_one(office):
        for day in days:
            out.print(f"Entwurf {build_draft(office, day).name} gebaut.")


def verify(
    release: DraftArgument = "", city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME
) -> None:
    """Baut jede Datei aus den veröffentlichten Zellen neu und vergleicht die Bytes."""
    from atlas.confidential.pipeline import only_one
    from atlas.confidential.pipeline import verify as verify_files

    office = open_city(city, home, Screen())
    with only_one(office):
        for path in _drafts_or_word(office, release):
            verify_files(office, path)
            out.print(f"{path.name}: jede Datei folgt aus den veröffentlichten Zellen.")


def approve(release: str, city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME) -> None:
    """Gibt einen geprüften Entwurf als zweite Person frei."""
    from atlas.confidential.pipeline import approve as approve_draft
    from atlas.confidential.pipeline import only_one

    office = open_city(city, home, Screen())
    with only_one(office):
        missing = approve_draft(office, office.drafts_dir / release)
    more = f" Es fehlen noch {missing}." if missing else " Bereit für atlas publish."
    out.print(f"Entwurf {release} freigegeben.{more}")


def publish(
    release: DraftArgument = "", city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME
) -> None:
    """Veröffentlicht geprüfte Entwürfe."""
    from atlas.confidential.pipeline import only_one, refresh_datastate
    from atlas.confidential.pipeline import publish as publish_draft

    office = open_city(city, home, Screen())
    with only_one(office):
        for path in _drafts_or_word(office, release):
            out.print(f"Veröffentlicht: {publish_draft(office, path).name}.")
        refresh_datastate(office)


def diff(old: str, new: str, city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME) -> None:
    """Sagt, was sich zwischen zwei Veröffentlichungen oder Stichtagen geändert hat."""
    from atlas.release import cell_changes, open_release

    office = open_city(city, home, Screen())
    before, after = (
        open_release(_newest(office.releases_dir, name) or find_release(office, name))
        for name in (old, new)
    )
    print_moves(before, after)
    print_cells(before, after)
    moved = before.cells.assign(reference_date=after.info.reference_date.isoformat())
    changes = cell_changes(moved, after.cells)
    table = Table("Gebiet", "Bezugsgruppe", "Größe", "vorher", "nachher")
    for row in changes[changes["kind"] != "block"].itertuples():
        table.add_row(
            f"{row.kind} {row.area_id}",
            str(row.group),
            str(row.item),
            _shown(row.old_value, row.old_status),
            _shown(row.new_value, row.new_status),
        )
    out.print(table)
    out.print(f"{len(changes)} Zellen verschieden (Baublöcke nicht aufgeführt).")


def _drafts_or_word(office: "Office", name: str) -> list[Path]:
    drafts = find_drafts(office, name)
    if not drafts:
        out.print("Keine Entwürfe.")
    return drafts


def _shown(value: object, status: object) -> str:
    """Write a value, or the words why there is none; a cell that was not there is empty."""
    if isinstance(value, float) and not math.isnan(value):
        return f"{value:g}"
    return STATUS_LABELS[Status(status)] if isinstance(status, str) else ""


def _newest(releases_dir: Path, text: str) -> Path | None:
    from atlas.release import list_releases

    found = [one for one in list_releases(releases_dir) if str(one.reference_date) == text]
    return found[-1].path if found else None


def export(
    release: str,
    out_dir: Annotated[Path, typer.Option("--out", help="Zielordner")] = Path(),
    public: Annotated[
        bool, typer.Option("--public", help="Nur die öffentlichen Gebietsarten")
    ] = False,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Schreibt eine Veröffentlichung als Excel, CSV, GeoPackage, GeoJSON und ZIP."""
    from atlas.publication.export.package import write_public_part
    from atlas.release import open_release

    office = open_city(city, home, Screen())
    opened = open_release(find_release(office, release))
    out_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        chosen = write_public_part(opened, Path(scratch)) if public else opened
        for name, content in _files(chosen):
            (out_dir / name).write_bytes(content)
            out.print(f"{out_dir / name}")


def _files(release: "Release") -> Iterator[tuple[str, bytes]]:
    from atlas.publication import export
    from atlas.publication.export.package import zip_bytes
    from atlas.publication.seen import see

    seen = see(release)
    yield export.file_name(seen, "release", "zip"), zip_bytes(release)
    for kind in dict.fromkeys(map(Kind, release.areas["kind"])):
        table = export.table_name(seen, kind)
        for one in export.FORMATS:
            yield export.file_name(seen, table, one.suffix), one.write(seen, kind)
