"""The command line: arguments, progress bars, exit codes; no logic of its own."""

import sys

import typer
from typer.exceptions import TyperException

from atlas.cli import (
    deliveries,
    office,
    proposals,
    protection,
    releases,
    safety,
    service,
    trials,
)
from atlas.cli.screen import err, mended_by_the_operator, usage_sentence
from atlas.errors import AtlasError

app = typer.Typer(
    help="Sozialatlas: Lieferungen annehmen, Indikatoren und Stufen berechnen, schützen und "
    "veröffentlichen.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_INTERRUPTED = 130  # what typer makes of Ctrl-C
_key = typer.Typer(help="Schlüssel der Statistikstelle.", no_args_is_help=True)

for _command in (
    service.demo,
    deliveries.check,
    deliveries.status,
    deliveries.findings,
    deliveries.deliveries,
    deliveries.reject,
    releases.build,
    releases.verify,
    releases.approve,
    releases.publish,
    releases.releases,
    releases.withdraw,
    proposals.proposals,
    office.run,
    office.watch,
    releases.diff,
    trials.classify,
    releases.export,
    protection.audit,
    protection.protect,
    deliveries.purge,
    safety.doctor,
    safety.backup,
    safety.restore,
    service.dashboard,
):
    app.command()(_command)
app.command("import")(deliveries.import_file)
_key.command()(deliveries.rotate)
_key.command("backup")(safety.new_key)
app.add_typer(_key, name="key")


def main() -> None:
    """Run a command; an error of the user becomes one sentence and its exit code."""
    try:
        with mended_by_the_operator():
            code = app(prog_name="atlas", standalone_mode=False)
    except AtlasError as error:
        err.print(f"Fehler: {error}")
        sys.exit(error.exit_code)
    except TyperException as error:
        if text := usage_sentence(error):
            err.print(f"Fehler: {text}")
        sys.exit(error.exit_code)
    if code == _INTERRUPTED:
        err.print("Abgebrochen.")
    sys.exit(code or 0)
