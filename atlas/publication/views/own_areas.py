"""Own areas: a named set of Quartiere or blocks, its figures from published cells alone.

A count is there only if every member shows it, a share only if both of its counts are: each
figure is a sum of published cells or arithmetic on such sums, so that whoever knows the
published cells knows it already, whatever other sets there are. Never a part of a sum, never
an average of shares. An own area has no level: cuts and averages are those of Quartiere.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from atlas.indicators import indicator_cells
from atlas.publication.seen import SHOWN, Cell, Seen
from atlas.publication.views.items import LEVELS, Item, is_sub_index
from atlas.publication.views.table import Entry, Figure
from atlas.terms import (
    AREA_HA,
    CELL_COLUMNS,
    NEED_INDEX,
    Group,
    Kind,
    Reason,
    Status,
)

NO_LEVEL_TEXT = "wird nicht eingestuft"
HOW_COUNTED = (
    "Summen veröffentlichter Zahlen und Anteile daraus. Ist eine Zahl eines Mitglieds geheim, "
    "fehlt die Summe ganz; so lässt sich aus keiner Zusammenstellung etwas Geheimes errechnen."
)
_OTHER_EDITION = Cell(None, Status.UNAVAILABLE, Reason.BOUNDARY_CHANGED)
# Of several gaps the reader is told the one that time or a rule cannot mend first.
_GAPS = (Status.UNAVAILABLE, Status.MISSING, Status.SUPPRESSED, Status.WITHHELD)
_GAP_TEXTS = {
    Status.SUPPRESSED: "enthält geheime Werte",
    Status.WITHHELD: "enthält gesperrte Werte",
    Status.MISSING: "fällt später an",
    Status.NOT_MEANINGFUL: "zu klein für eine Quote",
    Status.UNINHABITED: "unbewohnt",
}
_ONE = "own"


@dataclass(frozen=True)
class OwnArea:
    """A named set of areas of one kind.

    Attributes
    ----------
    number
        Under which it is kept.
    area_ids
        Its members, sorted, each once.
    edition
        Of the boundaries among which it was chosen, ISO date.
    """

    number: int
    name: str
    kind: Kind
    area_ids: tuple[str, ...]
    edition: str = ""


def own_cell(seen: Seen, own: OwnArea, item: str) -> Cell:
    """Give one figure of an own area through a group, or the status why there is none."""
    group = Group.ALL if item == AREA_HA else seen.group
    return _cells_of(seen, own).get((str(group), item), _no_level(item))


def own_entry(seen: Seen, own: OwnArea, item: Item) -> Entry:
    """Give one figure for a page: the value, or in words why there is none."""
    cell = own_cell(seen, own, item.id)
    return Figure(item, cell) if cell.value is not None else gap_text(seen, item.id, cell)


def has_sums(item: Item) -> bool:
    """Whether an own area can have this item at all: no level and no index is a sum."""
    return not (item.id in LEVELS or item.id == NEED_INDEX or is_sub_index(item.id))


def gap_text(seen: Seen, item: str, cell: Cell) -> str:
    """Say why an own area shows no figure."""
    if item in LEVELS or item == NEED_INDEX or is_sub_index(item):
        return NO_LEVEL_TEXT
    if cell.reason is Reason.BOUNDARY_CHANGED:
        return "anderer Gebietsstand"
    indicator = seen.config.indicators.indicators.get(item)
    if indicator is not None and indicator.is_delivered:
        return "fertig geliefert, nicht summierbar"
    return _GAP_TEXTS.get(cell.status, "liegt nicht vor")


def why_no_level(seen: Seen) -> str:
    """Say why an own area has no level."""
    return (
        f"Eigene Gebiete werden nicht eingestuft: Die Stufe vergleicht "
        f"{seen.plural(Kind.QUARTIER)} miteinander; für Summen anderer Größe gelten weder ihr "
        "Durchschnitt noch ihre Grenzen."
    )


def members_text(seen: Seen, own: OwnArea) -> str:
    """Say of how many areas of which kind it consists."""
    count = len(own.area_ids)
    return f"{count} {seen.singular(own.kind) if count == 1 else seen.plural(own.kind)}"


def beside_name(own: OwnArea) -> str:
    """Name among Quartiere, of which one might have the same."""
    return f"{own.name} (eigenes Gebiet)"


def is_of_edition(seen: Seen, own: OwnArea) -> bool:
    """Whether it was chosen among the boundaries of this release."""
    return own.edition in ("", seen.info.edition.isoformat())


def _no_level(item: str) -> Cell:
    is_level = item in LEVELS or item == NEED_INDEX or is_sub_index(item)
    status = Status.NOT_CLASSIFIED if is_level else Status.UNAVAILABLE
    return Cell(None, status, Reason.NONE if is_level else Reason.NOT_DELIVERED)


def _cells_of(seen: Seen, own: OwnArea) -> Mapping[tuple[str, str], Cell]:
    """Add up members, and compute what follows, by group and item."""
    whole = seen.through(Group.ALL)
    return whole.once(("own", own.kind, own.area_ids), lambda: _figures(whole, own))


def _figures(seen: Seen, own: OwnArea) -> dict[tuple[str, str], Cell]:
    sums = {
        (str(group), item): _sum(_member_cells(seen.through(group), own, item))
        for group in seen.config.indicators.groups
        for item in seen.config.indicators.measures
    }
    sums[(str(Group.ALL), AREA_HA)] = _sum(_member_cells(seen, own, AREA_HA))
    base = pd.DataFrame([_row(seen, own, key, cell) for key, cell in sums.items()])
    config = seen.config
    shares = indicator_cells(base, config.indicators, config.protection)
    columns = (shares[name].tolist() for name in ("group", "item", "value", "status", "reason"))
    found = {
        (group, item): Cell(value if status in SHOWN else None, Status(status), Reason(reason))
        for group, item, value, status, reason in zip(*columns, strict=True)
    }
    return {key: _without_members(seen, own, cell) for key, cell in (sums | found).items()}


def _member_cells(seen: Seen, own: OwnArea, item: str) -> list[Cell]:
    areas = [seen.find(own.kind, key) for key in own.area_ids]
    return [_OTHER_EDITION if area is None else seen.cell(area, item) for area in areas]


def _sum(cells: Sequence[Cell]) -> Cell:
    """Add cells that are all shown; else the gap of one of them."""
    gaps = [cell for cell in cells if cell.value is None]
    if gaps:
        order = {status: place for place, status in enumerate(_GAPS)}
        gap = min(gaps, key=lambda cell: order.get(cell.status, len(order)))
        return Cell(None, gap.status, gap.reason)
    total = math.fsum(cell.value for cell in cells if cell.value is not None)
    estimated = [cell for cell in cells if cell.status is Status.ESTIMATED]
    shown = estimated[0] if estimated else Cell(None, Status.PUBLISHED, Reason.NONE)
    return Cell(total, shown.status, shown.reason)


def _row(seen: Seen, own: OwnArea, key: tuple[str, str], cell: Cell) -> dict[str, object]:
    group, item = key
    day = seen.info.reference_date.isoformat()
    value = math.nan if cell.value is None else cell.value
    told = (str(own.kind), _ONE, day, group, item, value, str(cell.status), str(cell.reason))
    return dict(zip(CELL_COLUMNS, told, strict=True))


def _without_members(seen: Seen, own: OwnArea, cell: Cell) -> Cell:
    """Blame the boundaries where a release does not know every member."""
    is_known = all(seen.find(own.kind, key) is not None for key in own.area_ids)
    return cell if is_known else _OTHER_EDITION
