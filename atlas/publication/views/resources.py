"""Posts shared out over Quartiere by need and number of children, with the reason for each.

Published numbers alone: a Quartier whose level or number of children is not shown takes no
part, and is named with the reason.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from atlas.classify import Basis, Plan, share_out
from atlas.publication.seen import Area, Cell, Seen
from atlas.publication.views.items import Item, item_of, mark_of, status_word
from atlas.publication.views.plan_table import (
    NOT_ASKED,
    PLAN_NAME,
    Asked,
    PlanView,
    Receivers,
    Share,
    gap_of,
    shown,
    told_plan,
)
from atlas.publication.views.present_posts import Present
from atlas.publication.views.reasons import unclassified_reason
from atlas.publication.views.table import Field, Gap, Place, cells, text
from atlas.sentences import post_reason
from atlas.terms import NEED_INDEX, NEED_LEVEL, RESIDENTS, Group, Kind, Unit

BASIS_LABELS: dict[Basis, str] = {
    "level": "Stufe",
    "index": "Abstand des Index vom niedrigsten",
}
_ABOUT = (
    "Eine Zahl von Stellen, etwa der Schulsozialarbeit, nach der Stufe und der Zahl der "
    "Kinder und Jugendlichen. Eine Rechnung mit veröffentlichten Zahlen, keine Entscheidung: "
    "was nicht veröffentlicht ist, wird nicht geschätzt."
)
_BY_HAND = "über dieses Gebiet ist von Hand zu entscheiden."
_CHILDREN = Item("children", "Kinder und Jugendliche", "Kinder", Unit.COUNT, 0)
_FACTOR = Item("factor", "Faktor je Kind", "Faktor", Unit.COUNT, 2)


def quartiere_of(seen: Seen) -> Receivers:
    """Let the Quartiere of a release get posts."""
    levels = seen.config.levels.labels
    return Receivers(
        one=seen.singular(Kind.QUARTIER),
        several=seen.plural(Kind.QUARTIER),
        titles={area.id: area.title for area in seen.areas(Kind.QUARTIER)},
        places={},
        bases=BASIS_LABELS,
        least_label="Stellen ab Stufe",
        least={str(step): f"{step} {name}" for step, name in levels.items()},
        about=_ABOUT,
        hindrance=_hindrance(seen),
        share=partial(plan_view, seen),
    )


def _hindrance(seen: Seen) -> str:
    if not seen.has_levels:
        return "Für diese Bezugsgruppe wird nicht eingestuft."
    if not has_children(seen):
        return "Die Zahl der Kinder und Jugendlichen liegt für diesen Stichtag nicht vor."
    return ""


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
    asked = Asked(
        plan=plan,
        present=present or Present(),
        title=f"{PLAN_NAME}, {seen.group_label}, {seen.day}",
        one=seen.singular(Kind.QUARTIER),
        several=seen.plural(Kind.QUARTIER),
        measure=f"Kinder × {BASIS_LABELS[plan.by]}",
        least_label="Mindeststufe",
        fields=_fields(seen),
        about=(
            ("Stichtag", seen.day),
            ("Veröffentlichung", seen.info.name),
            (f"{seen.config.levels.wording.theme} für", seen.group_label),
        ),
        symbols=seen.symbols,
    )
    shares = _shares(seen, plan, asked.present)
    told = told_plan(asked, shares)
    return replace(told, summary=f"{told.summary}{_estimated(seen, shares)}")


def _fields(seen: Seen) -> tuple[Field, ...]:
    level, index = (item_of(seen.config, item) for item in (NEED_LEVEL, NEED_INDEX))
    return (
        text("area_id", "Nummer"),
        text("name", seen.singular(Kind.QUARTIER)),
        replace(cells(level), gap=Gap.WORD),
        cells(index, Place.FILE),
        replace(cells(_CHILDREN), gap=Gap.DASH),
        cells(_FACTOR, Place.FILE),
    )


def _shares(seen: Seen, plan: Plan, present: Present) -> tuple[Share, ...]:
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
        _share(seen, plan.by, (area, present.posts.get(area.id)), own, shares[area.id])
        for area, own in zip(every, found, strict=True)
    )


def _cells(seen: Seen, area: Area) -> dict[str, Cell]:
    return {
        "level": seen.cell(area, NEED_LEVEL),
        "index": seen.cell(area, NEED_INDEX),
        "children": seen.through(Group.U18).cell(area, RESIDENTS),
    }


def _share(
    seen: Seen,
    by: Basis,
    place: tuple[Area, float | None],
    own: Mapping[str, Cell],
    shared: Any,
) -> Share:
    area, there = place
    is_fixed = not math.isnan(shared.fixed)
    # A level that was delivered has no index, and most plans ask for none.
    names = own if by == "index" else ("level", "children")
    asked = [own[name] for name in names]
    takes_part = all(cell.value is not None for cell in asked)
    factor, quota = (
        NOT_ASKED if is_fixed else shown(float(value)) if takes_part else gap_of(asked)
        for value in (shared.factor, shared.quota)
    )
    return Share(
        key=area.id,
        name=area.name,
        title=area.title,
        known=(own["level"], own["index"], own["children"], factor),
        quota=quota,
        posts=float(shared.posts),
        present=there,
        reason=str(shared.reason) if is_fixed else _reason(seen, area, own, shared.reason),
        takes_part=takes_part,
        is_fixed=is_fixed,
    )


def _reason(seen: Seen, area: Area, own: Mapping[str, Cell], told: str) -> str:
    if own["level"].value is None:
        return f"Nicht eingestuft ({unclassified_reason(seen, area.id)}): {_BY_HAND}"
    if own["children"].value is None:
        return f"Kinderzahl {status_word(own['children'])}: {_BY_HAND}"
    return told


def _estimated(seen: Seen, shares: Sequence[Share]) -> str:
    """Say how many of the levels that the plan rests on are estimated; empty if none is."""
    levels = seen.column(Kind.QUARTIER, NEED_LEVEL)
    marked = [one for one in shares if one.takes_part and mark_of(levels[one.key])]
    return f" Davon mit geschätzter Stufe: {len(marked)}." if marked else ""
