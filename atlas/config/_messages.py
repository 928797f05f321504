"""What is wrong with a configuration file, as one German sentence without any value of it."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

# Steps that name an alternative of the model and nothing that the file holds.
_MODEL_STEP = re.compile(r"(literal|tuple)\[.*|\[key\]")
_POSITION = re.compile(r"at line (\d+), column (\d+)")
_CHOICE = re.compile(r"'([^']*)'")
_BETWEEN = re.compile(r", | or ")

_TEXTS = {
    "missing": "fehlt",
    "extra_forbidden": "unbekannter Schlüssel",
    "string_type": "Text erwartet",
    "string_too_short": "Text mit mindestens {min_length} Zeichen erwartet",
    "string_too_long": "Text mit höchstens {max_length} Zeichen erwartet",
    "int_type": "ganze Zahl erwartet",
    "int_parsing": "ganze Zahl erwartet",
    "int_parsing_size": "kleinere ganze Zahl erwartet",
    "int_from_float": "ganze Zahl erwartet",
    "float_type": "Zahl erwartet",
    "float_parsing": "Zahl erwartet",
    "finite_number": "endliche Zahl erwartet",
    "greater_than": "Zahl über {gt} erwartet",
    "greater_than_equal": "Zahl ab {ge} erwartet",
    "less_than": "Zahl unter {lt} erwartet",
    "less_than_equal": "Zahl bis höchstens {le} erwartet",
    "bool_type": "true oder false erwartet",
    "bool_parsing": "true oder false erwartet",
    "tuple_type": "Liste erwartet",
    "dict_type": "Tabelle erwartet",
    "model_type": "Tabelle erwartet",
    "model_attributes_type": "Tabelle erwartet",
    "too_short": "mindestens ein Eintrag erwartet",
    "date_type": "Datum erwartet (JJJJ-MM-TT)",
    "date_parsing": "Datum erwartet (JJJJ-MM-TT)",
    "date_from_datetime_parsing": "Datum erwartet (JJJJ-MM-TT)",
    "date_from_datetime_inexact": "Datum ohne Uhrzeit erwartet (JJJJ-MM-TT)",
    "enum": "kein zulässiger Wert, erwartet: {expected}",
    "literal_error": "kein zulässiger Wert, erwartet: {expected}",
}
_ANY_OTHER = "kein zulässiger Wert"


def model_sentence(error: ValidationError) -> str:
    """Key and expectation of the first error, and how many more there are.

    Errors of rules that the project wrote itself carry German text; of pydantic's own texts,
    which are English, none passes.
    """
    details = error.errors(include_input=False, include_url=False)
    told, same = _most_telling(details)
    place = _place(told)
    others = len(details) - same
    more = f" ({others} weitere)" if others else ""
    where = f"Schlüssel „{place}“: " if place else ""
    return f"{where}{_text(told)}{more}. Siehe docs/konfiguration.md."


def model_sentences(error: ValidationError) -> list[str]:
    """Key and expectation of every error, the alternatives of one key counted as one."""
    left = error.errors(include_input=False, include_url=False)
    sentences = []
    while left:
        told, _ = _most_telling(left)
        place = _place(told)
        where = f"Schlüssel „{place}“: " if place else ""
        sentences.append(f"{where}{_text(told)}. Siehe docs/konfiguration.md.")
        left = [one for one in left if _place(one) != place]
    return sentences


def _place(details: ErrorDetails) -> str:
    return ".".join(str(step) for step in details["loc"] if not _is_model_step(step))


def toml_sentence(error: tomllib.TOMLDecodeError) -> str:
    """Where a file stops being TOML."""
    position = _POSITION.search(str(error))
    place = f"Zeile {position[1]}, Spalte {position[2]}" if position else "am Ende der Datei"
    return f"kein gültiges TOML ({place}). Schreibweise prüfen."


def _most_telling(details: list[ErrorDetails]) -> tuple[ErrorDetails, int]:
    """First error; of the alternatives of one key, the one that got furthest.

    An unknown key goes first: a key that is spelled wrongly is also missing.
    """
    unknown = (one for one in details if one["type"] == "extra_forbidden")
    first = next(unknown, details[0])
    at = next((i for i, step in enumerate(first["loc"]) if _is_model_step(step)), None)
    if at is None:
        return first, 1
    same = [one for one in details if one["loc"][:at] == first["loc"][:at]]
    return max(same, key=lambda one: len(one["loc"])), len(same)


def _is_model_step(step: int | str) -> bool:
    return isinstance(step, str) and _MODEL_STEP.fullmatch(step) is not None


def _text(details: ErrorDetails) -> str:
    if details["type"] == "value_error":
        return details["msg"].removeprefix("Value error, ")
    context = {key: _word(value) for key, value in _context(details).items()}
    return _TEXTS.get(details["type"], _ANY_OTHER).format_map(context)


def _context(details: ErrorDetails) -> Mapping[str, Any]:
    """Limits of the model, never what the file holds."""
    return details.get("ctx", {})


def _word(limit: object) -> str:
    if isinstance(limit, str):
        quoted = [f"„{choice}“" for choice in _CHOICE.findall(limit)]
        return " / ".join(quoted or _BETWEEN.split(limit))
    return str(limit).removesuffix(".0").replace(".", ",")
