"""The methods of an index as ``method.md`` describes them: columns of values in, scores out."""

import math
from collections.abc import Callable, Sequence

from tests.spec.method_reader import Scale
from tests.spec.second_ranks import by_percentile, by_ranks, over_percentile, over_ranks
from tests.spec.second_scores import (
    Case,
    Numbers,
    Scored,
    added,
    added_over,
    cuts_of,
    is_constant,
    known_of,
    mean_of,
    refused,
    spread_of,
    summed,
    times,
    with_columns,
)


def score(
    columns: Sequence[Numbers],
    scale: Scale,
    equal: float,
    references: dict[str, float],
    index: str,
) -> Scored | None:
    """Compute scores of the compared areas; ``None`` where they do not differ."""
    case = Case(scale, equal, references, index)
    if not scale.themes:
        scored = _PLAIN[scale.steps](columns, case)
    else:
        themes, at = {}, 0
        for place, theme in enumerate(scale.themes):
            own = columns[at : at + len(theme.parts)]
            themes[theme.item] = _PLAIN[scale.steps](own, case.of(place))
            at += len(theme.parts)
        scored = _OVER[scale.steps](list(themes.values()), case)
        scored.themes = themes
        for one in themes.values():
            scored.extra |= one.extra
    return None if scored.is_none else scored


# ---- z-scores -------------------------------------------------------------------------------


def _by_z(columns: Sequence[Numbers], case: Case) -> Scored:
    scale, items = case.scale, [part.item for part in case.scale.parts]
    spreads = [spread_of(column, case) for column in columns]
    if scale.frozen:
        centres = [case.references[f"{item}.mean"] for item in items]
        spreads = [case.references[f"{item}.sd"] for item in items]
    elif scale.is_city_centre:
        centres = [case.references[item] for item in items]
    else:
        centres = [mean_of(column) for column in columns]
    z = []
    for j, part in enumerate(scale.parts):
        sign = -1.0 if part.is_less else 1.0
        z.append(
            [
                None
                if x is None
                else sign * (x - centres[j]) / spreads[j]
                if spreads[j]
                else 0.0
                for x in columns[j]
            ]
        )
    weighted = [times(w, column) for w, column in zip(case.weights, z, strict=True)]
    scored = _standardised(weighted, summed(weighted), case)
    scored.z, scored.centres, scored.spreads = z, centres, spreads
    return scored


def _over_z(themes: list[Scored], case: Case) -> Scored:
    parts = [
        times(w, column)
        for w, theme in zip(case.weights, themes, strict=True)
        for column in theme.contributions
    ]
    sums = summed([times(w, t.index) for w, t in zip(case.weights, themes, strict=True)])
    return with_columns(_standardised(parts, sums, case), themes)


def _standardised(weighted: list[Numbers], sums: Numbers, case: Case) -> Scored:
    scale = case.scale
    centre, spread = mean_of(sums), spread_of(sums, case)
    if scale.frozen:
        centre = case.references[f"{case.index}.sum_mean"]
        spread = case.references[f"{case.index}.sum_sd"]
    elif scale.is_city_centre or scale.has_gaps:
        centre = 0.0
    is_none = spread <= scale.figures["part"] * math.fsum(case.weights)
    factor = 0.0 if is_none else 1 / spread
    if is_none:
        spread = 0.0
    index = [None if s is None else (s - centre) * factor for s in sums]
    parts = [times(factor, column) for column in weighted]
    cuts = cuts_of(scale, index)
    if scale.frozen and scale.are_shares:
        cuts = [case.references[f"{case.index}.cut_{n + 1}"] for n in range(len(cuts))]
    return Scored([], parts, sums, index, [], [], centre, spread, cuts, is_none=is_none)


# ---- points and scales ----------------------------------------------------------------------


def _by_points(columns: Sequence[Numbers], case: Case) -> Scored:
    points: list[Numbers] = [
        [
            None
            if x is None
            else float(sum(x < c if part.is_less else x > c for c in part.cuts))
            for x in column
        ]
        for part, column in zip(case.scale.parts, columns, strict=True)
    ]
    parts = [times(w, column) for w, column in zip(case.weights, points, strict=True)]
    return added(columns, case, points, parts)


def _over_points(themes: list[Scored], case: Case) -> Scored:
    return added_over(themes, case, case.weights)


def _by_scale(columns: Sequence[Numbers], case: Case) -> Scored:
    top, scaled = case.scale.figures["top"], []
    for part, column in zip(case.scale.parts, columns, strict=True):
        low, high = min(known_of(column)), max(known_of(column))
        spread = 0.0 if is_constant(column, case) else high - low
        places = [None if x is None else top * (x - low) / (spread or 1) for x in column]
        if part.is_less:
            places = [None if x is None else top - x for x in places]
        scaled.append(places if spread else [None if x is None else 0.0 for x in column])
    parts = [times(w, column) for w, column in zip(case.shares, scaled, strict=True)]
    return refused(added(columns, case, scaled, parts), case)


def _over_scale(themes: list[Scored], case: Case) -> Scored:
    return refused(added_over(themes, case, case.shares), case)


_PLAIN: dict[str, Callable[[Sequence[Numbers], Case], Scored]] = {
    "z": _by_z,
    "points": _by_points,
    "percentile": by_percentile,
    "exponential": by_ranks,
    "scaled": _by_scale,
}
_OVER: dict[str, Callable[[list[Scored], Case], Scored]] = {
    "z": _over_z,
    "points": _over_points,
    "percentile": over_percentile,
    "exponential": over_ranks,
    "scaled": _over_scale,
}
