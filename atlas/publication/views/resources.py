"""Posts shared out over Quartiere by need and number of children, with the reason for each.

Published numbers alone: a Quartier whose level or number of children is not shown takes no
part, and is named with the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from atlas.classify import ROUNDING_LABELS, Basis, Plan, share_out
from atlas.publication.views.cells import Area, Cell, Column, areas, column
from atlas.publication.views.datasets import Dataset, Entry, Field
from atlas.publication.views.items import (
    Item,
    group_label,
    item_of,
    plural,
    singular,
    status_word,
)
from atlas.publication.views.notes import release_notes
from atlas.publication.views.reasons import unclassified_reason
from atlas.publication.views.tables import Column as Head
from atlas.publication.views.tables import Table, level_text
from atlas.release import Release
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
from atlas.words import day_text, enumeration, number_text, sort_key

BASIS_LABELS: dict[Basis, str] = {
    "level": "Stufe",
    "index": "Abstand des Index vom niedrigsten",
}
PLAN_NAME = "Stellen verteilen"
_BY_HAND = "über dieses Gebiet ist von Hand zu entscheiden."
_CHILDREN = Item("children", "Kinder und Jugendliche", "Kinder", Unit.COUNT, 0)
_FACTOR = Item("factor", "Faktor je Kind", "Faktor", Unit.COUNT, 2)
_QUOTA = Item("quota", "Rechnerisch", "Rechnerisch", Unit.COUNT, 2)
_GAP = "–"


@dataclass(frozen=True)
class PlanView:
    """Posts shared out.

    Attributes
    ----------
    table
        One row per Quartier; ``order`` sorts by posts.
    left_out
        Sentence that names the Quartiere that take no part; empty if all do.
    datasets
        The same for files: the table, then what was asked for.
    machine
        The same for programs.
    """

    summary: str
    left_out: str
    table: Table
    datasets: tuple[Dataset, ...]
    machine: Dataset


@dataclass(frozen=True)
class _Row:
    """One Quartier of the plan; a cell without value says why."""

    area: Area
    takes_part: bool
    cells: dict[str, Cell]
    posts: float
    reason: str


def has_children(release: Release) -> bool:
    """Whether any Quartier of the release shows how many children live there."""
    cells = column(release, Kind.QUARTIER, Group.U18, RESIDENTS)
    return any(cell.value is not None for cell in cells.values())


def plan_view(release: Release, group: Group, plan: Plan) -> PlanView:
    """Share out posts by the levels of one group and the children of each Quartier.

    Raises
    ------
    AtlasError
        If the plan cannot be kept: posts and step do not fit, or the floors take too much.
    """
    rows = _rows(release, group, plan)
    posts = _posts_item(plan)
    return PlanView(
        summary=_summary(release, plan, rows),
        left_out=_left_out(rows),
        table=_table(release, group, rows, posts),
        datasets=(_dataset(release, rows, posts), _settings(release, group, plan)),
        machine=_machine(release, rows, posts),
    )


def _rows(release: Release, group: Group, plan: Plan) -> tuple[_Row, ...]:
    columns = {
        "level": column(release, Kind.QUARTIER, group, NEED_LEVEL),
        "index": column(release, Kind.QUARTIER, group, NEED_INDEX),
        "children": column(release, Kind.QUARTIER, Group.U18, RESIDENTS),
    }
    every = areas(release, Kind.QUARTIER)
    values = {name: [cells[area.id].value for area in every] for name, cells in columns.items()}
    quartiere = pd.DataFrame({"area_id": [area.id for area in every], **values})
    shared = share_out(plan, quartiere.astype(dict.fromkeys(values, float)))
    found = {str(row.area_id): row for row in shared.itertuples()}
    return tuple(_row(release, group, area, columns, found[area.id]) for area in every)


def _row(
    release: Release, group: Group, area: Area, columns: dict[str, Column], shared: Any
) -> _Row:
    cells = {name: cells[area.id] for name, cells in columns.items()}
    takes_part = all(cell.value is not None for cell in cells.values())
    for name in ("factor", "quota"):
        value = float(getattr(shared, name))
        cells[name] = _known(value) if takes_part else _unknown(cells)
    reason = str(shared.reason)
    if cells["level"].value is None:
        why = unclassified_reason(release, area.id, group)
        reason = f"Nicht eingestuft ({why}): {_BY_HAND}"
    elif cells["children"].value is None:
        reason = f"Kinderzahl {status_word(cells['children'])}: {_BY_HAND}"
    return _Row(area, takes_part, cells, float(shared.posts), reason)


def _known(value: float) -> Cell:
    return Cell(value, Status.PUBLISHED, Reason.NONE)


def _unknown(cells: dict[str, Cell]) -> Cell:
    """Gap with the status of the number that is not shown."""
    gap = next(cell for cell in cells.values() if cell.value is None)
    return Cell(None, gap.status, gap.reason)


def _posts_item(plan: Plan) -> Item:
    digits = 0 if float(plan.step).is_integer() else 2
    return Item("posts", "Stellen", "Stellen", Unit.COUNT, digits)


def _summary(release: Release, plan: Plan, rows: Sequence[_Row]) -> str:
    served = [row for row in rows if row.posts > 0]
    digits = _posts_item(plan).digits
    floor = f", Sockel {number_text(plan.floor, digits)}" if plan.floor else ""
    return (
        f"{number_text(plan.posts, digits)} Stellen; {plural(release, Kind.QUARTIER)} mit "
        f"Stellen: {len(served)} von {len(rows)}. Maßstab: Kinder × {BASIS_LABELS[plan.by]}, "
        f"{ROUNDING_LABELS[plan.rounding]}{floor}."
    )


def _left_out(rows: Sequence[_Row]) -> str:
    names = [row.area.title for row in rows if not row.takes_part]
    if not names:
        return ""
    return f"Nicht beteiligt, von Hand zu entscheiden ({len(names)}): {enumeration(names)}."


def _posts(row: _Row) -> Cell:
    return _known(row.posts) if row.takes_part else _unknown(row.cells)


def _table(release: Release, group: Group, rows: Sequence[_Row], posts: Item) -> Table:
    heads = (
        Head("area_id", "Nummer", "", is_number=False),
        Head("name", singular(release, Kind.QUARTIER), "", is_number=False),
        Head(NEED_LEVEL, "Handlungsbedarf", "", is_number=False),
        Head(_CHILDREN.id, _CHILDREN.label, "", is_number=True),
        Head(_QUOTA.id, _QUOTA.label, "", is_number=True),
        Head(posts.id, posts.label, "", is_number=True),
        Head("reason", "Begründung", "", is_number=False),
    )
    texts = tuple(
        (
            row.area.id,
            row.area.name,
            _level(release, row.cells["level"]),
            _text(_CHILDREN, row.cells["children"]),
            _text(_QUOTA, row.cells["quota"]),
            _text(posts, _posts(row)),
            row.reason,
        )
        for row in rows
    )

    def key(place: int) -> tuple[bool, float, str]:
        row = rows[place]
        return (not row.takes_part, -row.posts, sort_key(row.area.name))

    order = tuple(sorted(range(len(rows)), key=key))
    day = day_text(release.info.reference_date)
    caption = f"{PLAN_NAME}, {group_label(release, group)}, {day}"
    return Table(caption, heads, texts, {posts.id: order})


def _level(release: Release, cell: Cell) -> str:
    if cell.value is None:
        return status_word(cell)
    return level_text(release, NEED_LEVEL, cell.value)


def _text(item: Item, cell: Cell) -> str:
    return _GAP if cell.value is None else item.bare_text(cell.value)


def _fields(release: Release, posts: Item) -> tuple[Field, ...]:
    config = release.info.config
    level, index = item_of(config, NEED_LEVEL), item_of(config, NEED_INDEX)
    items = {NEED_LEVEL: level, NEED_INDEX: index}
    items |= {item.id: item for item in (_CHILDREN, _FACTOR, _QUOTA, posts)}
    return (
        Field("area_id", "Nummer"),
        Field("name", singular(release, Kind.QUARTIER)),
        *(Field(name, item.label, item) for name, item in items.items()),
        Field("reason", "Begründung"),
    )


def _entries(row: _Row) -> tuple[Entry, ...]:
    names = ("level", "index", "children", "factor", "quota")
    cells = [row.cells[name] for name in names]
    return (row.area.id, row.area.name, *cells, _posts(row), row.reason)


def _dataset(release: Release, rows: Sequence[_Row], posts: Item) -> Dataset:
    fields = _fields(release, posts)
    return Dataset(PLAN_NAME, PLAN_NAME, fields, tuple(_entries(row) for row in rows))


def _machine(release: Release, rows: Sequence[_Row], posts: Item) -> Dataset:
    notes = release_notes(release)
    fixed = (
        ("reference_date", release.info.reference_date.isoformat()),
        ("release", release.info.name),
        ("state", str(release.info.state)),
        ("remark", "; ".join(notes.badges)),
    )
    fields = (*(Field(name, name) for name, _ in fixed), *_fields(release, posts))
    texts = tuple(text for _, text in fixed)
    return Dataset(
        PLAN_NAME, PLAN_NAME, fields, tuple((*texts, *_entries(row)) for row in rows)
    )


def _settings(release: Release, group: Group, plan: Plan) -> Dataset:
    digits = _posts_item(plan).digits
    rows = (
        ("Stichtag", day_text(release.info.reference_date)),
        ("Veröffentlichung", release.info.name),
        ("Handlungsbedarf für", group_label(release, group)),
        ("Stellen", number_text(plan.posts, digits)),
        ("Kleinste Einheit", number_text(plan.step, digits)),
        (f"Sockel je {singular(release, Kind.QUARTIER)}", number_text(plan.floor, digits)),
        ("Maßstab", f"Kinder × {BASIS_LABELS[plan.by]}"),
        ("Rundung", ROUNDING_LABELS[plan.rounding]),
    )
    fields = (Field("setting", "Vorgabe"), Field("value", "Wert"))
    return Dataset("Vorgaben", "Vorgaben", fields, rows)
