"""Whether a city's own groups may leave: nothing small in them, nor between them.

Protection tells ``all``, ``u18`` and the rest apart. Of other groups a reader adds and
subtracts what it does not relate; so none is published where that would come to a small count.
Nothing is hidden here: where something small is found, nothing leaves.
"""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pandas as pd

from atlas.config import Population, ProtectionRules
from atlas.errors import ProtectionError
from atlas.terms import Group, Status

_RELATED = {Group.ALL, Group.U18}
_OLDEST = 120
_AREA = ["kind", "area_id", "measure"]


def refuse_small_remainders(
    counts: pd.DataFrame, populations: Sequence[Population], rules: ProtectionRules
) -> None:
    """Make sure that a city's own groups tell of no count that is too small.

    Parameters
    ----------
    counts
        One row per kind, area_id, group and measure; columns n and status.

    Raises
    ------
    ProtectionError
        Naming the first group or what groups leave of each other; nothing is written.
    """
    own = [one for one in populations if one.name not in _RELATED]
    if not own:
        return
    known = counts[counts["status"] == str(Status.PUBLISHED)]
    table = known.pivot_table(index=_AREA, columns="group", values="n", aggfunc="first")
    for signs in (*_sets_of_ages(populations), *_parts(own, populations)):
        if set(signs) <= set(table.columns) and not set(signs) <= _RELATED:
            left = table[list(signs)].astype(float) @ pd.Series(signs, dtype=float)
            if left.between(1, rules.min_count - 1).any():
                raise _too_small(signs)


def _sets_of_ages(populations: Sequence[Population]) -> Iterator[dict[Group, int]]:
    """List sums and differences of groups that count people of certain ages, each once."""
    bands = {one.name: one.ages for one in populations if one.ages}
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
            yield {name: sign for name, sign in zip(bands, signs, strict=True) if sign}


def _base(name: Group, populations: Sequence[Population]) -> Group:
    """Group within which age alone tells a group."""
    known = {one.name: one for one in populations}
    while known[name].ages:
        name = known[name].part_of or Group.ALL
    return name


def _parts(
    own: Sequence[Population], populations: Sequence[Population]
) -> Iterator[dict[Group, int]]:
    """List each group alone, and what it leaves of every group that holds it."""
    for one in own:
        yield {one.name: 1}
        yield {one.part_of or Group.ALL: 1, one.name: -1}
        for other in populations:
            if other is not one and _is_within(one.ages, other, populations):
                yield {other.name: 1, one.name: -1}


def _is_within(
    ages: tuple[int, int] | None, other: Population, populations: Sequence[Population]
) -> bool:
    """Whether people of these ages, whoever they are, all belong to another group."""
    if not ages or not other.ages or _base(other.name, populations) != Group.ALL:
        return False
    return other.ages[0] <= ages[0] and ages[1] <= other.ages[1]


def _too_small(signs: dict[Group, int]) -> ProtectionError:
    words = " ".join(f"{'−' if sign < 0 else '+'} {name}" for name, sign in signs.items())
    return ProtectionError(
        f"Geheimhaltung, Bezugsgruppen ({words.removeprefix('+ ')}): ergibt in einem Gebiet "
        "eine zu kleine Anzahl, und zwischen eigenen Bezugsgruppen wird nichts gesperrt. "
        "Erwartet: keine kleine Anzahl. Die Gruppe weiter fassen oder aus indicators.toml "
        "nehmen."
    )
