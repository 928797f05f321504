"""The command line: arguments, progress bars, exit codes; no logic of its own."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from atlas.config import find_city_dir
from atlas.errors import AtlasError, DeliveryError, ReleaseError
from atlas.home import Home

if TYPE_CHECKING:
    from atlas.confidential.pipeline import Advance, Office

app = typer.Typer(
    help="Sozialatlas: Lieferungen annehmen, Indikatoren und Stufen berechnen, schützen und "
    "veröffentlichen.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)
_PROJECT_DIR = Path(__file__).resolve().parents[1]

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
DEFAULT_CITY = "wuppertal"
DEFAULT_HOME = Path("var")


def main() -> None:
    """Run a command; an error of the user becomes one sentence and its exit code."""
    try:
        app()
    except AtlasError as error:
        _err.print(f"Fehler: {error}", markup=False)
        sys.exit(error.exit_code)


@dataclass
class _Screen:
    """Shows steps on a terminal and keeps how long each took."""

    timings: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, total: int | None) -> Iterator["Advance"]:
        """Show one step while it lasts."""
        begin = time.perf_counter()
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f}"),
            TimeElapsedColumn(),
        )
        with Progress(
            *columns, console=_err, transient=True, disable=not _err.is_terminal
        ) as bar:
            task = bar.add_task(name, total=total)
            yield lambda done: bar.update(task, completed=done)
        self.timings.append((name, time.perf_counter() - begin))

    def say(self, message: str) -> None:
        """Tell one sentence."""
        _err.print(message, markup=False)

    def print_timings(self) -> None:
        """Print seconds per step and the peak of memory."""
        for name, seconds in self.timings:
            _out.print(f"{seconds:8.2f} s  {name}", markup=False)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        total = sum(seconds for _, seconds in self.timings)
        _out.print(f"{total:8.2f} s  zusammen; Speicher höchstens {peak_mb:.0f} MB")


def _open(city: str, home: Path, screen: _Screen | None = None) -> "Office":
    from atlas.confidential.pipeline import open_office

    return open_office(find_city_dir(city), Home(home.resolve()), screen or _Screen())


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DeliveryError("Angabe --date: kein Datum. Erwartet: JJJJ-MM-TT.") from None


@app.command()
def demo(
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    serve: Annotated[bool, typer.Option(help="Danach das Dashboard öffnen")] = True,
    port: Annotated[int, typer.Option(help="Anschluss des Dashboards")] = 8501,
    timings: Annotated[bool, typer.Option(help="Sekunden je Schritt und Speicher")] = False,
) -> None:
    """Baut die Vorführung einer der drei Städte und öffnet das Dashboard."""
    from atlas.demo import build_demo

    screen = _Screen()
    office = _open(city, home, screen)
    with screen.step("Musterdaten erzeugen", None) as advance:
        build_demo(office.config.city.id, office.home.root, lambda _, done, __: advance(done))
    # New buildings and shelters change single blocks so much that a real office would ask why.
    _run_and_report(office, screen, "Musterdaten: Neubauten und Unterkünfte")
    _print_later(office)
    if timings:
        screen.print_timings()
    if serve:
        _serve(city, home, port)


@app.command()
def check(
    file: Path,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    layout: Annotated[str, typer.Option(help="Layout aus deliveries.toml")] = "",
    reference_date: DateOption = "",
) -> None:
    """Prüft eine Lieferung, ohne sie anzunehmen."""
    from atlas.confidential.delivery import describe, raise_on_errors
    from atlas.confidential.pipeline import layout_of, read

    office = _open(city, home)
    reading = read(office, file, layout_of(office, file, layout or None), _day(reference_date))
    for finding in reading.findings:
        _out.print(f"{finding.severity}: {describe(finding, file.name)}", markup=False)
    raise_on_errors(reading.findings, file.name)
    days = ", ".join(str(day) for day in sorted(reading.parts))
    _out.print(f"{file.name}: {reading.rows} Zeilen für {days}, annehmbar.", markup=False)


@app.command("import")
def import_file(  # noqa: PLR0913 - one argument per option of the command
    file: Path,
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    layout: Annotated[str, typer.Option(help="Layout aus deliveries.toml")] = "",
    reference_date: DateOption = "",
    accept_warnings: Annotated[
        str, typer.Option(help="Begründung, warum trotz Warnungen")
    ] = "",
) -> None:
    """Nimmt eine Lieferung an; gebaut wird danach mit run oder build."""
    from atlas.confidential.pipeline import layout_of, only_one, receive

    office = _open(city, home)
    path = file if file.exists() else office.home.inbox / file.name
    with only_one(office):
        chosen = layout_of(office, path, layout or None)
        receipt = receive(office, path, chosen, _day(reference_date), accept_warnings)
        if path.resolve().parent == office.home.inbox:
            path.unlink()
    for one in receipt.accepted:
        number = f" (Berichtigung {one.number})" if one.number > 1 else ""
        _out.print(f"Angenommen: {chosen.label}, Stand {one.reference_date}{number}.")
    if not receipt.accepted:
        _out.print(f"{file.name}: ist schon angenommen, nichts Neues.", markup=False)


@app.command()
def status(
    city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME, as_json: AsJson = False
) -> None:
    """Zeigt je Quelle und Stichtag, was da ist, was fehlt und was es aufhält."""
    from atlas.confidential.pipeline import source_dates

    rows = source_dates(_open(city, home), datetime.now(UTC).date())
    if as_json:
        _out.print_json(json.dumps([asdict(row) for row in rows], default=str))
        return
    words = {
        "accepted": "angenommen",
        "corrected": "berichtigt",
        "inbox": "im Eingang",
        "due": "fällig am",
        "overdue": "überfällig seit",
        "unavailable": "liegt nicht vor",
    }
    table = Table("Stichtag", "Quelle", "Stand", "hält auf")
    for row in rows:
        due = f" {row.due_date:%d.%m.%Y}" if row.state in ("due", "overdue") else ""
        day = f"{row.reference_date:%d.%m.%Y}"
        table.add_row(day, row.label, words[row.state] + due, row.holds_up)
    _out.print(table)


@app.command()
def build(
    city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME, reference_date: DateOption = ""
) -> None:
    """Baut den Entwurf eines Stichtags (ohne Angabe: aller Stichtage)."""
    from atlas.confidential.pipeline import build as build_draft
    from atlas.confidential.pipeline import only_one, reference_dates

    office = _open(city, home)
    wanted = _day(reference_date)
    days = [day for day in reference_dates(office) if wanted in (None, day)]
    if not days:
        raise DeliveryError(
            "Stichtag: keine Lieferung mit Einwohner*innen angenommen. Erst atlas import."
        )
    with only_one(office):
        for day in days:
            _out.print(f"Entwurf {build_draft(office, day).name} gebaut.")


def _drafts_or_release(office: "Office", name: str) -> list[Path]:
    if not name:
        return sorted(office.drafts_dir.iterdir()) if office.drafts_dir.is_dir() else []
    for path in (office.drafts_dir / name, office.releases_dir / name, Path(name)):
        if (path / "datapackage.json").is_file():
            return [path]
    raise ReleaseError(
        f"Release {name}: weder Entwurf noch Veröffentlichung. Erwartet: ein Name wie "
        "2024-12-31.1. Mit atlas status nachsehen."
    )


@app.command()
def verify(
    release: Annotated[str, typer.Argument(help="Name; leer: alle Entwürfe")] = "",
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Baut jede Datei aus den veröffentlichten Zellen neu und vergleicht die Bytes."""
    from atlas.confidential.pipeline import only_one
    from atlas.confidential.pipeline import verify as verify_files

    office = _open(city, home)
    with only_one(office):
        for path in _drafts_or_release(office, release):
            verify_files(office, path)
            _out.print(f"{path.name}: jede Datei folgt aus den veröffentlichten Zellen.")


@app.command()
def approve(release: str, city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME) -> None:
    """Gibt einen geprüften Entwurf als zweite Person frei."""
    from atlas.confidential.pipeline import approve as approve_draft
    from atlas.confidential.pipeline import only_one

    office = _open(city, home)
    with only_one(office):
        missing = approve_draft(office, office.drafts_dir / release)
    more = f" Es fehlen noch {missing}." if missing else " Bereit für atlas publish."
    _out.print(f"Entwurf {release} freigegeben.{more}")


@app.command()
def publish(
    release: Annotated[str, typer.Argument(help="Name; leer: alle Entwürfe")] = "",
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
) -> None:
    """Veröffentlicht geprüfte Entwürfe."""
    from atlas.confidential.pipeline import only_one
    from atlas.confidential.pipeline import publish as publish_draft

    office = _open(city, home)
    with only_one(office):
        for path in _drafts_or_release(office, release):
            _out.print(f"Veröffentlicht: {publish_draft(office, path).name}.")


@app.command()
def run(
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    timings: Annotated[bool, typer.Option(help="Sekunden je Schritt und Speicher")] = False,
) -> None:
    """Nimmt an, was im Eingang liegt, und veröffentlicht jeden Stichtag mit neuen Daten."""
    screen = _Screen()
    _run_and_report(_open(city, home, screen), screen)
    if timings:
        screen.print_timings()


@app.command()
def watch(city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME) -> None:
    """Dienst der Statistikstelle: rechnet neu, sobald Eingang oder requests/ sich ändern."""
    from watchfiles import watch as changes_of

    screen = _Screen()
    office = _open(city, home, screen)
    _out.print(f"Wacht über {office.home.inbox} und {office.home.requests}.", markup=False)
    _run_and_go_on(office, screen)
    for _ in changes_of(office.home.inbox, office.home.requests, recursive=False):
        _run_and_go_on(office, screen)


@app.command()
def diff(old: str, new: str, city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME) -> None:
    """Vergleicht zwei Veröffentlichungen Zelle für Zelle."""
    from atlas.release import cell_changes, open_release

    office = _open(city, home)
    before, after = (
        open_release(_drafts_or_release(office, name)[0]).cells for name in (old, new)
    )
    after = after.assign(reference_date=before["reference_date"].iloc[0])
    changes = cell_changes(before, after)
    table = Table("Gebiet", "Bezugsgruppe", "Größe", "vorher", "nachher")
    for row in changes.itertuples():
        table.add_row(
            f"{row.kind} {row.area_id}",
            str(row.group),
            str(row.item),
            f"{row.old_value:g} {row.old_status}",
            f"{row.new_value:g} {row.new_status}",
        )
    _out.print(table)
    _out.print(f"{len(changes)} Zellen verschieden.")


@app.command()
def dashboard(
    city: City = DEFAULT_CITY,
    home: HomeDir = DEFAULT_HOME,
    port: Annotated[int, typer.Option(help="Anschluss")] = 8501,
) -> None:
    """Öffnet das Dashboard auf diesem Rechner."""
    _serve(city, home, port)


def _run_and_go_on(office: "Office", screen: _Screen) -> None:
    try:
        _run_and_report(office, screen)
    except AtlasError as error:
        _err.print(f"Fehler: {error}", markup=False)


def _run_and_report(office: "Office", screen: _Screen, reason: str = "") -> None:
    from atlas.confidential.pipeline import run as run_all
    from atlas.confidential.pipeline import summary

    result = run_all(office, reason)
    for name in result.unknown:
        screen.say(f"Eingang: {name} passt zu keinem Layout dieser Stadt und bleibt liegen.")
    _out.print(summary(result), markup=False)
    for release in result.published:
        info = release.info
        missing = f", es fehlt: {', '.join(info.missing)}" if info.missing else ""
        _out.print(f"  {info.name} {info.state}{missing} ({info.reason})", markup=False)
    if result.refused:
        first, *others = result.refused
        for error in others:
            _err.print(f"Fehler: {error}", markup=False)
        raise first


def _print_later(office: "Office") -> None:
    later = office.home.root / "spaeter"
    files = sorted(later.iterdir()) if later.is_dir() else []
    if files:
        _out.print("Sind die Daten der BA da, genügt ein Befehl:")
        _out.print(
            f"  mv {later}/* {office.home.inbox}/ && atlas run --home {office.home.root}",
            markup=False,
        )


def _serve(city: str, home: Path, port: int) -> None:
    from atlas.config import load_city

    city_id = load_city(find_city_dir(city)).city.id
    environment = {**os.environ, "ATLAS_HOME": str(home.resolve()), "ATLAS_CITY": city_id}
    _out.print(f"Dashboard: http://localhost:{port}  (beenden mit Strg+C)")
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(_PROJECT_DIR / "app.py"),
        "--server.address",
        "127.0.0.1",
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    try:
        completed = subprocess.run(command, env=environment, check=False, cwd=_PROJECT_DIR)
    except KeyboardInterrupt:
        return
    sys.exit(completed.returncode)
