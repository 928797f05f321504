"""Measure a run at an office that has grown: weekly dates, nothing new, and one new file.

Musterstadt with a population register every week. One week is counted and published; others are
copies of it in store, releases and log, as a run would have left them. Each command runs in a
process of its own, so that nothing is remembered from the run before; its imports do not count.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from atlas.confidential.day import look
from atlas.confidential.desk import Desk
from atlas.confidential.run import run
from tests.factories import BLOCKS
from tests.town_office import ewo_csv, make_office, make_small, put, reopen

FIRST = date(2016, 1, 3)
SIZES = (52, 104, 208, 416)
_EVENTS = ("accepted", "built", "verified", "published")
_TIMED = """
import sys, time
import atlas.confidential.run
from atlas.cli import app
begin = time.perf_counter()
app(sys.argv[1:], standalone_mode=False)
print(f"seconds {time.perf_counter() - begin}")
"""


def seconds(root: Path, command: str) -> float:
    """Time one command."""
    arguments = [command, "--city", str(root / "city"), "--home", str(root / "home")]
    done = subprocess.run(
        [sys.executable, "-c", _TIMED, *arguments], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def begin(root: Path) -> Desk:
    """Publish the first week."""
    office = make_office(root, make_small)
    put(office, f"ewo_{FIRST}.csv", ewo_csv())
    run(office, "")
    return office


def grow(office: Desk, weeks: range) -> None:
    """Let further weeks lie there as a run leaves them."""
    days = [FIRST + timedelta(weeks=week) for week in weeks]
    for day in days:
        for directory in (office.store_dir / "ewo", office.releases_dir):
            shutil.copytree(directory / f"{FIRST}.1", directory / f"{day}.1")
        package = office.releases_dir / f"{day}.1" / "datapackage.json"
        package.write_text(package.read_text().replace(str(FIRST), str(day)))
    calendar = look(office)
    for day in days:
        made_from = calendar.day(day).fingerprint
        for what in _EVENTS:
            office.log(what, f"{day}.1", {"hash": "0" * 64, "fingerprint": made_from})


def new_file(root: Path, number: int) -> float:
    """Time a corrected register of the first week: some children more in one block."""
    block, (people, migrants, children, young) = next(iter(BLOCKS.items()))
    town = {**BLOCKS, block: (people + number, migrants, children + number, young)}
    put(reopen(root), f"ewo_{FIRST}.csv", ewo_csv(town))
    return seconds(root, "run")


def main() -> None:
    """Grow an office and print what a command takes at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rounds, corrections = range(options.rounds), count(1)
    print(f"{'dates':>6} {'nothing new':>12} {'status':>8} {'one new file':>13}")
    with tempfile.TemporaryDirectory() as folder:
        root, done = Path(folder), 1
        office = begin(root)
        for size in options.sizes:
            grow(office, range(done, size))
            done = size
            quiet = statistics.median(seconds(root, "run") for _ in rounds)
            status = statistics.median(seconds(root, "status") for _ in rounds)
            new = statistics.median(new_file(root, next(corrections)) for _ in rounds)
            print(f"{size:>6} {quiet:10.2f} s {status:6.2f} s {new:11.2f} s", flush=True)


if __name__ == "__main__":
    main()
