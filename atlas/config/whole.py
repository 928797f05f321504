"""The configuration of a city as a whole: what its files say of each other."""

from typing import Self

from pydantic import Field, model_validator

from atlas.config._model import Model
from atlas.config.areas import Areas
from atlas.config.city import City
from atlas.config.context import MapContext
from atlas.config.deliveries import Deliveries, Layout
from atlas.config.groups import DEFAULT_GROUPS, EVERY_AGE, Membership, columns_of
from atlas.config.indicators import Indicators
from atlas.config.levels import Levels, Rules
from atlas.config.protection import ProtectionRules
from atlas.config.scale import Scale
from atlas.terms import DYNAMIC_LEVEL, KINDS, NEED_LEVEL, Group


def _is_absent(value: object) -> bool:
    """Keep a file that a city does not have out of its releases."""
    return value is None


class PublishedConfig(Model):
    """The configuration that a release carries: everything but the layouts of deliveries.

    ``former`` are the rules of the reference date before, where they were others.
    """

    city: City
    areas: Areas
    indicators: Indicators
    levels: Levels
    protection: ProtectionRules
    context: MapContext | None = Field(default=None, exclude_if=_is_absent)
    former: Levels | None = Field(default=None, exclude_if=_is_absent)

    @model_validator(mode="after")
    def _check_levels(self) -> Self:
        for place, rules in self.levels.every().items():
            self._check_rules(f"levels.toml, {place}", rules)
        nesting = self.indicators.nesting()
        for measure in self.protection.homogeneity:
            if nesting.get(measure) is None:
                raise ValueError(
                    f"protection.toml, homogeneity: {measure} ist kein Merkmal, das in einem "
                    "anderen enthalten ist; part_of in indicators.toml prüfen"
                )
        return self

    def _check_rules(self, file: str, rules: Rules) -> None:
        groups = self.indicators.groups
        for name, scales in (("need", rules.need), ("dynamic", rules.dynamic)):
            if unknown := set(scales) - set(groups):
                raise ValueError(self.indicators.unknown_group(f"{file}{name}", unknown))
            for group, scale in scales.items():
                self._check_scale(f"{file}{name}.{group}", group, scale)
        self._check_twice(file, rules)

    def _check_twice(self, file: str, rules: Rules) -> None:
        """Without a span the dynamic index would have the items of the need index."""
        for group, scale in rules.dynamic.items():
            need = rules.need.get(group)
            if need is None or scale.span_years is not None:
                continue
            both = {part.id for part in scale.parts} & {p.id for p in need.parts}
            if both:
                place = f"{file}dynamic.{group}"
                raise ValueError(
                    f"{place}: Indikator {min(both)} steht schon in need.{group}; span_years "
                    "angeben oder einen Indikator der Veränderung nennen"
                )

    def _check_scale(self, place: str, group: Group, scale: Scale) -> None:
        for part in scale.parts:
            indicator = self.indicators.indicators.get(part.id)
            if indicator is None or group not in indicator.groups:
                raise ValueError(f"{place}: Indikator {part.id} fehlt für diese Bezugsgruppe")


class CityConfig(PublishedConfig):
    """Everything that a city configures."""

    deliveries: Deliveries

    @model_validator(mode="after")
    def _check_deliveries(self) -> Self:
        measures, indicators = self.indicators.measures, self.indicators.indicators
        if unknown := set(self.city.classes) - set(indicators):
            raise ValueError(f"city.toml, classes: Indikator {min(unknown)} fehlt")
        delivered = {name for name, indicator in indicators.items() if indicator.is_delivered}
        delivered |= self.indicators.largest()
        editions = {None, *(edition.id for edition in self.areas.editions)}
        for layout in self.deliveries.layouts:
            place = f"deliveries.toml, layouts.{layout.id}"
            self._check_kind(layout)
            if layout.edition not in editions:
                raise ValueError(f"{place}.edition: Gebietsstand fehlt in areas.toml")
            for name in sorted(layout.names()):
                if name not in {*measures, *delivered, NEED_LEVEL, DYNAMIC_LEVEL}:
                    raise ValueError(f"{place}: {name} fehlt in indicators.toml")
            columns = {group for _, group in layout.delivered()}
            if unknown_groups := columns - set(self.indicators.groups):
                raise ValueError(self.indicators.unknown_group(place, unknown_groups))
        return self

    def _check_kind(self, layout: Layout) -> None:
        """Refuse a kind that the city has not, or that consists of blocks."""
        place = f"deliveries.toml, layouts.{layout.id}.kind"
        if layout.kind in self.areas.overlays():
            raise ValueError(
                f"{place}: {layout.kind} besteht aus Blöcken (of). Erwartet: block, quartier "
                "oder eine größere Gebietsart der Reihe"
            )
        if layout.kind is not None and layout.kind not in {*KINDS, *self.areas.chain()}:
            raise ValueError(f"{place}: Gebietsart fehlt in areas.toml, kinds")

    @model_validator(mode="after")
    def _check_city(self) -> Self:
        if unknown_kinds := set(self.city.public_kinds) - {*KINDS, *self.areas.order()}:
            place = f"city.toml, public_kinds: Gebietsart {min(unknown_kinds)}"
            raise ValueError(f"{place} fehlt in areas.toml, kinds")
        sources = {layout.source for layout in self.deliveries.layouts}
        if unknown := set(self.city.uploads) - sources:
            raise ValueError(f"city.toml, uploads: Quelle {min(unknown)} fehlt")
        return self

    @model_validator(mode="after")
    def _check_groups(self) -> Self:
        """Make sure that a city's own groups are delivered wherever they are asked for."""
        if self.indicators.groups == DEFAULT_GROUPS:
            return self
        given = {item for one in self.deliveries.layouts for item in self.items_of(one)}
        for group in self.indicators.groups:
            if group not in {known for _, known in given}:
                raise ValueError(
                    f"{self._why_not(None, group)}groups.{group} kommt aus keinem Layout"
                )
        for name, indicator in self.indicators.indicators.items():
            for measure, group in sorted(indicator.counts() - given):
                if group != Group.ALL:
                    raise ValueError(
                        f"{self._why_not(measure, group)}indicators.{name} braucht "
                        f"{measure}@{group}, das aus keinem Layout kommt"
                    )
        return self

    def _why_not(self, measure: str | None, group: Group) -> str:
        """Name the register that would count a group, and the column that it lacks."""
        member = self.indicators.memberships().get(group)
        for layout in self.deliveries.layouts:
            if member and layout.measures and measure in (None, *layout.measures):
                place = f"deliveries.toml, layouts.{layout.id}.columns"
                return f"{place}: {self._lacking(layout, member)} fehlt; indicators.toml, "
        return "indicators.toml, "

    def items_of(self, layout: Layout) -> frozenset[tuple[str, Group]]:
        """Measures and ready-made indicators that a layout can give, per group."""
        known = self.indicators.memberships()
        told = [name for name, one in known.items() if not self._lacking(layout, one)]
        counted = {(measure, group) for measure in layout.measures for group in told}
        return layout.delivered() | counted

    def _lacking(self, layout: Layout, member: Membership) -> str:
        """Column that a group needs and neither this register nor the one of places has."""
        registers = (layout, self.deliveries.layout(layout.place_from or layout.id))
        if member.ages != EVERY_AGE and not any(one.has_age() for one in registers):
            return "eine Spalte role = birth_date oder role = age"
        for rule in member.where:
            asked = columns_of(rule)
            if not any(asked <= one.codes() for one in registers):
                return f"Spalte {min(asked - layout.codes())} (role = code)"
        return ""

    def published(self) -> PublishedConfig:
        """Leave out what a release does not carry."""
        return PublishedConfig.model_validate(
            {name: getattr(self, name) for name in PublishedConfig.model_fields}
        )
