"""The methods of an index as ``method.md`` describes them: columns of values in, scores out."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from tests.spec.method_reader import Scale, number


@dataclass
class Scored:
    """What a method makes of the values of the valid areas, column by column."""

    z: list[list[float]]
    contributions: list[list[float]]
    sums: list[float]
    index: list[float]
    centres: list[float]
    spreads: list[float]
    sum_centre: float
    sum_spread: float
    cuts: list[float]
    extra: dict[str, list[float]] = field(default_factory=dict)


def score(
    columns: list[list[float]],
    scale: Scale,
    equal: float,
    references: dict[str, float],
    index: str,
) -> Scored | None:
    """Compute scores of the valid areas; ``None`` where they do not differ."""
    if scale.steps == "z":
        return _by_z(columns, scale, equal, references, index)
    how: Callable[[list[list[float]], Scale, float, str], Scored | None]
    how = {"points": _by_points, "percentile": _by_percentile, "exponential": _by_ranks}[
        scale.steps
    ]
    return how(columns, scale, equal, index)


def _by_z(
    columns: list[list[float]],
    scale: Scale,
    equal: float,
    references: dict[str, float],
    index: str,
) -> Scored | None:
    items = [part.item for part in scale.parts]
    weights = [part.weight for part in scale.parts]
    spreads = [_sd(column, scale, equal) for column in columns]
    if scale.frozen:
        centres = [references[f"{item}.mean"] for item in items]
        spreads = [references[f"{item}.sd"] for item in items]
    elif scale.is_city_centre:
        centres = [references[item] for item in items]
    else:
        centres = [_mean(column) for column in columns]
    z = []
    for part, column, centre, spread in zip(
        scale.parts, columns, centres, spreads, strict=True
    ):
        sign = -1.0 if part.is_less else 1.0
        z.append([sign * (x - centre) / spread if spread else 0.0 for x in column])
    weighted = [[w * x for x in column] for w, column in zip(weights, z, strict=True)]
    sums = [math.fsum(row) for row in zip(*weighted, strict=True)]
    sum_centre, sum_spread = _mean(sums), _sd(sums, scale, equal)
    if scale.frozen:
        sum_centre = references[f"{index}.sum_mean"]
        sum_spread = references[f"{index}.sum_sd"]
    elif scale.is_city_centre:
        sum_centre = 0.0
    if sum_spread <= scale.figures["part"] * math.fsum(weights):
        return None
    result = [(s - sum_centre) / sum_spread for s in sums]
    contributions = [[x / sum_spread for x in column] for column in weighted]
    cuts = _cuts(scale, result)
    if scale.frozen and scale.are_shares:
        cuts = [references[f"{index}.cut_{n}"] for n in range(1, len(cuts) + 1)]
    return Scored(
        z, contributions, sums, result, centres, spreads, sum_centre, sum_spread, cuts
    )


def _by_points(
    columns: list[list[float]], scale: Scale, equal: float, index: str
) -> Scored | None:
    points = [
        [float(sum(x < cut if part.is_less else x > cut for cut in part.cuts)) for x in column]
        for part, column in zip(scale.parts, columns, strict=True)
    ]
    pairs = zip(scale.parts, points, strict=True)
    parts = [[part.weight * n for n in column] for part, column in pairs]
    return _summed(columns, scale, equal, points, parts)


def _by_percentile(
    columns: list[list[float]], scale: Scale, equal: float, index: str
) -> Scored | None:
    n = len(columns[0])
    exact = []
    for part, column in zip(scale.parts, columns, strict=True):
        shares = [Fraction(sum(y < x for y in column), n - 1) for x in column]
        if _is_constant(column, equal):
            shares = [Fraction(0)] * n
        elif part.is_less:
            shares = [1 - share for share in shares]
        exact.append(shares)
    digits = int(scale.figures["digits"])
    weights = [Fraction(Decimal(str(part.weight))) for part in scale.parts]
    exact_sums = [
        sum(w * round(share, digits) for w, share in zip(weights, row, strict=True))
        for row in zip(*exact, strict=True)
    ]
    sums = [float(round(s, int(scale.figures["sum_digits"]))) for s in exact_sums]
    if _is_constant(sums, equal):
        return None
    result = [sum(y < x for y in sums) / (n - 1) for x in sums]
    weighted = [
        [float(w * s) for s in shares] for w, shares in zip(weights, exact, strict=True)
    ]
    totals = [math.fsum(row) for row in zip(*weighted, strict=True)]
    parts = [
        [x / t * i if t else 0.0 for x, t, i in zip(column, totals, result, strict=True)]
        for column in weighted
    ]
    shares = [[float(s) for s in column] for column in exact]
    scored = _summed(columns, scale, equal, shares, parts)
    scored.sums, scored.index = sums, result
    scored.sum_centre, scored.sum_spread = _mean(sums), _sd(sums, scale, equal)
    scored.cuts = _cuts(scale, result)
    for part, column in zip(scale.parts, shares, strict=True):
        scored.extra[f"{part.item}.flag"] = [float(s >= scale.figures["flag"]) for s in column]
    return scored


def _by_ranks(
    columns: list[list[float]], scale: Scale, equal: float, index: str
) -> Scored | None:
    n = len(columns[0])
    figures = scale.figures
    scores = []
    for part, column in zip(scale.parts, columns, strict=True):
        sign = -1.0 if part.is_less else 1.0
        signed = [sign * x for x in column]
        shares = [sum(y <= x for y in signed) / n for x in signed]
        low = 1 - math.exp(-figures["top"] / figures["below"])
        ranked = [-figures["factor"] * math.log(1 - share * low) for share in shares]
        scores.append([0.0] * n if _is_constant(column, equal) else ranked)
    total = math.fsum(part.weight for part in scale.parts)
    pairs = zip(scale.parts, scores, strict=True)
    parts = [[part.weight / total * x for x in column] for part, column in pairs]
    scored = _summed(columns, scale, equal, scores, parts)
    if _is_constant(scored.index, equal):
        return None
    tenths = figures["tenths"]
    ranks = [rank_of(x, scored.index) for x in scored.index]
    scored.extra[f"{index}.decile"] = [
        float(math.ceil(Fraction(r * tenths) / n)) for r in ranks
    ]
    return scored


def _summed(
    columns: list[list[float]],
    scale: Scale,
    equal: float,
    scores: list[list[float]],
    parts: list[list[float]],
) -> Scored:
    sums = [math.fsum(row) for row in zip(*parts, strict=True)]
    centres = [_mean(column) for column in columns]
    spreads = [_sd(column, scale, equal) for column in columns]
    spread = _sd(sums, scale, equal)
    cuts = _cuts(scale, sums)
    return Scored(scores, parts, sums, sums, centres, spreads, _mean(sums), spread, cuts)


def extra_names(items: Sequence[str], scale: Scale, index: str) -> list[str]:
    if scale.steps == "percentile":
        return [f"{item}.flag" for item in items]
    return [f"{index}.decile"] if scale.steps == "exponential" else []


def _cuts(scale: Scale, index: list[float]) -> list[float]:
    if not scale.are_shares:
        return [number(cut) for cut in scale.cuts]
    ordered = sorted(index)
    shares = [Fraction(cut.replace(",", ".")) for cut in scale.cuts]
    return [ordered[max(math.ceil(share * len(ordered)) - 1, 0)] for share in shares]


def rank_of(value: float, values: Sequence[float]) -> float:
    return 1.0 + sum(other > value for other in values)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _sd(values: Sequence[float], scale: Scale, equal: float) -> float:
    if _is_constant(values, equal):
        return 0.0
    mean = _mean(values)
    squares = math.fsum((x - mean) ** 2 for x in values)
    return math.sqrt(squares / (len(values) - scale.is_sample))


def _is_constant(values: Sequence[float], equal: float) -> bool:
    return max(values) - min(values) <= equal * max(map(abs, values))
