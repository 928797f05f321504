"""Towns through corrections, divided blocks and new boundaries: an own reader finds nothing.

``benchmarks.promise`` plays as many as one has time for.
"""

import numpy as np
import pytest

from benchmarks.promise import play
from benchmarks.promise_reader import Reader
from benchmarks.promise_town import Told, random_town


@pytest.mark.parametrize("seed", [5, 23])
def test_who_keeps_every_release_is_sure_of_no_small_count(seed):
    rows = play(seed)
    assert len(rows) >= 3
    for row in rows:
        assert "refused" not in row
        assert (row["audit_unsafe"], row["told_before"]) == (False, 0)
        assert (row["exact"], row["small"]) == (0, 0), row["which"]


def test_the_reader_finds_what_nobody_protects():
    """Only the small counts themselves are hidden: the sums give many of them back."""
    town = random_town(5)
    counts = town.counts()
    is_small = counts["n"].between(1, 2).fillna(value=False)
    status = counts["status"].mask(is_small, "suppressed")
    shown = counts.assign(status=status, n=counts["n"].mask(is_small))
    found = Reader([Told(town, shown)], 3).sure()
    assert len(found) > 0
    assert any(one.least == one.most == one.truth for one in found)
    assert np.all([one.least <= one.truth <= one.most for one in found])
