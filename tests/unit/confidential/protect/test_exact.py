"""Worlds by linear programmes beside the full question, asked as an integer programme."""

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from atlas.confidential.protect import exact
from atlas.confidential.protect.city import build_city
from atlas.confidential.protect.exact import find_world, unknowns_of
from atlas.confidential.protect.worlds import frozen_cells, initial_pattern, targets_of
from tests.block_town import KEY, NESTING, random_town, rules, town


def _system(counts, areas):
    return build_city(counts, areas, NESTING, rules(scope="cell"), KEY).system


def _some_hidden(system, seed):
    """Hide what is sensitive and by chance half of the rest."""
    pattern = initial_pattern(system)
    drawn = np.random.default_rng(seed).random(pattern.hidden.shape) < 0.5
    return pattern.hide(*np.nonzero(drawn & system.can_hide))


def _has_world(unknowns, target, fixed):
    """Ask for any world, over all unknown cells at once and in whole numbers."""
    column = unknowns.column[target.row, target.slot]
    if column < 0:
        return False
    low, high = (np.where(fixed, 0, bound) for bound in (unknowns.low, unknowns.high))
    low[column], high[column] = target.amount, unknowns.high[column]
    if high[column] < target.amount:
        return False
    answer = milp(
        np.zeros(len(low)),
        constraints=LinearConstraint(unknowns.matrix, 0, 0),
        bounds=Bounds(low, high),
        integrality=np.ones(len(low)),
    )
    return answer.x is not None


@pytest.mark.parametrize("insider", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_a_target_has_a_world_where_the_full_question_has_an_answer(seed, insider):
    system = _system(*random_town(seed))
    pattern, targets = _some_hidden(system, seed), targets_of(system)
    frozen = frozen_cells(system, insider)
    unknowns = unknowns_of(system, pattern)
    found = find_world(system, pattern, targets, frozen)
    assert 0 < len(found) < len(targets)
    for target in targets:
        excused = (unknowns.row == target.row) & system.frame.covers[unknowns.slot, target.slot]
        fixed = frozen[unknowns.row, unknowns.slot] & ~excused
        assert (target in found) == _has_world(unknowns, target, fixed)
        change = np.zeros(len(unknowns.row), dtype=np.int64)
        for cell, amount in found.get(target, {}).items():
            change[unknowns.column[cell]] = amount
        assert not (unknowns.matrix @ change).any()
        assert ((unknowns.low <= change) & (change <= unknowns.high)).all()
        assert not change[fixed].any()
        if target in found:
            assert found[target][target.row, target.slot] >= target.amount


def test_a_world_changes_no_more_cells_than_it_must():
    """One block takes a person of another: the part and the rest of both, nothing else."""
    blocks = {"residents": [90, 80, 70, 60], "migrants": [2, 30, 20, 10]}
    system = _system(*town({"A": blocks}))
    pattern = initial_pattern(system)
    column = int(np.flatnonzero(pattern.hidden.any(axis=0))[0])
    pattern = pattern.hide(np.arange(3, 7), np.full(4, column))
    (target,) = targets_of(system)
    nobody = frozen_cells(system, insider=False)
    delta = find_world(system, pattern, [target], nobody)[target]
    assert sorted(delta.values()) == [-1, -1, 1, 1]
    assert delta[target.row, target.slot] == 1


def test_one_world_serves_all_that_it_raises(monkeypatch):
    """The two of all migrants are the two under 18: whoever comes proves both."""
    blocks = {
        "residents": [90, 80],
        "residents|u18": [30, 30],
        "migrants": [2, 30],
        "migrants|u18": [2, 20],
    }
    system = _system(*town({"A": blocks}))
    pattern, targets = initial_pattern(system), targets_of(system)
    rows, slots = np.nonzero(system.can_hide & (system.level == system.level.max())[:, None])
    asked = []
    least = exact.least_change
    monkeypatch.setattr(exact, "least_change", lambda *task: asked.append(1) or least(*task))
    nobody = frozen_cells(system, insider=False)
    found = find_world(system, pattern.hide(rows, slots), targets, nobody)
    assert len(found) == len(targets)
    assert len(asked) < len(targets)
