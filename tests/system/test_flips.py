"""A sample of the flipped bits of benchmarks/flips.py: named, or nothing told differs."""

from collections import Counter
from pathlib import Path

from benchmarks.flips import flipped, make_town

_TRIALS = 16
# Bits of SQLite's free space and of files that a run renews may tell nothing to anybody.
_LEAST_NAMED = 11


def test_flipped_bits_are_named_and_never_told_as_figures(tmp_path: Path) -> None:
    make_town(tmp_path)
    trials = [*flipped(tmp_path, seed=5, number=_TRIALS)]
    wrong = [one for one in trials if one.outcome in ("silent", "traceback")]
    assert wrong == []
    assert Counter(one.outcome for one in trials)["named"] >= _LEAST_NAMED
