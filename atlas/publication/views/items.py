"""Names, units and digits of items, and what stands where a value is hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from atlas.classify import CHANGE, FIXED
from atlas.config import PublishedConfig
from atlas.config.wording import DEFAULT_WORDING, WORDINGS
from atlas.publication.seen import Cell, Seen
from atlas.sentences import ESTIMATED, change_label, change_unit
from atlas.terms import (
    AREA_HA,
    DYNAMIC_INDEX,
    DYNAMIC_LEVEL,
    NEED_INDEX,
    NEED_LEVEL,
    STATUS_LABELS,
    UNIT_LABELS,
    Group,
    Reason,
    Status,
    Unit,
)
from atlas.words import number_text, signed_text

LEVELS = (NEED_LEVEL, DYNAMIC_LEVEL)
FIXED_ITEMS = (NEED_INDEX + FIXED, NEED_LEVEL + FIXED)
NO_LEVEL = "ohne Stufe"
_LEVEL_NAMES = {NEED_LEVEL: "labels", DYNAMIC_LEVEL: "dynamic_labels"}
_INDEX_DIGITS = 2
REASON_WORDS = {
    Reason.CONFIDENTIAL: "geheim",
    Reason.SUPPLIER: "vom Lieferanten gesperrt",
    Reason.PENDING: "fällt später an",
    Reason.NOT_DELIVERED: "liegt nicht vor",
    Reason.NO_VARIANCE: "alle Gebiete gleich",
    Reason.TOO_FEW_AREAS: "zu wenige Gebiete",
    Reason.FEW_RESIDENTS_BEFORE: "am früheren Stichtag zu wenige Einwohner*innen",
    Reason.BOUNDARY_CHANGED: "nicht vergleichbar, Grenzen geändert",
    Reason.NO_REFERENCE: "Bezugswert fehlt",
    Reason.UNINHABITED: "unbewohnt",
    Reason.CARRIED_FORWARD: "fortgeschrieben",
}
# A level is missing because of something: the map says which, in its own symbols.
_CAUSES = {
    Reason.CONFIDENTIAL: Status.SUPPRESSED,
    Reason.SUPPLIER: Status.WITHHELD,
    Reason.PENDING: Status.MISSING,
    Reason.NOT_DELIVERED: Status.UNAVAILABLE,
    Reason.UNINHABITED: Status.UNINHABITED,
}


@dataclass(frozen=True)
class Item:
    """What an item is called and how it is shown; only a level has ``names``.

    ``is_difference``: its values are differences and shown with their sign.
    """

    id: str
    label: str
    short_label: str
    unit: Unit
    digits: int
    definition: str = ""
    names: Mapping[int, str] = field(default_factory=dict, hash=False)
    is_difference: bool = False

    @property
    def label_with_unit(self) -> str:
        """Label of a column, e.g. ``SGB-II-Quote in %``."""
        unit = UNIT_LABELS[self.unit]
        if not unit:
            return self.label
        return f"{self.label} {unit}" if self.unit is Unit.PER_HA else f"{self.label} in {unit}"

    def value_text(self, value: float) -> str:
        """Value with unit."""
        return f"{self.bare_text(value)} {UNIT_LABELS[self.unit]}".rstrip()

    def bare_text(self, value: float) -> str:
        """Value without unit."""
        write = signed_text if self.is_difference else number_text
        return write(value, self.digits)

    def level_text(self, value: float) -> str:
        """Write number and name of a level, e.g. ``4 hoher Handlungsbedarf``."""
        return f"{int(value)} {self.names[int(value)]}"


def item_of(config: PublishedConfig, item: str) -> Item:
    """Describe a measure, an indicator or its change, the area, an index or a level."""
    if item.endswith(CHANGE):
        return _change_of(item_of(config, item.removesuffix(CHANGE)))
    if measure := config.indicators.measures.get(item):
        return Item(item, measure.label, measure.label, Unit.COUNT, 0, measure.definition)
    if one := config.indicators.indicators.get(item):
        return Item(item, one.label, one.name(), one.unit, one.digits, one.definition)
    if item.endswith(FIXED):
        return _fixed_of(item_of(config, item.removesuffix(FIXED)))
    if is_sub_index(item):
        return _sub_index(config, item)
    found = _in_words(_FIXED[item], config.levels.wording.theme)
    if item in _LEVEL_NAMES:
        return replace(found, names=getattr(config.levels, _LEVEL_NAMES[item]))
    return found


def is_sub_index(item: str) -> bool:
    """Whether an item is a theme of the need index."""
    return item.startswith(f"{NEED_INDEX}.") and not item.endswith(FIXED)


def _sub_index(config: PublishedConfig, item: str) -> Item:
    name = item.removeprefix(f"{NEED_INDEX}.")
    scales = config.levels.need.values()
    theme = next(one for scale in scales for one in scale.themes if one.id == name)
    text = "Fasst einen Teil der Indikatoren zusammen; aus den Teilindizes entsteht der Index."
    label = f"Teilindex {theme.label}"
    return Item(item, label, theme.label, Unit.INDEX, _INDEX_DIGITS, text)


def sub_indices(config: PublishedConfig, group: Group) -> tuple[Item, ...]:
    """List the themes of the need index of a group, in the order of the configuration."""
    scale = config.levels.need.get(group)
    found = scale.themes if scale is not None else ()
    return tuple(_sub_index(config, f"{NEED_INDEX}.{theme.id}") for theme in found)


def level_text(config: PublishedConfig, item: str, value: float | None) -> str:
    """Write number and name of a level; without a value that there is none."""
    if not value:
        return NO_LEVEL
    return item_of(config, item).level_text(value)


def _in_words(item: Item, theme: str) -> Item:
    """Call an index or level what the city calls need for action."""
    texts = (item.label, item.definition)
    label, definition = (one.replace(_THEME, theme) for one in texts)
    return replace(item, label=label, definition=definition)


def _change_of(item: Item) -> Item:
    return replace(
        item,
        id=item.id + CHANGE,
        label=change_label(item.label),
        short_label=f"{item.short_label} ±",
        unit=change_unit(item.unit),
        is_difference=True,
    )


def _fixed_of(item: Item) -> Item:
    return replace(
        item,
        id=item.id + FIXED,
        label=f"{item.label} (Maßstab eines festen Stichtags)",
        short_label=f"{item.short_label} fest",
        definition="Mit Mittel und Streuung eines festen Stichtags, zum Vergleich der Jahre.",
    )


_THEME = WORDINGS[DEFAULT_WORDING].theme
_FIXED = {
    item.id: item
    for item in (
        Item(AREA_HA, "Fläche", "Fläche", Unit.HECTARE, 1, "Aus den Grenzen des Gebiets."),
        Item(
            NEED_INDEX,
            f"Index {_THEME}",
            "Index",
            Unit.INDEX,
            _INDEX_DIGITS,
            "Fasst die Indikatoren in einer Zahl zusammen.",
        ),
        Item(
            NEED_LEVEL,
            _THEME,
            "Stufe",
            Unit.LEVEL,
            0,
            "Stufe 1 bis 4 nach den Grenzen des Index.",
        ),
        Item(
            DYNAMIC_INDEX,
            "Index Dynamik",
            "Index Dynamik",
            Unit.INDEX,
            _INDEX_DIGITS,
            f"Wie der Index {_THEME}, aus Veränderungen.",
        ),
        Item(
            DYNAMIC_LEVEL,
            "Dynamik",
            "Dynamik",
            Unit.LEVEL,
            0,
            "Klasse 1 bis 3 nach den Grenzen des Index.",
        ),
    )
}


def indicators(config: PublishedConfig, group: Group) -> tuple[Item, ...]:
    """List the indicators of a group, in the order of the configuration."""
    every = config.indicators.indicators.items()
    return tuple(item_of(config, name) for name, one in every if group in one.groups)


def measures(config: PublishedConfig) -> tuple[Item, ...]:
    """List the measures in the order of the configuration."""
    return tuple(item_of(config, name) for name in config.indicators.measures)


def level_items(config: PublishedConfig, group: Group) -> tuple[Item, ...]:
    """List indices and levels that a group has."""
    levels = config.levels
    names = [NEED_LEVEL, NEED_INDEX] if group in levels.need else []
    names += [item.id for item in sub_indices(config, group)]
    names += [DYNAMIC_LEVEL, DYNAMIC_INDEX] if group in levels.dynamic else []
    return tuple(item_of(config, name) for name in names)


def fixed_items(config: PublishedConfig, group: Group) -> tuple[Item, ...]:
    """Index and level on the scale of a fixed date, where the group has them."""
    names = FIXED_ITEMS if group in config.levels.fixed else ()
    return tuple(item_of(config, name) for name in names)


def status_word(cell: Cell) -> str:
    """Word for a status, with its reason where that says more."""
    label = STATUS_LABELS[cell.status]
    reason = REASON_WORDS.get(cell.reason, "")
    return f"{label}: {reason}" if reason and reason != label else label


def cell_text(symbols: Mapping[Status, str], item: Item, cell: Cell) -> str:
    """Write what a table shows: the value, or symbol and word of the status.

    A level has its name beside it; one that is not there says why, as on the map.
    """
    status = cause_of(cell)
    symbol = symbols.get(status, "")
    if cell.value is None:
        return f"{symbol} {STATUS_LABELS[status]}".strip()
    text = item.level_text(cell.value) if item.names else item.bare_text(cell.value)
    return f"{text} {symbol}".strip()


def shown_text(item: Item, value: float, status: Status) -> str:
    """Write a shown value with its unit; an estimated one says so."""
    return f"{item.value_text(value)}{ESTIMATED if status is Status.ESTIMATED else ''}"


def mark_of(cell: Cell) -> str:
    """Say of a level that it is estimated; empty for any other."""
    return ESTIMATED if cell.status is Status.ESTIMATED else ""


def cause_of(cell: Cell) -> Status:
    """Status that the map shows for a level: why there is none, where that is known."""
    if cell.status is Status.NOT_CLASSIFIED:
        return _CAUSES.get(cell.reason, cell.status)
    return cell.status


NEED = "need"
DYNAMIC = "dynamic"
LEVEL_ITEMS = {NEED: NEED_LEVEL, DYNAMIC: DYNAMIC_LEVEL}


@dataclass(frozen=True)
class Theme:
    """Something that a map shows: need, dynamics, a sub-index or indicator by its id."""

    id: str
    label: str


def themes(seen: Seen) -> tuple[Theme, ...]:
    """Themes of a group: need, its sub-indices and dynamics if it has them, its indicators."""
    found = []
    if seen.has_levels:
        found.append(Theme(NEED, seen.config.levels.wording.theme))
    found += [Theme(item.id, item.label) for item in sub_indices(seen.config, seen.group)]
    if seen.has_dynamics:
        found.append(Theme(DYNAMIC, "Dynamik"))
    every = indicators(seen.config, seen.group)
    return (*found, *(Theme(item.id, item.label) for item in every))


def theme_item(config: PublishedConfig, theme: str) -> Item:
    """Describe what a theme shows: an indicator, or a level with its names."""
    return item_of(config, LEVEL_ITEMS.get(theme, theme))
