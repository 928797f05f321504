"""What the indicators of an index have in common, and how much each of them decides.

Knows scores and a rule, neither areas' names nor sentences. Everything follows from published
scores and can be done again by anybody.
"""

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from atlas.classify.changes import Published
from atlas.classify.items import CITY_ID, level_items
from atlas.classify.methods.arithmetic import Floats, is_constant
from atlas.classify.rule import Rule, share_of, without


@dataclass(frozen=True)
class Pair:
    """Two indicators of the rule: correlations of their scores over the classified areas.

    ``None`` where one of them is the same everywhere.
    """

    first: str
    second: str
    pearson: float | None
    spearman: float | None


@dataclass(frozen=True)
class PartWeight:
    """What one indicator is given and what it has.

    ``nominal``: its share of all weights; ``explained``: squared correlation of its score with
    the index, the share of the index that it alone would tell (first-order effect, linear);
    ``effective``: that in relation to the sum over all indicators; ``moved``: areas with
    another level without it, ``None`` for the only one of its rule.
    """

    item: str
    nominal: float
    explained: float | None
    effective: float | None
    moved: int | None


@dataclass(frozen=True)
class Overlap:
    """Everything at once; ``components``: shares of the variance, largest first."""

    n_areas: int
    pairs: tuple[Pair, ...]
    components: tuple[float, ...]
    parts: tuple[PartWeight, ...]


def overlap_of(published: Published, rule: Rule) -> Overlap | None:
    """Examine the indicators of a rule at one date; ``None`` with fewer than three areas.

    Scores point towards need: an indicator of which less means more need is turned.

    Source: OECD/JRC Handbook on Constructing Composite Indicators 2008, steps 4 and 7; Paruolo,
    Saisana and Saltelli, J. R. Stat. Soc. A 176 (2013), for the effective weights.
    """
    scores = _scores(published.items, rule)
    if len(scores) < 3:
        return None
    index = scores.pop(rule.index)
    matrix = scores.to_numpy()
    explained = [_squared(matrix[:, at], index.to_numpy()) for at in range(matrix.shape[1])]
    total = sum(one for one in explained if one is not None)
    moved = _moved_without(published, rule)
    return Overlap(
        n_areas=len(scores),
        pairs=_pairs(scores),
        components=_components(matrix),
        parts=tuple(
            PartWeight(
                part.item,
                share_of(rule, part),
                own,
                None if own is None or not total else own / total,
                moved[part.item],
            )
            for part, own in zip(rule.parts, explained, strict=True)
        ),
    )


def _scores(items: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Scores and index of the classified areas: a row per area, a column per indicator."""
    names = [*(f"{item}.z" for item in rule.items), rule.index]
    chosen = items[items["item"].isin(names) & (items["area_id"] != CITY_ID)]
    wide = chosen.pivot(index="area_id", columns="item", values="value")
    return wide.reindex(columns=names).dropna().set_axis([*rule.items, rule.index], axis=1)


def _pairs(scores: pd.DataFrame) -> tuple[Pair, ...]:
    ranks = scores.rank()
    return tuple(
        Pair(
            one,
            other,
            _correlation(scores[one].to_numpy(), scores[other].to_numpy()),
            _correlation(ranks[one].to_numpy(), ranks[other].to_numpy()),
        )
        for one, other in combinations(scores.columns, 2)
    )


def _correlation(one: Floats, other: Floats) -> float | None:
    if is_constant(one) or is_constant(other):
        return None
    return float(np.corrcoef(one, other)[0, 1])


def _squared(one: Floats, other: Floats) -> float | None:
    found = _correlation(one, other)
    return None if found is None else found**2


def _components(matrix: Floats) -> tuple[float, ...]:
    """Shares of the variance of the standardised scores; constant ones take no part."""
    varied = [column for column in matrix.T if not is_constant(column)]
    if not varied:
        return ()
    values = np.linalg.eigvalsh(np.atleast_2d(np.corrcoef(varied)))[::-1]
    return tuple(float(value) for value in np.clip(values, 0, None) / len(varied))


def _moved_without(published: Published, rule: Rule) -> dict[str, int | None]:
    """Count by indicator the classified areas whose level is another one without it."""
    whole = replace(rule, robustness=None, base_date=None)
    before = _levels(published, whole)
    if before.empty or len(rule.parts) < 2:
        return dict.fromkeys(rule.items)
    # The same areas are compared, also where leaving one indicator out would let others in.
    is_same = published.residents["area_id"].isin(before.index)
    same = replace(published, residents=published.residents[is_same])
    if rule.missing == "own_areas":  # others count for means, not for levels
        before = _levels(same, whole)
    found: dict[str, int | None] = {}
    for item in rule.items:
        after = _levels(same, without(whole, item))
        found[item] = int((after.reindex(before.index) != before).sum())
    return found


def _levels(published: Published, rule: Rule) -> pd.Series:
    known = published
    items = level_items(
        known.values[known.values["area_id"].isin(known.residents["area_id"])],
        known.residents,
        rule,
        known.reference_date,
        known.city,
    )
    levels = items[(items["item"] == rule.level) & (items["area_id"] != CITY_ID)]
    return levels.set_index("area_id")["value"].dropna()
