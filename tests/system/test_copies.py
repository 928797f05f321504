"""Copies that are slow, taken up again, replaced or doubled: none is taken in half or lost.

``ATLAS_COPIES`` says how many senders, ``ATLAS_COPY_SEED`` from which on; seven are one of
each.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.command import PROJECT_DIR
from tests.town_office import make_small, office_tables, write_city

NUMBER = os.environ.get("ATLAS_COPIES", "7")
SEED = os.environ.get("ATLAS_COPY_SEED", "0")


def test_no_half_is_taken_and_nothing_is_lost(tmp_path: Path) -> None:
    tables = office_tables()
    make_small(tables)
    city_dir = write_city(tmp_path / "city", tables)
    done = subprocess.run(
        [sys.executable, "-m", "tests.copying", city_dir, tmp_path / "homes", SEED, NUMBER],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    trials = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(trials) == 2 * int(NUMBER)
    assert [one for one in trials if one["is_lost"]] == []
    assert [one for one in trials if one["halves"] and not one["is_void"]] == []
