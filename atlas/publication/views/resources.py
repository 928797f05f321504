"""Posts shared out over Quartiere by need and number of children, with the reason for each.

Published numbers alone: a Quartier whose level or number of children != shown takes no
part, and is named with the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from atlas.classify import Basis, Plan, share_out
from atlas.publication.seen import Area, Cell, Seen
from atlas.publication.views.items import Item, item_of, mark_of, status_word
from atlas.publication.views.reasons import unclassified_reason
from atlas.publication.views.table import Entry, Gap, Place, Table, cells, text
from atlas.sentences import ROUNDING_LABELS, post_reason
from atlas.terms import (
    NEED_INDEX,
    NEED_LEVEL,
    RESIDENTS,
    Group,
    Kind,
    Reason,
    Status,
    Unit,
)
from atlas.words import enumeration, number_text

BASIS_LABELS: dict[Basis, str] = {
    "level": "Stufe",
    "index": "Abstand des Index vom niedrigsten",
}
PLAN_NAME = "Stellen verteilen"
_BY_HAND = "über dieses Gebiet ist von Hand zu entscheiden."
_CHILDREN = Item("children", "Kinder und Jugendliche", "Kinder", Unit.COUNT, 0)
_FACTOR = Item("factor", "Faktor je Kind", "Faktor", Unit.COUNT, 2)
_QUOTA = Item("quota", "Rechnerisch", "Rechnerisch", Unit.COUNT, 2)


@dataclass(frozen=True)
class PlanView:
    """Posts shared out.

    Attributes
    ----------
    left_out
        Sentence that names the Quartiere that take no part; empty if all do.
    table
        One row per Quartier.
    settings
        What was asked for.
    """

    summary: str
    left_out: str
    table: Table
    settings: Table


@dataclass(frozen=True)
class _Row:
    """One Quartier of the plan; a cell without value says why."""

    area: Area
    takes_part: bool
    cells: dict[str, Cell]
    posts: float
    reason: str


def has_children(seen: Seen) -> bool:
    """Whether any Quartier of the release shows how many children live there."""
    return bool(seen.through(Group.U18).values(Kind.QUARTIER, RESIDENTS))


def plan_view(seen: Seen, plan: Plan) -> PlanView:
    """Share out posts by the levels of the group and the children of each Quartier.

    Raises
    ------
    AtlasError
        If the plan cannot be kept: posts and step do not fit, or the floors take too much.
    """
    rows = _rows(seen, plan)
    return PlanView(
        summary=_summary(seen, plan, rows),
        left_out=_left_out(rows),
        table=_table(seen, rows, _posts_item(plan)),
        settings=_settings(seen, plan),
    )


def _rows(seen: Seen, plan: Plan) -> tuple[_Row, ...]:
    every = seen.areas(Kind.QUARTIER)
    found = [_cells(seen, area) for area in every]
    values = {
        name: [one[name].value for one in found] for name in ("level", "index", "children")
    }
    quartiere = pd.DataFrame({"area_id": [area.id for area in every], **values})
    shared = share_out(plan, quartiere.astype(dict.fromkeys(values, float)))
    told = shared.assign(reason=[post_reason(row, plan) for row in shared.itertuples()])
    shares = {str(row.area_id): row for row in told.itertuples()}
    return tuple(
        _row(seen, area, own, shares[area.id]) for area, own in zip(every, found, strict=True)
    )


def _cells(seen: Seen, area: Area) -> dict[str, Cell]:
    return {
        "level": seen.cell(area, NEED_LEVEL),
        "index": seen.cell(area, NEED_INDEX),
        "children": seen.through(Group.U18).cell(area, RESIDENTS),
    }


def _row(seen: Seen, area: Area, known: dict[str, Cell], shared: Any) -> _Row:
    own = dict(known)
    takes_part = all(cell.value is not None for cell in own.values())
    for name in ("factor", "quota"):
        value = float(getattr(shared, name))
        own[name] = _known(value) if takes_part else _unknown(known)
    reason = str(shared.reason)
    if own["level"].value is None:
        why = unclassified_reason(seen, area.id)
        reason = f"Nicht eingestuft ({why}): {_BY_HAND}"
    elif own["children"].value is None:
        reason = f"Kinderzahl {status_word(own['children'])}: {_BY_HAND}"
    return _Row(area, takes_part, own, float(shared.posts), reason)


def _known(value: float) -> Cell:
    return Cell(value, Status.PUBLISHED, Reason.NONE)


def _unknown(cells: dict[str, Cell]) -> Cell:
    """Gap with the status of the number that is not shown."""
    gap = next(cell for cell in cells.values() if cell.value is None)
    return Cell(None, gap.status, gap.reason)


def _posts_item(plan: Plan) -> Item:
    digits = 0 if float(plan.step).is_integer() else 2
    return Item("posts", "Stellen", "Stellen", Unit.COUNT, digits)


def _summary(seen: Seen, plan: Plan, rows: Sequence[_Row]) -> str:
    served = [row for row in rows if row.posts > 0]
    digits = _posts_item(plan).digits
    floor = f", Sockel {number_text(plan.floor, digits)}" if plan.floor else ""
    return (
        f"{number_text(plan.posts, digits)} Stellen; {seen.plural(Kind.QUARTIER)} mit "
        f"Stellen: {len(served)} von {len(rows)}. Maßstab: Kinder × {BASIS_LABELS[plan.by]}, "
        f"{ROUNDING_LABELS[plan.rounding]}{floor}.{_estimated(rows)}"
    )


def _estimated(rows: Sequence[_Row]) -> str:
    """Say how many of the levels that the plan rests on are estimated; empty if none is."""
    marked = [row for row in rows if row.takes_part and mark_of(row.cells["level"])]
    return f" Davon mit geschätzter Stufe: {len(marked)}." if marked else ""


def _left_out(rows: Sequence[_Row]) -> str:
    names = [row.area.title for row in rows if not row.takes_part]
    if not names:
        return ""
    return f"Nicht beteiligt, von Hand zu entscheiden ({len(names)}): {enumeration(names)}."


def _posts(row: _Row) -> Cell:
    return _known(row.posts) if row.takes_part else _unknown(row.cells)


def _table(seen: Seen, rows: Sequence[_Row], posts: Item) -> Table:
    level, index = (item_of(seen.config, item) for item in (NEED_LEVEL, NEED_INDEX))
    fields = (
        text("area_id", "Nummer"),
        text("name", seen.singular(Kind.QUARTIER)),
        replace(cells(level), gap=Gap.WORD),
        cells(index, Place.FILE),
        replace(cells(_CHILDREN), gap=Gap.DASH),
        cells(_FACTOR, Place.FILE),
        replace(cells(_QUOTA), gap=Gap.DASH),
        replace(cells(posts), gap=Gap.DASH),
        text("reason", "Begründung"),
    )
    title = f"{PLAN_NAME}, {seen.group_label}, {seen.day}"
    return Table(title, fields, tuple(map(_entries, rows)), PLAN_NAME, seen.symbols)


def _entries(row: _Row) -> tuple[Entry, ...]:
    names = ("level", "index", "children", "factor", "quota")
    own = [row.cells[name] for name in names]
    return (row.area.id, row.area.name, *own, _posts(row), row.reason)


def _settings(seen: Seen, plan: Plan) -> Table:
    digits = _posts_item(plan).digits
    rows = (
        ("Stichtag", seen.day),
        ("Veröffentlichung", seen.info.name),
        ("Handlungsbedarf für", seen.group_label),
        ("Stellen", number_text(plan.posts, digits)),
        ("Kleinste Einheit", number_text(plan.step, digits)),
        (f"Sockel je {seen.singular(Kind.QUARTIER)}", number_text(plan.floor, digits)),
        ("Maßstab", f"Kinder × {BASIS_LABELS[plan.by]}"),
        ("Rundung", ROUNDING_LABELS[plan.rounding]),
    )
    return Table(
        "Vorgaben", (text("setting", "Vorgabe"), text("value", "Wert")), rows, "Vorgaben"
    )
