"""Command for a new city: answers as options or on the terminal, then all of it at once."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from atlas.cli.options import DateOption, parse_date
from atlas.cli.screen import Screen, err, out
from atlas.errors import ConfigError, DeliveryError, mended_by_the_operator
from atlas.home import Home, write_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from atlas.confidential.founding import Answers, Areas, Faults, Look, Probe

_LONGEST_ANSWER = 200


def new_city(  # noqa: PLR0913 - one argument per option of the command
    directory: Annotated[Path, typer.Argument(help="Ordner der neuen Stadt")],
    boundaries: Annotated[
        list[Path] | None, typer.Option(help="Grenzen; mehrmals für mehrere Ebenen")
    ] = None,
    sample: Annotated[
        list[Path] | None, typer.Option(help="Probe einer Lieferung; auch mehrmals")
    ] = None,
    name: Annotated[str, typer.Option(help="Name der Stadt")] = "",
    key: Annotated[str, typer.Option(help="Amtlicher Gemeindeschlüssel")] = "",
    label: Annotated[str, typer.Option(help="Wie ein Gebiet heißt, z. B. Stadtteil")] = "",
    plural: Annotated[str, typer.Option(help="Mehrzahl dazu")] = "",
    credit: Annotated[str, typer.Option(help="Quellenvermerk der Grenzen")] = "",
    licence: Annotated[str, typer.Option(help="Lizenz der Grenzen")] = "",
    reference_date: DateOption = "",
    home: Annotated[
        Path | None,
        typer.Option("--home", envvar="ATLAS_HOME", help="leer: var im Ordner der Stadt"),
    ] = None,
) -> None:
    """Entwirft eine Stadt aus Grenzen und Proben, prüft alles zusammen und rechnet einmal.

    Steht im Ordner schon eine Stadt, wird sie nur geprüft.
    """
    from atlas.confidential.desk import today
    from atlas.confidential.founding import (
        Answers,
        check_everything,
        look_at_areas,
        look_at_samples,
        probes_of,
    )

    samples, day = sample or [], parse_date(reference_date)
    work_dir = (home or directory / "var").resolve()
    if (directory / "city.toml").exists():
        _check_only(directory, work_dir, samples, day)
        return
    if not boundaries:
        raise ConfigError(
            "Angabe --boundaries fehlt. Erwartet: mindestens eine Datei mit Grenzen, etwa "
            "atlas new-city musterstadt --boundaries quartiere.gpkg --sample einwohner.csv."
        )
    areas = look_at_areas(boundaries, samples, today())
    answers = _asked(areas, Answers(name, key, label, plural, credit, licence), directory)
    look = look_at_samples(areas, samples, (answers.key, answers.name), today())
    _write(directory, look, answers, boundaries)
    probes = probes_of(look, day)
    faults = check_everything(directory, probes, today())
    said = [*look.refused, *faults]
    _say_faults(said)
    _draw(faults, work_dir)
    if probes and not faults.of_city:
        with mended_by_the_operator():
            said += _show_first(directory, work_dir, probes, said)
    if said:
        is_of_city = bool(faults.of_city)
        raise typer.Exit(ConfigError.exit_code if is_of_city else DeliveryError.exit_code)


def _asked(areas: "Areas", given: "Answers", directory: Path) -> "Answers":
    """Ask on a terminal for what no option says; elsewhere the program's guess holds."""
    from atlas.confidential.founding import Answers

    quartier = next(one for one in areas.layers if one.kind == "quartier")
    one, many, _ = quartier.labels
    return Answers(
        name=given.name or _ask("Name der Stadt", directory.name.capitalize()),
        key=given.key or _ask("Amtlicher Gemeindeschlüssel (acht Stellen)", ""),
        label=given.label or _ask("Ein Gebiet heißt", one),
        plural=given.plural or _ask("Mehrzahl", many),
        credit=given.credit or _ask("Quellenvermerk der Grenzen", ""),
        licence=given.licence or _ask("Lizenz der Grenzen", ""),
    )


def _ask(question: str, guess: str) -> str:
    if not sys.stdin or not sys.stdin.isatty():
        return guess
    shown = f"{question} [{guess}]: " if guess else f"{question}: "
    err.print(shown, end="")
    return sys.stdin.readline(_LONGEST_ANSWER).strip() or guess


def _write(
    directory: Path, look: "Look", answers: "Answers", boundaries: "Sequence[Path]"
) -> None:
    from atlas.confidential.founding import draft_city

    drafted = draft_city(directory, look, answers, boundaries)
    out.print(f"Geschrieben: {', '.join(sorted(drafted.texts))} in {directory}.")
    out.print("Was niemand aus den Dateien wissen konnte:")
    for unknown in drafted.unknown:
        out.print(f"  {unknown}")


def _say_faults(faults: "Iterable[str]") -> None:
    """Say everything that is wrong at once."""
    sentences = list(faults)
    for number, sentence in enumerate(sentences, start=1):
        err.print(f"{number}. {sentence}")
    if not sentences:
        out.print("Konfiguration, Grenzen und Proben geprüft: alles in Ordnung.")


def _draw(faults: "Faults", work_dir: Path) -> None:
    """Write the pictures of what is wrong with boundaries, and say where they lie."""
    for edition, picture in faults.pictures.items():
        work_dir.mkdir(parents=True, exist_ok=True)
        path = work_dir / f"grenzen-{edition}.svg"
        write_file(path, picture.encode())
        err.print(f"Bild der Stellen: {path}")


def _check_only(
    directory: Path, work_dir: Path, samples: "Sequence[Path]", day: "date | None"
) -> None:
    from atlas.confidential.desk import today
    from atlas.confidential.founding import Probe, check_everything

    out.print(f"In {directory} steht schon eine Stadt: sie wird nur geprüft.")
    probes = [Probe(path, day=day) for path in samples]
    faults = check_everything(directory, probes, today())
    _say_faults(faults)
    _draw(faults, work_dir)
    if list(faults):
        raise typer.Exit(ConfigError.exit_code)


def _show_first(
    directory: Path, work_dir: Path, probes: "Sequence[Probe]", said: "Sequence[str]"
) -> list[str]:
    """Publish what can be, say where to see it; give what went wrong beyond what is said."""
    from atlas.confidential.desk import open_desk
    from atlas.confidential.founding import publish_first
    from atlas.terms import STATE_LABELS

    desk = open_desk(directory.resolve(), Home(work_dir), Screen())
    result, refused = publish_first(desk, probes)
    news = [one for one in (*refused, *map(str, result.errors)) if one not in said]
    for sentence in news:
        err.print(f"Fehler: {sentence}")
    for release in result.published:
        missing = (
            f", es fehlt: {', '.join(release.info.missing)}" if release.info.missing else ""
        )
        out.print(
            f"Veröffentlicht: {release.info.name} {STATE_LABELS[release.info.state]}{missing}"
        )
    if result.published:
        city, home = (shlex.quote(str(path)) for path in (directory, work_dir))
        out.print(f"Ansehen mit: atlas dashboard --city {city} --home {home}")
    return news
