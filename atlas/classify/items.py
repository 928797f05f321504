"""Values of one reference date and the rule in, all items of an index and level out.

Knows areas, statuses and the rule; the formulas are in ``methods`` and ``robustness``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.classify.methods import references_of, score
from atlas.classify.methods.arithmetic import Floats, Scores, levels_of, ranks_of
from atlas.classify.robustness import robustness_of, robustness_parts
from atlas.classify.rule import FIXED, Rule, RulePart
from atlas.classify.validity import USABLE, Grid, make_grid, validity_of
from atlas.terms import Reason, Status

ITEM_COLUMNS = ("area_id", "item", "value", "status", "reason")
CITY_ID = ""
_FEWEST_AREAS = 2

# Figures of the valid areas by item; None where there are no figures.
_Columns = dict[str, Floats | None]


@dataclass(frozen=True)
class Outcome:
    """What the rule makes of the values: who is valid, and the scores of those who are.

    ``validity``: index area_id, columns status and reason. ``scores`` has one row per area
    whose status is published, in the order of ``validity``; ``None`` if nobody is classified.
    """

    grid: Grid
    validity: pd.DataFrame
    scores: Scores | None


def level_items(
    values: pd.DataFrame,
    residents: pd.DataFrame,
    rule: Rule,
    reference_date: date,
    city: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Classify the areas of one kind and group at one reference date.

    Parameters
    ----------
    values
        One row per area_id and item; columns area_id, item, value (published, in the unit of
        the indicator), status, reason. An absent row counts as unavailable.
    residents
        One row per area_id, complete; columns area_id, value (published count, NaN where
        hidden), status. Its areas are the areas of the result.
    rule
        From ``rule_of``.
    city
        Only for rules with ``city_value`` or ``base_date``: the values at kind city by item
        that ``references_of`` names. A missing one leaves everybody unclassified. At the base
        date itself the parameters are those of its own areas.

    Returns
    -------
        One row per area_id and item, sorted; columns as ``values``. Rows with the area_id ""
        belong to the city. For an index ``need_index`` and an indicator ``X`` the items are:

        - ``need_index``; ``.sum`` S before standardising; ``.rank`` (1 = most need) over the
          valid areas; ``.distance`` = the next higher cut − index, never negative; in the
          highest level the last cut − index, always negative; ``need_level``.
        - ``X.z``, ``X.contribution`` (adding up to the index) over the valid areas;
          ``X.rank`` over all areas with a published value (1 = most need).
        - ``need_level.share_1`` … ``.share_4`` (0 to 1), ``.rank_low``, ``.rank_high``,
          ``.stability`` where the rule asks for robustness of the method alone.
        - ``X.flag`` (percentile), ``need_index.decile`` (rank_exponential).
        - ``need_index.relative``, ``need_level.relative``: with ``base_date``, what the areas'
          own mean and spread of this date would give.
        - city: ``X.mean``, ``X.sd`` (0 for a constant indicator), ``need_index.sum_mean``,
          ``.sum_sd``, ``.cut_1`` …: the parameters in force.

    Source: Monitoring Soziale Stadtentwicklung Berlin 2021 and the sources in ``methods``.
    """
    outcome = classify(values, residents, rule, reference_date, city)
    columns: _Columns = {**_index_columns(outcome, rule), **_indicator_columns(outcome, rule)}
    rows = [_area_rows(columns, outcome.validity), _city_rows(outcome, rule)]
    rows += [_rank_rows(outcome.grid, part) for part in rule.parts]
    if rule.base_date is not None:
        own_rule = replace(rule, base_date=None)
        own = classify(values, residents, own_rule, reference_date, city)
        rows.append(_both_rows(own, rule, ".relative"))
    items = pd.concat(rows, ignore_index=True)
    return items.sort_values(["area_id", "item"], ignore_index=True)[list(ITEM_COLUMNS)]


def fixed_items(
    values: pd.DataFrame,
    residents: pd.DataFrame,
    rule: Rule,
    reference_date: date,
    city: Mapping[str, float],
) -> pd.DataFrame:
    """Tell index and level on the scale of another date, which the areas' own does not move.

    Arguments as in ``level_items``, ``rule`` with the other date as its ``base_date``.

    Returns
    -------
        One row per area_id and item; the items are ``need_index.fixed``, ``need_level.fixed``.
    """
    outcome = classify(values, residents, rule, reference_date, city)
    return _both_rows(outcome, rule, FIXED)


def classify(
    values: pd.DataFrame,
    residents: pd.DataFrame,
    rule: Rule,
    reference_date: date,
    city: Mapping[str, float] | None = None,
) -> Outcome:
    """Find the valid areas and score them; arguments as in ``level_items``."""
    if rule.base_date == reference_date:
        rule = replace(rule, base_date=None)
    grid = make_grid(values, residents["area_id"].tolist(), rule.items)
    validity = validity_of(grid, residents, rule, reference_date)
    is_valid = _is_valid(validity)
    known = {item: value for item, value in (city or {}).items() if not np.isnan(value)}
    scores = None
    if set(references_of(rule)) - set(known):
        reason = Reason.NO_REFERENCE
    elif is_valid.sum() < _FEWEST_AREAS:
        reason = Reason.TOO_FEW_AREAS
    else:
        reason = Reason.NO_VARIANCE
        scores = score(grid.value.to_numpy()[is_valid], rule, known)
    if scores is None:
        refusal = [Status.NOT_CLASSIFIED.value, reason.value]
        validity = validity.copy()
        validity.loc[is_valid, ["status", "reason"]] = refusal
    return Outcome(grid, validity, scores)


def _index_columns(outcome: Outcome, rule: Rule) -> _Columns:
    """Index, level and their parts over the valid areas; ``None`` where nobody is one."""
    names = [rule.index, rule.level]
    names += [f"{rule.index}.{part}" for part in ("sum", "rank", "distance")]
    scores = outcome.scores
    if scores is None:
        parts = robustness_parts(rule) if _varies_method_alone(rule) else ()
        names += [f"{rule.level}.{part}" for part in parts]
        return dict.fromkeys([*names, *rule.extra_items])
    levels = levels_of(scores.index, scores.cuts)
    ranks = ranks_of(scores.index)
    distances = distances_of(scores.index, levels, scores.cuts)
    figures = (scores.index, levels, scores.sums, ranks, distances)
    columns: _Columns = dict(zip(names, figures, strict=True))
    if _varies_method_alone(rule):
        matrix = outcome.grid.value.to_numpy()[_is_valid(outcome.validity)]
        shares = robustness_of(matrix, scores, rule)
        columns |= {f"{rule.level}.{part}": column for part, column in shares.items()}
    return columns | dict(scores.extras)


def _varies_method_alone(rule: Rule) -> bool:
    """Whether robustness follows from the values alone; else see ``joint_items``."""
    return rule.robustness is not None and not rule.robustness.is_joint


def _both_rows(outcome: Outcome, rule: Rule, suffix: str) -> pd.DataFrame:
    """Index and level alone, by another scale than that of the levels in force."""
    names, scores = (f"{rule.index}{suffix}", f"{rule.level}{suffix}"), outcome.scores
    columns: _Columns = dict.fromkeys(names)
    if scores is not None:
        figures = (scores.index, levels_of(scores.index, scores.cuts))
        columns = dict(zip(names, figures, strict=True))
    return _area_rows(columns, outcome.validity)


def distances_of(index: Floats, levels: Floats, cuts: Sequence[float]) -> Floats:
    """Next higher cut − index; in the highest level last cut − index, which is negative."""
    limits = np.asarray(cuts)
    next_cut = np.minimum(levels.astype(int), limits.size) - 1
    distances: Floats = limits[next_cut] - index
    return distances


def _indicator_columns(outcome: Outcome, rule: Rule) -> _Columns:
    columns: _Columns = {}
    for j, item in enumerate(rule.items):
        scores = outcome.scores
        columns[f"{item}.z"] = None if scores is None else scores.z[:, j]
        columns[f"{item}.contribution"] = None if scores is None else scores.contributions[:, j]
    return columns


def _area_rows(columns: _Columns, validity: pd.DataFrame) -> pd.DataFrame:
    """Rows of every area for every column; gaps where an area is not valid."""
    n = len(validity)
    values = np.full((len(columns), n), np.nan)
    is_valid = _is_valid(validity)
    for row, column in zip(values, columns.values(), strict=True):
        if column is not None:
            row[is_valid] = column
    return pd.DataFrame(
        {
            "area_id": np.tile(validity.index.to_numpy(dtype=object), len(columns)),
            "item": np.repeat(np.array(list(columns), dtype=object), n),
            "value": values.ravel(),
            "status": np.tile(validity["status"].to_numpy(dtype=object), len(columns)),
            "reason": np.tile(validity["reason"].to_numpy(dtype=object), len(columns)),
        }
    )


def _rank_rows(grid: Grid, part: RulePart) -> pd.DataFrame:
    """Rank of an indicator over all areas with a value, whether classified or not."""
    status = grid.status[part.item]
    has_value = status.isin(USABLE).to_numpy()
    return pd.DataFrame(
        {
            "area_id": grid.area_ids,
            "item": f"{part.item}.rank",
            "value": ranks_of(part.sign * grid.value[part.item].to_numpy()),
            "status": np.where(has_value, Status.PUBLISHED.value, status.to_numpy()),
            "reason": np.where(has_value, Reason.NONE.value, grid.reason[part.item].to_numpy()),
        }
    )


def _city_rows(outcome: Outcome, rule: Rule) -> pd.DataFrame:
    """Parameters in force; where there are none, the commonest reason of the areas."""
    scores = outcome.scores
    k, cuts = len(rule.parts), len(rule.cuts)
    names = [f"{item}.mean" for item in rule.items] + [f"{item}.sd" for item in rule.items]
    names += [f"{rule.index}.sum_mean", f"{rule.index}.sum_sd"]
    names += [f"{rule.index}.cut_{number}" for number in range(1, cuts + 1)]
    if scores is None:
        figures = np.full(2 * k + 2 + cuts, np.nan)
        status, reason = Status.NOT_CLASSIFIED.value, _commonest_reason(outcome.validity)
    else:
        sums = [scores.sum_mean, scores.sum_sd]
        figures = np.concatenate([scores.means, scores.sds, sums, scores.cuts])
        status, reason = Status.PUBLISHED.value, Reason.NONE.value
    return pd.DataFrame(
        {
            "area_id": CITY_ID,
            "item": names,
            "value": figures,
            "status": status,
            "reason": reason,
        }
    )


def _commonest_reason(validity: pd.DataFrame) -> str:
    is_refused = validity["status"] == Status.NOT_CLASSIFIED
    counts = validity.loc[is_refused, "reason"].value_counts()
    return min(counts[counts == counts.max()].index, default=Reason.TOO_FEW_AREAS.value)


def _is_valid(validity: pd.DataFrame) -> NDArray[np.bool_]:
    return (validity["status"] == Status.PUBLISHED).to_numpy(dtype=bool)
