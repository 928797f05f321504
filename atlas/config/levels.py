"""``levels.toml``: how values become an index and a level."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from atlas.config._model import GroupName, Identifier, Model, is_unset
from atlas.config.methods import STANDARDISING
from atlas.config.scale import DynamicScale, Number, Scale
from atlas.config.wording import DEFAULT_WORDING, WORDINGS, Wording, WordingName
from atlas.terms import DYNAMIC_LABELS, DynamicLevel, Group, Level


def _labels(name: WordingName) -> dict[int, str]:
    return {int(level): label for level, label in WORDINGS[name].labels.items()}


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

    dynamic: bool = Field(
        default=False,
        exclude_if=is_unset,
        description="Auch die Klassen der Dynamik nachrechnen",
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
    hindcast: tuple[Identifier, ...] = Field(
        default=(),
        exclude_if=is_unset,
        description="Indikatoren, die spät kommen: Jeder Stichtag sagt, welche Stufen sich mit "
        "ihren Werten vom vorigen ergeben hätten und wie viele davon falsch gewesen wären",
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
        exclude_if=is_unset,
        description="Gebiete besonderer Aufmerksamkeit nach Stufe und Dynamik; fehlt es: keine",
    )
    fixed: dict[GroupName, date] = Field(
        default_factory=dict,
        exclude_if=is_unset,
        description="Vergleichbarer Index je Bezugsgruppe: Stichtag, dessen Mittel und "
        "Standardabweichungen er behält; fehlt er, der erste veröffentlichte derselben Regel, "
        "an dem alle Angaben da sind",
    )

    @model_validator(mode="after")
    def _check_dynamics(self) -> Self:
        for group, scale in self.dynamic.items():
            levels = self.need[group].parts if group in self.need else ()
            both = {part.id for part in scale.parts} & {part.id for part in levels}
            if both and scale.span_years is None:
                raise ValueError(
                    f"dynamic.{group}: {min(both)} steht auch in need; ohne span_years sind "
                    "die Indikatoren der Dynamik selbst schon Veränderungen"
                )
        return self

    @model_validator(mode="after")
    def _check_hindcast(self) -> Self:
        known = {part.id for scale in self.need.values() for part in scale.parts}
        if unknown := sorted({*self.hindcast} - known):
            raise ValueError(f"hindcast: {unknown[0]} steht in keiner Regel von need")
        return self

    @model_validator(mode="after")
    def _check_themes(self) -> Self:
        labels: dict[str, str] = {}
        for scale in self.need.values():
            for theme in scale.themes:
                if labels.setdefault(theme.id, theme.label) != theme.label:
                    raise ValueError(
                        f"need: Teilindex {theme.id} heißt je Bezugsgruppe verschieden, ein "
                        "label für alle"
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
        exclude_if=is_unset,
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


def _check_labels(key: str, labels: dict[int, str], numbers: set[int]) -> None:
    if set(labels) != {int(number) for number in numbers}:
        raise ValueError(f"{key}: ein Name je Nummer von 1 bis {len(numbers)}")
