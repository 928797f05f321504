"""``levels.toml``: how values become an index and a level."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from atlas.config._model import Identifier, Model
from atlas.terms import DYNAMIC_LABELS, LEVEL_LABELS, Group

# Cuts of the index in standard deviations. mss: Monitoring Soziale Stadtentwicklung Berlin
# 2021; need4: this project, so that level 2 stays the exception that its wording asks for.
PRESET_CUTS: dict[str, tuple[float, ...]] = {"mss": (-1.0, 1.0, 1.5), "need4": (0.0, 0.5, 1.0)}
DYNAMIC_CUTS = (-1.0, 1.0)


class Part(Model):
    """One indicator of an index."""

    id: Identifier = Field(description="Indikator")
    weight: float = Field(default=1.0, gt=0, description="Gewicht")
    direction: Literal["more", "less"] = Field(
        default="more", description="more: höherer Wert heißt mehr Bedarf"
    )
    cuts: tuple[float, ...] = Field(default=(), description="Grenzen bei method = fixed")


class Scale(Model):
    """Method, parts and cuts of one index."""

    method: Literal["zscore", "quantile", "fixed", "percentile", "rank_exponential"] = "zscore"
    preset: Literal["mss", "need4"] | None = Field(default=None, description="Fertige Grenzen")
    cuts: tuple[float, ...] = Field(default=(), description="Obere Grenzen der Stufen 1, 2, 3")
    sd: Literal["population", "sample"] = Field(default="population")
    mean_base: Literal["area_mean", "city_value"] = Field(default="area_mean")
    base_date: date | None = Field(
        default=None, description="Mittel und Standardabweichung dieses Stichtags einfrieren"
    )
    indicators: tuple[Part, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _check_cuts(self) -> Self:
        if self.preset is not None and self.cuts:
            raise ValueError("entweder preset oder cuts")
        if list(self.cuts) != sorted(set(self.cuts)):
            raise ValueError("cuts: aufsteigend, jede Grenze einmal")
        ids = [part.id for part in self.indicators]
        if len(ids) != len(set(ids)):
            raise ValueError("indicators: jeder Indikator nur einmal")
        return self

    def limits(self) -> tuple[float, ...]:
        """Cuts in force: the own ones, else those of the preset."""
        return self.cuts or PRESET_CUTS[self.preset or "need4"]


class Exclusion(Model):
    """An area that the statistics office leaves out by hand, with the reason readers see."""

    area_id: str
    reason: str
    dates: tuple[date, ...] = Field(
        default=(), description="Nur an diesen Stichtagen; leer: immer"
    )


class Levels(Model):
    """Need for action and dynamics of a city."""

    format: Literal[1]
    labels: dict[int, str] = Field(
        default_factory=lambda: {int(k): v for k, v in LEVEL_LABELS.items()},
        description="Namen der Stufen",
    )
    letters: dict[int, str] = Field(default_factory=dict, description="Kürzel der Stufen")
    dynamic_labels: dict[int, str] = Field(
        default_factory=lambda: {int(k): v for k, v in DYNAMIC_LABELS.items()}
    )
    min_residents: int = Field(default=0, ge=0, description="Kleinere Gebiete ohne Stufe")
    exclusions: tuple[Exclusion, ...] = ()
    need: dict[Group, Scale] = Field(min_length=1)
    dynamic: dict[Group, Scale] = Field(default_factory=dict)
