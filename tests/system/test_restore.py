"""Backup and restore as docs/betrieb.md says: key, backup, trial, an empty machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from atlas.confidential.run import run
from tests.command import PROJECT_DIR, files_below
from tests.docs.markdown import commands
from tests.town_office import make_office, put_all


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the commands of the page print, run in a directory beside a small town's home."""
    directory = tmp_path_factory.mktemp("operator")
    office = make_office(directory)
    put_all(office)
    run(office, "")
    office.city_dir.rename(directory / "musterstadt")
    lines = commands(PROJECT_DIR / "docs" / "betrieb.md")
    assert [line.split()[1] for line in lines] == [
        *("key", "backup", "backup", "restore", "doctor", "run"),
    ]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(lines)],
        cwd=directory,
        env={
            "PATH": path,
            "HOME": str(directory),
            "COLUMNS": "200",
            "ATLAS_CITY": "musterstadt",
            "ATLAS_HOME": str(office.home.root),
        },
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    restored, before = (files_below(one) for one in (directory / "wieder", office.home.root))
    kept = [name for name in before if name.startswith(("confidential/", "releases/"))]
    differing = [name for name in kept if restored.get(name) != before[name]]
    renewed = {"datenstand.json", "lock", "steps.json"}  # by every run
    assert {Path(name).name for name in differing} <= renewed
    return done.stdout


def test_the_trial_reads_every_file(printed: str) -> None:
    assert printed.count("Ganz: jede Datei ist so, wie sie gesichert wurde.") == 2


def test_the_restored_home_is_whole_and_has_nothing_to_do(printed: str) -> None:
    assert "Alles ganz." in printed
    assert printed.endswith("Nichts Neues: alle Lieferungen sind schon verarbeitet.\n")
