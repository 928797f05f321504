"""The command that tries another rule on the published values of a release."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table

from atlas.cli.options import DEFAULT_CITY, DEFAULT_HOME, City, HomeDir, find_newest, open_city
from atlas.cli.screen import Screen, out
from atlas.config import Levels, load_levels
from atlas.terms import STATUS_LABELS, Status

if TYPE_CHECKING:
    from atlas.publication.seen import Seen
    from atlas.publication.views import table

_NO_LEVEL = "ohne"
_LevelsFile = Annotated[Path, typer.Option("--what-if", help="Andere levels.toml")]


def classify(
    release: str,
    what_if: _LevelsFile,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Stuft die veröffentlichten Werte zur Probe nach einer anderen levels.toml ein."""
    from atlas.publication.seen import see
    from atlas.publication.views.trial import trial_of
    from atlas.release import open_release

    levels = load_levels(what_if)
    seen = see(open_release(_find(release, city, home)))
    tried = [
        (side.group_label, trial)
        for side in map(seen.through, seen.config.indicators.groups)
        if (trial := trial_of(side, levels, _base(side, levels)))
    ]
    for label, trial in tried:
        out.print(f"{label}, {seen.info.name}. {trial.summary}")
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
    """Directory of a release; one that is named by its path needs no office."""
    if (Path(name) / "datapackage.json").is_file():
        return Path(name).resolve()
    return find_newest(open_city(city, home, Screen()), name)


def _base(seen: "Seen", levels: Levels) -> "Seen | None":
    """Newest release beside this one of the date whose scale the trial freezes."""
    from atlas.publication.seen import see
    from atlas.release import newest, open_release

    group, path = seen.group, seen.release.path
    day: date | None = levels.need[group].base_date if group in levels.need else None
    if day is None or day == seen.info.reference_date:
        return None
    beside = newest(path.parent, day)
    return see(open_release(beside.path), group) if beside else None


def _print(found: "table.Table") -> None:
    """Print a table with the numbers of the levels alone: their names would fill the screen."""
    from atlas.publication.export.texts import rows_of

    printed = Table(title=found.title, title_justify="left")
    for field in found.fields:
        justify: Literal["left", "right"] = "right" if field.is_number else "left"
        printed.add_column(_short(field.label), justify=justify, overflow="fold")
    for row in rows_of(found):
        printed.add_row(*map(_short, row))
    out.print(printed)


def _short(text: str) -> str:
    number, _, name = text.partition(" ")
    if text == STATUS_LABELS[Status.NOT_CLASSIFIED]:
        return _NO_LEVEL
    return number if name and number.isdigit() else text
