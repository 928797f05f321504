"""How far a figure may move: learned from how it moved before, with a floor for chance.

Robust: the median of what the past did, so that one bad year neither narrows nor widens a limit
much. Until there is a past, wide limits hold.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

# A change three times as large as usual is unusual; so is a fault of chance of five deviations.
_TIMES = 3.0
_DEVIATIONS = 5.0


# Below this many persons chance moves a register more than a fault would.
ENOUGH = 1000
# An area counts from here on, and checks across areas ask for so many of them.
COUNTED, LEGIBLE = 20.0, 10.0
FEWEST_AREAS = 10


@dataclass(frozen=True)
class Change:
    """Limits of one kind of figure: the least that is noticed, and what is unusual at once.

    Attributes
    ----------
    deviations
        How many standard deviations of chance come on top: fewer where a delivery is asked
        once, not once per area.
    """

    floor: float
    first: float
    deviations: float = _DEVIATIONS

    def allowed(self, past: Sequence[float], noise: float = 0.0) -> float:
        """Largest change that is taken as life.

        Parameters
        ----------
        past
            Changes between the deliveries before, without their sign; empty: unknown.
        noise
            Standard deviation that chance alone gives the change.
        """
        usual = self.first if not past else max(self.floor, _TIMES * median(past))
        return min(usual, self.first) + self.deviations * noise


@dataclass(frozen=True)
class Churn:
    """Limits of the persons or values that a register loses over the time between two dates.

    Attributes
    ----------
    spread
        Share by which the yearly loss may differ from the usual one.
    slack
        Share of persons that may be lost beyond it, whatever the time.
    least
        Share kept that a first comparison asks for.
    """

    spread: float
    slack: float
    least: float

    def least_kept(self, past: Sequence[float], years: float, number: int) -> float:
        """Smallest share kept that is taken as life.

        Parameters
        ----------
        past
            Losses per year (``loss``) between the deliveries before; empty: unknown.
        """
        if not past:
            return self.least
        expected = math.exp(-years * median(past) * (1 + self.spread))
        return max(expected - self.slack, 0.0) - _DEVIATIONS * deviation(expected, number)

    def most_kept(self, past: Sequence[float], years: float, number: int) -> float:
        """Largest share kept that is taken as life: nothing stands still."""
        usual = median(past) if past else _LEAST_LOSS
        return math.exp(-years * usual * _STILL) if usual * years * number >= _EVENTS else 1.0


# A register of which less than one percent changes in a year is not known to anybody.
_LEAST_LOSS = 0.01
# Below this part of the usual movement a register stands still; fewer events may fail to come.
_STILL = 0.2
_EVENTS = 10.0


def loss(kept: float, years: float) -> float:
    """Loss per year that leaves this share after the time."""
    return -math.log(min(max(kept, 1e-6), 1.0)) / max(years, 1 / 366)


def deviation(share: float, number: float) -> float:
    """Give the standard deviation of a share among so many."""
    return math.sqrt(max(share * (1 - share), 0.0) / max(number, 1.0))


def beyond_chance(expected: float, number: float) -> bool:
    """Whether a number of events differs from the expected one by more than chance."""
    return abs(expected - number) > _DEVIATIONS * math.sqrt(max(expected, 1.0))


def distance(
    one: dict[str, int] | dict[int, int], other: dict[str, int] | dict[int, int]
) -> float:
    """Total variation: the share that would have to change its value."""
    sums = (sum(one.values()), sum(other.values()))
    if not all(sums):
        return 0.0
    keys = {*one, *other}
    return sum(abs(one.get(k, 0) / sums[0] - other.get(k, 0) / sums[1]) for k in keys) / 2


def chance_distance(one: dict[str, int], number: int) -> float:
    """Distance that two samples of the same codes have by chance alone."""
    total = max(sum(one.values()), 1)
    shares = [n / total for n in one.values()]
    scale = math.sqrt(1 / total + 1 / max(number, 1))
    return sum(math.sqrt(p * (1 - p)) for p in shares) * scale * math.sqrt(2 / math.pi) / 2


def scatter(values: Sequence[float]) -> float:
    """Robust standard deviation: median distance from the median."""
    middle = median(values)
    return 1.4826 * median([abs(value - middle) for value in values])
