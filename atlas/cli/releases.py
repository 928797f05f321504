"""Commands about releases: build, verify, approve, publish, withdraw, list, export."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from atlas.cli.options import (
    DEFAULT_CITY,
    DEFAULT_HOME,
    City,
    DateOption,
    DraftArgument,
    HomeDir,
    OutDir,
    ReasonOption,
    find_drafts,
    find_release,
    open_city,
    out_folder,
    parse_date,
)
from atlas.cli.screen import Screen, err, out
from atlas.errors import DeliveryError
from atlas.terms import STATE_LABELS, Kind
from atlas.words import day_text

if TYPE_CHECKING:
    from atlas.confidential.desk import Desk
    from atlas.config import City as CityRules
    from atlas.release import Release

_NO_PORTAL = (
    "Metadaten nach DCAT-AP.de: nicht geschrieben, denn city.toml hat keinen Abschnitt "
    "[open_data]. Erwartet: darin, wer veröffentlicht, wer Fragen beantwortet und wo die "
    "Dateien liegen werden; siehe docs/konfiguration.md. Alles andere ist geschrieben."
)


def build(
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    reference_date: DateOption = "",
    accept_loss: Annotated[
        str,
        typer.Option(
            "--accept-loss",
            metavar="GRUND",
            help="Auch bauen, wenn viele bisher gezeigte Anzahlen verschwinden; warum",
        ),
    ] = "",
) -> None:
    """Baut den Entwurf eines Stichtags (ohne Angabe: aller Stichtage)."""
    from atlas.confidential.custody import require_own_releases
    from atlas.confidential.day import look
    from atlas.confidential.desk import only_one
    from atlas.confidential.recipe import make_draft

    desk = open_city(city, home, Screen())
    wanted = parse_date(reference_date)
    with only_one(desk):
        calendar = look(desk)
        require_own_releases(desk, calendar)
        days = [day for day in calendar.opened if wanted in (None, day)]
        if not days:
            raise DeliveryError(
                "Stichtag: keine Lieferung mit Einwohner*innen angenommen. Erst atlas import."
            )
        for day in map(calendar.day, days):
            out.print(f"Entwurf {make_draft(desk, day, accept_loss).name} gebaut.")


def verify(
    release: DraftArgument = "", city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME
) -> None:
    """Baut jede Datei aus den veröffentlichten Zellen neu und vergleicht die Bytes."""
    from atlas.confidential.desk import only_one
    from atlas.confidential.publish import verify as verify_files

    desk = open_city(city, home, Screen())
    with only_one(desk):
        for path in _drafts_or_word(desk, release):
            verify_files(desk, path)
            out.print(f"{path.name}: jede Datei folgt aus den veröffentlichten Zellen.")


def approve(
    release: str,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    key: Annotated[
        Path | None,
        typer.Option(
            help="Privater Schlüssel, wenn city.toml approvers nennt", metavar="DATEI"
        ),
    ] = None,
) -> None:
    """Gibt einen geprüften Entwurf als zweite Person frei."""
    from atlas.confidential.decisions import approve_draft
    from atlas.confidential.signing import is_encrypted

    desk = open_city(city, home, Screen())
    passphrase = ""
    if key and is_encrypted(key):  # asked before anybody else has to wait
        passphrase = typer.prompt("Kennwort des Schlüssels", hide_input=True)
    missing = approve_draft(desk, release, key, passphrase)
    more = f" Es fehlen noch {missing}." if missing else " Bereit für atlas publish."
    out.print(f"Entwurf {release} freigegeben.{more}")


def decline(
    release: str,
    reason: Annotated[str, typer.Option("--reason", help="Begründung für die Statistikstelle")],
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    is_lifted: Annotated[
        bool, typer.Option("--lift", help="Eine Ablehnung zurücknehmen")
    ] = False,
) -> None:
    """Lehnt einen Entwurf ab: nichts veröffentlicht ihn, bis jemand das zurücknimmt."""
    from atlas.confidential.decisions import decline_draft, lift_draft

    desk = open_city(city, home, Screen())
    if is_lifted:
        lift_draft(desk, release, reason)
        out.print(f"Entwurf {release}: die Ablehnung ist zurückgenommen; alle geben neu frei.")
    else:
        decline_draft(desk, release, reason)
        out.print(f"Entwurf {release} abgelehnt. Frühere Freigaben gelten nicht mehr.")


def publish(
    release: DraftArgument = "", city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME
) -> None:
    """Veröffentlicht geprüfte Entwürfe."""
    from atlas.confidential.decisions import publish_drafts

    desk = open_city(city, home, Screen())
    for path in publish_drafts(desk, _drafts_or_word(desk, release)):
        out.print(f"Veröffentlicht: {path.name}.")


def releases(city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME) -> None:
    """Listet alle Veröffentlichungen: welche gilt, welche ersetzt oder zurückgezogen ist."""
    from atlas.release import in_force, list_releases, read_state, read_withdrawal

    desk = open_city(city, home, Screen())
    refs = list_releases(desk.releases_dir)
    current = {ref.name for ref in in_force(refs).values()}
    table = Table("Veröffentlichung", "Stand", "Geltung", "Begründung")
    for ref in refs:
        withdrawal = read_withdrawal(ref.path)
        validity = "gilt" if ref.name in current else "ersetzt"
        if withdrawal is not None:
            validity = f"zurückgezogen am {day_text(withdrawal.when.date())}"
        state, _ = read_state(ref.path)
        reason = withdrawal.reason if withdrawal else ""
        table.add_row(ref.name, STATE_LABELS[state], validity, reason)
    out.print(table)


def withdraw(
    release: str,
    reason: ReasonOption,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Zieht eine Veröffentlichung zurück; sie bleibt lesbar, gilt aber nicht mehr."""
    from atlas.confidential.decisions import withdraw_release

    name = withdraw_release(open_city(city, home, Screen()), release, reason)
    out.print(f"Zurückgezogen: {release}.")
    if name:
        out.print(f"Es gilt {name}; ist auch sie falsch, ebenso zurückziehen.")
    else:
        out.print("Zu diesem Stichtag gilt keine Veröffentlichung mehr.")
    out.print(
        "Die Stichtage, die sich auf sie beziehen, folgen, wenn atlas watch läuft; sonst mit "
        "atlas run."
    )


def _drafts_or_word(desk: "Desk", name: str) -> list[Path]:
    drafts = find_drafts(desk, name)
    if not drafts:
        out.print("Keine Entwürfe.")
    return drafts


def export(
    release: str,
    out_dir: OutDir = Path(),
    public: Annotated[
        bool,
        typer.Option(
            "--public",
            help="Der öffentliche Datensatz: Daten, Metadaten, README",
        ),
    ] = False,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Schreibt eine Veröffentlichung als Excel, CSV, GeoPackage, GeoJSON und ZIP."""
    from atlas.release import open_release, read_withdrawal

    desk = open_city(city, home, Screen())
    opened = open_release(find_release(desk, release))
    if (withdrawal := read_withdrawal(opened.path)) is not None:
        when = day_text(withdrawal.when.date())
        err.print(
            f"{release}: zurückgezogen am {when} ({withdrawal.reason}); nicht weitergeben."
        )
    files = _public_files(opened, desk.config.city) if public else _files(opened)
    for name, content in files:
        path = out_dir / name
        out_folder(path.parent)
        path.write_bytes(content)
        out.print(f"{path}")


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


def _public_files(release: "Release", city: "CityRules") -> Iterator[tuple[str, bytes]]:
    from atlas.publication.open_data import folder_name, public_set

    if city.open_data is None:
        err.print(_NO_PORTAL)
    for one in public_set(release, city):
        yield f"{folder_name(release)}/{one.name}", one.content
