"""``reports.toml``: the papers that a city puts together itself; knows no data."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from atlas.config._model import KindName, Model
from atlas.config.context import Line
from atlas.config.deliveries import split_item
from atlas.config.whole import CityConfig
from atlas.terms import Kind

_ITEM = re.compile(r"[a-z][a-z0-9_]*(?:@[a-z][a-z0-9_]*)?")
_FILE = re.compile(r"[\w-][\w .-]*\.(?:txt|md)")
_MOST_DATES = 60


def _check_item(text: str) -> str:
    if not _ITEM.fullmatch(text):
        raise ValueError("Name einer Kennzahl oder eines Indikators erwartet, auch mit @gruppe")
    return text


def _check_file(text: str) -> str:
    if not _FILE.fullmatch(text):
        raise ValueError("Name einer Datei im Ordner reports/ erwartet, Endung .txt oder .md")
    return text


ItemText = Annotated[str, AfterValidator(_check_item)]
FileText = Annotated[str, AfterValidator(_check_file)]


class Section(Model):
    """One section of a paper: a text that people write, tables and charts, in this order."""

    title: Line = Field(max_length=120, description="Überschrift")
    text: FileText | None = Field(
        default=None,
        description="Datei mit eigenem Text im Ordner `reports/` neben dieser Datei, UTF-8. "
        "Eine Leerzeile trennt Absätze; kein Zeichen darin gestaltet",
    )
    series: tuple[ItemText, ...] = Field(
        default=(),
        description="Kennzahlen der Reihe (`source`): als Linien, darunter als Tabelle",
    )
    areas: tuple[ItemText, ...] = Field(
        default=(),
        description="Kennzahlen und Indikatoren je Gebiet (`kind`), am neuesten Stichtag "
        "und am Stichtag davor",
    )
    kind: KindName = Field(
        default=Kind.DISTRICT, description="Gebietsart der Tabellen aus `areas`"
    )
    dates: tuple[ItemText, ...] = Field(
        default=(),
        description="Kennzahlen und Indikatoren der ganzen Stadt, an allen Stichtagen",
    )

    @property
    def items(self) -> tuple[str, ...]:
        """All items that the section names."""
        return (*self.series, *self.areas, *self.dates)

    @model_validator(mode="after")
    def _check_content(self) -> Self:
        if not (self.items or self.text):
            raise ValueError("text, series, areas oder dates erwartet")
        return self


class Report(Model):
    """A paper that the city puts together."""

    title: Line = Field(max_length=80, description="Titel des Berichts")
    source: str = Field(
        default="",
        description="Quelle (`source` aus deliveries.toml), die für die ganze Stadt kommt "
        "(`is_series`); `series` nennt ihre Kennzahlen. Bei `weekly` macht jeder neue Stichtag "
        "der Quelle eine Nummer",
    )
    last: int = Field(
        default=13,
        ge=2,
        le=_MOST_DATES,
        description="So viele Stichtage der Reihe stehen in ihrer Tabelle",
    )
    sections: tuple[Section, ...] = Field(
        min_length=1, description="Abschnitte in der Reihenfolge des Berichts"
    )

    @model_validator(mode="after")
    def _check_series(self) -> Self:
        if not self.source and any(one.series for one in self.sections):
            raise ValueError("source: fehlt; ein Abschnitt nennt Kennzahlen einer Reihe")
        return self


class Reports(Model):
    """The papers that a city puts together itself."""

    format: Literal[1]
    weekly: Report | None = Field(
        default=None, description="„Bevölkerung aktuell“: je Stichtag einer Reihe eine Nummer"
    )
    yearly: Report | None = Field(
        default=None, description="Migrationsbericht: je Stichtag mit Quartieren einer"
    )

    @model_validator(mode="after")
    def _check_weekly(self) -> Self:
        if self.weekly is not None and not self.weekly.source:
            raise ValueError("weekly.source: fehlt; sie sagt, wann eine Nummer erscheint")
        return self


def require_known(reports: Reports, config: CityConfig) -> None:
    """Find what reports name and the city does not have.

    Raises
    ------
    ValueError
        Naming the key, and what was expected.
    """
    for name in ("weekly", "yearly"):
        report = getattr(reports, name)
        if isinstance(report, Report):
            _require_source(f"{name}.source", report.source, config)
            for at, section in enumerate(report.sections):
                _require_items(f"{name}.sections.{at}", section, config)


def _require_source(place: str, source: str, config: CityConfig) -> None:
    known = sorted({one.source for one in config.deliveries.layouts if one.is_series})
    if source and source not in known:
        raise ValueError(
            f"Schlüssel „{place}“: keine Quelle, die allein für die Stadt kommt; erwartet wird "
            f"eine mit is_series in deliveries.toml ({', '.join(known) or 'dort ist keine'})"
        )


def _require_items(place: str, section: Section, config: CityConfig) -> None:
    known = {*config.indicators.measures, *config.indicators.indicators}
    for item, group in map(split_item, section.items):
        if item not in known or group not in config.indicators.groups:
            raise ValueError(
                f"Schlüssel „{place}“: {item}@{group} gibt es nicht; erwartet wird eine "
                "Kennzahl oder ein Indikator aus indicators.toml, dahinter @gruppe, wenn nicht "
                "alle gemeint sind"
            )
    if section.areas and section.kind not in config.areas.kinds:
        raise ValueError(
            f"Schlüssel „{place}.kind“: gibt es nicht; erwartet wird eine Gebietsart aus "
            "areas.toml"
        )
