"""Replications of an index drawn again as ``method.md`` says, in plain loops."""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass

from tests.spec.method_reader import Drawing, Scale
from tests.spec.second_indicators import Fraction

_WORD = 2**64
_FACTORS = ("weights", "scale", "left_out", "cuts", "chance", "carried")
_LEAST = 1e-9  # ein Milliardstel


@dataclass(frozen=True)
class Counted:
    """A quotient of counts that varies by chance; ``sign`` −1: it is subtracted."""

    series: str
    area: str
    item: str
    sign: float
    fraction: Fraction


@dataclass(frozen=True)
class Replayed:
    """An index of the valid areas, indicator by indicator, and what it rests on."""

    scale: Scale
    areas: list[str]
    values: list[list[float]]
    z: list[list[float]]
    spreads: list[float]
    index: list[float]
    cuts: list[float]
    counts: list[Counted]
    carried: set[tuple[str, str]]
    pasts: dict[str, list[list[float]]]

    @property
    def items(self) -> list[str]:
        return [part.item for part in self.scale.parts]

    @property
    def drawing(self) -> Drawing:
        assert self.scale.drawing is not None
        return self.scale.drawing


Moves = dict[tuple[int, int], list[float]]
"""Deviation in every replication by place of indicator and area."""


def replay(told: Replayed) -> dict[str, list[float]]:
    """Shares, ranks, stability and driver of every valid area, by the name of the item."""
    levels, ranks = _results(told)
    official = [1 + sum(x > cut for cut in told.cuts) for x in told.index]
    times, n = told.drawing.times, len(told.areas)
    found: dict[str, list[float]] = {
        f"share_{number}": [one.count(number) / times for one in levels[""]]
        for number in range(1, len(told.cuts) + 2)
    }
    found["rank_low"] = [float(min(one)) for one in ranks]
    found["rank_high"] = [float(max(one)) for one in ranks]
    kept = {
        factor: [one.count(now) / times for one, now in zip(column, official, strict=True)]
        for factor, column in levels.items()
    }
    own = kept[""]
    found["stability"] = [1.0 if s >= 0.95 else 2.0 if s >= 0.75 else 3.0 for s in own]
    best = [_best(kept, place) for place in range(n)]
    found["driver"], found["share_held"] = [d for d, _ in best], [s for _, s in best]
    return found


def _results(told: Replayed) -> tuple[dict[str, list[list[int]]], list[list[int]]]:
    """Level of every area in every replication by the factor held, and its ranks with none."""
    chance = _chance(told) if told.drawing.is_chance else {}
    carried = _carried(told) if told.drawing.spans else {}
    choices = _choices(told)
    factors = ("", *_held(told, chance, carried))
    levels: dict[str, list[list[int]]] = {one: [[] for _ in told.areas] for one in factors}
    ranks: list[list[int]] = [[] for _ in told.areas]
    for r in range(told.drawing.times):
        for factor in factors:
            moves = [{} if factor == "chance" else chance]
            moves += [{} if factor == "carried" else carried]
            index, shifts = _index(told, choices, (r, factor), moves)
            for place, level in enumerate(_levels(told, index, shifts)):
                levels[factor][place].append(level)
            if not factor:
                ordered = sorted(index, reverse=True)
                for place, x in enumerate(index):
                    ranks[place].append(ordered.index(x) + 1)
    return levels, ranks


def _best(kept: dict[str, list[float]], place: int) -> tuple[float, float]:
    best, share = 0.0, kept[""][place]
    for number, factor in enumerate(_FACTORS, 1):
        if factor in kept and kept[factor][place] > share:
            best, share = float(number), kept[factor][place]
    return best, share


def _held(told: Replayed, chance: Moves, carried: Moves) -> Iterator[str]:
    if told.drawing.weights is not None:
        yield from _FACTORS[:4]
    if chance:
        yield "chance"
    if carried:
        yield "carried"


# ---- draws --------------------------------------------------------------------------------


def _places(text: str, times: int) -> list[int]:
    """Place of every number of a series."""
    start = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    numbers = []
    for r in range(times):
        x = (start + (r + 1) * 0x9E3779B97F4A7C15) % _WORD
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 % _WORD
        x = (x ^ x >> 27) * 0x94D049BB133111EB % _WORD
        numbers.append(x ^ x >> 31)
    places = [0] * times
    for place, r in enumerate(sorted(range(times), key=numbers.__getitem__)):
        places[r] = place
    return places


def _chance(told: Replayed) -> Moves:
    drawing = told.drawing
    moves: Moves = {}
    for one in told.counts:
        fraction, is_share = one.fraction, one.fraction.factor != 1
        n, of = fraction.numerator, fraction.denominator
        if n <= 0 or (is_share and n >= of):
            continue
        draws = _spread(n, of if is_share else None, drawing.times)
        divisor = float(round(of)) if is_share else of
        text = f"{drawing.seed}|{one.series}|{one.area}|{one.item}"
        place = told.items.index(one.item), told.areas.index(one.area)
        old = moves.get(place, [0.0] * drawing.times)
        factor = one.sign * fraction.factor
        moves[place] = [
            was + factor * (draws[at] / divisor - n / of)
            for was, at in zip(old, _places(text, drawing.times), strict=True)
        ]
    return moves


def _spread(count: float, of: float | None, times: int) -> list[int]:
    """Counts of a binomial or Poisson, ascending, as often as R × F(c) says."""
    draws: list[int] = []
    until = 0.0
    c = 0
    while len(draws) < times:
        until += _probability(c, count, of)
        upto = min(math.floor(times * until + 0.5 + 1e-9), times)
        draws += [c] * (upto - len(draws))
        c += 1
        if of is not None and c > round(of):
            draws += [c - 1] * (times - len(draws))
    return draws


def _probability(c: int, count: float, of: float | None) -> float:
    if of is None:
        return math.exp(c * math.log(count) - count - math.lgamma(c + 1))
    people, share = round(of), count / of
    ways = math.lgamma(people + 1) - math.lgamma(c + 1) - math.lgamma(people - c + 1)
    return math.exp(ways + c * math.log(share) + (people - c) * math.log1p(-share))


def _carried(told: Replayed) -> Moves:
    drawing = told.drawing
    moves: Moves = {}
    for item, pasts in told.pasts.items():
        if not pasts or item not in told.items:
            continue
        column, times = told.items.index(item), drawing.times
        spans = _places(f"{drawing.seed}|fortschreibung|{item}", times)
        for row, area in enumerate(told.areas):
            if (area, item) not in told.carried:
                continue
            places = _places(f"{drawing.seed}|fortschreibung|{area}|{item}", times)
            value = told.values[column][row]
            moved = []
            for span, place in zip(spans, places, strict=True):
                past = pasts[span * len(pasts) // times]
                there = value + past[place * len(past) // times]
                top = 100.0 if item.endswith("_share") else math.inf
                moved.append(min(max(there, 0.0), top) - value)
            moves[column, row] = moved
    return moves


@dataclass(frozen=True)
class _Choices:
    stretch: list[list[float]]
    case: list[int]
    left_out: list[int]
    shifts: list[list[float]]


def _choices(told: Replayed) -> _Choices:
    drawing, times = told.drawing, told.drawing.times
    still = _Choices(
        [[1.0] * times for _ in told.items],
        [0] * times,
        [-1] * times,
        [[0.0] * times for _ in told.cuts],
    )
    if drawing.weights is None or drawing.cuts is None:
        return still
    active = [place for place, spread in enumerate(told.spreads) if spread > 0]
    last = [*active, -1] if len(active) > 1 else [-1]
    cases = [r % (4 * len(last)) for r in range(times)]

    def points(text: str) -> list[float]:
        places = _places(text, times)
        found = [0.0] * times
        for case in set(cases):
            own = sorted((r for r in range(times) if cases[r] == case), key=places.__getitem__)
            for at, r in enumerate(own):
                found[r] = (at + 0.5) / len(own)
        return found

    def far(text: str, spread: float) -> list[float]:
        return [spread * (2 * p - 1) for p in points(f"{drawing.seed}|{text}")]

    return _Choices(
        [[1 + x for x in far(f"gewicht|{i}", drawing.weights)] for i in told.items],
        cases,
        [last[case // 4] for case in cases],
        [far(f"grenze|{n}", drawing.cuts) for n in range(1, len(told.cuts) + 1)],
    )


# ---- one replication ----------------------------------------------------------------------


def _index(
    told: Replayed, choices: _Choices, at: tuple[int, str], moves: list[Moves]
) -> tuple[list[float], list[float]]:
    """Index of every area and the shifts of the cuts, in a replication with a factor held."""
    r, factor = at
    case = 0 if factor == "scale" else choices.case[r]
    left_out = -1 if factor == "left_out" else choices.left_out[r]
    weights = []
    for place, part in enumerate(told.scale.parts):
        stretch = 1.0 if factor == "weights" else choices.stretch[place][r]
        is_out = place == left_out or told.spreads[place] == 0
        weights.append(0.0 if is_out else part.weight * stretch)
    total = math.fsum(weights)
    is_product = bool(case % 2 and case // 2 % 2)
    sums = [0.0] * len(told.areas)
    for place, part in enumerate(told.scale.parts):
        sign = -1.0 if part.is_less else 1.0
        nothing = [0.0] * told.drawing.times
        moved = [
            math.fsum(one.get((place, row), nothing)[r] for one in moves)
            for row in range(len(told.areas))
        ]
        if case % 2:
            column = _scaled(
                [sign * (x + m) for x, m in zip(told.values[place], moved, strict=True)]
            )
        elif told.spreads[place] > 0:
            pairs = zip(told.z[place], moved, strict=True)
            column = [z + sign * m / told.spreads[place] for z, m in pairs]
        else:
            column = [0.0] * len(told.areas)
        if is_product:
            column = [math.log(x) for x in column]
        sums = [s + weights[place] / total * x for s, x in zip(sums, column, strict=True)]
    if is_product:
        sums = [math.exp(s) for s in sums]
    shifts = [0.0 if factor == "cuts" else one[r] for one in choices.shifts]
    return _placed(sums, told), shifts


def _scaled(values: list[float]) -> list[float]:
    low, high = min(values), max(values)
    return [1 + 99 * (x - low) / (high - low) if high > low else 1.0 for x in values]


def _placed(sums: list[float], told: Replayed) -> list[float]:
    mean, spread = _moments(sums, told.scale)
    own_mean, own_spread = _moments(told.index, told.scale)
    if spread <= _LEAST:
        return [own_mean] * len(sums)
    return [(s - mean) / spread * own_spread + own_mean for s in sums]


def _moments(values: list[float], scale: Scale) -> tuple[float, float]:
    mean = math.fsum(values) / len(values)
    squares = math.fsum((x - mean) ** 2 for x in values)
    return mean, math.sqrt(squares / (len(values) - scale.is_sample))


def _levels(told: Replayed, index: list[float], shifts: list[float]) -> list[int]:
    cuts = [float(cut.replace("−", "-").replace(",", ".")) for cut in told.scale.cuts]
    if told.scale.are_shares:
        ordered = sorted(index)
        n = len(ordered)
        cuts = [ordered[max(math.ceil(share * n - 1e-9) - 1, 0)] for share in cuts]
    return [
        1 + sum(x > cut + shift for cut, shift in zip(cuts, shifts, strict=True)) for x in index
    ]
