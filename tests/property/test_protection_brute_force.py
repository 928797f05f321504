"""Protection against brute force: every world over the smallest disjoint classes is tried."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from atlas.confidential.protect import protect
from tests.block_town import KEY, NESTING, rules, town

# Classes of a person: under 18 or not × neither, other migrant, refugee.
SLOTS = ["residents", "migrants", "refugees", "residents|u18", "migrants|u18", "refugees|u18"]
COUNTS_IN = np.array(
    [
        [1, 1, 1, 1, 1, 1],
        [0, 1, 1, 0, 1, 1],
        [0, 0, 1, 0, 0, 1],
        [0, 0, 0, 1, 1, 1],
        [0, 0, 0, 0, 1, 1],
        [0, 0, 0, 0, 0, 1],
    ]
)
# Remainders that a reader subtracts, as sums of the six printable counts.
REMAINDERS = {
    ("residents", "all", "migrants"): [1, -1, 0, 0, 0, 0],
    ("migrants", "all", "refugees"): [0, 1, -1, 0, 0, 0],
    ("residents", "u18", "migrants"): [0, 0, 0, 1, -1, 0],
    ("migrants", "u18", "refugees"): [0, 0, 0, 0, 1, -1],
    ("residents", "over_18", ""): [1, 0, 0, -1, 0, 0],
    ("migrants", "over_18", ""): [0, 1, 0, 0, -1, 0],
    ("refugees", "over_18", ""): [0, 0, 1, 0, 0, -1],
    ("residents", "over_18", "migrants"): [1, -1, 0, -1, 1, 0],
    ("migrants", "over_18", "refugees"): [0, 1, -1, 0, -1, 1],
}
MIN_COUNT = 3


@st.composite
def quartiere(draw):
    """Draw a Quartier of two or three blocks, none of whose class totals is 1 or 2."""
    blocks = draw(st.integers(2, 3))
    totals = draw(st.lists(st.sampled_from([0, 0, 3, 4, 5]), min_size=6, max_size=6))
    assume(2 <= sum(total > 0 for total in totals) <= 4)
    rows = np.zeros((blocks, 6), dtype=int)
    for kind, total in enumerate(totals):
        for _ in range(total):
            rows[draw(st.integers(0, blocks - 1)), kind] += 1
    return rows


def _town(rows):
    cells = rows @ COUNTS_IN.T
    return town({"A": {slot: cells[:, i].tolist() for i, slot in enumerate(SLOTS)}})


def _hidden(cells, blocks):
    """Return which of the six counts is hidden in each block; None if a total is hidden."""
    if (cells.loc[cells["kind"] != "block", "status"] != "published").any():
        return None
    status = cells[cells["kind"] == "block"].set_index(["area_id", "measure", "group"])[
        "status"
    ]
    hidden = np.zeros((blocks, 6), dtype=bool)
    for block, (i, slot) in itertools.product(range(blocks), enumerate(SLOTS)):
        measure, _, group = slot.partition("|")
        hidden[block, i] = status[(f"Ab{block}", measure, group or "all")] != "published"
    return hidden


def _lowest(protected):
    """Return the reader's lower bound per count: 0 in tables withheld with their zeros."""
    withheld = {
        measure + ("|u18" if group == "u18" else "")
        for measure, group in protected.withheld_tables[["measure", "group"]].to_numpy()
    }
    return np.array([0 if slot in withheld else 1 for slot in SLOTS])


def _worlds(rows, hidden, low):
    """List every world a reader holds possible: block × class counts."""
    totals = rows.sum(axis=0)
    grid = np.array(list(itertools.product(*[range(total + 1) for total in totals])))
    counts, truth = grid @ COUNTS_IN.T, rows @ COUNTS_IN.T
    fits = [
        grid[((counts == truth[block]) | (hidden[block] & (counts >= low))).all(axis=1)]
        for block in range(len(rows))
    ]
    if len(rows) == 2:
        rest = totals - fits[0]
        both = _members(rest, fits[1], totals)
        return np.stack([fits[0][both], rest[both]], axis=1)
    pairs = fits[0][:, None, :] + fits[1][None, :, :]
    first, second = np.nonzero((pairs <= totals).all(axis=2))
    rest = totals - pairs[first, second]
    both = _members(rest, fits[2], totals)
    return np.stack([fits[0][first[both]], fits[1][second[both]], rest[both]], axis=1)


def _members(rows, allowed, totals):
    base = np.cumprod([1, *(totals + 1)[:-1]])
    inside = (rows >= 0).all(axis=1) & (rows <= totals).all(axis=1)
    return inside & np.isin(rows @ base, allowed @ base)


def _exposed(rows, hidden, low, rule):
    """Name the sensitive counts and remainders that no world lifts to what they need."""
    return _below(rows, _worlds(rows, hidden, low) @ COUNTS_IN.T, rule)


def _below(rows, worlds, rule):
    """Name what stays below its need in all of some worlds: block × count."""
    truth = rows @ COUNTS_IN.T
    found = []
    for i, slot in enumerate(SLOTS):
        for block in np.flatnonzero((truth[:, i] >= 1) & (truth[:, i] < MIN_COUNT)):
            if worlds[:, block, i].max() < MIN_COUNT:
                found.append((slot, block))
    for name, signs in REMAINDERS.items():
        values, possible = truth @ signs, worlds @ signs
        whole = SLOTS.index(name[0] + ("|u18" if name[1] == "u18" else ""))
        for block in range(len(rows)):
            need = MIN_COUNT if 1 <= values[block] < MIN_COUNT else 0
            everybody = values[block] == 0 and 0 < truth[block, whole] < rule.min_group
            everybody = everybody and values.sum() > 0
            if everybody and name[2] and name[1] != "over_18":
                need = 1
            if possible[:, block].max() < need:
                found.append((name, block))
    return found


@pytest.mark.parametrize("scope", ["table", "cell"])
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(rows=quartiere(), min_group=st.sampled_from([0, 6]))
def test_no_sensitive_count_is_certain(scope, rows, min_group):
    rule = rules(scope=scope, min_group=min_group, insider=False)
    counts, areas = _town(rows)
    protected = protect(counts, areas, NESTING, rule, KEY)
    hidden = _hidden(protected.cells, len(rows))
    assume(hidden is not None)
    assert _exposed(rows, hidden, _lowest(protected), rule) == []


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(rows=quartiere())
def test_every_kept_secondary_is_needed(rows):
    rule = rules(scope="cell", min_group=0, insider=False)
    counts, areas = _town(rows)
    protected = protect(counts, areas, NESTING, rule, KEY)
    hidden = _hidden(protected.cells, len(rows))
    assume(hidden is not None)
    truth = rows @ COUNTS_IN.T
    low = _lowest(protected)
    secondary = hidden & ~((truth >= 1) & (truth < MIN_COUNT))
    for block, i in zip(*np.nonzero(secondary), strict=True):
        if low[i]:
            printed = hidden.copy()
            printed[block, i] = False
            assert _exposed(rows, printed, low, rule), (SLOTS[i], block)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(rows=quartiere())
def test_protecting_twice_changes_nothing(rows):
    rule = rules(scope="cell", insider=False)
    counts, areas = _town(rows)
    one = protect(counts, areas, NESTING, rule, KEY)
    two = protect(counts, areas, NESTING, rule, KEY)
    assert one.cells.equals(two.cells)
    assert one.certificates.deltas.equals(two.certificates.deltas)


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(rows=quartiere())
def test_whoever_knows_a_larger_count_learns_no_other(rows):
    """In towns this small not every such reader can be met: those who cannot are counted."""
    rule = rules(scope="cell", min_group=0, insider=False, operator_size=3)
    counts, areas = _town(rows)
    protected = protect(counts, areas, NESTING, rule, KEY)
    hidden = _hidden(protected.cells, len(rows))
    assume(hidden is not None)
    truth, low = rows @ COUNTS_IN.T, _lowest(protected)
    large = [tuple(at) for at in np.argwhere(hidden & (truth >= 3))]
    assume(large)
    worlds = _worlds(rows, hidden, low) @ COUNTS_IN.T
    knowing = [worlds[worlds[:, block, i] == truth[block, i]] for block, i in large]
    learn = [at for at, left in zip(large, knowing, strict=True) if _below(rows, left, rule)]
    assert bool(learn) <= bool(protected.figures["known_to_operators"])
    assert _below(rows, worlds, rule) == []
