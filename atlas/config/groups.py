"""Groups of a city: who belongs to which Bezugsgruppe, and which group holds which other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

from pydantic import Field, model_validator

from atlas.config._model import GroupName, Model
from atlas.terms import Group


class Condition(Model):
    """What a code column has to hold."""

    is_in: tuple[str, ...] | None = Field(default=None, description="Einer dieser Schlüssel")
    not_in: tuple[str, ...] | None = Field(
        default=None, description="Ein Schlüssel, aber keiner von diesen"
    )
    is_filled: bool | None = Field(default=None, description="Gefüllt (true) oder leer (false)")

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        given = [v for v in (self.is_in, self.not_in, self.is_filled) if v is not None]
        if len(given) != 1:
            raise ValueError("genau eines von is_in, not_in, is_filled")
        return self


Conditions = tuple[dict[str, Condition], ...]


def columns_of(conditions: Conditions) -> frozenset[str]:
    """Columns that conditions ask for."""
    return frozenset(name for one in conditions for name in one)


class Ages(NamedTuple):
    """Completed years of age from first to last, both included; no last means no end."""

    first: int
    last: int | None

    def within(self, other: "Ages") -> bool:
        """Whether everybody of this age is of the other, too."""
        is_below = other.last is None or (self.last is not None and self.last <= other.last)
        return other.first <= self.first and is_below

    def common(self, other: "Ages") -> "Ages":
        """Ages that both have; first above last if there are none."""
        ends = [one for one in (self.last, other.last) if one is not None]
        return Ages(max(self.first, other.first), min(ends, default=None))

    def is_empty(self) -> bool:
        """Whether nobody has such an age."""
        return self.last is not None and self.last < self.first


EVERY_AGE = Ages(0, None)
_OLDEST = 120


@dataclass(frozen=True)
class Population:
    """What protection has to know of a group.

    Attributes
    ----------
    ages
        First and last year, where age alone tells who of ``part_of`` belongs to it; else None.
    part_of
        The group that holds all of it; None for everybody.
    """

    name: Group
    ages: tuple[int, int] | None = None
    part_of: Group | None = None


@dataclass(frozen=True)
class Membership:
    """Whom a register counts for a group: everybody of these ages who meets every rule."""

    ages: Ages
    where: tuple[Conditions, ...]


class GroupRule(Model):
    """Whom a group holds, and what it is called."""

    label: str = Field(description="Bezeichnung, z. B. Ältere ab 65")
    short_label: str = Field(default="", description="Kurzform für Spalten und Dateinamen")
    min_age: int | None = Field(default=None, ge=0, description="Alter ab, in Jahren")
    max_age: int | None = Field(
        default=None, ge=0, description="Alter bis einschließlich, in Jahren"
    )
    where: Conditions = Field(
        default=(),
        description="Bedingungen an Spalten role = code der Register; eine muss zutreffen",
    )
    part_of: GroupName = Field(
        default=Group.ALL,
        description="Bezugsgruppe, aus der diese ausgewählt wird; deren Regel gilt mit",
    )

    def name(self) -> str:
        """Short label where there is one."""
        return self.short_label or self.label

    def ages(self) -> Ages:
        """Ages that its own rule names."""
        return Ages(self.min_age or 0, self.max_age)

    def has_rule(self) -> bool:
        """Whether a register can count it; else counts deliveries alone can bring it."""
        return bool(self.where) or self.ages() != EVERY_AGE


DEFAULT_GROUPS = {
    Group.ALL: GroupRule(label="Alle Einwohner*innen", short_label="Alle"),
    Group.U18: GroupRule(label="Kinder und Jugendliche", short_label="Kinder", max_age=17),
}


def with_everybody(groups: dict[Group, GroupRule]) -> dict[Group, GroupRule]:
    """Put the group of all residents first where the configuration does not name it.

    Raises
    ------
    ValueError
        Naming the group: part of none that is known, of itself, or of nobody's age.
    """
    found = groups if Group.ALL in groups else {Group.ALL: DEFAULT_GROUPS[Group.ALL], **groups}
    for name, rule in found.items():
        if name == Group.ALL and (rule.has_rule() or rule.part_of != Group.ALL):
            raise ValueError("all: alle Einwohner*innen, ohne Regel und ohne part_of")
        if rule.part_of not in found or name in _above(name, found):
            raise ValueError(f"{name}.part_of: unbekannt oder im Kreis")
        if _ages_of(name, found).is_empty():
            raise ValueError(f"{name}: niemand hat dieses Alter; min_age, max_age prüfen")
    return found


def membership_of(name: Group, groups: Mapping[Group, GroupRule]) -> Membership | None:
    """Whom a register counts for a group; None if there is no rule that it could count by."""
    if name != Group.ALL and not groups[name].has_rule():
        return None
    rules = [groups[one].where for one in (name, *_above(name, groups))]
    return Membership(_ages_of(name, groups), tuple(rule for rule in rules if rule))


def memberships_of(groups: Mapping[Group, GroupRule]) -> dict[Group, Membership]:
    """Tell whom registers count, group by group, in the order of the configuration."""
    found = {name: membership_of(name, groups) for name in groups}
    return {name: one for name, one in found.items() if one is not None}


def populations_of(groups: Mapping[Group, GroupRule]) -> tuple[Population, ...]:
    """Tell protection who the groups are, in the order of the configuration."""
    return tuple(
        Population(name, _band(name, groups), None if name == Group.ALL else rule.part_of)
        for name, rule in groups.items()
    )


def holders_of(groups: Mapping[Group, GroupRule]) -> dict[Group, tuple[Group, ...]]:
    """Name for every group those that certainly hold everybody of it."""
    counted = memberships_of(groups)
    exact = {name: member.ages for name, member in counted.items() if not member.where}
    return {name: tuple(_holders(name, groups, exact)) for name in groups}


def _band(name: Group, groups: Mapping[Group, GroupRule]) -> tuple[int, int] | None:
    rule = groups[name]
    if rule.where or rule.ages() == EVERY_AGE:
        return None
    ages = _ages_of(name, groups)
    return ages.first, _OLDEST if ages.last is None else ages.last


def _holders(
    name: Group, groups: Mapping[Group, GroupRule], exact: Mapping[Group, Ages]
) -> Iterator[Group]:
    above, ages = _above(name, groups), _ages_of(name, groups)
    for other in groups:
        is_wider = other in exact and ages.within(exact[other])
        is_wider = is_wider and exact.get(name) != exact[other]
        if other != name and (other in above or is_wider):
            yield other


def _above(name: Group, groups: Mapping[Group, GroupRule]) -> tuple[Group, ...]:
    """List the groups that a group is selected from, nearest first; all is part of nothing."""
    found: list[Group] = []
    while name != Group.ALL and name in groups:
        name = groups[name].part_of
        if name in found:
            break
        found.append(name)
    return tuple(found)


def _ages_of(name: Group, groups: Mapping[Group, GroupRule]) -> Ages:
    ages = groups[name].ages()
    for one in _above(name, groups):
        ages = ages.common(groups[one].ages())
    return ages
