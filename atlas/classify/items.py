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
from atlas.classify.methods.arithmetic import (
    Floats,
    Scores,
    levels_of,
    ranks_of,
    row_sums,
)
from atlas.classify.robustness import robustness_of, robustness_parts
from atlas.classify.rule import FIXED, Rule, RulePart
from atlas.classify.validity import USABLE, Grid, make_grid, validity_of
from atlas.terms import Reason, Status

ITEM_COLUMNS = ("area_id", "item", "value", "status", "reason")
CITY_ID = ""
_FEWEST_AREAS = 2

# Figures of the scored areas by item; None where there are no figures.
_Columns = dict[str, Floats | None]


@dataclass(frozen=True)
class Outcome:
    """What the rule makes of the values: who is valid, and the scores of those who are.

    ``validity``: index area_id, columns status and reason. ``scores`` has one row per area
    that is True in ``is_scored``: the valid ones, and with ``own_areas`` all that lack no more
    than indicators; ``None`` if nobody is classified. ``partial``: validity of one indicator or
    theme where it is not that of all.
    """

    grid: Grid
    validity: pd.DataFrame
    scores: Scores | None
    is_scored: NDArray[np.bool_]
    partial: Mapping[str, pd.DataFrame]

    def validity_for(self, item: str) -> pd.DataFrame:
        """Who has a score of one indicator or theme, and why others have none."""
        return self.partial.get(item, self.validity)


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
        - for a theme ``T`` of the rule: ``need_index.T``, its ``.sum``, its ``.rank``
          among those that have it, ``.contribution`` = those of its indicators, ``.decile``.
        - ``need_level.share_1`` … ``.share_4`` (0 to 1), ``.rank_low``, ``.rank_high``,
          ``.stability`` where the rule asks for robustness of the method alone.
        - ``X.flag`` (percentile), ``need_index.decile`` (rank_exponential).
        - ``need_index.relative``, ``need_level.relative``: with ``base_date``, what the areas'
          own mean and spread of this date would give.
        - city: ``X.mean``, ``X.sd`` (0 for a constant indicator), ``need_index.sum_mean``,
          ``.sum_sd``, ``.cut_1`` …: the parameters in force; ``need_index.T.sum_mean``,
          ``.sum_sd``.

    Source: Monitoring Soziale Stadtentwicklung Berlin 2021 and the sources in ``methods``.
    """
    outcome = classify(values, residents, rule, reference_date, city)
    rows = [_rows_of(outcome, _index_columns(outcome, rule), rule.index)]
    rows += [
        _rows_of(outcome, _score_columns(outcome, rule, j), item)
        for j, item in enumerate(rule.items)
    ]
    rows += [
        _rows_of(outcome, _theme_columns(outcome, rule, t), theme.item)
        for t, theme in enumerate(rule.themes)
    ]
    rows.append(_city_rows(outcome, rule))
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
    is_valid = is_scored = _is_valid(validity)
    partial: dict[str, pd.DataFrame] = {}
    if rule.missing == "own_areas":
        wanted: dict[str, tuple[str, ...]] = {item: (item,) for item in rule.items}
        wanted |= {theme.item: tuple(p.item for p in theme.parts) for theme in rule.themes}
        partial = {
            name: validity_of(grid, residents, rule, reference_date, items)
            for name, items in wanted.items()
        }
        is_scored = _is_valid(validity_of(grid, residents, rule, reference_date, ()))
    known = {item: value for item, value in (city or {}).items() if not np.isnan(value)}
    scores = None
    if set(references_of(rule)) - set(known):
        reason = Reason.NO_REFERENCE
    elif is_valid.sum() < _FEWEST_AREAS:
        reason = Reason.TOO_FEW_AREAS
    else:
        reason = Reason.NO_VARIANCE
        scores = score(grid.value.to_numpy()[is_scored], rule, known)
    if scores is None:
        validity = _refused(validity, reason)
        partial = {name: _refused(one, reason) for name, one in partial.items()}
    return Outcome(grid, validity, scores, is_scored, partial)


def _refused(validity: pd.DataFrame, reason: Reason) -> pd.DataFrame:
    """Give nobody a figure who would have had one."""
    refused = validity.copy()
    refusal = [Status.NOT_CLASSIFIED.value, reason.value]
    refused.loc[_is_valid(validity), ["status", "reason"]] = refusal
    return refused


def _index_columns(outcome: Outcome, rule: Rule) -> _Columns:
    """Index, level and their parts over the valid areas; ``None`` where nobody is one."""
    names = [rule.index, rule.level]
    names += [f"{rule.index}.{part}" for part in ("sum", "rank", "distance")]
    scores, extra = outcome.scores, f"{rule.index}.{rule.record.index_extra}"
    shares = [f"{item}.contribution" for item in (*rule.items, *rule.indices[1:])]
    if scores is None:
        parts = robustness_parts(rule) if _varies_method_alone(rule) else ()
        names += [f"{rule.level}.{part}" for part in parts]
        return dict.fromkeys([*names, *shares, *({extra} & {*rule.extra_items})])
    levels = levels_of(scores.index, scores.cuts)
    ranks = ranks_of(scores.index)
    distances = distances_of(scores.index, levels, scores.cuts)
    figures = (scores.index, levels, scores.sums, ranks, distances)
    columns: _Columns = dict(zip(names, figures, strict=True))
    columns |= _robust_columns(outcome, scores, rule)
    columns |= zip(shares, _contributions(scores, rule), strict=True)
    return columns | {name: c for name, c in scores.extras.items() if name == extra}


def _robust_columns(outcome: Outcome, scores: Scores, rule: Rule) -> _Columns:
    """Robustness of the areas that have an index."""
    if not _varies_method_alone(rule):
        return {}
    is_whole = ~np.isnan(scores.index)
    matrix = outcome.grid.value.to_numpy()[outcome.is_scored][is_whole]
    whole = replace(scores, z=scores.z[is_whole], index=scores.index[is_whole])
    found: _Columns = {}
    for part, column in robustness_of(matrix, whole, rule).items():
        spread = np.full(is_whole.size, np.nan)
        spread[is_whole] = column
        found[f"{rule.level}.{part}"] = spread
    return found


def _contributions(scores: Scores, rule: Rule) -> list[Floats]:
    """Parts of the index by indicator, then by theme."""
    ends = np.cumsum([len(theme.parts) for theme in rule.themes])[:-1]
    blocks = np.split(scores.contributions, ends, axis=1) if rule.themes else []
    return [*scores.contributions.T, *(row_sums(block) for block in blocks)]


def _theme_columns(outcome: Outcome, rule: Rule, place: int) -> _Columns:
    """Sub-index and its parts over the areas that have it."""
    item, extra = rule.themes[place].item, rule.record.index_extra
    names = [item, f"{item}.sum", f"{item}.rank", *([f"{item}.{extra}"] if extra else [])]
    if outcome.scores is None:
        return dict.fromkeys(names)
    theme = outcome.scores.themes[place]
    figures = [theme.index, theme.sums, ranks_of(theme.index)]
    figures += [theme.extras[name] for name in names[len(figures) :]]
    return dict(zip(names, figures, strict=True))


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
    return _rows_of(outcome, columns, rule.index)


def distances_of(index: Floats, levels: Floats, cuts: Sequence[float]) -> Floats:
    """Next higher cut − index; in the highest level last cut − index, which is negative."""
    limits = np.asarray(cuts)
    known = np.where(np.isnan(levels), 1.0, levels).astype(int)
    next_cut = np.minimum(known, limits.size) - 1
    distances: Floats = limits[next_cut] - index
    return distances


def _score_columns(outcome: Outcome, rule: Rule, place: int) -> _Columns:
    """Score of one indicator, and the mark that some methods give."""
    item, extra = rule.items[place], rule.record.part_extra
    names = [f"{item}.z", *([f"{item}.{extra}"] if extra else [])]
    scores = outcome.scores
    if scores is None:
        return dict.fromkeys(names)
    figures = [scores.z[:, place], *(scores.extras[name] for name in names[1:])]
    return dict(zip(names, figures, strict=True))


def _rows_of(outcome: Outcome, columns: _Columns, item: str) -> pd.DataFrame:
    """Rows of every area for every column; gaps where an area has no score of the item."""
    validity = outcome.validity_for(item)
    n = len(validity)
    values = np.full((len(columns), n), np.nan)
    for row, column in zip(values, columns.values(), strict=True):
        if column is not None:
            row[outcome.is_scored] = column
    values[:, ~_is_valid(validity)] = np.nan
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
    names = [f"{item}.mean" for item in rule.items] + [f"{item}.sd" for item in rule.items]
    names += [f"{item}.{part}" for item in rule.indices for part in ("sum_mean", "sum_sd")]
    names += [f"{rule.index}.cut_{number}" for number in range(1, len(rule.cuts) + 1)]
    if scores is None:
        figures = np.full(len(names), np.nan)
        status, reason = Status.NOT_CLASSIFIED.value, _commonest_reason(outcome.validity)
    else:
        sums = [x for one in (scores, *scores.themes) for x in (one.sum_mean, one.sum_sd)]
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
