"""A reader of a town with a second chain, who knows nothing of how cells were hidden.

He writes persons of the smallest disjoint classes per block as whole numbers and asks one
integer programme per small count: how large can it be in a world that agrees with all he holds?
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

MIN_COUNT = 3
CHAIN = ("quartier", "district", "city")
CLASSES = 6
"""Under 18 or not × neither, other migrant, refugee."""
COUNTED = {
    ("residents", "all"): [1, 1, 1, 1, 1, 1],
    ("migrants", "all"): [0, 1, 1, 0, 1, 1],
    ("refugees", "all"): [0, 0, 1, 0, 0, 1],
    ("residents", "u18"): [0, 0, 0, 1, 1, 1],
    ("migrants", "u18"): [0, 0, 0, 0, 1, 1],
    ("refugees", "u18"): [0, 0, 0, 0, 0, 1],
}
PAIRS = list(COUNTED)
REMAINDERS = [
    [1, -1, 0, 0, 0, 0],
    [0, 1, -1, 0, 0, 0],
    [0, 0, 0, 1, -1, 0],
    [0, 0, 0, 0, 1, -1],
    [1, 0, 0, -1, 0, 0],
    [0, 1, 0, 0, -1, 0],
    [0, 0, 1, 0, 0, -1],
    [1, -1, 0, -1, 1, 0],
    [0, 1, -1, 0, -1, 1],
]
"""What is left of one printable count without another, as signs of the six counts."""


@dataclass(frozen=True)
class Found:
    """How many small counts and remainders there are, and how many a reader is sure of."""

    targets: int
    exact: int
    small: int


@dataclass(frozen=True)
class _Town:
    """Areas with the blocks in them, direct families, and true counts per area and pair."""

    areas: list[tuple[str, str]]
    inside: np.ndarray
    families: list[tuple[int, list[int]]]
    truth: np.ndarray


def attack(cells: pd.DataFrame, counts: pd.DataFrame, areas: pd.DataFrame, earlier=()) -> Found:
    """Ask of every small count whether it can be known.

    Parameters
    ----------
    cells, counts, areas
        As ``protect`` gives and takes them.
    earlier
        Published cells of earlier releases, the oldest first.
    """
    town = _town(counts, areas)
    shown = _shown(town, cells)
    then = [_shown(town, one) for one in earlier]
    programme = _programme(town, shown, then)
    told = _programme(town, np.full_like(shown, np.nan), then) if then else None
    targets = exact = small = 0
    for signs, n in _wanted(town):
        targets += 1
        most = _extreme(programme, signs, -1)
        if most < MIN_COUNT and (told is None or _extreme(told, signs, -1) >= MIN_COUNT):
            small += 1
            exact += _extreme(programme, signs, 1) == most == n
    return Found(targets, exact, small)


def _town(counts: pd.DataFrame, areas: pd.DataFrame) -> _Town:
    names = list(zip(areas["kind"], areas["area_id"], strict=True))
    row = {name: i for i, name in enumerate(names)}
    above = {"block": "quartier", "quartier": "district", "district": "city"}
    families: dict[int, list[int]] = {}
    for own, parent, parts in zip(names, areas["parent_id"], areas["parts"], strict=True):
        if parts:
            families[row[own]] = [row["block", block] for block in parts.split()]
        elif own[0] in above:
            families.setdefault(row[above[own[0]], parent], []).append(row[own])
    blocks = [i for i, (kind, _) in enumerate(names) if kind == "block"]
    inside = np.zeros((len(names), len(blocks)), dtype=int)
    inside[blocks, np.arange(len(blocks))] = 1
    for _ in range(3):
        for total, parts_of in families.items():
            inside[total] = inside[parts_of].any(axis=0)
    schools = [i for i, parts in enumerate(areas["parts"]) if parts]
    city = names.index(next(name for name in names if name[0] == "city"))
    listed = list(families.items())
    listed += [(city, schools)] if schools else []
    wide = counts.pivot_table(
        index=["kind", "area_id"], columns=["measure", "group"], values="n", aggfunc="first"
    )
    truth = np.array([[int(wide.loc[name, pair]) for pair in PAIRS] for name in names])
    return _Town(names, inside, listed, truth)


def _shown(town: _Town, cells: pd.DataFrame) -> np.ndarray:
    """Printed counts per area and pair; nan where hidden."""
    own = cells[cells["status"] == "published"].set_index(
        ["kind", "area_id", "measure", "group"]
    )["n"]
    known = own.to_dict()
    return np.array(
        [[known.get((*name, *pair), np.nan) for pair in PAIRS] for name in town.areas], float
    )


def _programme(town: _Town, shown: np.ndarray, then: list[np.ndarray]):
    """Write all that the reader holds as bounds of sums over persons of classes per block."""
    rows, low, high = [], [], []

    def add(inside: np.ndarray, pair: int, least: float, most: float) -> None:
        rows.append(np.outer(inside, COUNTED[PAIRS[pair]]).reshape(-1))
        low.append(least)
        high.append(most)

    zeros = _zeros_possible(town, shown)
    held = _held(town, shown, then)
    for area, pair in np.ndindex(shown.shape):
        n = held[area, pair]
        if np.isnan(n):
            add(town.inside[area], pair, 0 if zeros[area, pair] else 1, np.inf)
        else:
            add(town.inside[area], pair, n, n)
    for inside, pair, n in _earlier_sums(town, then):
        add(inside, pair, n, n)
    return LinearConstraint(np.array(rows), low, high), len(town.inside[0]) * CLASSES


def _zeros_possible(town: _Town, shown: np.ndarray) -> np.ndarray:
    """Where nothing beside an area is printed, zeros may be hidden, too."""
    zeros = np.zeros(shown.shape, dtype=bool)
    for total, members in town.families:
        if town.areas[total][0] in CHAIN:
            zeros[members] |= np.isnan(shown[members]).all(axis=0)
    city = next(i for i, name in enumerate(town.areas) if name[0] == "city")
    zeros[city] |= np.isnan(shown).all(axis=0)
    return zeros


def _over(town: _Town, flags: np.ndarray) -> np.ndarray:
    marked = flags.copy()
    for total, members in town.families:
        marked[total] |= flags[members].any(axis=0)
    return marked


def _held(town: _Town, shown: np.ndarray, then: list[np.ndarray]) -> np.ndarray:
    """What is printed now, and what was and is believed to be the same."""
    held = shown.copy()
    gone = ~_over(town, ~np.isnan(shown))
    least = most = town.truth.astype(float)
    for old in reversed(then):
        least, most = np.fmin(least, old), np.fmax(most, old)
        corrected = _over(town, least < most)
        doubted = corrected.copy()
        for _ in range(3):
            for total, members in town.families:
                if town.areas[total][0] in CHAIN:
                    doubted[members] |= gone[members] & doubted[total]
        sure = np.zeros(shown.shape, dtype=bool)
        totals = {total for total, _ in town.families}
        for total, members in town.families:
            for one in members:
                sure[one] |= ~(doubted[total] & (doubted[one] | (one not in totals)))
        city = next(i for i, name in enumerate(town.areas) if name[0] == "city")
        sure[city] = ~doubted[city]
        held = np.where(np.isnan(held) & (old == town.truth) & sure, old, held)
        gone |= ~_over(town, ~np.isnan(old))
    return held


def _earlier_sums(town: _Town, then: list[np.ndarray]) -> Iterator[tuple]:
    """What an earlier total leaves for the cells hidden in it, while today's counts fit."""
    for number, old in enumerate(then):
        later = np.array(then[number:])
        with np.errstate(all="ignore"):
            outdated = _over(town, np.fmin.reduce(later) < np.fmax.reduce(later))
        for total, members in town.families:
            for pair in np.flatnonzero(~np.isnan(old[total]) & ~outdated[total]):
                hidden = [one for one in members if np.isnan(old[one, pair])]
                left = old[total, pair] - np.nansum(old[members, pair])
                if hidden and town.truth[hidden, pair].sum() == left:
                    yield town.inside[hidden].sum(axis=0), pair, left


def _wanted(town: _Town) -> Iterator[tuple[np.ndarray, int]]:
    """List every count and remainder of 1 or 2, as a sum over persons."""
    asked = [np.eye(len(PAIRS), dtype=int)[i] for i in range(len(PAIRS))] + REMAINDERS
    for area, signs in ((a, np.array(s)) for a in range(len(town.areas)) for s in asked):
        n = int(town.truth[area] @ signs)
        if 0 < n < MIN_COUNT:
            classes = signs @ np.array(list(COUNTED.values()))
            yield np.outer(town.inside[area], classes).reshape(-1), n


def _extreme(programme, signs: np.ndarray, direction: int) -> int:
    constraint, width = programme
    capped = LinearConstraint(signs[None, :], -np.inf, MIN_COUNT)
    answer = milp(
        direction * signs,
        constraints=[constraint, capped] if direction < 0 else [constraint],
        bounds=Bounds(0, np.inf),
        integrality=np.ones(width),
    )
    assert answer.x is not None, "the truth itself agrees with all that is printed"
    return round(float(signs @ answer.x))
