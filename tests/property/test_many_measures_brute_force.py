"""Many measures in one whole against brute force: every split of every count is tried."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from atlas.confidential.audit import audit
from atlas.confidential.protect import protect
from atlas.confidential.protect.city import build_city
from tests.block_town import KEY, rules, town

MIN_COUNT = 3
PARTS = ("p0", "p1", "p2", "p3")
NESTING = {"residents": None, **dict.fromkeys(PARTS, "residents")}


@st.composite
def towns(draw):
    """Draw the residents of three blocks, and four parts of them: block × measure."""
    residents = draw(st.lists(st.integers(0, 5), min_size=3, max_size=3))
    assume(sum(residents) >= MIN_COUNT)
    parts = [[draw(st.integers(0, n)) for n in residents] for _ in PARTS]
    return np.array([residents, *parts]).T


def _splits(total, shown, low):
    """List the counts of the blocks that add up to a total; printed ones are as they are."""
    ranges = [
        np.arange(low, total + 1) if count is None else np.array([count]) for count in shown
    ]
    every = np.stack(np.meshgrid(*ranges), axis=-1).reshape(-1, len(shown))
    return every[every.sum(axis=1) == total]


def _exposed(truth, shown, low):
    """Name the small counts and remainders that no split of the residents lifts to three."""
    totals = truth.sum(axis=0)
    parts = [_splits(totals[i], shown[:, i], low[i]) for i in range(1, truth.shape[1])]
    open_to = {}
    for residents in _splits(totals[0], shown[:, 0], low[0]):
        inside = [splits[(splits <= residents).all(axis=1)] for splits in parts]
        if not all(len(splits) for splits in inside):
            continue
        for block, most in enumerate(residents):
            open_to["residents", block] = max(open_to.get(("residents", block), 0), most)
            for name, splits in zip(PARTS, inside, strict=True):
                found = splits[:, block]
                for key, n in (((name, block), found), (("not", name, block), most - found)):
                    open_to[key] = max(open_to.get(key, 0), n.max())
    true = {("residents", block): n for block, n in enumerate(truth[:, 0])}
    for (i, name), block in itertools.product(enumerate(PARTS, 1), range(len(truth))):
        true[name, block] = truth[block, i]
        true["not", name, block] = truth[block, 0] - truth[block, i]
    small = [key for key, n in true.items() if 1 <= n < MIN_COUNT]
    return [key for key in small if open_to[key] < MIN_COUNT]


@pytest.mark.parametrize("scope", ["table", "cell"])
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(truth=towns())
def test_no_small_count_is_certain_whatever_is_printed_of_other_measures(scope, truth):
    names = ("residents", *PARTS)
    counts, areas = town({"A": {name: truth[:, i] for i, name in enumerate(names)}})
    rule = rules(scope=scope, min_group=0, insider=False)
    assert build_city(counts, areas, NESTING, rule, KEY).system.frame.strands
    protected = protect(counts, areas, NESTING, rule, KEY)
    proof = protected.certificates
    assert audit(protected.cells, counts, areas, NESTING, rule, proof).is_safe
    cells = protected.cells
    assume((cells.loc[cells["kind"] != "block", "status"] == "published").all())
    at = cells[cells["kind"] == "block"].set_index(["area_id", "measure"])["n"]
    shown = np.array(
        [
            [None if at.isna()[f"Ab{b}", name] else at[f"Ab{b}", name] for name in names]
            for b in range(len(truth))
        ]
    )
    low = [0 if all(n is None for n in shown[:, i]) else 1 for i in range(len(names))]
    assert _exposed(truth, shown, low) == []
