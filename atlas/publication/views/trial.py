"""What if: other weights, cuts or methods on the published values of one release.

A trial is never part of a release. It uses shown values alone, so it can give nothing away, and
everything that it returns says what it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from atlas.classify import (
    CITY_ID,
    Published,
    Rule,
    Trial,
    level_items,
    references_of,
    rule_of,
    what_if,
)
from atlas.config import Levels, with_levels
from atlas.publication.views.cells import areas
from atlas.publication.views.items import group_label, plural, singular
from atlas.publication.views.map import MapView, map_view
from atlas.publication.views.reasons import items_of
from atlas.publication.views.tables import Column, Table, level_text
from atlas.publication.views.themes import NEED
from atlas.release import Release
from atlas.terms import (
    NEED_INDEX,
    NEED_LEVEL,
    RESIDENTS,
    STATUS_LABELS,
    Group,
    Kind,
    Status,
)
from atlas.words import day_text, number_text

TRIAL_MARK = "Probe, nicht Teil der Veröffentlichung"
_INDEX_DIGITS = 2
_NONE = "–"


@dataclass(frozen=True)
class TrialView:
    """A trial beside the official levels.

    Attributes
    ----------
    matrix
        One row per official level, one column per level of the trial; numbers of Quartiere.
    moved
        One row per Quartier whose level differs.
    """

    mark: str
    summary: str
    matrix: Table
    moved: Table
    map: MapView
    notes: tuple[str, ...]


def trial_of(
    release: Release, levels: Levels, group: Group, base: Release | None = None
) -> TrialView | None:
    """Classify the published values by other levels and set them beside the official ones.

    Parameters
    ----------
    base
        Release of the reference date that the rule freezes, for rules with ``base_date``.

    Returns
    -------
        ``None`` where the release or the trial has no levels for the group.

    Raises
    ------
    ConfigError
        If the levels name an indicator that the city does not have.
    """
    with_levels(release.info.config, levels)
    if group not in levels.need or group not in release.info.config.levels.need:
        return None
    rule = replace(rule_of(levels, "need", group), robustness=None)
    trial = what_if(_published(release, group, rule, base), rule)
    drawn = map_view(_tried(release, group, trial), NEED, group, Kind.QUARTIER)
    return TrialView(
        mark=TRIAL_MARK,
        summary=_summary(release, trial),
        matrix=_matrix(release, group, trial),
        moved=_moved(release, group, trial),
        map=replace(drawn, title=f"{TRIAL_MARK} · {drawn.title}"),
        notes=_notes(release, group),
    )


def _published(release: Release, group: Group, rule: Rule, base: Release | None) -> Published:
    items = items_of(release, group)
    return Published(
        values=_quartiere(items),
        residents=_residents(release),
        items=items,
        reference_date=release.info.reference_date,
        city=_references(items, rule, group, base),
    )


def _residents(release: Release) -> pd.DataFrame:
    items = _quartiere(items_of(release, Group.ALL))
    return items[items["item"] == RESIDENTS]


def _quartiere(items: pd.DataFrame) -> pd.DataFrame:
    return items[items["area_id"] != CITY_ID]


def _references(
    items: pd.DataFrame, rule: Rule, group: Group, base: Release | None
) -> dict[str, float]:
    """Values of the city that the rule refers to; a frozen date follows the same rule there."""
    known = _city_values(items, references_of(replace(rule, base_date=None)))
    if rule.base_date is None or base is None:
        return known
    then = items_of(base, group)
    centre = _city_values(then, references_of(replace(rule, base_date=None)))
    day = base.info.reference_date
    frozen = level_items(_quartiere(then), _residents(base), rule, day, centre)
    return known | _city_values(frozen, references_of(rule))


def _city_values(items: pd.DataFrame, wanted: Sequence[str]) -> dict[str, float]:
    city = items[(items["area_id"] == CITY_ID) & items["item"].isin(wanted)]
    known = city.dropna(subset="value")
    return dict(zip(known["item"], known["value"], strict=True))


def _tried(release: Release, group: Group, trial: Trial) -> Release:
    """Release with the levels of the trial in place, for drawing alone."""
    items = trial.items[trial.items["item"] == NEED_LEVEL]
    found = items.assign(
        kind=str(Kind.QUARTIER),
        group=str(group),
        reference_date=release.info.reference_date.isoformat(),
    )
    cells = release.cells
    is_level = (cells["item"] == NEED_LEVEL) & (cells["group"] == str(group))
    tried = pd.concat([cells[~is_level], found[cells.columns]], ignore_index=True)
    return replace(release, cells=tried)


def _summary(release: Release, trial: Trial) -> str:
    name, count = plural(release, Kind.QUARTIER), len(trial.moved)
    if not count:
        return f"{TRIAL_MARK}: {name} mit anderer Stufe: keine."
    total = int(trial.table.to_numpy().sum())
    return f"{TRIAL_MARK}: {name} mit anderer Stufe: {count} von {total}."


def _matrix(release: Release, group: Group, trial: Trial) -> Table:
    names = [_level_name(release, step) for step in trial.table.index]
    heads = [Column("official", "amtlich \\ Probe", "", is_number=False)]
    heads += [
        Column(f"to_{step}", f"Stufe {step}" if step else "ohne Stufe", "", is_number=True)
        for step in trial.table.columns
    ]
    rows = tuple(
        (name, *(str(count) if count else _NONE for count in counts))
        for name, counts in zip(names, trial.table.to_numpy().tolist(), strict=True)
    )
    return Table(
        f"{TRIAL_MARK}: Zeilen amtlich, Spalten Probe, {group_label(release, group)}, "
        f"{day_text(release.info.reference_date)}",
        tuple(heads),
        rows,
        {},
    )


def _moved(release: Release, group: Group, trial: Trial) -> Table:
    names = {area.id: area.name for area in areas(release, Kind.QUARTIER)}
    sides = [_figures(items) for items in (items_of(release, group), trial.items)]
    rows = tuple(
        (
            area_id,
            names[area_id],
            *(_level_name(release, levels.get(area_id, 0)) for levels, _ in sides),
            *(_index_text(index.get(area_id)) for _, index in sides),
        )
        for area_id in trial.moved
    )
    heads = (
        Column("area_id", "Nummer", "", is_number=False),
        Column("name", singular(release, Kind.QUARTIER), "", is_number=False),
        Column("official", "Stufe amtlich", "", is_number=False),
        Column("trial", "Stufe der Probe", "", is_number=False),
        Column("official_index", "Index amtlich", "", is_number=True),
        Column("trial_index", "Index der Probe", "", is_number=True),
    )
    caption = f"{TRIAL_MARK}: {plural(release, Kind.QUARTIER)} mit anderer Stufe"
    return Table(f"{caption}, {group_label(release, group)}", heads, rows, {})


def _figures(items: pd.DataFrame) -> tuple[dict[str, int], dict[str, float]]:
    """Level and index by area, where there are any."""
    own = _quartiere(items).dropna(subset="value")
    levels, index = (own[own["item"] == item] for item in (NEED_LEVEL, NEED_INDEX))
    return (
        dict(zip(levels["area_id"], levels["value"].astype(int), strict=True)),
        dict(zip(index["area_id"], index["value"], strict=True)),
    )


def _level_name(release: Release, step: int) -> str:
    if not step:
        return STATUS_LABELS[Status.NOT_CLASSIFIED]
    return level_text(release, NEED_LEVEL, step)


def _index_text(value: float | None) -> str:
    return _NONE if value is None else number_text(value, _INDEX_DIGITS)


def _notes(release: Release, group: Group) -> tuple[str, ...]:
    note = (
        "Gerechnet mit den veröffentlichten Werten; der Index der Probe hat die Skala ihres "
        "Verfahrens."
    )
    cells = release.cells
    is_level = (cells["item"] == NEED_LEVEL) & (cells["group"] == str(group))
    if (cells.loc[is_level, "status"] == str(Status.ESTIMATED)).any():
        carried = "Die amtlichen Stufen sind geschätzt; fortgeschriebene Werte nimmt die Probe"
        return note, f"{carried} nicht."
    return (note,)
