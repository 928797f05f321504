"""``levels.toml``: how values become an index and a level."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from atlas.config._model import GroupName, Identifier, Model
from atlas.config.methods import METHODS, SHARES, STANDARDISING, Method, MethodName
from atlas.config.wording import DEFAULT_WORDING, WORDINGS, Wording, WordingName
from atlas.terms import DYNAMIC_LABELS, DynamicLevel, Group, Level

Preset = Literal["mss", "need4"]
Number = Annotated[float, Field(allow_inf_nan=False)]


def _is_unset(value: object) -> bool:
    """Keep what a city does not use out of its releases."""
    return not value


def _labels(name: WordingName) -> dict[int, str]:
    return {int(level): label for level, label in WORDINGS[name].labels.items()}


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
    indicators: tuple[Part, ...] = Field(
        min_length=1, description="Indikatoren, aus denen der Index entsteht"
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
        self._check_parts()
        return self

    def _check_number_of_cuts(self) -> None:
        if len(self.limits()) != len(Level) - 1:
            raise ValueError("cuts: drei Grenzen für vier Stufen")

    def _check_references(self) -> None:
        has_reference = self.base_date is not None or self.mean_base == "city_value"
        if has_reference and not self.record.is_standardising:
            raise ValueError(f"base_date, mean_base: nur bei method = {STANDARDISING}")

    def _check_parts(self) -> None:
        if doubled := _doubled(part.id for part in self.indicators):
            raise ValueError(f"indicators: {doubled} doppelt, jeder Indikator nur einmal")
        for part in self.indicators:
            if bool(part.cuts) != self.record.has_part_cuts:
                raise ValueError(
                    f"indicators.{part.id}.cuts: bei method = fixed nötig, sonst nicht erlaubt"
                )

    @property
    def record(self) -> Method:
        """What is decided by the method and said of it."""
        return METHODS[self.method]

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

    def _check_number_of_cuts(self) -> None:
        if not self.record.dynamic_cuts:
            raise ValueError(f"method: für die Dynamik {STANDARDISING}")
        if self.preset == "need4" or len(self.limits()) != len(DynamicLevel) - 1:
            raise ValueError("cuts: zwei Grenzen für drei Klassen der Dynamik")

    def limits(self) -> tuple[float, ...]:
        """Cuts in force: the own ones, else those of the method."""
        return self.cuts or self.record.dynamic_cuts


class Exclusion(Model):
    """An area that the statistics office leaves out by hand, with the reason readers see."""

    area_id: str = Field(min_length=1, description="Gebietsschlüssel")
    reason: str = Field(min_length=1, description="Begründung, die Leser*innen sehen")
    dates: tuple[date, ...] = Field(
        default=(), description="Nur an diesen Stichtagen; leer: immer"
    )

    def holds_at(self, reference_date: date) -> bool:
        """Whether the area is left out at this reference date."""
        return not self.dates or reference_date in self.dates


Factor = Literal["method", "chance", "carried"]
_METHOD_ALONE: tuple[Factor, ...] = ("method",)


def _is_method_alone(factors: object) -> bool:
    """Keep out of releases what says no more than that nobody asked for more."""
    return factors == _METHOD_ALONE


class Attention(Model):
    """Which areas deserve particular attention: by level, and by level and dynamics.

    Source: Monitoring Soziale Stadtentwicklung Berlin 2021, Gebiete mit besonderem
    Aufmerksamkeitsbedarf.
    """

    levels: tuple[Level, ...] = Field(
        default=(Level.HIGH,), description="Stufen, gleich welcher Dynamik"
    )
    levels_if_negative: tuple[Level, ...] = Field(
        default=(Level.NEED,), description="Stufen, wenn die Dynamik negativ ist (Klasse 3)"
    )


class Robustness(Model):
    """How far the choices behind a level are varied, and how often."""

    replications: int = Field(default=2000, ge=1000, le=100_000, description="Wiederholungen")
    seed: int = Field(default=1, ge=0, description="Startwert der Zufallszahlen")
    weight_spread: Number = Field(
        default=0.25, ge=0, lt=1, description="Gewichte um diesen Anteil nach oben und unten"
    )
    cut_spread: Number = Field(
        default=0.1, ge=0, description="Grenzen um so viele Standardabweichungen"
    )
    factors: tuple[Factor, ...] = Field(
        default=_METHOD_ALONE,
        min_length=1,
        exclude_if=_is_method_alone,
        description="Was zugleich schwankt: method (Gewichte, Skala, Auswahl, Grenzen), chance "
        "(Zufall kleiner Zahlen), carried (fortgeschriebene Werte)",
    )

    @property
    def is_joint(self) -> bool:
        """Whether more than the choices of the method varies."""
        return self.factors != _METHOD_ALONE


class Rules(Model):
    """What one edition of the rules says of need for action and dynamics."""

    format: Literal[1] = 1
    labels_preset: WordingName = Field(
        default=DEFAULT_WORDING,
        exclude_if=lambda name: name == DEFAULT_WORDING,
        description="Wie das Thema, die Stufen und Sätze heißen: handlungsbedarf (kein … hoher "
        "Handlungsbedarf) oder aufmerksamkeit (gering bis sehr hoch, wie Berlin und Hamburg)",
    )
    labels: dict[int, str] = Field(
        default_factory=lambda known: _labels(known.get("labels_preset", DEFAULT_WORDING)),
        description="Eigene Namen der Stufen; sonst die von labels_preset",
    )
    letters: dict[int, str] = Field(default_factory=dict, description="Kürzel der Stufen")
    dynamic_labels: dict[int, str] = Field(
        default_factory=lambda: {int(k): v for k, v in DYNAMIC_LABELS.items()},
        description="Namen der Klassen der Dynamik",
    )
    min_residents: int = Field(default=0, ge=0, description="Kleinere Gebiete ohne Stufe")
    exclusions: tuple[Exclusion, ...] = Field(
        default=(), description="Gebiete, die von Hand ausgenommen sind"
    )
    confidence: Number | None = Field(
        default=None,
        gt=0.5,
        lt=1,
        description="Vertrauensniveau der Intervalle, z. B. 0.95; fehlt es: keine Intervalle",
    )
    provisional: Literal["no_level", "carry_forward"] = Field(
        default="no_level",
        description="Solange ein Indikator fehlt: keine Stufe, oder eine geschätzte Stufe mit "
        "dem Wert des vorigen Stichtags",
    )
    robustness: Robustness = Field(
        default=Robustness(), description="Wie stark die Annahmen der Stufen variiert werden"
    )
    need: dict[GroupName, Scale] = Field(
        min_length=1, description="Handlungsbedarf je Bezugsgruppe"
    )
    dynamic: dict[GroupName, DynamicScale] = Field(
        default_factory=dict, description="Dynamik je Bezugsgruppe; leer: keine"
    )
    attention: Attention | None = Field(
        default=None,
        exclude_if=_is_unset,
        description="Gebiete besonderer Aufmerksamkeit nach Stufe und Dynamik; fehlt es: keine",
    )
    fixed: dict[GroupName, date] = Field(
        default_factory=dict,
        exclude_if=_is_unset,
        description="Vergleichbarer Index je Bezugsgruppe: Stichtag, dessen Mittel und "
        "Standardabweichungen er behält; fehlt er, der erste veröffentlichte derselben Regel, "
        "an dem alle Angaben da sind",
    )

    @model_validator(mode="after")
    def _check_dynamics(self) -> Self:
        for group, scale in self.dynamic.items():
            levels = self.need[group].indicators if group in self.need else ()
            both = {part.id for part in scale.indicators} & {part.id for part in levels}
            if both and scale.span_years is None:
                raise ValueError(
                    f"dynamic.{group}: {min(both)} steht auch in need; ohne span_years sind "
                    "die Indikatoren der Dynamik selbst schon Veränderungen"
                )
        return self

    @model_validator(mode="after")
    def _check_fixed(self) -> Self:
        if others := set(self.fixed) - set(self.comparable()):
            raise ValueError(
                f"fixed.{min(others)}: nur für Bezugsgruppen in need mit method = "
                f"{STANDARDISING} und ohne base_date"
            )
        return self

    @property
    def wording(self) -> Wording:
        """What the city calls need for action."""
        return WORDINGS[self.labels_preset]

    def comparable(self) -> tuple[Group, ...]:
        """Name the groups whose index can be told on the scale of another date, too."""
        return tuple(
            group
            for group, scale in self.need.items()
            if scale.record.is_standardising and scale.base_date is None
        )

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        _check_labels("labels", self.labels, set(Level))
        _check_labels("dynamic_labels", self.dynamic_labels, set(DynamicLevel))
        if self.letters:
            _check_labels("letters", self.letters, set(Level))
        return self


class RulesEdition(Rules):
    """Rules that took the place of those before them, as a whole."""

    id: date = Field(description="Gilt für Stichtage ab diesem Tag")


class Levels(Rules):
    """Rules of a city: the first ones, and those that came later.

    A release holds those of its reference date alone.
    """

    format: Literal[1]
    editions: tuple[RulesEdition, ...] = Field(
        default=(),
        exclude_if=_is_unset,
        description="Spätere Fassungen der Regel, aufsteigend; jede steht ganz für sich und "
        "gilt bis zur nächsten, was über ihnen steht, bis zur ersten",
    )

    @model_validator(mode="after")
    def _check_editions(self) -> Self:
        ids = [edition.id for edition in self.editions]
        if ids != sorted(set(ids)):
            raise ValueError("editions: jede id nur einmal, aufsteigend nach Datum")
        return self

    def every(self) -> dict[str, Rules]:
        """Every edition by where it stands in the file."""
        later = {f"editions.{edition.id}.": edition for edition in self.editions}
        return {"": self, **later}

    def edition_at(self, reference_date: date) -> date | None:
        """First day of the edition in force at a date; ``None``: the first rules."""
        ids = [edition.id for edition in self.editions if edition.id <= reference_date]
        return ids[-1] if ids else None

    def with_fixed(self, first: Mapping[Group, date]) -> "Levels":
        """Name the date of the comparable index by group, unless the city names one."""
        fixed = {group: self.fixed.get(group, first[group]) for group in self.comparable()}
        return self.model_copy(update={"fixed": fixed})

    def at(self, reference_date: date) -> "Levels":
        """Rules in force at a reference date, and no others."""
        edition = self.edition_at(reference_date)
        found = next((one for one in self.editions if one.id == edition), self)
        return Levels.model_construct(
            **{name: getattr(found, name) for name in Rules.model_fields}, editions=()
        )


def _check_ascending(cuts: tuple[float, ...]) -> None:
    if list(cuts) != sorted(set(cuts)):
        raise ValueError("cuts: aufsteigend, jede Grenze einmal")


def _check_labels(key: str, labels: dict[int, str], numbers: set[int]) -> None:
    if set(labels) != {int(number) for number in numbers}:
        raise ValueError(f"{key}: ein Name je Nummer von 1 bis {len(numbers)}")


def _doubled(keys: Iterable[str]) -> str:
    """First key that occurs more than once; empty if none does."""
    counts = Counter(keys)
    return min((key for key, count in counts.items() if count > 1), default="")
