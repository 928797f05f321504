"""Prices kept while siblings are repaired, beside prices asked anew for each of them."""

import numpy as np
import pytest

from atlas.confidential.protect.city import build_city
from atlas.confidential.protect.repair import _repair_by_persons, repair, repair_groups
from atlas.confidential.protect.worlds import (
    Target,
    _best_other,
    frozen_cells,
    initial_pattern,
    targets_of,
)
from tests.block_town import KEY, NESTING, random_town, rules


@pytest.mark.parametrize("seed", range(8))
def test_kept_prices_hide_what_prices_asked_anew_hide(seed):
    counts, areas = random_town(seed, quartiere=3, blocks=9)
    system = build_city(counts, areas, NESTING, rules(scope="cell"), KEY).system
    leaves = system.level.max()
    targets = [target for target in targets_of(system) if system.level[target.row] == leaves]
    pattern, nobody = initial_pattern(system), frozen_cells(system, insider=False)
    repaired, proofs = repair_groups(system, pattern, targets, nobody)
    proved = set()
    for parent in np.unique(system.parent[system.level == leaves]).tolist():
        rows, part = system.family(parent)
        kept = pattern.family(rows)
        for target in targets:
            if system.parent[target.row] == parent:
                own = Target(int(np.flatnonzero(rows == target.row)[0]), *_of(target))
                task = part, kept, own, nobody[rows]
                found = repair(*task) or _repair_by_persons(*task)
                kept = found[0] if found else kept
                proved |= {target} if found else set()
        assert (repaired.hidden[rows[1:]] == kept.hidden[1:]).all()
    assert proved == set(proofs)
    assert repaired.hidden.sum() > pattern.hidden.sum()


def _of(target):
    return target.slot, target.amount


def test_the_best_of_the_others_leaves_out_the_place_itself():
    rng = np.random.default_rng(0)
    cost = rng.integers(0, 4, (30, 5)).astype(float)
    cost[cost == 3] = np.inf
    group = np.unique(rng.integers(0, 9, 30), return_inverse=True)[1]
    best = _best_other(cost, group)
    for row in range(30):
        others = (group == group[row]) & (np.arange(30) != row)
        assert (best[row] == cost[others].min(axis=0, initial=np.inf)).all()
