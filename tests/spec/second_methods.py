"""The methods of an index as ``method.md`` describes them: columns of values in, scores out.

A value that an area does not have is ``None``; so is whatever needs it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from tests.spec.method_reader import Scale, number

Numbers = Sequence[float | None]


@dataclass
class Scored:
    """What a method makes of the values of the compared areas, column by column."""

    z: list[Numbers]
    contributions: list[Numbers]
    sums: Numbers
    index: Numbers
    centres: list[float]
    spreads: list[float]
    sum_centre: float
    sum_spread: float
    cuts: list[float]
    extra: dict[str, Numbers] = field(default_factory=dict)
    themes: "dict[str, Scored]" = field(default_factory=dict)
    is_none: bool = False


@dataclass(frozen=True)
class Case:
    """One index to be made of columns: the rule, what equal means, what is referred to."""

    scale: Scale
    equal: float
    references: dict[str, float]
    index: str

    def of(self, place: int) -> "Case":
        theme = self.scale.themes[place]
        inner = replace(self.scale, parts=theme.parts, themes=(), cuts=())
        return replace(self, scale=inner, index=theme.item)

    @property
    def weights(self) -> list[float]:
        return [one.weight for one in self.scale.themes or self.scale.parts]

    @property
    def shares(self) -> list[float]:
        return [weight / math.fsum(self.weights) for weight in self.weights]


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


def empty(scale: Scale) -> Scored:
    """Scores of nobody."""
    k = len(scale.parts)
    nobody = Scored([[]] * k, [[]] * k, [], [], [], [], 0, 0, [])
    themes = {theme.item: nobody for theme in scale.themes}
    return replace(nobody, themes=themes)


# ---- z-scores -------------------------------------------------------------------------------


def _by_z(columns: Sequence[Numbers], case: Case) -> Scored:
    scale, items = case.scale, [part.item for part in case.scale.parts]
    spreads = [_sd(column, case) for column in columns]
    if scale.frozen:
        centres = [case.references[f"{item}.mean"] for item in items]
        spreads = [case.references[f"{item}.sd"] for item in items]
    elif scale.is_city_centre:
        centres = [case.references[item] for item in items]
    else:
        centres = [_mean(column) for column in columns]
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
    weighted = [_times(w, column) for w, column in zip(case.weights, z, strict=True)]
    scored = _standardised(weighted, summed(weighted), case)
    scored.z, scored.centres, scored.spreads = z, centres, spreads
    return scored


def _over_z(themes: list[Scored], case: Case) -> Scored:
    parts = [
        _times(w, column)
        for w, theme in zip(case.weights, themes, strict=True)
        for column in theme.contributions
    ]
    sums = summed([_times(w, t.index) for w, t in zip(case.weights, themes, strict=True)])
    return _with_columns(_standardised(parts, sums, case), themes)


def _standardised(weighted: list[Numbers], sums: Numbers, case: Case) -> Scored:
    scale = case.scale
    centre, spread = _mean(sums), _sd(sums, case)
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
    parts = [_times(factor, column) for column in weighted]
    cuts = _cuts(scale, index)
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
    parts = [_times(w, column) for w, column in zip(case.weights, points, strict=True)]
    return _added(columns, case, points, parts)


def _over_points(themes: list[Scored], case: Case) -> Scored:
    return _added_over(themes, case, case.weights)


def _by_scale(columns: Sequence[Numbers], case: Case) -> Scored:
    top, scaled = case.scale.figures["top"], []
    for part, column in zip(case.scale.parts, columns, strict=True):
        low, high = min(_known(column)), max(_known(column))
        spread = 0.0 if _is_constant(column, case) else high - low
        places = [None if x is None else top * (x - low) / (spread or 1) for x in column]
        if part.is_less:
            places = [None if x is None else top - x for x in places]
        scaled.append(places if spread else [None if x is None else 0.0 for x in column])
    parts = [_times(w, column) for w, column in zip(case.shares, scaled, strict=True)]
    return _refused(_added(columns, case, scaled, parts), case)


def _over_scale(themes: list[Scored], case: Case) -> Scored:
    return _refused(_added_over(themes, case, case.shares), case)


# ---- ranks ----------------------------------------------------------------------------------


def _by_percentile(columns: Sequence[Numbers], case: Case) -> Scored:
    scale = case.scale
    exact: list[list[Fraction | None]] = []
    for part, column in zip(scale.parts, columns, strict=True):
        shares = _percentiles(column, case)
        if _is_constant(column, case):
            shares = [None if share is None else Fraction(0) for share in shares]
        elif part.is_less:
            shares = [None if share is None else 1 - share for share in shares]
        exact.append(shares)
    digits = int(scale.figures["digits"])
    weights = [Fraction(Decimal(str(weight))) for weight in case.weights]
    sums = [
        None
        if None in row
        else sum(
            w * round(x, digits) for w, x in zip(weights, row, strict=True) if x is not None
        )
        for row in zip(*exact, strict=True)
    ]
    rounded = _rounded(sums, int(scale.figures["sum_digits"]))
    shares_of = [[None if x is None else float(x) for x in column] for column in exact]
    weighted = [_times(w, column) for w, column in zip(case.weights, shares_of, strict=True)]
    scored = _ranked(_added(columns, case, shares_of, weighted), rounded, weighted, case)
    for part, column in zip(scale.parts, shares_of, strict=True):
        scored.extra[f"{part.item}.flag"] = [
            None if s is None else float(s >= scale.figures["flag"]) for s in column
        ]
    return scored


def _over_percentile(themes: list[Scored], case: Case) -> Scored:
    sums = summed([_times(w, t.sums) for w, t in zip(case.weights, themes, strict=True)])
    weighted = [
        _times(theme.weight * part.weight, column)
        for theme, scored in zip(case.scale.themes, themes, strict=True)
        for part, column in zip(theme.parts, scored.z, strict=True)
    ]
    rounded = _rounded(sums, case.scale.theme_digits)
    return _ranked(_added_over(themes, case, case.weights), rounded, weighted, case)


def _rounded(sums: Sequence[float | Fraction | None], digits: int) -> list[float | None]:
    return [None if s is None else float(round(s, digits)) for s in sums]


def _ranked(scored: Scored, sums: Numbers, weighted: list[Numbers], case: Case) -> Scored:
    """Put the percentile of the sums in place of the index and share it out."""
    scored.is_none = _is_constant(sums, case)
    ranks = _percentiles(sums, case)
    index = [None if r is None else 0.0 if scored.is_none else float(r) for r in ranks]
    totals = summed(weighted)
    scored.contributions = [
        [
            None if x is None or t is None or i is None else x / t * i if t else 0.0
            for x, t, i in zip(column, totals, index, strict=True)
        ]
        for column in weighted
    ]
    scored.sums, scored.index = sums, index
    scored.sum_centre, scored.sum_spread = _mean(sums), _sd(sums, case)
    scored.cuts = _cuts(case.scale, index)
    return scored


def _by_ranks(columns: Sequence[Numbers], case: Case) -> Scored:
    scores = []
    for part, column in zip(case.scale.parts, columns, strict=True):
        sign = -1.0 if part.is_less else 1.0
        scores.append(_exponential([None if x is None else sign * x for x in column], case))
    parts = [_times(w, column) for w, column in zip(case.shares, scores, strict=True)]
    return _in_tenths(_added(columns, case, scores, parts), case)


def _over_ranks(themes: list[Scored], case: Case) -> Scored:
    parts = []
    for weight, theme in zip(case.shares, themes, strict=True):
        mine = _times(weight, _exponential(theme.index, case))
        whole = summed(theme.contributions)
        for column in theme.contributions:
            shared = zip(column, whole, mine, strict=True)
            parts.append(
                [
                    None if x is None or t is None or m is None else x / t * m if t else 0.0
                    for x, t, m in shared
                ]
            )
    scored = _added_over(themes, case, case.shares)
    scored.contributions = parts
    scored.sums = scored.index = summed(parts)
    scored.sum_centre, scored.sum_spread = _mean(scored.sums), _sd(scored.sums, case)
    scored.cuts = _cuts(case.scale, scored.index)
    return _in_tenths(scored, case)


def _exponential(column: Numbers, case: Case) -> list[float | None]:
    figures, n = case.scale.figures, len(_known(column))
    low = 1 - math.exp(-figures["top"] / figures["below"])
    found = [
        None if rank is None else -figures["factor"] * math.log(1 - float(rank) / n * low)
        for rank in _shared(column, case.scale.ties or "höchsten")
    ]
    if _is_constant(column, case):
        return [None if x is None else 0.0 for x in column]
    return found


def _in_tenths(scored: Scored, case: Case) -> Scored:
    n, tenths = len(_known(scored.index)), case.scale.figures["tenths"]
    scored.extra[f"{case.index}.decile"] = [
        None if rank is None else float(math.ceil(Fraction(rank * tenths) / n))
        for rank in ranks_of(scored.index)
    ]
    return _refused(scored, case)


def _percentiles(column: Numbers, case: Case) -> list[Fraction | None]:
    n = len(_known(column))
    ranks = _shared(column, case.scale.ties or "niedrigsten")
    return [None if rank is None else (rank - 1) / (n - 1) for rank in ranks]


def _shared(column: Numbers, ties: str) -> list[Fraction | None]:
    """Rank from the lowest (1) that equal values share."""
    known = _known(column)
    found: list[Fraction | None] = []
    for x in column:
        if x is None:
            found.append(None)
            continue
        low, high = 1 + sum(y < x for y in known), sum(y <= x for y in known)
        found.append(
            {
                "niedrigsten": Fraction(low),
                "mittleren": Fraction(low + high, 2),
                "höchsten": Fraction(high),
            }[ties]
        )
    return found


# ---- what all of them need ------------------------------------------------------------------


def _added(
    columns: Sequence[Numbers], case: Case, scores: list[Numbers], parts: list[Numbers]
) -> Scored:
    sums = summed(parts)
    centres, spreads = [_mean(c) for c in columns], [_sd(c, case) for c in columns]
    mean, spread, cuts = _mean(sums), _sd(sums, case), _cuts(case.scale, sums)
    return Scored(scores, parts, sums, sums, centres, spreads, mean, spread, cuts)


def _added_over(themes: list[Scored], case: Case, weights: list[float]) -> Scored:
    parts = [
        _times(w, column)
        for w, theme in zip(weights, themes, strict=True)
        for column in theme.contributions
    ]
    return _with_columns(_added([], case, [], parts), themes)


def _with_columns(scored: Scored, themes: list[Scored]) -> Scored:
    scored.z = [column for theme in themes for column in theme.z]
    scored.centres = [x for theme in themes for x in theme.centres]
    scored.spreads = [x for theme in themes for x in theme.spreads]
    return scored


def _refused(scored: Scored, case: Case) -> Scored:
    scored.is_none = _is_constant(scored.index, case)
    return scored


def extra_names(items: Sequence[str], scale: Scale, indices: Sequence[str]) -> list[str]:
    if scale.steps == "percentile":
        return [f"{item}.flag" for item in items]
    return [f"{index}.decile" for index in indices] if scale.steps == "exponential" else []


def summed(columns: Sequence[Numbers]) -> list[float | None]:
    """Sum of each area; none where a part is not there."""
    rows = [_known(row) for row in zip(*columns, strict=True)]
    return [math.fsum(row) if len(row) == len(columns) else None for row in rows]


def ranks_of(values: Numbers) -> list[float | None]:
    known = _known(values)
    return [None if x is None else rank_of(x, known) for x in values]


def rank_of(value: float, values: Sequence[float]) -> float:
    return 1.0 + sum(other > value for other in values)


def _times(weight: float, column: Numbers) -> list[float | None]:
    return [None if x is None else weight * x for x in column]


def _known(values: Numbers) -> list[float]:
    return [x for x in values if x is not None]


def _cuts(scale: Scale, index: Numbers) -> list[float]:
    if not scale.are_shares:
        return [number(cut) for cut in scale.cuts]
    ordered = sorted(_known(index))
    shares = [Fraction(cut.replace(",", ".")) for cut in scale.cuts]
    return [ordered[max(math.ceil(share * len(ordered)) - 1, 0)] for share in shares]


def _mean(values: Numbers) -> float:
    known = _known(values)
    return math.fsum(known) / len(known)


def _sd(values: Numbers, case: Case) -> float:
    if _is_constant(values, case):
        return 0.0
    known, mean = _known(values), _mean(values)
    squares = math.fsum((x - mean) ** 2 for x in known)
    return math.sqrt(squares / (len(known) - case.scale.is_sample))


def _is_constant(values: Numbers, case: Case) -> bool:
    known = _known(values)
    return max(known) - min(known) <= case.equal * max(map(abs, known))


_PLAIN: dict[str, Callable[[Sequence[Numbers], Case], Scored]] = {
    "z": _by_z,
    "points": _by_points,
    "percentile": _by_percentile,
    "exponential": _by_ranks,
    "scaled": _by_scale,
}
_OVER: dict[str, Callable[[list[Scored], Case], Scored]] = {
    "z": _over_z,
    "points": _over_points,
    "percentile": _over_percentile,
    "exponential": _over_ranks,
    "scaled": _over_scale,
}
