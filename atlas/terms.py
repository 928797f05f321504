"""The words of the atlas: enumerations, column names and their German labels.

Knows no data and no files. Every other module takes its vocabulary from here.
"""

from collections.abc import Iterable
from enum import IntEnum, StrEnum
from typing import ClassVar


class Kind(str):
    """Kind of area; a city configures which it has, from small to large.

    Named here are those that the code gives a meaning: the smallest, the one that is
    classified, a customary one above it, and the top.
    """

    __slots__ = ()
    BLOCK: ClassVar["Kind"]
    QUARTIER: ClassVar["Kind"]
    DISTRICT: ClassVar["Kind"]
    CITY: ClassVar["Kind"]


Kind.BLOCK, Kind.QUARTIER = Kind("block"), Kind("quartier")
Kind.DISTRICT, Kind.CITY = Kind("district"), Kind("city")


class Group(str):
    """Bezugsgruppe: whom a figure counts; a city configures its own beside ``all``."""

    __slots__ = ()
    ALL: ClassVar["Group"]
    U18: ClassVar["Group"]


Group.ALL, Group.U18 = Group("all"), Group("u18")


class Role(StrEnum):
    """What somebody may see and do; everybody has ``public``."""

    PUBLIC = "public"
    PLANNING = "planning"
    OFFICE = "office"
    AUDITOR = "auditor"


class Status(StrEnum):
    """Why a cell shows what it shows."""

    PUBLISHED = "published"
    SUPPRESSED = "suppressed"
    WITHHELD = "withheld"
    MISSING = "missing"
    UNAVAILABLE = "unavailable"
    NOT_MEANINGFUL = "not_meaningful"
    UNINHABITED = "uninhabited"
    NOT_CLASSIFIED = "not_classified"
    ESTIMATED = "estimated"


class Reason(StrEnum):
    """Code of the reason beside a status; texts are made from it by ``publication.views``."""

    NONE = ""
    CONFIDENTIAL = "geheim"
    SUPPLIER = "vom_lieferanten_gesperrt"
    PENDING = "ausstehend"
    NOT_DELIVERED = "liegt_nicht_vor"
    FEW_RESIDENTS = "zu_wenige_einwohner"
    FEW_RESIDENTS_BEFORE = "damals_zu_wenige_einwohner"
    SMALL_DENOMINATOR = "nenner_zu_klein"
    EXCLUDED = "ausgenommen"
    NO_VARIANCE = "keine_streuung"
    TOO_FEW_AREAS = "zu_wenige_gebiete"
    BOUNDARY_CHANGED = "nicht_vergleichbar"
    NO_REFERENCE = "bezugswert_fehlt"
    UNINHABITED = "unbewohnt"
    CARRIED_FORWARD = "fortgeschrieben"
    PUBLISHED_BEFORE = "veroeffentlicht"


class Unit(StrEnum):
    """Unit of an item's value."""

    COUNT = "count"
    HECTARE = "ha"
    PER_HA = "per_ha"
    PERCENT = "percent"
    PERCENTAGE_POINTS = "percentage_points"
    EURO = "euro"
    LEVEL = "level"
    INDEX = "index"


class State(StrEnum):
    """Whether every required source of a reference date is in."""

    PROVISIONAL = "provisional"
    FINAL = "final"


class Level(IntEnum):
    """Need for action."""

    NONE = 1
    CONSIDER = 2
    NEED = 3
    HIGH = 4


class DynamicLevel(IntEnum):
    """Direction of change over a span of years."""

    POSITIVE = 1
    STABLE = 2
    NEGATIVE = 3


KINDS = (Kind.BLOCK, Kind.QUARTIER, Kind.DISTRICT, Kind.CITY)
"""The customary chain from small to large."""


def chain_of(kinds: Iterable[str]) -> tuple[Kind, ...]:
    """Order kinds from small to large: the customary ones by custom, any others as given."""
    given = tuple(dict.fromkeys(map(Kind, kinds)))
    customary = tuple(kind for kind in KINDS if kind in given)
    return customary if len(customary) == len(given) else given


AREA_HA = "area_ha"
RESIDENTS = "residents"
NEED_INDEX = "need_index"
NEED_LEVEL = "need_level"
DYNAMIC_INDEX = "dynamic_index"
DYNAMIC_LEVEL = "dynamic_level"
UNPLACED = ".unplaced"
"""Part of a measure: persons whom no area holds, at kind city."""

CELL_KEY = ("kind", "area_id", "reference_date", "group", "item")
CELL_COLUMNS = (*CELL_KEY, "value", "status", "reason")

STATE_LABELS = {State.PROVISIONAL: "vorläufig", State.FINAL: "endgültig"}
STATUS_LABELS = {
    Status.PUBLISHED: "veröffentlicht",
    Status.SUPPRESSED: "geheim",
    Status.WITHHELD: "vom Lieferanten gesperrt",
    Status.MISSING: "fällt später an",
    Status.UNAVAILABLE: "liegt nicht vor",
    Status.NOT_MEANINGFUL: "nicht sinnvoll",
    Status.UNINHABITED: "unbewohnt",
    Status.NOT_CLASSIFIED: "nicht klassifiziert",
    Status.ESTIMATED: "geschätzt",
}
REASONS = {
    Status.SUPPRESSED: Reason.CONFIDENTIAL,
    Status.WITHHELD: Reason.SUPPLIER,
    Status.MISSING: Reason.PENDING,
    Status.UNAVAILABLE: Reason.NOT_DELIVERED,
}
# DIN 55301; a city may replace single symbols in city.toml.
STATUS_SYMBOLS = {
    Status.SUPPRESSED: ".",
    Status.WITHHELD: ".",
    Status.MISSING: "…",
    Status.UNAVAILABLE: ".",
    Status.NOT_MEANINGFUL: "x",
    Status.UNINHABITED: "–",
    Status.NOT_CLASSIFIED: "x",
    Status.ESTIMATED: "s",
}
LEVEL_LABELS = {
    Level.NONE: "kein Handlungsbedarf",
    Level.CONSIDER: "Handlungsbedarf abwägen",
    Level.NEED: "Handlungsbedarf",
    Level.HIGH: "hoher Handlungsbedarf",
}
# As Berlin and Hamburg speak: an area deserves attention, nobody has a need.
ATTENTION_LABELS = {
    Level.NONE: "geringe Aufmerksamkeit",
    Level.CONSIDER: "mittlere Aufmerksamkeit",
    Level.NEED: "hohe Aufmerksamkeit",
    Level.HIGH: "sehr hohe Aufmerksamkeit",
}
DYNAMIC_LABELS = {
    DynamicLevel.POSITIVE: "positiv",
    DynamicLevel.STABLE: "stabil",
    DynamicLevel.NEGATIVE: "negativ",
}
UNIT_LABELS = {
    Unit.COUNT: "",
    Unit.HECTARE: "ha",
    Unit.PER_HA: "je ha",
    Unit.PERCENT: "%",
    Unit.PERCENTAGE_POINTS: "Prozentpunkte",
    Unit.EURO: "€",
    Unit.LEVEL: "",
    Unit.INDEX: "",
}
