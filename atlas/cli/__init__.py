"""The command line: arguments, progress bars, exit codes; no logic of its own."""

import sys
import warnings
from typing import Any

import typer
from typer.exceptions import TyperException

from atlas.cli import (
    deliveries,
    desk,
    differences,
    dispatch,
    founding,
    log,
    new_city,
    office,
    proposals,
    protection,
    releases,
    reports,
    safety,
    service,
    trials,
)
from atlas.cli.german import (
    USAGE_OF_COMMANDS,
    USAGE_OF_OPTIONS,
    GermanCommand,
    GermanGroup,
    speak_german,
)
from atlas.cli.screen import err, mended_by_the_operator, unfailing_streams, usage_sentence
from atlas.cli.unexpected import told
from atlas.errors import AtlasError

app = typer.Typer(
    help="Sozialatlas: Lieferungen annehmen, Indikatoren und Stufen berechnen, schützen und "
    "veröffentlichen.",
    cls=GermanGroup,
    no_args_is_help=True,
    options_metavar=USAGE_OF_OPTIONS,
    subcommand_metavar=USAGE_OF_COMMANDS,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_GERMAN: dict[str, Any] = {"cls": GermanCommand, "options_metavar": USAGE_OF_OPTIONS}
_INTERRUPTED = 130  # what typer makes of Ctrl-C
_key = typer.Typer(
    help="Schlüssel der Statistikstelle.",
    cls=GermanGroup,
    no_args_is_help=True,
    options_metavar=USAGE_OF_OPTIONS,
    subcommand_metavar=USAGE_OF_COMMANDS,
)

for _command in (
    service.demo,
    new_city.new_city,
    founding.layout,
    deliveries.check,
    deliveries.status,
    deliveries.findings,
    deliveries.deliveries,
    deliveries.refuse,
    deliveries.reject,
    releases.build,
    releases.verify,
    releases.approve,
    releases.decline,
    releases.publish,
    releases.releases,
    releases.withdraw,
    proposals.proposals,
    office.run,
    office.watch,
    differences.diff,
    trials.classify,
    releases.export,
    reports.report,
    dispatch.send,
    protection.audit,
    protection.protect,
    protection.known,
    log.log,
    deliveries.purge,
    safety.doctor,
    safety.backup,
    safety.restore,
    service.dashboard,
    service.api,
    desk.desk,
):
    app.command(**_GERMAN)(told(_command))
app.command("import", **_GERMAN)(told(deliveries.import_file))
_key.command(**_GERMAN)(told(deliveries.rotate))
_key.command("backup", **_GERMAN)(told(safety.new_key))
app.add_typer(_key, name="key")


def main() -> None:
    """Run a command; whatever goes wrong becomes one sentence and its exit code."""
    unfailing_streams()
    speak_german()
    # What libraries warn of in English is checked where it matters; it may hold a value.
    warnings.simplefilter("ignore")
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
