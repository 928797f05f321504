"""The solver alone, on abstract instances in which any cell may be hidden."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from atlas.errors import ProtectionError
from benchmarks.instance import suppress

ROOT = Path(__file__).parents[4]
DATA = ROOT / "tests" / "data" / "protection"
FULL = ROOT / "benchmarks" / "data"


def _benchmark():
    """Load the benchmark as a module: its attack shares no code with the suppression."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("b", ROOT / "benchmarks" / "protection.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BENCHMARK = _benchmark()


def _load(name):
    path = (DATA if (DATA / name).exists() else FULL) / name
    return BENCHMARK._read(path, "cells"), BENCHMARK._read(path, "relations")


def _extra(cells, hidden):
    return int((hidden & (cells["role"] == "publish") & (cells["sensitive"] == 0)).sum())


def test_the_attack_finds_what_primary_suppression_discloses():
    cells, relations = _load("full_s1_refugees")
    primary = (cells["sensitive"] == 1).to_numpy()
    assert BENCHMARK.disclosures(cells, relations, primary, 1) == (172, 279, 279)


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("tiny_s1_linked3", 4),
        ("small_s1_refugees", 3),
        ("small_s1_linked3", 10),
        ("full_s1_refugees", 40),
        ("full_s1_linked3", 92),
    ],
)
def test_instances_are_solved_with_the_fewest_cells(name, extra):
    cells, relations = _load(name)
    hidden = suppress(cells, relations, 3, b"key")
    assert _extra(cells, hidden) == extra
    assert BENCHMARK.disclosures(cells, relations, hidden, 1) == (0, 0, 0)
    assert BENCHMARK.disclosures(cells, relations, hidden, 0) == (0, 0, 0)


def test_sensitive_remainders_are_protected_too():
    cells, relations = _load("small_s1_linked3")
    small = (cells["role"] == "latent") & cells["value"].between(1, 2)
    cells = cells.assign(sensitive=np.where(small, 1, cells["sensitive"]))
    hidden = suppress(cells, relations, 3, b"key")
    assert BENCHMARK.disclosures(cells, relations, hidden, 1) == (0, 0, 0)
    assert _extra(cells, hidden) <= 25


def test_every_key_is_safe_and_the_same_key_repeats():
    cells, relations = _load("small_s1_linked3")
    patterns = [suppress(cells, relations, 3, key) for key in (b"a", b"b", b"a")]
    assert (patterns[0] == patterns[2]).all()
    assert (patterns[0] != patterns[1]).any()
    for hidden in patterns:
        assert _extra(cells, hidden) == 10
        assert BENCHMARK.disclosures(cells, relations, hidden, 1) == (0, 0, 0)


def test_a_relation_over_places_and_measures_is_refused():
    cells, relations = _load("tiny_s1_linked3")
    odd = pd.DataFrame(
        {"rel_id": "odd", "cell_id": ["CITY|population", "B00|migrants"], "coef": [1, -1]}
    )
    with pytest.raises(ProtectionError, match="odd"):
        suppress(cells, pd.concat([relations, odd]), 3, b"key")


def test_the_benchmark_writes_every_cell(tmp_path):
    out = tmp_path / "out.csv"
    command = [sys.executable, "benchmarks/protection.py", "--out", str(out)]
    done = subprocess.run(
        [*command, "--instance", str(DATA / "tiny_s1_linked3")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    cells, _ = _load("tiny_s1_linked3")
    written = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert written["cell_id"].tolist() == cells["cell_id"].tolist()
    is_open = (cells["role"] == "publish").to_numpy()
    hidden = (written["value"] == "").to_numpy()
    assert int((hidden & is_open).sum()) == int(cells["sensitive"].sum()) + 4
    assert hidden[~is_open].all()
    assert "0/0/0" in done.stdout


def _worlds_with(others, total):
    """List values of a cell that is the one secondary: the others are 1 or 2, one 2 at most."""
    return [total - others - twos for twos in (0, 1) if twos <= others]


def test_a_reader_who_knows_the_rule_of_choice_gains_nothing_under_printed_totals():
    """The reader knows that the pattern is as small as can be, but not the key.

    A world fits if one hidden cell is a secondary and the others alone would not do. Every
    sensitive cell must be that secondary in some such world. Groups under hidden totals are
    left out: there the reader knows less.
    """
    cells, relations = _load("full_s1_refugees")
    hidden = pd.Series(suppress(cells, relations, 3, b"key"), index=cells["cell_id"])
    value = cells.set_index("cell_id")["value"]
    certain = asked = 0
    for _, group in cells[cells["level"] == 3].groupby("parent"):
        members = group["cell_id"][hidden[group["cell_id"]].to_numpy()]
        parent = group["parent"].iloc[0] + "|refugees"
        sensitive = group.set_index("cell_id")["sensitive"].reindex(members)
        if hidden[parent] or sensitive.all() or not sensitive.any():
            continue
        possible = _worlds_with(len(members) - 1, int(value[members].sum()))
        asked += int(sensitive.sum())
        certain += 0 if max(possible) >= 3 else int(sensitive.sum())
    assert asked > 0
    assert certain == 0
