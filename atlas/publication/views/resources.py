"""Posts shared out over Quartiere by need and number of children, with the reason for each.

Published numbers alone: a Quartier whose level or number of children != shown takes no
part, and is named with the reason.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from atlas.classify import Basis, Plan, share_out
from atlas.publication.seen import Area, Cell, Seen
from atlas.publication.views.items import Item, item_of, mark_of, status_word
from atlas.publication.views.present_posts import Present
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
_NOT_ASKED = Cell(None, Status.NOT_MEANINGFUL, Reason.NONE)
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
    sums
        Row that adds up the table, with the same fields.
    """

    summary: str
    left_out: str
    table: Table
    settings: Table
    sums: tuple[Entry, ...]


@dataclass(frozen=True)
class _Row:
    """One Quartier of the plan; a cell without value says why."""

    area: Area
    takes_part: bool
    is_fixed: bool
    present: float | None
    cells: dict[str, Cell]
    posts: float
    reason: str


def has_children(seen: Seen) -> bool:
    """Whether any Quartier of the release shows how many children live there."""
    return bool(seen.through(Group.U18).values(Kind.QUARTIER, RESIDENTS))


def plan_view(seen: Seen, plan: Plan, present: Present | None = None) -> PlanView:
    """Share out posts by the levels of the group and the children of each Quartier.

    Parameters
    ----------
    present
        Posts that are there already, and those of them that stay.

    Raises
    ------
    AtlasError
        If the plan cannot be kept: posts and step do not fit, or the floors take too much.
    """
    there = present or Present()
    rows = _rows(seen, plan, there)
    table = _table(seen, rows, plan)
    return PlanView(
        summary=_summary(seen, plan, rows),
        left_out=_left_out(rows),
        table=table if there.posts else table.without("present").without("more"),
        settings=_settings(seen, plan, rows),
        sums=_sums(rows, has_present=bool(there.posts)),
    )


def _rows(seen: Seen, plan: Plan, present: Present) -> tuple[_Row, ...]:
    every = seen.areas(Kind.QUARTIER)
    found = [_cells(seen, area) for area in every]
    values = {
        name: [one[name].value for one in found] for name in ("level", "index", "children")
    }
    fixed = [present.posts[area.id] if area.id in present.fixed else None for area in every]
    values["fixed"] = fixed
    quartiere = pd.DataFrame({"area_id": [area.id for area in every], **values})
    shared = share_out(plan, quartiere.astype(dict.fromkeys(values, float)))
    told = shared.assign(reason=[post_reason(row, plan) for row in shared.itertuples()])
    shares = {str(row.area_id): row for row in told.itertuples()}
    return tuple(
        _row(seen, plan.by, (area, present.posts.get(area.id)), own, shares[area.id])
        for area, own in zip(every, found, strict=True)
    )


def _cells(seen: Seen, area: Area) -> dict[str, Cell]:
    return {
        "level": seen.cell(area, NEED_LEVEL),
        "index": seen.cell(area, NEED_INDEX),
        "children": seen.through(Group.U18).cell(area, RESIDENTS),
    }


def _row(
    seen: Seen, by: Basis, place: tuple[Area, float | None], known: dict[str, Cell], shared: Any
) -> _Row:
    area, there = place
    own = dict(known)
    is_fixed = not math.isnan(shared.fixed)
    # A level that was delivered has no index, and most plans ask for none.
    asked = own if by == "index" else {name: own[name] for name in ("level", "children")}
    takes_part = all(cell.value is not None for cell in asked.values())
    for name in ("factor", "quota"):
        value = float(getattr(shared, name))
        own[name] = _known(value) if takes_part else _unknown(asked)
        own[name] = _NOT_ASKED if is_fixed else own[name]
    reason = str(shared.reason)
    if own["level"].value is None and not is_fixed:
        why = unclassified_reason(seen, area.id)
        reason = f"Nicht eingestuft ({why}): {_BY_HAND}"
    elif not is_fixed and own["children"].value is None:
        reason = f"Kinderzahl {status_word(own['children'])}: {_BY_HAND}"
    return _Row(area, takes_part, is_fixed, there, own, float(shared.posts), reason)


def _known(value: float) -> Cell:
    return Cell(value, Status.PUBLISHED, Reason.NONE)


def _unknown(cells: dict[str, Cell]) -> Cell:
    """Gap with the status of the number that is not shown."""
    gap = next(cell for cell in cells.values() if cell.value is None)
    return Cell(None, gap.status, gap.reason)


def _posts_item(plan: Plan) -> Item:
    digits = 0 if float(plan.step).is_integer() else 2
    return Item("posts", "Stellen", "Stellen", Unit.COUNT, digits)


def _difference_item(posts: Item) -> Item:
    return replace(posts, id="more", label="Unterschied", is_difference=True)


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
    names = [row.area.title for row in rows if not (row.takes_part or row.is_fixed)]
    if not names:
        return ""
    return f"Nicht beteiligt, von Hand zu entscheiden ({len(names)}): {enumeration(names)}."


def _posts(row: _Row) -> Cell:
    is_known = row.takes_part or row.is_fixed
    return _known(row.posts) if is_known else row.cells["quota"]


def _table(seen: Seen, rows: Sequence[_Row], plan: Plan) -> Table:
    posts = _posts_item(plan)
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
        replace(cells(replace(posts, id="present", label="Vorhanden")), gap=Gap.DASH),
        replace(cells(_difference_item(posts)), gap=Gap.DASH),
        text("reason", "Begründung"),
    )
    title = f"{PLAN_NAME}, {seen.group_label}, {seen.day}"
    return Table(title, fields, tuple(map(_entries, rows)), PLAN_NAME, seen.symbols)


def _entries(row: _Row) -> tuple[Entry, ...]:
    names = ("level", "index", "children", "factor", "quota")
    own = [row.cells[name] for name in names]
    there = _known(row.present or 0.0)
    return (row.area.id, row.area.name, *own, _posts(row), there, _more(row), row.reason)


def _more(row: _Row) -> Cell:
    """Give the posts that come or go."""
    posts = _posts(row)
    if posts.value is None:
        return posts
    return _known(posts.value - (row.present or 0.0))


def _sums(rows: Sequence[_Row], *, has_present: bool) -> tuple[Entry, ...]:
    """Add up posts, those there are, and the difference of both."""
    posts = math.fsum(row.posts for row in rows)
    there = math.fsum(row.present or 0.0 for row in rows)
    beside = (_known(there), _known(posts - there)) if has_present else ()
    return ("Summe", "", *[_NOT_ASKED] * 5, _known(posts), *beside, "")


def _settings(seen: Seen, plan: Plan, rows: Sequence[_Row]) -> Table:
    there = math.fsum(row.present or 0.0 for row in rows)
    digits = _posts_item(plan).digits
    told = (
        ("Stichtag", seen.day),
        ("Veröffentlichung", seen.info.name),
        (f"{seen.config.levels.wording.theme} für", seen.group_label),
        ("Stellen", number_text(plan.posts, digits)),
        ("Kleinste Einheit", number_text(plan.step, digits)),
        (f"Sockel je {seen.singular(Kind.QUARTIER)}", number_text(plan.floor, digits)),
        ("Maßstab", f"Kinder × {BASIS_LABELS[plan.by]}"),
        ("Rundung", ROUNDING_LABELS[plan.rounding]),
        ("Mindeststufe", str(plan.least_level)),
        ("Fest", enumeration([row.area.title for row in rows if row.is_fixed]) or "–"),
        ("Vorhanden zusammen", number_text(there, digits)),
    )
    return Table(
        "Vorgaben", (text("setting", "Vorgabe"), text("value", "Wert")), told, "Vorgaben"
    )
