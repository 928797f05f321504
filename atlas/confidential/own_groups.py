"""What overlapping age groups share, where no subtraction of two groups tells it.

Protection relates groups by subtracting one from another. Of bands that overlap, readers may
add and subtract several at once; nothing is published where that would come to a small count
that protection does not know.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import product

import numpy as np
import pandas as pd

from atlas.config import Population, ProtectionRules
from atlas.errors import ProtectionError
from atlas.terms import Group, Status

_OLDEST = 120
_AREA = ["kind", "area_id", "measure"]
Years = frozenset[int]


def refuse_small_remainders(
    counts: pd.DataFrame,
    populations: Sequence[Population],
    rules: ProtectionRules,
    related: Collection[Years],
) -> None:
    """Make sure that age groups tell of no count that is too small and that nobody protects.

    Parameters
    ----------
    counts
        One row per kind, area_id, group and measure; columns n and status.
    related
        Years of age of the groups and remainders that protection knows.

    Raises
    ------
    ProtectionError
        Naming the groups; nothing is written.
    """
    known = counts[counts["status"] == str(Status.PUBLISHED)]
    here = [one for one in populations if one.name in set(known["group"])]
    told = dict(_sets_of_ages(here))
    table = known.pivot_table(index=_AREA, columns="group", values="n", aggfunc="first")
    for people in [one for one in told if not any(other < one for other in told)]:
        if people not in related:
            signs = told[people]
            left = table[list(signs)].astype(float) @ pd.Series(signs, dtype=float)
            if left.between(1, rules.min_count - 1).any():
                raise _too_small(signs)


def _sets_of_ages(
    populations: Sequence[Population],
) -> Iterator[tuple[Years, dict[Group, int]]]:
    """List the ages that groups tell by adding and subtracting, each with one way to do it."""
    bands = {one.name: one.ages for one in populations if one.ages and one.part_of}
    bands = {
        name: ages for name, ages in bands.items() if _base(name, populations) == Group.ALL
    }
    bands[Group.ALL] = (0, _OLDEST)
    years = np.arange(_OLDEST + 1)
    rows = [(years >= first) & (years <= last) for first, last in bands.values()]
    vectors = np.array(rows, dtype=int)
    for signs in product((-1, 0, 1), repeat=len(bands)):
        people = np.array(signs) @ vectors
        if people.min() >= 0 and people.max() == 1:
            named = {name: sign for name, sign in zip(bands, signs, strict=True) if sign}
            yield frozenset(np.flatnonzero(people).tolist()), named


def _base(name: Group, populations: Sequence[Population]) -> Group:
    """Group within which age alone tells a group."""
    known = {one.name: one for one in populations}
    while name in known and known[name].ages:
        name = known[name].part_of or Group.ALL
    return name


def _too_small(signs: dict[Group, int]) -> ProtectionError:
    words = " ".join(f"{'−' if sign < 0 else '+'} {name}" for name, sign in signs.items())
    return ProtectionError(
        f"Geheimhaltung, Bezugsgruppen ({words.removeprefix('+ ')}): ergibt in einem Gebiet "
        "eine zu kleine Anzahl, die keine einzelne Differenz schützt. "
        "Erwartet: keine kleine Anzahl. Die Gruppe weiter fassen oder aus indicators.toml "
        "nehmen."
    )
