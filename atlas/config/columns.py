"""One column of a delivery: what it holds and how it is written."""

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from atlas.config._model import GroupName, Identifier, Model
from atlas.terms import Group

Role = Literal[
    "area",  # key of the area
    "address",  # key of the address; the street directory gives the area
    "x",  # easting of the address, kept as area only
    "y",  # northing
    "person",  # common key of a person, kept as keyed hash only
    "birth_date",  # kept as age at the reference date only
    "age",  # age in years at the reference date
    "code",  # a code that measures refer to
    "date",  # reference date of the row
    "item",  # names the measure of the row (long table)
    "dimension",  # tells parts of a count apart that are added up
    "count",  # a count
    "value",  # a share delivered ready-made
]

_TARGET = re.compile("[a-z][a-z0-9_]*(@[a-z][a-z0-9_]*)?")


class Column(Model):
    """One column of a delivery; columns that no layout names are not read."""

    role: Role = Field(description="Was die Spalte enthält")
    format: str | tuple[str, ...] = Field(
        default="",
        description="Datumsformat, z. B. %d.%m.%Y, %Y oder %Y%m; eine Liste, wenn mehrere "
        "vorkommen",
    )
    pattern: str = Field(
        default="",
        description="Regulärer Ausdruck; gelesen wird, was in seiner Klammer steht",
    )
    fill_down: bool = Field(
        default=False, description="Leere Zelle heißt: wie in der Zeile darüber"
    )
    by_name: bool = Field(
        default=False, description="Bei role = area: Namen der Gebiete statt Schlüssel"
    )
    factor: float | None = Field(
        default=None,
        gt=0,
        description="Bei role = value: die Zahl mal so viel; 100, wenn 0,11 elf Prozent heißt",
    )
    groups: dict[str, GroupName] = Field(
        default_factory=dict,
        description="Bei role = dimension: Text auf die Bezugsgruppe, zu der die Zeile auch "
        "zählt",
    )
    ignore: tuple[str, ...] = Field(
        default=(),
        description="Bei role = dimension: Texte, deren Zeilen schon Summen der anderen sind; "
        "bei role = area: Texte, deren Zeilen weder gezählt noch geprüft werden",
    )
    item: Identifier | None = Field(
        default=None, description="Kennzahl oder Indikator der Spalte"
    )
    group: GroupName = Field(default=Group.ALL, description="Bezugsgruppe der Spalte")
    items: dict[str, str | tuple[str, ...]] = Field(
        default_factory=dict,
        description="Text der Spalte role = item auf Kennzahl oder Kennzahl@u18 oder eine "
        "Liste davon; mehrere Texte auf dieselbe werden addiert; steht bei role = item oder je "
        "Zahlenspalte",
    )
    codes: tuple[str, ...] = Field(default=(), description="Zulässige Schlüssel")
    width: int = Field(
        default=0, ge=0, description="Stellen des Schlüssels, mit Nullen aufgefüllt"
    )
    is_mandatory: bool = Field(
        default=False, description="Bei role = code: leere Zellen sind Fehler"
    )

    @model_validator(mode="after")
    def _check_item(self) -> Self:
        if self.item is not None and self.items:
            raise ValueError("entweder item oder items")
        for _, target in self.targets():
            if not _TARGET.fullmatch(target):
                raise ValueError("items: Kennzahl oder Kennzahl@u18 erwartet")
        if self.role in ("birth_date", "date"):
            for one in self.formats() or ("",):
                check_date_format(one, is_birth=self.role == "birth_date")
        if self.pattern:
            check_pattern(self.pattern)
        return self

    def formats(self) -> tuple[str, ...]:
        """Spellings of dates, in the order in which they are tried."""
        return (self.format,) if isinstance(self.format, str) else self.format

    def targets(self) -> tuple[tuple[str, str], ...]:
        """Texts with each item that they are counted for."""
        return tuple(
            (text, one)
            for text, target in self.items.items()
            for one in ((target,) if isinstance(target, str) else target)
        )


def check_pattern(text: str) -> None:
    """Refuse what is no regular expression with exactly one group."""
    try:
        groups = re.compile(text).groups
    except re.error:
        groups = -1
    if groups != 1:
        raise ValueError("pattern: regulärer Ausdruck mit genau einer Klammer erwartet")


def check_date_format(text: str, *, is_birth: bool = False) -> None:
    """Refuse a format without a year, or with a part that no date has.

    Two digits tell the year of a reference date, of a birth they leave the century open.
    """
    directives = re.findall("%.?", text)
    years = {"%Y"} if is_birth else {"%Y", "%y"}
    has_year = len(years & set(directives)) == 1
    if not has_year or len(directives) != len(set(directives)):
        raise ValueError("format: Datumsformat mit %Y erwartet, z. B. %d.%m.%Y, %Y oder %Y%m")
    months = {"%m", "%B"} & set(directives)
    if not set(directives) <= years | {"%m", "%B", "%d"} or len(months) > 1:
        raise ValueError("format: nur %Y (beim Stichtag auch %y), %m oder %B, und %d")
    if "%d" in directives and not months:
        raise ValueError("format: %d nur mit %m oder %B")
