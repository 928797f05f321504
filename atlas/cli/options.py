"""Options that several commands share, and how their texts become objects."""

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlas.cli.screen import Screen
from atlas.config import find_city_dir
from atlas.errors import ConfigError, DeliveryError, ReleaseError
from atlas.home import Home

if TYPE_CHECKING:
    from atlas.confidential.desk import Desk

City = Annotated[
    str,
    typer.Option(
        envvar="ATLAS_CITY", help="Name unter config/ oder Ordner mit den TOML-Dateien"
    ),
]
HomeDir = Annotated[
    Path, typer.Option("--home", envvar="ATLAS_HOME", help="Arbeitsverzeichnis (ATLAS_HOME)")
]
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe für Maschinen")]
DateOption = Annotated[str, typer.Option("--date", help="Stichtag JJJJ-MM-TT")]
LayoutOption = Annotated[str, typer.Option("--layout", help="Layout aus deliveries.toml")]
DraftArgument = Annotated[str, typer.Argument(help="Name; leer: alle Entwürfe")]
OutDir = Annotated[Path, typer.Option("--out", help="Zielordner")]
Port = Annotated[int, typer.Option(help="Anschluss der Seiten", min=1, max=65_535)]
WithTimings = Annotated[
    bool, typer.Option("--timings", help="Sekunden je Schritt und Speicher")
]
ReasonOption = Annotated[
    str, typer.Option("--reason", help="Begründung; auch die Leser*innen sehen sie")
]
DEFAULT_CITY = "wuppertal"
DEFAULT_HOME = Path("var")
DEFAULT_PORT = 8501


def open_city(city: str, home: Path, screen: Screen) -> "Desk":
    """Open the office of a city."""
    from atlas.confidential.desk import open_desk

    return open_desk(find_city_dir(city), Home(home.resolve()), screen)


def out_folder(path: Path) -> Path:
    """Make the folder that files are written to.

    Raises
    ------
    ConfigError
        If a file lies where the folder should be.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise ConfigError(
            f"Angabe --out: {path} ist kein Ordner. Erwartet: ein Ordner, der da ist oder noch "
            "nicht. Einen anderen nennen."
        ) from None
    return path


def require_writable(path: Path) -> None:
    """Find out before the work begins whether a file can be written there.

    Raises
    ------
    ConfigError
        If it is a folder, or its folder is not there.
    """
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise ConfigError(
            f"Angabe --out: {path} kann keine Datei sein. Erwartet: ein Dateiname in einem "
            "Ordner, den es gibt. Einen anderen nennen."
        )


def parse_date(text: str) -> date | None:
    """Read a reference date; an empty text is none.

    Raises
    ------
    DeliveryError
        If it is no date.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DeliveryError("Angabe --date: kein Datum. Erwartet: JJJJ-MM-TT.") from None


def find_release(desk: "Desk", name: str) -> Path:
    """Directory of a draft or release by its name or path.

    Raises
    ------
    ReleaseError
        If there is none.
    """
    for path in (desk.drafts_dir / name, desk.releases_dir / name, Path(name)):
        if (path / "datapackage.json").is_file():
            return path.resolve()
    raise ReleaseError(
        f"Release {name}: weder Entwurf noch Veröffentlichung. Erwartet: ein Name wie "
        "2024-12-31.1. Mit atlas status nachsehen."
    )


def find_newest(desk: "Desk", name: str) -> Path:
    """Directory of a release: by its name or path, or by a date the one in force."""
    from atlas.release import newest

    with suppress(ValueError):
        ref = newest(desk.releases_dir, date.fromisoformat(name))
        if ref is not None:
            return ref.path
    return find_release(desk, name)


def find_drafts(desk: "Desk", name: str) -> list[Path]:
    """Find the named draft or release; without a name all drafts."""
    if name:
        return [find_release(desk, name)]
    found = desk.drafts_dir.iterdir() if desk.drafts_dir.is_dir() else ()
    return sorted(one for one in found if one.is_dir() and not one.name.startswith("."))
