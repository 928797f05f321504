"""``atlas watch`` as a process: inbox and requests, without a shell; ended by its number."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from atlas.confidential.log import events
from atlas.exchange.proposals import Proposal, propose
from atlas.home import Home
from atlas.release import list_releases
from tests.command import PROJECT_DIR, run_atlas
from tests.town_office import ba_csv, ewo_csv, office_tables, write_city
from tests.year_town import lay_in

DAY = "2023-12-31"
PATIENCE = 240  # seconds; the machine may have other work


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    Home(home).create("musterstadt")
    return home


@pytest.fixture
def watcher(home: Path, tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    city_dir = write_city(tmp_path / "city", office_tables())
    process = subprocess.Popen(
        [
            *(sys.executable, "-u", "-m", "atlas", "watch"),
            *("--city", city_dir, "--home", home, "--settle", "1"),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT_DIR)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    with process:
        yield process
        process.send_signal(signal.SIGKILL)


def wait_for(what: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


def releases(home: Path) -> list[str]:
    return [ref.name for ref in list_releases(home / "releases" / "musterstadt")]


def last_run(home: Path) -> dict[str, Any]:
    path = home / "releases" / "musterstadt" / "datenstand.json"
    if not path.exists():
        return {"result": ""}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["last_run"]
    return found


def hand_in(home: Path, content: str) -> None:
    note = Proposal(
        city="musterstadt",
        name=f"ba_{DAY}.csv",
        uploader="Kim",
        is_verified=False,
        handed_in=datetime.now(UTC),
    )
    propose(home / "requests", note, io.BytesIO(content.encode()))


def assert_read_when_whole(home: Path) -> None:
    """A file that grows, as over a slow network, is not read in half."""
    whole = ewo_csv().replace("P2201-", "PX-")
    path = home / "inbox" / f"ewo_{DAY}.csv"
    half = len(whole) // 2
    with path.open("w", encoding="utf-8") as file:
        file.write(whole[:half])
        file.flush()
        time.sleep(0.5)
        file.write(whole[half:])
    wait_for(lambda: not path.exists())
    wait_for(lambda: last_run(home)["result"] in ("ok", "nothing_new"))
    private_dir = home / "confidential" / "musterstadt"
    assert not [one for one in events(private_dir / "log.jsonl") if one.what == "refused"]
    rows_path = private_dir / "store" / "ewo" / f"{DAY}.2" / "rows.parquet"
    assert pq.read_metadata(rows_path).num_rows == whole.count("\n") - 1


def test_inbox_uploads_and_requests(home: Path, watcher: "subprocess.Popen[str]") -> None:
    assert watcher.stdout is not None
    assert watcher.stdout.readline().startswith("Wacht über")
    wait_for(lambda: last_run(home)["result"] == "nothing_new")

    seen = set()
    lay_in(home, {f"ewo_{DAY}.csv": ewo_csv()})

    def is_published() -> bool:
        seen.add(last_run(home)["result"])
        return last_run(home)["result"] == "ok"

    wait_for(is_published)
    assert "running" in seen  # the Datenstand is true while it works
    assert releases(home) == [f"{DAY}.1"]
    assert not list((home / "inbox").iterdir())

    # What the page Datenstand hands in: the wish for a run, and a file that waits for a person.
    hand_in(home, ba_csv())
    (home / "requests" / "neu-berechnen").touch()
    wait_for(lambda: not (home / "requests" / "neu-berechnen").exists())
    wait_for(lambda: last_run(home)["result"] == "nothing_new")
    assert releases(home) == [f"{DAY}.1"]
    city = ("--city", str(home.parent / "city"))
    done = run_atlas(home, "proposals", f"ba_{DAY}.csv", "--accept", *city)
    assert done.exit_code == 0, done.err
    assert releases(home) == [f"{DAY}.1", f"{DAY}.2"]
    wait_for(lambda: last_run(home)["result"] in ("ok", "nothing_new"))
    assert not [path for path in (home / "requests").rglob("*") if path.is_file()]

    assert_read_when_whole(home)

    # A refused delivery stays and ends nothing.
    lay_in(home, {f"ba_{DAY}.csv": "falsch;falsch\n1;2\n"})
    wait_for(lambda: last_run(home)["result"] == "partly")
    assert watcher.poll() is None
    assert [path.name for path in (home / "inbox").iterdir()] == [f"ba_{DAY}.csv"]
