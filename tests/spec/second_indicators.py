"""Indicators and their intervals computed again from counts, as ``method.md`` says."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist

from tests.spec.method_reader import Formula
from tests.spec.second_release import ABSENT, Cell, Key

# In the order in which a reader is told of them.
_CAUSES = {
    "unavailable": "liegt_nicht_vor",
    "missing": "ausstehend",
    "suppressed": "geheim",
    "withheld": "vom_lieferanten_gesperrt",
}
_AREA_HA = "area_ha"


@dataclass(frozen=True)
class Fraction:
    """Numerator and denominator of an indicator, or why it is not there."""

    factor: float
    numerator: float
    denominator: float
    gap: tuple[str, str] | None

    def value(self) -> Cell:
        if self.gap is not None:
            return (None, *self.gap)
        return self.factor * self.numerator / self.denominator, "published", ""

    def bound(self, which: str, confidence: float) -> Cell:
        """End of its interval: a share by Wilson, a density by Byar."""
        if self.gap is not None:
            return (None, *self.gap)
        z = NormalDist().inv_cdf((1 + confidence) / 2) * (-1 if which == "low" else 1)
        if self.factor == 1:
            return _byar(self.numerator, z) / self.denominator, "published", ""
        if not 0 <= self.numerator <= self.denominator:
            return None, "not_meaningful", "nenner_zu_klein"
        return self.factor * _wilson(self.numerator, self.denominator, z), "published", ""


def fraction_of(
    cells: Mapping[Key, Cell],
    place: tuple[str, str, str],
    formula: Formula,
    least: int,
) -> Fraction:
    """Add up the counts of one area and group; ``place``: kind, area, group."""
    kind, area, group = place

    def terms(
        signed: Iterable[tuple[float, str, str]],
    ) -> tuple[float, list[str], bool]:
        total, statuses, has_area = 0.0, [], False
        for sign, measure, other in signed:
            wanted = "all" if measure == _AREA_HA else other or group
            value, status, _ = cells.get((kind, area, wanted, measure), ABSENT)
            total += sign * (value or 0.0)
            statuses.append(status)
            has_area |= measure == _AREA_HA
        return total, statuses, has_area

    numerator, above, _ = terms(formula.numerator)
    denominator, below, is_density = terms(formula.denominator)
    gap = next(((s, r) for s, r in _CAUSES.items() if s in (*above, *below)), None)
    if gap is None and not is_density and denominator < least:
        gap = ("not_meaningful", "nenner_zu_klein")
    if cells.get((kind, area, "all", "residents"), ABSENT)[0] == 0:
        gap = ("uninhabited", "unbewohnt")
    return Fraction(formula.factor, numerator, denominator, gap)


def _wilson(n: float, of: float, z: float) -> float:
    share = n / of
    middle = share + z**2 / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    return (middle + half) / (1 + z**2 / of)


def _byar(n: float, z: float) -> float:
    if n == 0 and z < 0:
        return 0.0
    at = n if z < 0 else n + 1
    return max(at * (1 - 1 / (9 * at) + z / (3 * math.sqrt(at))) ** 3, 0.0)
