"""Killed at any moment: nothing lost, nothing half, no repair by hand.

``kill -9`` ends a run at moments drawn over the time that a run takes. Every time the next run
goes on from what lies there and ends whole. ``ATLAS_KILLS`` says how many, ``ATLAS_KILL_SEED``
which ones.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from atlas.confidential.desk import Desk, open_desk
from atlas.confidential.publish import verify
from atlas.confidential.store import list_deliveries
from atlas.home import Home
from atlas.release import list_releases, open_release
from tests.command import PROJECT_DIR
from tests.factories import BLOCKS
from tests.town_office import Watcher, ba_csv, ewo_csv, office_tables, write_city
from tests.year_town import lay_in, shown

MOMENTS = int(os.environ.get("ATLAS_KILLS", "8"))
SEED = os.environ.get("ATLAS_KILL_SEED", "atlas")
DAYS = ("2022-12-31", "2023-12-31")
PEOPLE = 200  # of Quartier 12 at first; every correction adds one


@dataclass(frozen=True)
class Runs:
    """Runs of the office that can be waited for, or killed."""

    server: "subprocess.Popen[bytes]"

    def _ask(self, line: str) -> int:
        assert self.server.stdin is not None
        assert self.server.stdout is not None
        self.server.stdin.write(f"{line}\n".encode())
        self.server.stdin.flush()
        return int(self.server.stdout.readline())

    def whole(self) -> float:
        """Run to the end without an error; return how many seconds it took."""
        begin = time.monotonic()
        assert self._ask("") == 0
        return time.monotonic() - begin

    def killed(self, after: float) -> bool:
        """Kill a run so many seconds after it began; False if it had ended by then."""
        return self._ask(f"{after}") == -signal.SIGKILL


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    city_dir = write_city(tmp_path / "city", office_tables())
    return open_desk(city_dir, Home(tmp_path / "home"), Watcher())


@pytest.fixture
def runs(office: Desk) -> Iterator[Runs]:
    server = subprocess.Popen(
        [
            *(sys.executable, PROJECT_DIR / "tests" / "system" / "forked_runs.py"),
            *(office.city_dir, office.home.root),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=PROJECT_DIR,
        env={**os.environ, "PYTHONPATH": str(PROJECT_DIR)},
    )
    with server:
        yield Runs(server)
        assert server.stdin is not None
        server.stdin.close()


def put_correction(office: Desk, number: int) -> str:
    """Lay a corrected register of one of the dates into the inbox; return the date."""
    day = DAYS[number % len(DAYS)]
    people, *rest = BLOCKS["1201"]
    town = {**BLOCKS, "1201": (people + number, *rest)}
    lay_in(office.home.root, {f"ewo_{day}.csv": ewo_csv(town)})
    return day


def assert_nothing_half(office: Desk) -> None:
    """Whatever lies under a final name is whole: deliveries, releases, Datenstand."""
    for delivery in list_deliveries(office.store_dir):
        assert pq.read_table(delivery.rows_path).num_rows > 0
    newest = {ref.reference_date: ref for ref in list_releases(office.releases_dir)}
    for ref in newest.values():
        release = open_release(ref.path)
        files = {one["path"] for one in package(ref.path)["resources"]}
        assert all((ref.path / name).is_file() for name in files)
        assert len(release.cells) > 0
    state_path = office.releases_dir / "datenstand.json"
    assert json.loads(state_path.read_text(encoding="utf-8"))["format"] == 1


def package(release_dir: Path) -> dict[str, list[dict[str, str]]]:
    text = (release_dir / "datapackage.json").read_text(encoding="utf-8")
    content: dict[str, list[dict[str, str]]] = json.loads(text)
    return content


def assert_in_force(office: Desk, day: str, number: int) -> None:
    """The newest release of the date shows the newest register; nothing is left to do."""
    newest = [r for r in list_releases(office.releases_dir) if str(r.reference_date) == day][-1]
    cells = open_release(newest.path).cells
    assert shown(cells, "quartier", "residents")["12"] == PEOPLE + number
    assert not list(office.home.inbox.iterdir())
    assert not list(office.drafts_dir.iterdir())
    assert not list(office.private_dir.glob("store/*/.new-*"))
    assert not list(office.releases_dir.glob(".new-*"))
    state = json.loads((office.releases_dir / "datenstand.json").read_text(encoding="utf-8"))
    assert state["last_run"]["result"] in ("ok", "nothing_new")


def test_killed_at_any_moment(office: Desk, runs: Runs) -> None:
    days = [put_correction(office, number) for number in range(len(DAYS))]
    lay_in(office.home.root, {f"ba_{day}.csv": ba_csv() for day in DAYS})
    runs.whole()
    days.append(put_correction(office, len(days)))
    seconds, killed, draw = runs.whole(), 0, random.Random(SEED)
    while killed < MOMENTS:
        days.append(put_correction(office, len(days)))
        is_killed = runs.killed(draw.uniform(0, seconds))
        killed += is_killed
        seconds *= 1.05 if is_killed else 0.8  # other work may slow this machine or let it go
        assert_nothing_half(office)
        runs.whole()
        assert_in_force(office, days[-1], len(days) - 1)
        assert len(days) < 3 * MOMENTS, "runs end before they are killed"
    numbers = dict.fromkeys(DAYS, 0)
    for ref in list_releases(office.releases_dir):
        verify(office, ref.path)
        numbers[str(ref.reference_date)] += 1
        assert ref.number == numbers[str(ref.reference_date)]
    # Every correction was stored once and published once, whatever moment the kill fell on; the
    # later date stands on the scale of the first, and follows each of its corrections.
    first, later = sorted(DAYS)
    follows = {later: days.count(first) - 1}
    assert numbers == Counter(days) + Counter(follows)
    registers = [one for one in list_deliveries(office.store_dir) if one.layout == "ewo"]
    assert Counter(str(one.reference_date) for one in registers) == Counter(days)
