"""Posts shared out over schools by pupils and social index, with the reason for each.

What a city tells of its schools alone: a school without one of the two takes no part.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from atlas.classify import Plan, share_out
from atlas.config import ContextLayer
from atlas.publication.seen import Cell, Seen
from atlas.publication.views.items import Item
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
from atlas.publication.views.table import Field, Gap, cells, text
from atlas.release import School, read_schools
from atlas.sentences import school_reason
from atlas.terms import Group, Kind, Reason, Status, Unit

_PUPILS = Item("pupils", "Schüler*innen", "Schüler*innen", Unit.COUNT, 0)
_INDEX = Item("social_index", "Sozialindex", "Sozialindex", Unit.COUNT, 2)
_WHOLE_INDEX = replace(_INDEX, digits=0)
_MEASURE = "Schüler*innen × Sozialindex"
_UNKNOWN = Cell(None, Status.UNAVAILABLE, Reason.NOT_DELIVERED)
_ABOUT = (
    "Eine Zahl von Stellen, etwa der Schulsozialarbeit, nach Schüler*innen und Sozialindex "
    "jeder Schule. Eine Rechnung mit den Zahlen, die die Stadt zu ihren Schulen nennt, keine "
    "Entscheidung: was fehlt, wird nicht geschätzt."
)


def school_layers(seen: Seen) -> tuple[ContextLayer, ...]:
    """Layers of schools that may get posts; none where the city names no pupils."""
    context = seen.config.context
    return context.with_pupils() if context else ()


def schools_of(seen: Seen, layer: ContextLayer) -> Receivers:
    """Let the schools of a layer get posts."""
    schools = _schools(seen, layer.id)
    most = max((one.social_index or 0.0 for one in schools), default=0.0)
    steps = {str(step): f"{step}" for step in range(1, math.floor(most) + 1)}
    return Receivers(
        one="Schule",
        several="Schulen",
        titles={one.key: _title(one) for one in schools},
        places={one.key: one.position for one in schools},
        bases={},
        least_label="Stellen ab Sozialindex",
        least={"0": "alle", **steps},
        about=f"{_ABOUT} Quelle: {layer.credit}.",
        hindrance="",
        share=partial(school_plan, seen, layer),
    )


def school_plan(
    seen: Seen, layer: ContextLayer, plan: Plan, present: Present | None = None
) -> PlanView:
    """Share out posts by the pupils and the social index of each school.

    Raises
    ------
    AtlasError
        As ``plan_view``.
    """
    schools = _schools(seen, layer.id)
    asked = Asked(
        plan=replace(plan, by="level"),
        present=present or Present(),
        title=f"{PLAN_NAME}, {layer.label}, {seen.day}",
        one="Schule",
        several="Schulen",
        measure=_MEASURE,
        least_label="Mindestindex",
        fields=_fields(seen, schools),
        about=(
            ("Stichtag", seen.day),
            ("Veröffentlichung", seen.info.name),
            (layer.label, layer.credit),
        ),
        symbols=seen.symbols,
    )
    return told_plan(asked, _shares(seen, asked, schools))


def _schools(seen: Seen, layer: str) -> tuple[School, ...]:
    path = seen.release.path
    every = seen.through(Group.ALL).once("schools", lambda: read_schools(path))
    return tuple(one for one in every if one.layer == layer)


def _title(school: School) -> str:
    return school.key if school.name == school.key else f"{school.key} {school.name}"


def _fields(seen: Seen, schools: Sequence[School]) -> tuple[Field, ...]:
    is_whole = all(float(one.social_index or 0).is_integer() for one in schools)
    return (
        text("school_id", "Nummer"),
        text("name", "Schule"),
        text("quartier", seen.singular(Kind.QUARTIER)),
        replace(cells(_PUPILS), gap=Gap.DASH),
        replace(cells(_WHOLE_INDEX if is_whole else _INDEX), gap=Gap.DASH),
    )


def _shares(seen: Seen, asked: Asked, schools: Sequence[School]) -> tuple[Share, ...]:
    there, fixed = asked.present.posts, asked.present.fixed
    told = pd.DataFrame(
        {
            "area_id": [one.key for one in schools],
            "level": [one.social_index for one in schools],
            "index": [one.social_index for one in schools],
            "children": [one.pupils for one in schools],
            "fixed": [there[one.key] if one.key in fixed else None for one in schools],
        }
    )
    shared = share_out(asked.plan, told.astype(dict.fromkeys(told.columns[1:], float)))
    shares = {str(row.area_id): row for row in shared.itertuples()}
    return tuple(_share(seen, asked, school, shares[school.key]) for school in schools)


def _share(seen: Seen, asked: Asked, school: School, shared: Any) -> Share:
    own = tuple(
        _UNKNOWN if value is None else shown(value)
        for value in (school.pupils, school.social_index)
    )
    takes_part = all(cell.value is not None for cell in own)
    is_fixed = not math.isnan(shared.fixed)
    quota = shown(float(shared.quota)) if takes_part else gap_of(own)
    area = seen.find(Kind.QUARTIER, school.quartier)
    return Share(
        key=school.key,
        name=school.name,
        title=_title(school),
        known=(area.title if area else school.quartier, *own),
        quota=NOT_ASKED if is_fixed else quota,
        posts=float(shared.posts),
        present=asked.present.posts.get(school.key),
        reason=school_reason(shared, asked.plan),
        takes_part=takes_part,
        is_fixed=is_fixed,
    )
