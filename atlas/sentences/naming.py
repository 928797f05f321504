"""What indicators, levels and reasons are called in sentences; knows no values."""

from dataclasses import dataclass

from atlas.classify.rule import CHANGE
from atlas.config.indicators import Indicator, Indicators
from atlas.config.levels import Levels
from atlas.terms import (
    DYNAMIC_LEVEL,
    RESIDENTS,
    STATUS_LABELS,
    UNIT_LABELS,
    Group,
    Reason,
    Status,
    Unit,
)
from atlas.words import number_text, signed_text

# Behind a level that rests on a value carried forward.
ESTIMATED = f" ({STATUS_LABELS[Status.ESTIMATED]})"
# Why an area is not classified, as a clause; the reader's "nicht klassifiziert:" precedes it.
REASON_TEXTS = {
    Reason.NONE: "die Regel lässt keine Einstufung zu",
    Reason.EXCLUDED: "von Hand ausgenommen",
    Reason.FEW_RESIDENTS: "hier leben zu wenige Menschen für eine Einstufung",
    Reason.FEW_RESIDENTS_BEFORE: "am früheren Stichtag lebten hier zu wenige Menschen für "
    "einen Vergleich",
    Reason.UNINHABITED: "das Gebiet ist unbewohnt",
    Reason.NO_VARIANCE: "die Gebiete unterscheiden sich in keinem Indikator",
    Reason.TOO_FEW_AREAS: "für einen Vergleich sind mindestens zwei Gebiete nötig",
    Reason.BOUNDARY_CHANGED: "die Gebietsgrenzen haben sich geändert, die Stichtage sind nicht "
    "vergleichbar",
    Reason.NO_REFERENCE: "der Bezugswert fehlt, an dem sich die Regel ausrichtet",
    Reason.SMALL_DENOMINATOR: "für eine Quote leben hier zu wenige Menschen",
    Reason.PENDING: "eine nötige Angabe fällt später an",
    Reason.NOT_DELIVERED: "eine nötige Angabe liegt nicht vor",
    Reason.CONFIDENTIAL: "eine nötige Angabe ist geheim",
    Reason.SUPPLIER: "eine nötige Angabe hat der Lieferant gesperrt",
    Reason.CARRIED_FORWARD: "eine nötige Angabe ist nur fortgeschrieben",
    Reason.PUBLISHED_BEFORE: "eine nötige Angabe ist nur früher veröffentlicht",
}


@dataclass(frozen=True)
class Words:
    """What indicators, levels and the people of a group are called in this city."""

    indicators: Indicators
    levels: Levels
    group: Group = Group.ALL

    def people(self, measure: str) -> str:
        """Say whom a measure counts in this group: children are not called residents."""
        label = self.indicators.measures[measure].label
        if self.group == Group.ALL:
            return label
        group = self.indicators.groups[self.group].label
        return group if measure == RESIDENTS else f"{label} ({group})"

    def indicator(self, item: str) -> Indicator:
        """Find the configuration of an indicator, also by the name of its change."""
        return self.indicators.indicators[item.removesuffix(CHANGE)]

    def name(self, item: str) -> str:
        """Label of an indicator; of its change with the word for it."""
        label = self.indicator(item).label
        return change_label(label) if item.endswith(CHANGE) else label

    def amount(self, item: str, value: float) -> str:
        """Write a value with its unit; a change with its sign."""
        return f"{self.number(item, value)} {self.unit(item)}".rstrip()

    def number(self, item: str, value: float) -> str:
        """Write a value without its unit."""
        write = signed_text if item.endswith(CHANGE) else number_text
        return write(value, self.indicator(item).digits)

    def unit(self, item: str) -> str:
        """Label of an indicator's unit; a change of percent is in percentage points."""
        unit = self.indicator(item).unit
        return UNIT_LABELS[change_unit(unit) if item.endswith(CHANGE) else unit]

    def level(self, item: str, number: int) -> str:
        """Name of a level or of a class of the dynamics."""
        if item == DYNAMIC_LEVEL:
            return f"Dynamik {number} „{self.levels.dynamic_labels[number]}“"
        return f"Stufe {number} „{self.levels.labels[number]}“"


def change_label(label: str) -> str:
    """Name of an indicator's change."""
    return f"{label} (Veränderung)"


def change_unit(unit: Unit) -> Unit:
    """Give the unit of a change: for percent that is percentage points."""
    return Unit.PERCENTAGE_POINTS if unit is Unit.PERCENT else unit


def class_word(level_item: str) -> str:
    """Name the classes: levels of need or classes of the dynamics."""
    return "Klasse" if level_item == DYNAMIC_LEVEL else "Stufe"
