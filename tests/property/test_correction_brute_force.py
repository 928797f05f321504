"""Two releases of a tiny town against brute force: every pair of worlds a reader could believe.

The reader keeps the first release and sees the second. What was hidden in both and fits the
earlier total he takes as unchanged; what was printed and is hidden now, only where no printed
count of its table has changed.
"""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.confidential.audit import audit
from atlas.confidential.protect import protect
from tests.block_town import CELL, KEY, rules, town

NESTING = {"residents": None, "migrants": "residents"}
MEASURES = ["residents", "migrants"]
MIN_COUNT = 3
BLOCKS = 3
MOST = 8
GRID = np.array(list(itertools.product(range(MOST + 1), repeat=2)))
"""What a block may hold: people outside, and people in the part."""


@st.composite
def corrected_towns(draw):
    """Draw people per block, outside and in the part; then the same after a correction."""
    count = st.integers(0, 5)
    first = np.array([[draw(count), draw(count)] for _ in range(BLOCKS)])
    second = first.copy()
    for _ in range(draw(st.integers(1, 2))):
        block, kind = draw(st.integers(0, BLOCKS - 1)), draw(st.integers(0, 1))
        second[block, kind] = draw(count)
    return first, second


def _counts(people):
    cells = np.stack([people.sum(axis=1), people[:, 1]], axis=1)
    return town({"A": {name: cells[:, i].tolist() for i, name in enumerate(MEASURES)}})


def _printed(cells):
    """Say which block cells are printed, and which totals (of any kind of area)."""
    shown = cells[cells["status"] == "published"]
    pairs = set(zip(shown["area_id"], shown["measure"], strict=True))
    blocks = np.array([[(f"Ab{b}", m) in pairs for m in MEASURES] for b in range(BLOCKS)])
    totals = np.array([any((a, m) in pairs for a in ("A", "D", "C")) for m in MEASURES])
    return blocks, totals


def _worlds(people, printed):
    """List the worlds that agree with one release: world × block × (residents, migrants)."""
    blocks, totals = printed
    truth = np.stack([people.sum(axis=1), people[:, 1]], axis=1)
    possible = np.stack([GRID.sum(axis=1), GRID[:, 1]], axis=1)
    low = np.where(blocks.any(axis=0), 1, 0)  # zeros are printed, or the table is withheld
    fits = [
        possible[np.where(blocks[b], possible == truth[b], possible >= low).all(axis=1)]
        for b in range(BLOCKS)
    ]
    numbers = np.stack(np.meshgrid(*[np.arange(len(fit)) for fit in fits], indexing="ij"))
    chosen = numbers.reshape(BLOCKS, -1)
    worlds = np.stack([fit[at] for fit, at in zip(fits, chosen, strict=True)], axis=1)
    return worlds[np.where(totals, worlds.sum(axis=1) == truth.sum(axis=0), True).all(axis=1)]


def _linked(first, second, before, after):
    """Mark the cells that the reader takes as unchanged."""
    was, now = (np.stack([p.sum(axis=1), p[:, 1]], axis=1) for p in (first, second))
    (blocks_then, totals_then), (blocks_now, totals_now) = before, after
    seen = ((was != now) & blocks_then & blocks_now).any(axis=0)
    seen |= (was.sum(axis=0) != now.sum(axis=0)) & totals_then & totals_now
    # A cell printed then that is hidden now for its new count shows the correction, too.
    seen |= ((was != now) & blocks_then).any(axis=0)
    fits = (was * ~blocks_then).sum(axis=0) == (now * ~blocks_then).sum(axis=0)
    both_hidden = ~blocks_then & ~blocks_now & (was == now) & fits
    newly_hidden = blocks_then & ~blocks_now & (was == now) & ~seen
    return both_hidden | newly_hidden


def _believed(worlds, others, linked):
    """Keep the worlds of one release that some world of the other agrees with."""
    if not linked.any():
        return worlds
    base = np.cumprod([1] + [2 * MOST + 1] * (int(linked.sum()) - 1))
    return worlds[np.isin(worlds[:, linked] @ base, np.unique(others[:, linked] @ base))]


def _certain(people, worlds):
    """Name the small counts and remainders that no world lifts."""
    truth = np.stack([people.sum(axis=1), people[:, 1]], axis=1)
    signs = {"residents": [1, 0], "migrants": [0, 1], "others": [1, -1]}
    found = []
    for name, sign in signs.items():
        value, possible = truth @ sign, worlds @ sign
        for block in np.flatnonzero((value >= 1) & (value < MIN_COUNT)):
            if possible[:, block].max() < MIN_COUNT:
                found.append((name, int(block)))
    return found


@pytest.mark.parametrize("scope", ["table", "cell"])
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(towns=corrected_towns())
def test_a_correction_is_published_and_nothing_small_is_certain(scope, towns):
    first, second = towns
    rule = rules(scope=scope, min_group=0, insider=False)
    counts, areas = _counts(first)
    one = protect(counts, areas, NESTING, rule, KEY)
    ledger = one.cells[[*CELL, "n"]].assign(release="2024-12-31.1")
    counts, areas = _counts(second)
    two = protect(counts, areas, NESTING, rule, KEY, ledger)
    proof = two.certificates
    verdict = audit(two.cells, counts, areas, NESTING, rule, proof, ledger)
    assert verdict.is_safe, verdict.disclosures
    before, after = _printed(one.cells), _printed(two.cells)
    linked = _linked(first, second, before, after)
    earlier = _worlds(first, before)
    nothing = np.zeros((BLOCKS, 2), dtype=bool), np.zeros(2, dtype=bool)
    told = _certain(second, _believed(_worlds(second, nothing), earlier, linked))
    certain = _certain(second, _believed(_worlds(second, after), earlier, linked))
    assert set(certain) <= set(told)
    assert len(told) <= verdict.figures["told_before"]
