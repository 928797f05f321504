"""The command that tries another rule on the published values of a release."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table

from atlas.cli.options import DEFAULT_CITY, DEFAULT_HOME, City, HomeDir, find_release, open_city
from atlas.cli.screen import Screen, out
from atlas.config import Levels, load_levels
from atlas.terms import STATUS_LABELS, Group, Status

if TYPE_CHECKING:
    from atlas.publication import views
    from atlas.release import Release

_NO_LEVEL = "ohne"
_LevelsFile = Annotated[Path, typer.Option("--what-if", help="Andere levels.toml")]


def classify(
    release: str,
    what_if: _LevelsFile,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Stuft die veröffentlichten Werte zur Probe nach einer anderen levels.toml ein."""
    from atlas.publication.views import trial_of
    from atlas.release import open_release

    levels = load_levels(what_if)
    opened = open_release(_find(release, city, home))
    tried = [
        (rule.label, trial)
        for group, rule in opened.info.config.indicators.groups.items()
        if (trial := trial_of(opened, levels, group, _base(opened, levels, group)))
    ]
    for label, trial in tried:
        out.print(f"{label}, {opened.info.name}. {trial.summary}")
        for note in trial.notes:
            out.print(note)
        _print(trial.matrix)
        if trial.moved.rows:
            _print(trial.moved)
    if not tried:
        out.print(
            "Keine Bezugsgruppe hat in der Veröffentlichung und in der Probe eine Einstufung."
        )


def _find(name: str, city: str, home: Path) -> Path:
    """Directory of a release: a path, a name, or a date for its newest number."""
    from atlas.release import list_releases

    if (Path(name) / "datapackage.json").is_file():
        return Path(name).resolve()
    office = open_city(city, home, Screen())
    same = [
        ref for ref in list_releases(office.releases_dir) if str(ref.reference_date) == name
    ]
    return same[-1].path if same else find_release(office, name)


def _base(release: "Release", levels: Levels, group: Group) -> "Release | None":
    """Newest release beside this one of the date whose scale the trial freezes."""
    from atlas.release import list_releases, open_release

    day: date | None = levels.need[group].base_date if group in levels.need else None
    if day in (None, release.info.reference_date):
        return None
    beside = [ref for ref in list_releases(release.path.parent) if ref.reference_date == day]
    return open_release(beside[-1].path) if beside else None


def _print(table: "views.Table") -> None:
    """Print a table with the numbers of the levels alone: their names would fill the screen."""
    printed = Table(title=table.caption, title_justify="left")
    for column in table.columns:
        justify: Literal["left", "right"] = "right" if column.is_number else "left"
        printed.add_column(_short(column.label), justify=justify, overflow="fold")
    for row in table.rows:
        printed.add_row(*map(_short, row))
    out.print(printed)


def _short(text: str) -> str:
    number, _, name = text.partition(" ")
    if text == STATUS_LABELS[Status.NOT_CLASSIFIED]:
        return _NO_LEVEL
    return number if name and number.isdigit() else text
