"""Commands that keep what there is: doctor, backup, restore, the key of the backups."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from atlas.cli.options import DEFAULT_CITY, DEFAULT_HOME, AsJson, City, HomeDir, open_city
from atlas.cli.screen import Screen, err, out
from atlas.home import Home
from atlas.words import counted

Key = Annotated[
    Path,
    typer.Option(
        "--key", envvar="ATLAS_BACKUP_KEY", help="Schlüssel der Sicherungen (atlas key backup)"
    ),
]


def doctor(
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    as_json: AsJson = False,
    is_mending: Annotated[
        bool,
        typer.Option("--mend-log", help="Zuvor ein beschädigtes Protokoll neu verketten"),
    ] = False,
) -> None:
    """Sagt, was ganz ist, was nicht und was zu tun ist (dann Exit-Code 1)."""
    from atlas.confidential.doctor import examine
    from atlas.confidential.upkeep import mend_log

    desk = open_city(city, home, Screen())
    if is_mending:
        lost = counted(mend_log(desk), "Zeile war", "Zeilen waren")
        err.print(f"Protokoll neu verkettet; {lost} nicht zu lesen, das Alte liegt daneben.")
    with desk.observer.step("Prüfen", None):
        parts = examine(desk)
    broken = [sentence for part in parts for sentence in part.broken]
    if as_json:
        out.print_json(json.dumps([asdict(part) for part in parts], ensure_ascii=False))
    else:
        out.print(f"{desk.config.city.title}, {desk.home.root}")
        for part in parts:
            state = f"{len(part.broken)} nicht ganz" if part.broken else "ganz"
            out.print(f"  {state:<14} {part.checked:>6}  {part.label}")
        for sentence in broken:
            out.print(f"Nicht ganz: {sentence}")
        for note in (note for part in parts for note in part.notes):
            out.print(f"Hinweis: {note}")
        if not broken:
            out.print("Alles ganz.")
    raise typer.Exit(1 if broken else 0)


def backup(
    file: Path,
    key: Key,
    check: Annotated[
        bool, typer.Option("--check", help="Nur lesen und jede Prüfsumme vergleichen")
    ] = False,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Sichert eine Stadt verschlüsselt in eine Datei, oder prüft eine Sicherung."""
    from atlas.confidential import backup as backups
    from atlas.confidential.archive import can_open

    if not check:
        backups.back_up(open_city(city, home, Screen()), file, key)
        if os.environ.get("ATLAS_PLANNING_URL"):
            out.print(
                "Die Bewertungen liegen in der Datenbank des Hauses (ATLAS_PLANNING_URL) und "
                "nicht in dieser Sicherung: mit der Datenbank sichern."
            )
    if not check and not can_open(key):
        out.print(f"Sicherung {file.name}: geschrieben. Prüfen kann sie der ganze Schlüssel.")
        return
    found = backups.check(file, key)
    files = counted(len(found.files), "Datei", "Dateien")
    releases = counted(len(found.releases), "Veröffentlichung", "Veröffentlichungen")
    out.print(f"Sicherung {file.name}: {found.city}, {found.made}, {files}, {releases}.")
    out.print("Ganz: jede Datei ist so, wie sie gesichert wurde.")


def restore(file: Path, key: Key, home: HomeDir = DEFAULT_HOME) -> None:
    """Stellt eine Stadt aus einer Sicherung wieder her; überschreibt nichts."""
    from atlas.confidential import backup as backups

    root = home.resolve()
    found = backups.restore(file, key, Home(root))
    out.print(f"Wiederhergestellt: {found.city}, Stand {found.made}.")
    out.print(
        f"Die gesicherte Konfiguration liegt in {root / 'config' / found.city}. Weiter mit "
        "atlas doctor und atlas run (--city nennt sie, wenn es keine neuere gibt)."
    )


def new_key(file: Path) -> None:
    """Legt den Schlüssel der Sicherungen an."""
    from atlas.confidential.archive import make_key

    make_key(file)
    out.print(
        f"Schlüssel {file}: angelegt. Ohne ihn ist keine Sicherung lesbar; getrennt von den "
        "Sicherungen verwahren, auch ausgedruckt."
    )
