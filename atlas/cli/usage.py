"""What is wrong with a command as it was typed, in German; knows no command."""

from typing import Any

from typer.exceptions import TyperException


def usage_sentence(error: TyperException) -> str:
    """Say what cannot be understood and what is expected; empty where help was shown.

    typer has no public classes for these errors, so they are told apart by their names.
    """
    context = getattr(error, "ctx", None)
    command = "atlas" if context is None else str(context.command_path)
    what = _what(error, context, command)
    return f"{what} Erwartet: ein Aufruf, wie {command} --help ihn beschreibt." if what else ""


def _what(error: TyperException, context: Any, command: str) -> str:
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return ""
    if kind == "NoSuchOption":
        return f"{command}: die Option {getattr(error, 'option_name', '')} gibt es nicht."
    if kind == "BadOptionUsage":
        return f"{command}: der Option {getattr(error, 'option_name', '')} fehlt ihr Wert."
    parameter = _parameter(error)
    if kind == "MissingParameter":
        return f"{command}: die Angabe {parameter} fehlt."
    if kind == "BadParameter":
        return f"{command}: die Angabe {parameter} passt nicht."
    is_group = context is not None and hasattr(context.command, "commands")
    return f"{command}: {'diesen Befehl gibt es nicht' if is_group else 'zu viele Angaben'}."


def _parameter(error: TyperException) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    is_option = parameter.param_type_name == "option"
    return str(max(parameter.opts, key=len) if is_option else parameter.name)
