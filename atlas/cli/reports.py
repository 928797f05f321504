"""Command that writes papers."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlas.cli.options import (
    DEFAULT_CITY,
    DEFAULT_HOME,
    City,
    DateOption,
    HomeDir,
    OutDir,
    open_city,
    out_folder,
    parse_date,
)
from atlas.cli.screen import Screen, out
from atlas.errors import AtlasError
from atlas.terms import Group

if TYPE_CHECKING:
    from atlas.confidential.desk import Desk
    from atlas.publication.report.press import Press
    from atlas.publication.seen import Seen

_ALL = "alle"


class What(StrEnum):
    """Papers that there are."""

    EDITION = "edition"
    PROFILE = "profile"
    WEEKLY = "weekly"
    YEARLY = "yearly"


class Suffix(StrEnum):
    """Formats that a paper is written in."""

    PDF = "pdf"
    DOCX = "docx"


def report(  # noqa: PLR0913 - one argument per option of the command
    what: Annotated[
        What,
        typer.Argument(
            help="edition: die Ausgabe; profile: Profile; weekly: Bevölkerung aktuell; yearly: "
            "Jahresbericht (beide aus reports.toml)"
        ),
    ],
    reference_date: DateOption = "",
    suffix: Annotated[Suffix, typer.Option("--format", help="Format der Datei")] = Suffix.PDF,
    areas: Annotated[
        str,
        typer.Option(help="Profile: Nummern von Gebieten, durch Komma getrennt; leer: alle"),
    ] = "",
    group: Annotated[str, typer.Option(help="Profile: Bezugsgruppe")] = Group.ALL,
    assessments: Annotated[
        str,
        typer.Option(
            help="Ausgabe, Profile: mit Bewertungen der Planung zu diesen Gebieten; "
            f"{_ALL}: zu jedem, das eine hat"
        ),
    ] = "",
    out_dir: OutDir = Path(),
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Schreibt einen Bericht aus dem, was veröffentlicht ist."""
    from atlas.publication.report import FORMATS

    desk = open_city(city, home, Screen())
    press, day = press_of(desk, assessments), parse_date(reference_date)
    if what is What.PROFILE:
        keys = [key.strip() for key in areas.split(",") if key.strip()]
        made = press.profiles(day, keys, Group(group))
    else:
        write = {What.EDITION: press.edition, What.WEEKLY: press.weekly}
        made = write.get(what, press.yearly)(day)
    form = FORMATS[suffix]
    path = out_folder(out_dir) / made.file(form.suffix)
    path.write_bytes(form.write(made.paper))
    out.print(f"{path}")


def press_of(desk: "Desk", assessments: str = "") -> "Press":
    """Lay out what papers of a city are made of.

    Parameters
    ----------
    assessments
        Keys of areas whose assessments a paper includes; ``alle``: of every area.
    """
    from atlas.config import load_reports, load_texts
    from atlas.publication.report.press import Press

    def said(seen: "Seen") -> Mapping[str, str]:
        return _said(desk, seen, assessments) if assessments.strip() else {}

    reports = load_reports(desk.city_dir, desk.config)
    return Press(
        desk.releases_dir, reports, lambda one: load_texts(desk.city_dir, one), said=said
    )


def _said(desk: "Desk", seen: "Seen", chosen: str) -> Mapping[str, str]:
    """Read the assessments that one chooses to include, by Quartier."""
    from atlas.publication.assessments import open_store, standing, store_url
    from atlas.publication.assessments.overview import said_texts
    from atlas.publication.report import chosen_quartiere

    url = store_url(desk.home.planning)
    if not url:
        raise AtlasError(
            "Angabe --assessments: hier bewahrt niemand Bewertungen auf. Erwartet: der Ordner "
            "planning/ oder eine Adresse in ATLAS_PLANNING_URL."
        )
    every = said_texts(seen, standing(open_store(url), desk.config.city.id))
    if chosen.strip() == _ALL:
        return every
    keys = [key.strip() for key in chosen.split(",") if key.strip()]
    return {key: every[key] for key in chosen_quartiere(seen, keys) if key in every}
