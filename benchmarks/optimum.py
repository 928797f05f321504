"""Hidden cells of small towns beside the exact optimum, which an integer programme finds.

The programme knows no code of the suppression: it chooses cells to hide and, for every small
count and remainder, a world over the smallest disjoint classes that agrees with the rest.
"""

import argparse
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from atlas.confidential.protect import protect
from atlas.config import ProtectionRules
from benchmarks.correction_town import COUNTED_IN, KEY, NESTING, SLOTS, added_up

Ints = NDArray[np.int64]
Rows = list[tuple[dict[int, float], float, float]]
"""Coefficients of unknowns, and between which numbers their sum lies."""

MIN_COUNT = 3
QUARTIERE, BLOCKS = 3, 5
_SHARES = np.array([0.45, 0.15, 0.1, 0.15, 0.1, 0.05])
# What a reader subtracts, in the order of SLOTS: measures, ages, and measures of adults.
_REMAINDERS = np.array(
    [
        [1, 0, -1, 0, 0, 0],
        [0, 0, 1, 0, -1, 0],
        [0, 1, 0, -1, 0, 0],
        [0, 0, 0, 1, 0, -1],
        [1, -1, 0, 0, 0, 0],
        [0, 0, 1, -1, 0, 0],
        [0, 0, 0, 0, 1, -1],
        [1, -1, -1, 1, 0, 0],
        [0, 0, 1, -1, -1, 1],
    ]
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("towns", type=int, nargs="?", default=50)
    given = parser.parse_args()
    found = []
    for seed, quartiere in _towns():
        hidden = _hidden(quartiere)
        best = [_fewest(one) for one in quartiere] if hidden is not None else [None]
        if hidden is None or None in best:
            continue
        found.append((seed, hidden, sum(n for n in best if n is not None)))
        if len(found) == given.towns:
            break
    seeds, own, least = np.array(found).T
    excess = own - least
    print(
        f"{len(found)} towns of {seeds.max() + 1} drawn, {QUARTIERE} × {BLOCKS} blocks: "
        f"hidden {own.mean():.2f}, optimum {least.mean():.2f}, "
        f"excess {excess.mean():.2f} on average ({excess.sum() / least.sum():.1%}), "
        f"{excess.max()} at most, {(excess == 0).sum()} optimal"
    )


def _towns() -> Iterator[tuple[int, list[Ints]]]:
    """Draw towns: for each Quartier the persons of each class in each block."""
    for seed in range(100_000):
        rng = np.random.default_rng([seed, 3])
        sizes = rng.geometric(0.07, (QUARTIERE, BLOCKS))
        quartiere = [np.array([rng.multinomial(n, _SHARES) for n in own]) for own in sizes]
        totals = np.array([own.sum(axis=0) @ COUNTED_IN.T for own in quartiere])
        if min(totals.min(), (totals @ _REMAINDERS.T).min()) >= MIN_COUNT:
            yield seed, quartiere


def _hidden(quartiere: list[Ints]) -> int | None:
    """Count the cells that protection hides; None where it withholds a table or a total."""
    cells = np.concatenate(quartiere) @ COUNTED_IN.T
    names = [f"Q{q}b{b}" for q in range(QUARTIERE) for b in range(BLOCKS)]
    rows = [("city", "C", None), ("district", "D", "C")]
    rows += [("quartier", f"Q{q}", "D") for q in range(QUARTIERE)]
    rows += [("block", name, name.partition("b")[0]) for name in names]
    areas = pd.DataFrame(rows, columns=["kind", "area_id", "parent_id"])
    frames = [
        pd.DataFrame({"area_id": names, "group": g, "measure": m, "n": cells[:, i]})
        for i, (m, g) in enumerate(SLOTS)
    ]
    counts = added_up(pd.concat(frames, ignore_index=True).assign(kind="block"), areas)
    rules = ProtectionRules.model_validate(
        {"format": 1, "scope": "cell", "min_group": 0, "insider": False}
    )
    protected = protect(counts, areas, NESTING, rules, KEY)
    is_hidden = protected.cells["status"] != "published"
    is_block = protected.cells["kind"] == "block"
    if len(protected.withheld_tables) or (is_hidden & ~is_block).any():
        return None
    return int(is_hidden.sum())


def _fewest(truth: Ints) -> int | None:
    """Ask for the fewest cells of a Quartier whose hiding leaves every small count in doubt."""
    cells = truth @ COUNTED_IN.T
    counted = np.vstack([np.eye(len(SLOTS), dtype=np.int64), _REMAINDERS])
    n = cells @ counted.T
    small = np.argwhere((n >= 1) & (n < MIN_COUNT))
    flags, size = cells.size, truth.size
    rows: Rows = []
    for number, (block, sum_of) in enumerate(small.tolist()):
        first = flags + number * size
        rows += _world(truth, first)
        persons = range(first + block * truth.shape[1], first + (block + 1) * truth.shape[1])
        signs = (counted[sum_of] @ COUNTED_IN).astype(float)
        rows.append((dict(zip(persons, signs.tolist(), strict=True)), MIN_COUNT, np.inf))
    width = flags + len(small) * size
    if not len(small):
        return 0
    low, high = np.zeros(width), np.full(width, np.inf)
    high[:flags] = np.where(cells.reshape(-1) == 0, 0, 1)
    low[:flags] = ((cells >= 1) & (cells < MIN_COUNT)).reshape(-1)
    matrix = np.zeros((len(rows), width))
    for row, (coefficients, _, _) in zip(matrix, rows, strict=True):
        row[list(coefficients)] = list(coefficients.values())
    answer = milp(
        np.concatenate([np.ones(flags), np.zeros(width - flags)]),
        constraints=LinearConstraint(matrix, [r[1] for r in rows], [r[2] for r in rows]),
        bounds=Bounds(low, high),
        integrality=np.ones(width),
    )
    return None if answer.x is None else round(answer.fun)


def _world(truth: Ints, first: int) -> Rows:
    """Bind the persons of a world: what is printed stays, what is hidden is 1 or more."""
    rows: Rows = []
    blocks, classes = truth.shape
    for kind, total in enumerate(truth.sum(axis=0)):
        column = {first + block * classes + kind: 1.0 for block in range(blocks)}
        rows.append((column, total, total))
    cells = truth @ COUNTED_IN.T
    most = float(cells.sum(axis=0).max())
    for block, slot in np.ndindex(*cells.shape):
        n = float(cells[block, slot])
        persons = {
            first + block * classes + int(kind): 1.0
            for kind in np.flatnonzero(COUNTED_IN[slot])
        }
        flag = block * len(SLOTS) + slot
        rows.append((persons | {flag: -most}, -np.inf, n))
        rows.append((persons | {flag: max(n - 1, 0)}, n, np.inf))
    return rows


if __name__ == "__main__":
    main()
