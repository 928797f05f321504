"""A year of weekly counts of the whole city: what a source without places brings.

Musterdaten between the targets of two years. Same seed and size, same tables.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from atlas.demo.profile import YEARS, read_profile, yearly_targets

_MEASURES = {"EINWOHNER": "residents", "MIGRATION": "migrants", "GEFLUECHTETE": "refugees"}
_WEEK = timedelta(days=7)
_SUNDAY = 7
# Students come in autumn, families move in summer: share of the residents, and its noise.
_SEASON, _NOISE = 0.0008, 0.00012


def week_days() -> tuple[date, ...]:
    """Sundays of the last year of the demo."""
    first = date(YEARS[-1], 1, 1)
    sunday = first + timedelta(days=_SUNDAY - first.isoweekday())
    return tuple(sunday + _WEEK * n for n in range(52))


def weekly_counts(size: float, seed: int) -> Iterator[tuple[date, pa.Table]]:
    """Count the city on every Sunday of the last year: one row per table."""
    targets = yearly_targets(read_profile(), size, seed)
    before, after = (targets[year].sum() for year in YEARS[-2:])
    rng = np.random.default_rng([seed, 52])
    drift = 0.0
    for day in week_days():
        over = day.timetuple().tm_yday / 366
        drift = 0.7 * drift + rng.normal(scale=_NOISE)
        wave = 1 + _SEASON * np.sin(2 * np.pi * (over - 0.6)) + drift
        yield (
            day,
            pa.table(
                {
                    name: [round((before[one] + over * (after[one] - before[one])) * wave)]
                    for name, one in _MEASURES.items()
                }
            ),
        )
