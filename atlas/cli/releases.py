"""Commands about releases: build, verify, approve, publish, diff."""

from datetime import date
from pathlib import Path

from rich.table import Table

from atlas.cli.changes import print_changes
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
        for path in find_drafts(office, release):
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
    from atlas.confidential.pipeline import only_one
    from atlas.confidential.pipeline import publish as publish_draft

    office = open_city(city, home, Screen())
    with only_one(office):
        for path in find_drafts(office, release):
            out.print(f"Veröffentlicht: {publish_draft(office, path).name}.")


def diff(old: str, new: str, city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME) -> None:
    """Sagt, was sich zwischen zwei Veröffentlichungen oder Stichtagen geändert hat."""
    from atlas.release import cell_changes, open_release

    office = open_city(city, home, Screen())
    before, after = (
        open_release(_newest(office.releases_dir, name) or find_release(office, name))
        for name in (old, new)
    )
    print_changes(before, after)
    moved = before.cells.assign(reference_date=after.info.reference_date.isoformat())
    changes = cell_changes(moved, after.cells)
    table = Table("Gebiet", "Bezugsgruppe", "Größe", "vorher", "nachher")
    for row in changes[changes["kind"] != "block"].itertuples():
        table.add_row(
            f"{row.kind} {row.area_id}",
            str(row.group),
            str(row.item),
            f"{row.old_value:g} {row.old_status}",
            f"{row.new_value:g} {row.new_status}",
        )
    out.print(table)
    out.print(f"{len(changes)} Zellen verschieden (Baublöcke nicht aufgeführt).")


def _newest(releases_dir: Path, text: str) -> Path | None:
    from atlas.release import list_releases

    found = [one for one in list_releases(releases_dir) if str(one.reference_date) == text]
    return found[-1].path if found else None
