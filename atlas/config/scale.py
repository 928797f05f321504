"""One scale of ``levels.toml``: method, indicators or themes, and cuts of an index."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from atlas.config._model import Identifier, Model, is_unset
from atlas.config.methods import METHODS, RANKING, SHARES, STANDARDISING, Method, MethodName
from atlas.terms import DynamicLevel, Level

Preset = Literal["mss", "need4"]
Ties = Literal["highest", "average", "lowest"]
Missing = Literal["leave_out", "own_areas"]
Number = Annotated[float, Field(allow_inf_nan=False)]
# A theme is the item ``need_index.<id>``; the index has parts of these names itself.
_RESERVED = re.compile(
    r"sum|rank|distance|decile|relative|former|fixed|sum_mean|sum_sd|cut_[0-9]+"
)


def _cut_units() -> str:
    """Say what cuts are by method, where they are no shares of the areas."""
    units = {name: one.cut_unit for name, one in METHODS.items() if not one.cut_unit.is_share}
    return "; ".join(f"{name}: {unit.word}" for name, unit in units.items())


class Part(Model):
    """One indicator of an index."""

    id: Identifier = Field(description="Indikator")
    weight: Number = Field(default=1.0, gt=0, description="Gewicht")
    direction: Literal["more", "less"] = Field(
        default="more", description="more: höherer Wert heißt mehr Bedarf"
    )
    cuts: tuple[Number, ...] = Field(
        default=(),
        description="Grenzen bei method = fixed in der Einheit des Indikators; "
        "jede überschrittene zählt einen Punkt (bei direction = less: jede unterschrittene)",
    )

    @model_validator(mode="after")
    def _check_cuts(self) -> Self:
        _check_ascending(self.cuts)
        return self


class Theme(Model):
    """One sub-index: indicators that are put together before the index is."""

    id: Identifier = Field(description="Name des Teilindex")
    label: str = Field(min_length=1, description="Bezeichnung, z. B. Armut")
    weight: Number = Field(default=1.0, gt=0, description="Gewicht des Teilindex im Index")
    indicators: tuple[Part, ...] = Field(
        min_length=1, description="Indikatoren, aus denen der Teilindex entsteht"
    )

    @model_validator(mode="after")
    def _check_id(self) -> Self:
        if _RESERVED.fullmatch(self.id):
            raise ValueError(f"id: {self.id} heißt schon ein Teil des Index, anders nennen")
        return self


def _leaves_out(missing: str) -> bool:
    return missing == "leave_out"


class Scale(Model):
    """Method, parts and cuts of the need index."""

    method: MethodName = Field(
        default="zscore",
        description="; ".join(f"{name}: {one.gloss}" for name, one in METHODS.items()),
    )
    preset: Preset | None = Field(
        default=None,
        description="Fertige Grenzen für zscore: mss (−1; 1; 1,5) oder need4 (0; 0,5; 1)",
    )
    cuts: tuple[Number, ...] = Field(
        default=(),
        description="Obere Grenzen der Stufen 1, 2, 3; ein Wert auf der Grenze bleibt "
        f"darunter. {_cut_units()}; sonst {SHARES.word}",
    )
    sd: Literal["population", "sample"] = Field(
        default="population", description="Standardabweichung mit n oder mit n − 1 im Nenner"
    )
    mean_base: Literal["area_mean", "city_value"] = Field(
        default="area_mean",
        description="Mitte der z-Werte: Mittel der Gebiete oder Wert der Stadt; mit dem Wert "
        "der Stadt hat die Stadt im Ganzen den Index 0",
    )
    base_date: date | None = Field(
        default=None, description="Mittel und Standardabweichung dieses Stichtags einfrieren"
    )
    ties: Ties | None = Field(
        default=None,
        exclude_if=is_unset,
        description="Welchen Rang gleiche Werte bei percentile und rank_exponential teilen, "
        "gezählt ab dem niedrigsten Wert: den höchsten (highest), den mittleren (average) oder "
        "den niedrigsten (lowest) der ihren; fehlt es, wie beim Vorbild: percentile lowest, "
        "rank_exponential highest",
    )
    missing: Missing = Field(
        default="leave_out",
        exclude_if=_leaves_out,
        description="Gebiete, denen ein Indikator fehlt: leave_out lässt sie beim ganzen Index "
        "weg; own_areas vergleicht bei jedem Indikator und Teilindex alle, die ihn haben",
    )
    indicators: tuple[Part, ...] = Field(
        default=(),
        description="Indikatoren, aus denen der Index entsteht; oder `themes`",
    )
    themes: tuple[Theme, ...] = Field(
        default=(),
        exclude_if=is_unset,
        description="Teilindizes, aus denen der Index entsteht, statt `indicators`; nur beim "
        "Handlungsbedarf",
    )

    @model_validator(mode="after")
    def _check_scale(self) -> Self:
        if self.preset is not None and (self.cuts or not self.record.presets):
            raise ValueError("preset: nur bei method = zscore und ohne eigene cuts")
        _check_ascending(self.cuts)
        if self.record.cut_unit.is_share and not all(0 < cut < 1 for cut in self.cuts):
            raise ValueError(f"cuts: Anteile zwischen 0 und 1 bei method = {self.method}")
        self._check_number_of_cuts()
        self._check_references()
        self._check_themes()
        self._check_parts()
        return self

    def _check_number_of_cuts(self) -> None:
        if len(self.limits()) != len(Level) - 1:
            raise ValueError("cuts: drei Grenzen für vier Stufen")

    def _check_references(self) -> None:
        has_reference = self.base_date is not None or self.mean_base == "city_value"
        if has_reference and not self.record.is_standardising:
            raise ValueError(f"base_date, mean_base: nur bei method = {STANDARDISING}")

    def _check_themes(self) -> None:
        if self.indicators and self.themes:
            raise ValueError("indicators, themes: nur eines von beiden")
        if not self.parts:
            raise ValueError("indicators: mindestens ein Eintrag erwartet, oder themes")
        if doubled := _doubled(theme.id for theme in self.themes):
            raise ValueError(f"themes: {doubled} doppelt, jeder Teilindex nur einmal")
        if self.ties is not None and not self.record.ties:
            raise ValueError(f"ties: nur bei method = {RANKING}")

    def _check_parts(self) -> None:
        if doubled := _doubled(part.id for part in self.parts):
            raise ValueError(f"indicators: {doubled} doppelt, jeder Indikator nur einmal")
        for part in self.parts:
            if bool(part.cuts) != self.record.has_part_cuts:
                raise ValueError(
                    f"indicators.{part.id}.cuts: bei method = fixed nötig, sonst nicht erlaubt"
                )

    @property
    def record(self) -> Method:
        """What is decided by the method and said of it."""
        return METHODS[self.method]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Indicators in the order of the file, whatever theme they are in."""
        return self.indicators or tuple(
            part for theme in self.themes for part in theme.indicators
        )

    def limits(self) -> tuple[float, ...]:
        """Cuts in force: the own ones, else those of the preset or the method."""
        return self.cuts or self.record.presets.get(self.preset or "", self.record.cuts)


class DynamicScale(Scale):
    """Method, parts and cuts of the dynamic index: the same rule on the change over a span."""

    span_years: int | None = Field(
        default=None,
        ge=1,
        description="Veränderung der Indikatoren über so viele Jahre; "
        "fehlt sie, sind die Indikatoren selbst schon Veränderungen",
    )

    def _check_themes(self) -> None:
        if self.themes:
            raise ValueError("themes: nur beim Handlungsbedarf, hier indicators")
        super()._check_themes()

    def _check_number_of_cuts(self) -> None:
        if not self.record.dynamic_cuts:
            raise ValueError(f"method: für die Dynamik {STANDARDISING}")
        if self.preset == "need4" or len(self.limits()) != len(DynamicLevel) - 1:
            raise ValueError("cuts: zwei Grenzen für drei Klassen der Dynamik")

    def limits(self) -> tuple[float, ...]:
        """Cuts in force: the own ones, else those of the method."""
        return self.cuts or self.record.dynamic_cuts


def _check_ascending(cuts: tuple[float, ...]) -> None:
    if list(cuts) != sorted(set(cuts)):
        raise ValueError("cuts: aufsteigend, jede Grenze einmal")


def _doubled(keys: Iterable[str]) -> str:
    """First key that occurs more than once; empty if none does."""
    counts = Counter(keys)
    return min((key for key, count in counts.items() if count > 1), default="")
