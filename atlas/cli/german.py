"""Typer's own words in German, whatever language the machine is set to."""

from typing import Any

from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

USAGE_OF_OPTIONS = "[OPTIONEN]"
USAGE_OF_COMMANDS = "BEFEHL [ANGABEN]..."
_HEADINGS = {
    "OPTIONS_PANEL_TITLE": "Optionen",
    "ARGUMENTS_PANEL_TITLE": "Angaben",
    "COMMANDS_PANEL_TITLE": "Befehle",
    "ERRORS_PANEL_TITLE": "Fehler",
    "ABORTED_TEXT": "Abgebrochen.",
    "DEFAULT_STRING": "[ohne Angabe: {}]",
    "ENVVAR_STRING": "[Umgebungsvariable: {}]",
    "REQUIRED_LONG_STRING": "[nötig]",
}


def speak_german() -> None:
    """Give the pages of help German headings; typer has no catalogue for them."""
    for name, text in _HEADINGS.items():
        setattr(rich_utils, name, text)


class GermanCommand(TyperCommand):
    """A command whose page of help is German."""

    def get_help_option(self, ctx: Any) -> Any:
        """Option ``--help``, explained in German."""
        return _explained(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """First line of the page of help."""
        return _first_line(super().get_usage(ctx))


class GermanGroup(TyperGroup):
    """Several commands whose page of help is German."""

    def get_help_option(self, ctx: Any) -> Any:
        """Option ``--help``, explained in German."""
        return _explained(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """First line of the page of help."""
        return _first_line(super().get_usage(ctx))


def _explained(option: Any) -> Any:
    if option is not None:
        option.help = "Zeigt diese Hilfe."
    return option


def _first_line(usage: str) -> str:
    return usage.replace("Usage: ", "Aufruf: ", 1)
