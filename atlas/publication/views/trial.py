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
from atlas.publication.seen import Seen, see
from atlas.publication.views.items import NEED, NO_LEVEL, level_text
from atlas.publication.views.map import MapView, map_view
from atlas.publication.views.table import Table, number, text
from atlas.terms import NEED_INDEX, NEED_LEVEL, RESIDENTS, Group, Kind, Status

TRIAL_MARK = "Probe, nicht Teil der Veröffentlichung"
_INDEX_DIGITS = 2


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


def trial_of(seen: Seen, levels: Levels, base: Seen | None = None) -> TrialView | None:
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
    with_levels(seen.config, levels)
    if seen.group not in levels.need or not seen.has_levels:
        return None
    rule = replace(rule_of(levels, "need", seen.group), robustness=None)
    trial = what_if(published_of(seen, rule, base), rule)
    drawn = map_view(_tried(seen, trial), NEED, Kind.QUARTIER)
    return TrialView(
        mark=TRIAL_MARK,
        summary=_summary(seen, trial),
        matrix=_matrix(seen, trial),
        moved=_moved(seen, trial),
        map=replace(drawn, title=f"{TRIAL_MARK} · {drawn.title}"),
        notes=_notes(seen),
    )


def published_of(seen: Seen, rule: Rule, base: Seen | None = None) -> Published:
    """Gather what a rule can be tried on; ``base`` as for ``trial_of``."""
    return Published(
        values=_quartiere(seen.items()),
        residents=_residents(seen),
        items=seen.items(),
        reference_date=seen.info.reference_date,
        city=_references(seen, rule, base),
    )


def _residents(seen: Seen) -> pd.DataFrame:
    items = _quartiere(seen.through(Group.ALL).items())
    return items[items["item"] == RESIDENTS]


def _quartiere(items: pd.DataFrame) -> pd.DataFrame:
    return items[items["area_id"] != CITY_ID]


def _references(seen: Seen, rule: Rule, base: Seen | None) -> dict[str, float]:
    """Values of the city that the rule refers to; a frozen date follows the same rule there."""
    known = _city_values(seen.items(), references_of(replace(rule, base_date=None)))
    if rule.base_date is None or base is None:
        return known
    then = base.items()
    centre = _city_values(then, references_of(replace(rule, base_date=None)))
    day = base.info.reference_date
    frozen = level_items(_quartiere(then), _residents(base), rule, day, centre)
    return known | _city_values(frozen, references_of(rule))


def _city_values(items: pd.DataFrame, wanted: Sequence[str]) -> dict[str, float]:
    city = items[(items["area_id"] == CITY_ID) & items["item"].isin(wanted)]
    known = city.dropna(subset="value")
    return dict(zip(known["item"], known["value"], strict=True))


def _tried(seen: Seen, trial: Trial) -> Seen:
    """Release with the levels of the trial in place, for drawing alone."""
    items = trial.items[trial.items["item"] == NEED_LEVEL]
    found = items.assign(
        kind=str(Kind.QUARTIER),
        group=str(seen.group),
        reference_date=seen.info.reference_date.isoformat(),
    )
    cells = seen.release.cells
    is_level = (cells["item"] == NEED_LEVEL) & (cells["group"] == str(seen.group))
    tried = pd.concat([cells[~is_level], found[cells.columns]], ignore_index=True)
    return see(replace(seen.release, cells=tried), seen.group)


def _summary(seen: Seen, trial: Trial) -> str:
    name, count = seen.plural(Kind.QUARTIER), len(trial.moved)
    if not count:
        return f"{TRIAL_MARK}: {name} mit anderer Stufe: keine."
    total = int(trial.table.to_numpy().sum())
    return f"{TRIAL_MARK}: {name} mit anderer Stufe: {count} von {total}."


def _matrix(seen: Seen, trial: Trial) -> Table:
    names = [level_text(seen.config, NEED_LEVEL, step) for step in trial.table.index]
    fields = [text("official", "amtlich \\ Probe")]
    fields += [
        number(f"to_{step}", f"Stufe {step}" if step else NO_LEVEL)
        for step in trial.table.columns
    ]
    rows = tuple(
        (name, *(int(count) or None for count in counts))
        for name, counts in zip(names, trial.table.to_numpy().tolist(), strict=True)
    )
    title = f"{TRIAL_MARK}: Zeilen amtlich, Spalten Probe, {seen.group_label}, {seen.day}"
    return Table(title, tuple(fields), rows)


def _moved(seen: Seen, trial: Trial) -> Table:
    sides = [_figures(items) for items in (seen.items(), trial.items)]
    rows = tuple(
        (
            area_id,
            seen.area(Kind.QUARTIER, area_id).name,
            *(level_text(seen.config, NEED_LEVEL, levels.get(area_id)) for levels, _ in sides),
            *(index.get(area_id) for _, index in sides),
        )
        for area_id in trial.moved
    )
    fields = (
        text("area_id", "Nummer"),
        text("name", seen.singular(Kind.QUARTIER)),
        text("official", "Stufe amtlich"),
        text("trial", "Stufe der Probe"),
        number("official_index", "Index amtlich", _INDEX_DIGITS),
        number("trial_index", "Index der Probe", _INDEX_DIGITS),
    )
    title = f"{TRIAL_MARK}: {seen.plural(Kind.QUARTIER)} mit anderer Stufe, {seen.group_label}"
    return Table(title, fields, rows)


def _figures(items: pd.DataFrame) -> tuple[dict[str, int], dict[str, float]]:
    """Level and index by area, where there are any."""
    own = _quartiere(items).dropna(subset="value")
    levels, index = (own[own["item"] == item] for item in (NEED_LEVEL, NEED_INDEX))
    return (
        dict(zip(levels["area_id"], levels["value"].astype(int), strict=True)),
        dict(zip(index["area_id"], index["value"], strict=True)),
    )


def _notes(seen: Seen) -> tuple[str, ...]:
    note = (
        "Gerechnet mit den veröffentlichten Werten; der Index der Probe hat die Skala ihres "
        "Verfahrens."
    )
    if Status.ESTIMATED in seen.statuses(Kind.QUARTIER, NEED_LEVEL):
        carried = "Die amtlichen Stufen sind geschätzt; fortgeschriebene Werte nimmt die Probe"
        return note, f"{carried} nicht."
    return (note,)
