"""Command that writes papers."""

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
from atlas.errors import ReleaseError
from atlas.terms import Group

if TYPE_CHECKING:
    from atlas.publication.report.document import Paper
    from atlas.publication.seen import Seen


class What(StrEnum):
    """Papers that there are."""

    EDITION = "edition"
    PROFILE = "profile"


class Suffix(StrEnum):
    """Formats that a paper is written in."""

    PDF = "pdf"
    DOCX = "docx"


def report(  # noqa: PLR0913 - one argument per option of the command
    what: Annotated[What, typer.Argument(help="edition: die Ausgabe; profile: Profile")],
    reference_date: DateOption = "",
    suffix: Annotated[Suffix, typer.Option("--format", help="Format der Datei")] = Suffix.PDF,
    areas: Annotated[
        str,
        typer.Option(help="Profile: Nummern von Gebieten, durch Komma getrennt; leer: alle"),
    ] = "",
    group: Annotated[str, typer.Option(help="Profile: Bezugsgruppe")] = Group.ALL,
    out_dir: OutDir = Path(),
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Schreibt einen Bericht aus dem, was veröffentlicht ist."""
    from atlas.publication import export
    from atlas.publication.report import FORMATS, past_of

    desk = open_city(city, home, Screen())
    past = past_of(desk.releases_dir, parse_date(reference_date))
    paper, name = _edition(past) if what is What.EDITION else _profile(past, areas, group)
    form = FORMATS[suffix]
    path = out_folder(out_dir) / export.file_name(past[-1], name, form.suffix)
    path.write_bytes(form.write(paper))
    out.print(f"{path}")


def _edition(past: "tuple[Seen, ...]") -> "tuple[Paper, str]":
    from atlas.publication import export
    from atlas.publication.report import edition_paper

    return edition_paper(past), export.edition_name()


def _profile(past: "tuple[Seen, ...]", areas: str, group: str) -> "tuple[Paper, str]":
    from atlas.publication import export
    from atlas.publication.report import chosen_quartiere, profile_paper

    if group not in past[-1].groups:
        raise ReleaseError(
            f"Angabe --group: {group} gibt es nicht. Erwartet: {', '.join(past[-1].groups)}."
        )
    sides = [one.through(Group(group)) for one in past]
    keys = [key.strip() for key in areas.split(",") if key.strip()]
    chosen = chosen_quartiere(sides[-1], keys)
    return profile_paper(sides, chosen), export.profile_name(sides[-1], keys)
