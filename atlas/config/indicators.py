"""``indicators.toml``: measures (counts) and the indicators made of them."""

import re
from collections.abc import Iterable
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, Field, model_validator

from atlas.config._model import GroupName, Identifier, Model
from atlas.config.groups import (
    DEFAULT_GROUPS,
    GroupRule,
    Membership,
    Population,
    holders_of,
    memberships_of,
    populations_of,
    with_everybody,
)
from atlas.terms import AREA_HA, RESIDENTS, Group, Unit

_TERM = re.compile(r"(?P<sign>-?)(?P<measure>[a-z][a-z0-9_]*)(?:@(?P<group>[a-z][a-z0-9_]*))?")


class Term(NamedTuple):
    """One signed count of a numerator or denominator; no group means the indicator's own."""

    sign: int
    measure: str
    group: Group | None


def parse_term(text: str) -> Term:
    """Read ``measure``, ``-measure`` or ``measure@group``."""
    match = _TERM.fullmatch(text)
    if match is None:
        raise ValueError("Schreibweise: kennzahl, -kennzahl oder kennzahl@u18")
    group = Group(match["group"]) if match["group"] else None
    return Term(-1 if match["sign"] else 1, match["measure"], group)


class Measure(Model):
    """A count that deliveries bring, e.g. residents."""

    label: str = Field(description="Bezeichnung")
    definition: str = Field(default="", description="Wer oder was gezählt wird")
    part_of: Identifier | None = Field(
        default=None, description="Kennzahl, deren Teilmenge diese ist (für die Geheimhaltung)"
    )


class Magnitude(Model):
    """What protection has to know of money: who pays or gets it, and how much at most."""

    is_sum: bool = Field(
        default=False, description="Summe des Gebiets; sonst Mittel je Fall (base)"
    )
    contributors: Identifier | None = Field(
        default=None,
        description="Kennzahl der Beitragenden (Haushalte, Bedarfsgemeinschaften); leer: base",
    )
    largest: Identifier | None = Field(
        default=None,
        description="item der Spalte mit dem größten einzelnen Beitrag je Gebiet; wird "
        "geprüft, nie veröffentlicht",
    )
    is_checked: bool = Field(
        default=False, description="Der Lieferant hat geprüft, dass niemand überwiegt"
    )

    @model_validator(mode="after")
    def _check_dominance(self) -> Self:
        if bool(self.largest) == self.is_checked:
            raise ValueError(
                "entweder largest (Spalte mit dem größten Beitrag) oder is_checked = true "
                "(der Lieferant hat geprüft, dass niemand überwiegt)"
            )
        return self


class Indicator(Model):
    """A rate or density computed from published counts, or a share delivered ready-made."""

    label: str = Field(description="Bezeichnung")
    short_label: str = Field(default="", description="Kurzform für Spalten und Legenden")
    definition: str = Field(default="", description="Definition für die Seite Methode")
    is_delivered: bool = Field(
        default=False, description="Wird fertig geliefert, nicht berechnet"
    )
    # Excluded where it is empty: a city that says nothing has the release that it always had.
    caution: str = Field(
        default="",
        exclude_if=lambda text: not text,
        description="Was die Zahl nicht sagt; leer: ein Satz des Programms, wo es einen hat",
    )
    is_context: bool = Field(
        default=False,
        exclude_if=lambda told: not told,
        description="Beschreibt das Umfeld: Sätze sagen nur, ob er über oder unter dem "
        "Durchschnitt liegt, nie, dass er Bedarf bedeutet; gerechnet wird wie mit jedem",
    )
    numerator: tuple[str, ...] = Field(default=(), description="Zähler")
    denominator: tuple[str, ...] = Field(default=(), description="Nenner")
    unit: Literal[Unit.PERCENT, Unit.PER_HA, Unit.PERCENTAGE_POINTS, Unit.EURO] = Field(
        default=Unit.PERCENT, description="Einheit; Prozente von 0 bis 100"
    )
    base: Identifier = Field(
        default=RESIDENTS,
        description="Bei is_delivered: Kennzahl, auf der der Wert beruht; er wird gezeigt, wo "
        "ihre Anzahl gezeigt und nicht zu klein ist, ein Anteil nur, wenn er von ihr weder zu "
        "wenige nennt noch übrig lässt; bei euro nötig: die Fälle",
    )
    magnitude: Magnitude | None = Field(
        default=None,
        exclude_if=lambda told: told is None,
        description="Bei euro nötig: was die Geheimhaltung von den Beträgen wissen muss",
    )
    digits: int = Field(default=1, ge=0, le=4, description="Nachkommastellen der Anzeige")
    groups: tuple[GroupName, ...] = Field(
        default=(Group.ALL,), min_length=1, description="Bezugsgruppen, die er zeigt"
    )

    @model_validator(mode="after")
    def _check_parts(self) -> Self:
        has_formula = bool(self.numerator) and bool(self.denominator)
        if self.is_delivered == has_formula:
            raise ValueError("entweder is_delivered = true oder numerator und denominator")
        if self.is_delivered and self.unit is Unit.EURO and "base" not in self.model_fields_set:
            raise ValueError(
                "base fehlt, erwartet: die Kennzahl der Fälle, auf denen der Betrag beruht; er "
                "wird mit ihr verborgen"
            )
        if (self.unit is Unit.EURO) != (self.magnitude is not None):
            raise ValueError(
                "magnitude fehlt oder steht ohne unit = euro, erwartet: bei Beträgen, wer "
                "beiträgt und ob jemand überwiegt (largest oder is_checked)"
            )
        for text in (*self.numerator, *self.denominator):
            parse_term(text)
        return self

    def terms(self) -> tuple[Term, ...]:
        """Terms of numerator and denominator."""
        return tuple(parse_term(text) for text in (*self.numerator, *self.denominator))

    def counts(self) -> frozenset[tuple[str, Group]]:
        """Measures and groups that its formula needs, for all groups that it shows."""
        return frozenset(
            (term.measure, term.group or group)
            for term in self.terms()
            for group in self.groups
            if term.measure != AREA_HA
        )

    def name(self) -> str:
        """Short label where there is one."""
        return self.short_label or self.label


class Indicators(Model):
    """Groups, measures and indicators of a city."""

    format: Literal[1]
    # Excluded at its default: a city that names no groups has the release that it always had.
    groups: Annotated[dict[GroupName, GroupRule], AfterValidator(with_everybody)] = Field(
        default=DEFAULT_GROUPS,
        exclude_if=lambda groups: groups == DEFAULT_GROUPS,
        description="Bezugsgruppen; wer welche nennt, nennt alle außer all. Fehlt der "
        "Abschnitt: all und u18",
    )
    measures: dict[Identifier, Measure] = Field(
        description="Anzahlen aus den Lieferungen; residents muss dabei sein"
    )
    indicators: dict[Identifier, Indicator] = Field(
        min_length=1, description="Was daraus gerechnet oder fertig geliefert wird"
    )

    @model_validator(mode="after")
    def _check_references(self) -> Self:
        if RESIDENTS not in self.measures:
            raise ValueError("measures.residents fehlt: ohne Einwohner*innen kein Atlas")
        for name, measure in self.measures.items():
            self._check_nesting(name, measure)
        for name, indicator in self.indicators.items():
            self._check_indicator(name, indicator)
        return self

    def _check_indicator(self, name: str, indicator: Indicator) -> None:
        if name in self.measures or name == AREA_HA:
            raise ValueError(f"indicators.{name}: heißt schon eine Kennzahl so")
        if indicator.base not in self.measures:
            raise ValueError(f"indicators.{name}.base: Kennzahl fehlt")
        money = indicator.magnitude
        if money and money.contributors and money.contributors not in self.measures:
            raise ValueError(f"indicators.{name}.magnitude.contributors: Kennzahl fehlt")
        if money and money.largest in {*self.measures, *self.indicators, AREA_HA}:
            raise ValueError(
                f"indicators.{name}.magnitude.largest: {money.largest} heißt schon etwas "
                "Veröffentlichtes, erwartet: ein eigener Name"
            )
        for term in indicator.terms():
            if term.measure != AREA_HA and term.measure not in self.measures:
                raise ValueError(f"indicators.{name}: Kennzahl {term.measure} fehlt")
        named = {*indicator.groups, *(term.group for term in indicator.terms())}
        if unknown := named - {None, *self.groups}:
            raise ValueError(self.unknown_group(f"indicators.{name}", unknown))

    def _check_nesting(self, name: str, measure: Measure) -> None:
        seen = {name}
        parent = measure.part_of
        while parent is not None:
            if parent not in self.measures or parent in seen:
                raise ValueError(f"measures.{name}.part_of: unbekannt oder im Kreis")
            seen.add(parent)
            parent = self.measures[parent].part_of

    def unknown_group(self, place: str, unknown: Iterable[Group | None]) -> str:
        """Say that a place names a group that the city does not have."""
        known = " / ".join(f"„{name}“" for name in self.groups)
        first = min(str(name) for name in unknown)
        return (
            f"{place}: Bezugsgruppe {first} fehlt, erwartet: {known} oder ein Abschnitt "
            f"groups.{first} in indicators.toml"
        )

    def memberships(self) -> dict[Group, Membership]:
        """Tell whom registers count, group by group, in the order of the configuration."""
        return memberships_of(self.groups)

    def populations(self) -> tuple[Population, ...]:
        """Tell protection who the groups are."""
        return populations_of(self.groups)

    def holders(self) -> dict[Group, tuple[Group, ...]]:
        """Name for every group those that certainly hold everybody of it."""
        return holders_of(self.groups)

    def largest(self) -> frozenset[str]:
        """Items that are delivered for protection alone."""
        money = [one.magnitude for one in self.indicators.values()]
        return frozenset(one.largest for one in money if one and one.largest)

    def nesting(self) -> dict[str, str | None]:
        """Measure to the measure it is part of."""
        return {name: measure.part_of for name, measure in self.measures.items()}
