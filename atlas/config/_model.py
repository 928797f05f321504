"""The base of every configuration model: frozen, strict, silent about input values."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, GetPydanticSchema
from pydantic_core import core_schema

from atlas.terms import Group, Kind

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


class Model(BaseModel):
    """A frozen table of a configuration file; unknown keys are errors."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True
    )


def is_unset(value: object) -> bool:
    """Keep what a city does not use out of its releases (``exclude_if``)."""
    return not value


def _check_identifier(text: str) -> str:
    if not _IDENTIFIER.fullmatch(text):
        message = "nur Kleinbuchstaben, Ziffern und Unterstrich, beginnend mit einem Buchstaben"
        raise ValueError(message)
    return text


Identifier = Annotated[str, AfterValidator(_check_identifier)]


def _word(kind: type[str]) -> GetPydanticSchema:
    """Let a text of this form be a word of an open list; whether it is known, others check."""
    return GetPydanticSchema(
        lambda _, handler: core_schema.no_info_after_validator_function(
            kind, handler(Identifier)
        )
    )


GroupName = Annotated[Group, _word(Group)]
KindName = Annotated[Kind, _word(Kind)]
