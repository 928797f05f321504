"""The methods that rank, as ``method.md`` describes them."""

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

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
    ranks_of,
    refused,
    spread_of,
    summed,
    times,
)


def by_percentile(columns: Sequence[Numbers], case: Case) -> Scored:
    scale = case.scale
    exact: list[list[Fraction | None]] = []
    for part, column in zip(scale.parts, columns, strict=True):
        shares = _percentiles(column, case)
        if is_constant(column, case):
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
    weighted = [times(w, column) for w, column in zip(case.weights, shares_of, strict=True)]
    scored = _ranked(added(columns, case, shares_of, weighted), rounded, weighted, case)
    for part, column in zip(scale.parts, shares_of, strict=True):
        scored.extra[f"{part.item}.flag"] = [
            None if s is None else float(s >= scale.figures["flag"]) for s in column
        ]
    return scored


def over_percentile(themes: list[Scored], case: Case) -> Scored:
    sums = summed([times(w, t.sums) for w, t in zip(case.weights, themes, strict=True)])
    weighted = [
        times(theme.weight * part.weight, column)
        for theme, scored in zip(case.scale.themes, themes, strict=True)
        for part, column in zip(theme.parts, scored.z, strict=True)
    ]
    rounded = _rounded(sums, case.scale.theme_digits)
    return _ranked(added_over(themes, case, case.weights), rounded, weighted, case)


def _rounded(sums: Sequence[float | Fraction | None], digits: int) -> list[float | None]:
    return [None if s is None else float(round(s, digits)) for s in sums]


def _ranked(scored: Scored, sums: Numbers, weighted: list[Numbers], case: Case) -> Scored:
    """Put the percentile of the sums in place of the index and share it out."""
    scored.is_none = is_constant(sums, case)
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
    scored.sum_centre, scored.sum_spread = mean_of(sums), spread_of(sums, case)
    scored.cuts = cuts_of(case.scale, index)
    return scored


def by_ranks(columns: Sequence[Numbers], case: Case) -> Scored:
    scores = []
    for part, column in zip(case.scale.parts, columns, strict=True):
        sign = -1.0 if part.is_less else 1.0
        scores.append(_exponential([None if x is None else sign * x for x in column], case))
    parts = [times(w, column) for w, column in zip(case.shares, scores, strict=True)]
    return _in_tenths(added(columns, case, scores, parts), case)


def over_ranks(themes: list[Scored], case: Case) -> Scored:
    parts = []
    for weight, theme in zip(case.shares, themes, strict=True):
        mine = times(weight, _exponential(theme.index, case))
        whole = summed(theme.contributions)
        for column in theme.contributions:
            shared = zip(column, whole, mine, strict=True)
            parts.append(
                [
                    None if x is None or t is None or m is None else x / t * m if t else 0.0
                    for x, t, m in shared
                ]
            )
    scored = added_over(themes, case, case.shares)
    scored.contributions = parts
    scored.sums = scored.index = summed(parts)
    scored.sum_centre, scored.sum_spread = mean_of(scored.sums), spread_of(scored.sums, case)
    scored.cuts = cuts_of(case.scale, scored.index)
    return _in_tenths(scored, case)


def _exponential(column: Numbers, case: Case) -> list[float | None]:
    figures, n = case.scale.figures, len(known_of(column))
    low = 1 - math.exp(-figures["top"] / figures["below"])
    found = [
        None if rank is None else -figures["factor"] * math.log(1 - float(rank) / n * low)
        for rank in _shared(column, case.scale.ties or "höchsten")
    ]
    if is_constant(column, case):
        return [None if x is None else 0.0 for x in column]
    return found


def _in_tenths(scored: Scored, case: Case) -> Scored:
    n, tenths = len(known_of(scored.index)), case.scale.figures["tenths"]
    scored.extra[f"{case.index}.decile"] = [
        None if rank is None else float(math.ceil(Fraction(rank * tenths) / n))
        for rank in ranks_of(scored.index)
    ]
    return refused(scored, case)


def _percentiles(column: Numbers, case: Case) -> list[Fraction | None]:
    n = len(known_of(column))
    ranks = _shared(column, case.scale.ties or "niedrigsten")
    return [None if rank is None else (rank - 1) / (n - 1) for rank in ranks]


def _shared(column: Numbers, ties: str) -> list[Fraction | None]:
    """Rank from the lowest (1) that equal values share."""
    known = known_of(column)
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
