"""What overlapping age groups share, where no subtraction of two groups tells it.

Protection relates groups by subtracting one from another. Of bands that overlap, readers may
add and subtract several at once; nothing is published where that would come to a small count
that protection does not know.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import pandas as pd

from atlas.config import Population, ProtectionRules
from atlas.errors import ProtectionError
from atlas.terms import Group, Status

_OLDEST = 120
_AREA = ["kind", "area_id", "measure"]
Years = frozenset[int]
Edge = tuple[int, int]
"""First age of a band and the age after its last."""


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
    table = known.pivot_table(index=_AREA, columns="group", values="n", aggfunc="first")
    for people, signs in _sets_of_ages(here):
        if people not in related:
            left = table[list(signs)].astype(float) @ pd.Series(signs, dtype=float)
            if left.between(1, rules.min_count - 1).any():
                raise _too_small(signs)


def _sets_of_ages(
    populations: Sequence[Population],
) -> Iterator[tuple[Years, dict[Group, int]]]:
    """List the smallest sets of ages that groups tell, each with one way to tell it."""
    bands = {one.name: one.ages for one in populations if one.ages and one.part_of}
    edges = {
        name: (first, last + 1)
        for name, (first, last) in bands.items()
        if _base(name, populations) == Group.ALL
    }
    edges[Group.ALL] = (0, _OLDEST + 1)
    found = {_years_of(steps): steps for steps in _walks(_joined_ages(edges))}
    for people, steps in found.items():
        if not any(other < people for other in found):
            yield people, _signs(edges, steps)


def _joined_ages(edges: Mapping[Group, Edge]) -> dict[int, int]:
    """Say of every age at which a band begins or ends which others bands lead to.

    A sum and difference of bands that counts somebody or nobody at each age goes up and down
    at such ages, and within those that bands join as often up as down.
    """
    joined = {age: age for edge in edges.values() for age in edge}
    for start, end in edges.values():
        old, new = joined[end], joined[start]
        joined = {age: new if name == old else name for age, name in joined.items()}
    return joined


def _walks(joined: Mapping[int, int]) -> Iterator[dict[int, int]]:
    """Walk through the ages, up and down in turn, until every step is balanced.

    A stretch that holds two joined ages holds a smaller set, so nobody walks on behind them.
    """
    ages = sorted(joined)
    lasts = {max(age for age in ages if joined[age] == name) for name in {*joined.values()}}
    begun: list[tuple[dict[int, int], int]] = [({}, 0)]
    while begun:
        steps, place = begun.pop()
        is_inside = len(steps) % 2 == 1
        seen = {joined[ages[place - 1]]} if is_inside else set()
        for at, age in enumerate(ages[place:], start=place + 1):
            longer = {**steps, age: -1 if is_inside else 1}
            if is_inside and not any(_balance(longer, joined).values()):
                yield longer
            elif age not in lasts or not _balance(longer, joined)[joined[age]]:
                begun.append((longer, at))
            is_lost = age in lasts and _balance(steps, joined).get(joined[age], 0)
            if is_lost or (is_inside and joined[age] in seen):
                break
            seen.add(joined[age])


def _balance(steps: Mapping[int, int], joined: Mapping[int, int]) -> Counter[int]:
    balance: Counter[int] = Counter()
    for age, step in steps.items():
        balance[joined[age]] += step
    return balance


def _years_of(steps: Iterable[int]) -> Years:
    ages = sorted(steps)
    stretches = zip(ages[::2], ages[1::2], strict=True)
    return frozenset(year for first, end in stretches for year in range(first, end))


def _signs(edges: Mapping[Group, Edge], steps: Mapping[int, int]) -> dict[Group, int]:
    """Find how often each band is added (or subtracted) to go these steps."""
    left = Counter(steps)
    tree = _spanning(edges)
    signs = {}
    while tree:
        often = Counter(age for edge in tree.values() for age in edge)
        name = next(
            name for name, edge in tree.items() if 1 in (often[edge[0]], often[edge[1]])
        )
        start, end = tree.pop(name)
        leaf, other = (start, end) if often[start] == 1 else (end, start)
        if left[leaf]:
            signs[name] = left[leaf] if leaf == start else -left[leaf]
        left[other] += left[leaf]
    return signs


def _spanning(edges: Mapping[Group, Edge]) -> dict[Group, Edge]:
    """Choose bands that lead to every age in one way only."""
    tree: dict[Group, Edge] = {}
    for name, (start, end) in edges.items():
        joined = _joined_ages(tree)
        if joined.get(start, start) != joined.get(end, end):
            tree[name] = (start, end)
    return tree


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
